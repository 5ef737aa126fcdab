//! A secret on its way in.

use std::fmt;

use keyholder_core::error::Refusal;
use keyholder_core::password::Password;
use serde::Deserialize;
use specta::Type;
use zeroize::Zeroizing;

/// A password or code as somebody typed it. It comes in and never goes out again: it cannot be
/// serialised, shows nothing of itself in `Debug`, and erases itself when dropped.
#[derive(Type)]
#[specta(type = String)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself, for the few places that must see it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// As a password.
    ///
    /// # Errors
    /// It is longer than a password may be.
    pub fn into_password(mut self) -> Result<Password, Refusal> {
        Password::new(std::mem::take(&mut *self.0)).map_err(|_| Refusal::PasswordTooLong)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_megabyte_is_refused_by_name_and_nothing_is_said_of_it() {
        let secret: Secret = serde_json::from_value(serde_json::json!("x".repeat(1 << 20))).unwrap();
        assert_eq!(
            format!("{secret:?}"),
            "Secret(…)",
            "a log line must not hold a password"
        );
        assert_eq!(
            secret.into_password().unwrap_err(),
            Refusal::PasswordTooLong,
            "refused, not cut off"
        );
    }
}
