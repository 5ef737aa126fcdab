//! What Keyholder is made of, for whoever asks for help.

use serde::Serialize;
use specta::Type;

/// Versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct About {
    /// Keyholder.
    pub keyholder: String,
    /// SQLite, as it says of itself.
    pub sqlite: String,
    /// SQLCipher, as it says of itself.
    pub sqlcipher: String,
    /// Tauri.
    pub tauri: String,
    /// The webview; none if it does not say.
    pub webview: Option<String>,
}
