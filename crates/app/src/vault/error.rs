use std::io;
use std::path::PathBuf;

use crate::keychain::KeychainError;

/// Why the key of a store could not be had. No variant leaves anything changed.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The keychain did not do what was asked.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
    /// The keychain answers, and has no key for this store.
    #[error("the keychain of this computer has no key for this store. The recovery key opens it")]
    KeyMissingInKeychain,
    /// A recovery key, but not of this store, or one that was replaced.
    #[error("this is not the recovery key of this store, or it was replaced by a newer one")]
    WrongRecoveryKey,
    /// The key found belongs to another store.
    #[error("the key found is not the key of this store. The recovery key opens it")]
    WrongKey,
    /// The file beside the store that the recovery key needs is not there.
    #[error("the key card {} is missing. Put it back beside the store; every backup holds a copy", .0.display())]
    KeyCardMissing(PathBuf),
    /// That file is not as it was written.
    #[error("the key card {} is damaged. Put back the copy from a backup", .0.display())]
    KeyCardDamaged(PathBuf),
    /// That file was written by a newer Keyholder.
    #[error("the key card {} was written by a newer version of Keyholder. Install that version", .0.display())]
    NewerFormat(PathBuf),
    /// What should be made is there already.
    #[error("{} is there already and was left as it is", .0.display())]
    Exists(PathBuf),
    /// The key file may be read by others than its owner.
    #[error("others may read the key file {} (mode {mode:04o}). Make it yours alone: chmod 600", path.display())]
    KeyFileExposed {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file does not hold 32 bytes as hex or base64.
    #[error("{} holds no key (32 bytes as hex or base64)", .0.display())]
    KeyFileUnusable(PathBuf),
    /// The disk said no.
    #[error("{} cannot be {verb}: {source}", path.display())]
    Io {
        /// What was tried: "read", "written".
        verb: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
