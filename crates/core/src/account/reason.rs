//! Why somebody did something.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::name::{TextRefused, clean};

/// Longest reason in code points.
const REASON_MAX: usize = 500;

/// The reason of an act in the words of who did it: never empty, one line, at most 500 code points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(try_from = "String", into = "String")]
#[specta(type = String)]
pub struct Reason(String);

impl Reason {
    /// Reads a reason as a person types it.
    ///
    /// # Errors
    /// It is empty, too long, or has control or direction characters in it.
    pub fn parse(text: &str) -> Result<Self, TextRefused> {
        let text = clean(text, REASON_MAX)?;
        if text.is_empty() {
            Err(TextRefused::Empty)
        } else {
            Ok(Self(text))
        }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for Reason {
    type Error = TextRefused;

    fn try_from(text: String) -> Result<Self, TextRefused> {
        Self::parse(&text)
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0
    }
}
