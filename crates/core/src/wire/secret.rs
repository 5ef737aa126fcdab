//! A secret on its way over the wire.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use specta::Type;
use zeroize::Zeroizing;

use crate::error::Refusal;
use crate::password::Password;

/// A password, a code or a token in a body: the one text of the wire that is a secret. Wiped from
/// memory when dropped, not shown by `Debug`; what the rules work with has types of its own, which
/// cannot be serialised.
#[derive(Clone, Type)]
#[specta(type = String)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A secret of this text.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// As a password.
    ///
    /// # Errors
    /// It is too long.
    pub fn into_password(mut self) -> Result<Password, Refusal> {
        Password::new(std::mem::take(&mut *self.0)).map_err(|_| Refusal::PasswordTooLong)
    }

    /// As the rules keep texts of no closer type.
    pub fn into_text(mut self) -> SecretString {
        std::mem::take(&mut *self.0).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl From<Zeroizing<String>> for Secret {
    fn from(text: Zeroizing<String>) -> Self {
        Self(text)
    }
}

impl From<&Password> for Secret {
    fn from(password: &Password) -> Self {
        Self::new(password.expose().to_owned())
    }
}

impl From<&SecretString> for Secret {
    fn from(text: &SecretString) -> Self {
        Self::new(text.expose_secret().to_owned())
    }
}
