//! The keychains that come with the system: Keychain on macOS, Credential Manager on Windows.
//!
//! They are unlocked with the person's own session and always have a place for entries.

use keyring_core::api::CredentialStoreApi as _;

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
#[cfg(windows)]
use windows_native_keyring_store::Store;

use super::os::OpenPrompt;
use super::{Entry, KeychainError, KeychainState, Secret};

const APPLICATION: &str = "shop.keyholder";

/// The system's keychain holds no connection between two questions.
pub(super) struct Platform;

impl Platform {
    pub(super) fn new(_prompt: OpenPrompt) -> Self {
        Self
    }

    pub(super) fn get(&mut self, entry: &Entry) -> Result<Option<Secret>, KeychainError> {
        let value = present(kept(entry)?.get_password())?;
        let foreign = |_| KeychainError::Refused("the entry was changed by another program".into());
        value.map(|text| Secret::new(text).map_err(foreign)).transpose()
    }

    pub(super) fn set(&mut self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError> {
        kept(entry)?.set_password(secret.expose()).map_err(named)
    }

    pub(super) fn delete(&mut self, entry: &Entry) -> Result<(), KeychainError> {
        present(kept(entry)?.delete_credential()).map(drop)
    }

    pub(super) fn state(&self) -> KeychainState {
        Store::new().map_or_else(
            |error| KeychainState::from(&named(error)),
            |_| KeychainState::Unlocked,
        )
    }
}

fn kept(entry: &Entry) -> Result<keyring_core::Entry, KeychainError> {
    Store::new()
        .map_err(named)?
        .build(APPLICATION, entry.name(), None)
        .map_err(named)
}

fn present<T>(answer: keyring_core::Result<T>) -> Result<Option<T>, KeychainError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(named(error)),
    }
}

fn named(error: keyring_core::Error) -> KeychainError {
    match error {
        keyring_core::Error::NoStorageAccess(_) => KeychainError::Locked,
        keyring_core::Error::TooLong(..) => KeychainError::TooLong,
        other => KeychainError::Refused(other.to_string()),
    }
}
