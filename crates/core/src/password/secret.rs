//! A password as a person typed it.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use zeroize::Zeroizing;

/// The longest password taken, in bytes of UTF-8 after NFC. NIST SP 800-63B-4 asks for at least 64
/// characters; the bound only keeps a request from being used as a load.
pub const MAX_BYTES: usize = 4_096;

/// A password: normalised to NFC (NIST SP 800-63B-4, 3.1.1.2), so that one typed on another system
/// or keyboard is the same password. Nothing is trimmed, folded or cut off.
///
/// Only the NFC form is kept. Hashes imported from a system that did not normalise were made from
/// the bytes as typed; those are NFC on every common keyboard layout, and a password typed
/// otherwise must be set anew.
///
/// It erases itself when dropped, cannot be serialised and shows nothing of itself in `Debug`.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// A password of the text as typed.
    ///
    /// # Errors
    /// More than [`MAX_BYTES`] after normalisation. It is refused, never shortened.
    pub fn new(text: String) -> Result<Self, TooLong> {
        let typed = Zeroizing::new(text);
        let text = if is_nfc(&typed) {
            typed
        } else {
            normalised(&typed)?
        };
        if text.len() > MAX_BYTES {
            Err(TooLong)
        } else {
            Ok(Self(text))
        }
    }

    /// The length as the policy counts it: Unicode code points.
    pub fn code_points(&self) -> usize {
        self.0.chars().count()
    }

    /// The text itself, for the few places that must see it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The buffer is made at full size first: a growing one would leave copies behind in memory.
fn normalised(typed: &str) -> Result<Zeroizing<String>, TooLong> {
    let mut text = Zeroizing::new(String::with_capacity(MAX_BYTES));
    for c in typed.nfc() {
        if text.len() + c.len_utf8() > MAX_BYTES {
            return Err(TooLong);
        }
        text.push(c);
    }
    Ok(text)
}

impl TryFrom<SecretString> for Password {
    type Error = TooLong;

    fn try_from(text: SecretString) -> Result<Self, TooLong> {
        Self::new(text.expose_secret().to_owned())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The password is longer than [`MAX_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this password is longer than {MAX_BYTES} bytes; choose a shorter one")]
pub struct TooLong;
