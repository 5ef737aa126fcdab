//! The keychain of the operating system: where the key of a store lies between two starts.
//!
//! One thread of its own talks to it, every question has a deadline, and every way it can fail has
//! a name. There is no fallback: what the keychain does not take is written nowhere.
//!
//! Not in here: what the entries mean. The keys of a store are the business of [`crate::vault`].

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

mod memory;
mod os;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "native.rs")]
mod platform;

pub use memory::MemoryKeychain;
pub use os::{DEADLINE, OsKeychain};

/// Longest value of an entry, in ASCII characters: Windows takes 2,560 bytes and keeps passwords
/// as UTF-16, two bytes for each.
pub const LONGEST_ENTRY: usize = 1_280;

/// A place that keeps small secrets for the person who is signed in to this computer.
///
/// An absent entry is `None`, and alone never a reason to make a new key: the entry may lie on
/// another computer, or in a keychain that was replaced.
#[async_trait]
pub trait Keychain: Send + Sync {
    /// The value of `entry`, if there is one. May ask the person to unlock the keychain.
    async fn get(&self, entry: &Entry) -> Result<Option<Secret>, KeychainError>;

    /// Keeps `secret` as the value of `entry`, in place of an older one.
    ///
    /// After [`KeychainError::PromptUnanswered`] and [`KeychainError::NotAnswering`] the outcome is
    /// unknown: an answer that came too late may still have been carried out.
    async fn set(&self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError>;

    /// Removes `entry`; one that is not there is removed already.
    async fn delete(&self, entry: &Entry) -> Result<(), KeychainError>;

    /// How the keychain is right now. Never makes it ask the person anything.
    async fn state(&self) -> KeychainState;
}

/// Which secret is meant: the name of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    name: String,
}

impl Entry {
    /// The master key of the store with this id.
    pub fn master_key(store: Uuid) -> Self {
        Self {
            name: format!("master-key/{store}"),
        }
    }

    /// The key of this device for the service at that address.
    pub fn device_key(service: &str) -> Self {
        Self {
            name: format!("device-key/{service}"),
        }
    }

    /// The name under which the keychain files it.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The value of an entry: ASCII, at most [`LONGEST_ENTRY`] characters, so that it fits everywhere.
#[derive(Debug, Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a value that fits into every keychain.
    ///
    /// # Errors
    /// [`KeychainError::TooLong`] when it does not.
    pub fn new(value: impl Into<SecretString>) -> Result<Self, KeychainError> {
        let value = value.into();
        let text = value.expose_secret();
        if text.len() > LONGEST_ENTRY || !text.is_ascii() {
            return Err(KeychainError::TooLong);
        }
        Ok(Self(value))
    }

    /// The value itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// How the keychain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeychainState {
    /// Ready, and it has a place for entries.
    Unlocked,
    /// There, but locked: the next question makes it ask for its password.
    Locked,
    /// It has asked the person for a password and waits for the answer.
    Prompting,
    /// Running, but without a default collection: there is no place for entries.
    NoCollection,
    /// None is running on this computer.
    NoService,
    /// It gives no answer.
    NotAnswering,
}

impl From<&KeychainError> for KeychainState {
    fn from(error: &KeychainError) -> Self {
        match error {
            KeychainError::Locked | KeychainError::Dismissed => Self::Locked,
            KeychainError::PromptUnanswered => Self::Prompting,
            KeychainError::NoCollection => Self::NoCollection,
            KeychainError::NoService => Self::NoService,
            KeychainError::NotAnswering | KeychainError::Refused(_) | KeychainError::TooLong => {
                Self::NotAnswering
            }
        }
    }
}

/// Why the keychain did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// It is locked, and no prompt could be shown.
    #[error("the keychain of this computer is locked. Unlock it and try again")]
    Locked,
    /// The person closed its prompt.
    #[error("the keychain asked for its password and was turned away. Try again and let it open")]
    Dismissed,
    /// Its prompt is still open.
    #[error("the keychain is asking for its password. Answer it and try again")]
    PromptUnanswered,
    /// It has no default collection.
    #[error(
        "the keychain has no default collection to keep the key in. Set one up in its own program and try again"
    )]
    NoCollection,
    /// There is none.
    #[error("no keychain is running on this computer")]
    NoService,
    /// It gave no answer in time, or died before it could.
    #[error("the keychain does not answer")]
    NotAnswering,
    /// It said no; the reason in its own words.
    #[error("the keychain refused: {0}")]
    Refused(String),
    /// The value does not fit into every keychain.
    #[error("the value does not fit into a keychain (at most {LONGEST_ENTRY} ASCII characters)")]
    TooLong,
}
