//! The keys of one store: one master key, three keys derived from it, two ways to get it back.
//!
//! | What | Where it lies |
//! | --- | --- |
//! | the store, encrypted | `shop.keyholder` |
//! | the key card: master key wrapped for the recovery key, and a value to check a key with | `shop.keyholder.key`, beside the store |
//! | the master key | the keychain of the operating system, or a key file where the operator asked for one |
//! | the recovery key | on paper; the program forgets it |
//!
//! A master key is made only where no store is. A key that is missing, locked away or wrong never
//! leads to a new one: each is an error with a name, and the files stay as they are.
//!
//! Not in here: opening the store itself.

use std::path::{Path, PathBuf};

use keyholder_core::clock::Rng;
use uuid::Uuid;

use crate::keychain::{Entry, Keychain, KeychainError};

mod card;
mod error;
mod files;
mod key_file;
mod keys;
mod recovery_key;

pub use error::VaultError;
pub use key_file::write_key_file;
pub use keys::{AuditKey, MasterKey, StoreKey};
pub use recovery_key::{NotARecoveryKey, RecoveryKey};

use card::Card;

/// Where a master key is kept. There is no third way and no falling from one to the other.
#[derive(Clone, Copy)]
pub enum Keep<'a> {
    /// In the keychain of the operating system.
    Keychain(&'a dyn Keychain),
    /// In a file the operator named, readable by its owner alone: for machines without a keychain.
    KeyFile(&'a Path),
}

/// The master key, taken back with the recovery key.
#[derive(Debug)]
pub struct Recovered {
    /// It opens the store.
    pub master: MasterKey,
    /// Whether the keychain keeps it from now on; if not, the recovery key is needed next time too.
    pub kept: Result<(), KeychainError>,
}

/// Where the key card of this store file lies.
pub fn card_path(store: &Path) -> PathBuf {
    let mut path = store.as_os_str().to_owned();
    path.push(".key");
    path.into()
}

/// Makes the keys of a store that does not exist yet, and keeps the master key where `keep` says.
/// The recovery key is for the person alone: show it once.
///
/// # Errors
/// [`VaultError::Exists`] when the store is there already. Whatever the error, no key is left
/// behind in a file. A key card without its store (it may belong to one that was moved away) is
/// set aside under another name, never overwritten.
pub async fn create(
    store: &Path,
    keep: Keep<'_>,
    rng: &mut Rng,
) -> Result<(MasterKey, RecoveryKey), VaultError> {
    if files::exists(store)? {
        return Err(VaultError::Exists(store.to_owned()));
    }
    let card_path = card_path(store);
    files::create_parent(&card_path)?;
    if files::exists(&card_path)? {
        files::set_aside(&card_path, rng)?;
    }

    let (master, recovery) = (MasterKey::generate(rng), RecoveryKey::generate(rng));
    let id = uuid::Builder::from_random_bytes(files::random(rng)).into_uuid();
    let card = Card::new(id, &master, &recovery, rng);
    match keep {
        Keep::Keychain(keychain) => keep_in(keychain, id, &master).await?,
        Keep::KeyFile(path) => write_key_file(path, &master)?,
    }
    if let Err(error) = card.write_new(&card_path) {
        match keep {
            // The entry is of no use to anybody; one that cannot be removed does no harm either.
            Keep::Keychain(keychain) => drop(keychain.delete(&Entry::master_key(id)).await),
            Keep::KeyFile(path) => drop(std::fs::remove_file(path)),
        }
        return Err(error);
    }
    Ok((master, recovery))
}

/// Takes away the keys of a store that was not made after all. What cannot be taken away does no harm:
/// it opens nothing.
pub async fn forget(store: &Path, keep: Keep<'_>) {
    match (keep, store_id(store)) {
        (Keep::Keychain(keychain), Ok(id)) => drop(keychain.delete(&Entry::master_key(id)).await),
        (Keep::Keychain(_), Err(_)) => {}
        (Keep::KeyFile(path), _) => drop(std::fs::remove_file(path)),
    }
    remove_card(store);
}

/// Puts a copy of the key card of `store` beside `copy`, which need not be there yet.
///
/// # Errors
/// [`VaultError::Exists`] when a card lies there already, [`VaultError::KeyCardMissing`] when the store
/// has none.
pub fn copy_card(store: &Path, copy: &Path) -> Result<(), VaultError> {
    let (from, to) = (card_path(store), card_path(copy));
    let card = files::read(&from, card::LONGEST)?.ok_or(VaultError::KeyCardMissing(from))?;
    files::create_parent(&to)?;
    files::write_new(&to, &card)
}

/// Takes away the key card of a store or copy that was not made. One that stays does no harm.
pub fn remove_card(store: &Path) {
    let _ = std::fs::remove_file(card_path(store));
}

/// Takes the master key of this store from the keychain.
///
/// # Errors
/// [`VaultError::KeyMissingInKeychain`] when it is not there: the recovery key is needed, and
/// nothing was made or changed. [`VaultError::WrongKey`] when it is the key of another store.
pub async fn open(store: &Path, keychain: &dyn Keychain) -> Result<MasterKey, VaultError> {
    let card = Card::read(&card_path(store))?;
    let secret = keychain
        .get(&Entry::master_key(card.store()))
        .await?
        .ok_or(VaultError::KeyMissingInKeychain)?;
    let master = MasterKey::from_secret(&secret).ok_or(VaultError::WrongKey)?;
    card.check(&master)?;
    Ok(master)
}

/// Unwraps the master key with the recovery key, and puts it back into the keychain if that takes
/// it.
pub async fn open_with_recovery(
    store: &Path,
    recovery: &RecoveryKey,
    keychain: &dyn Keychain,
) -> Result<Recovered, VaultError> {
    let card = Card::read(&card_path(store))?;
    let master = card.unwrap(recovery)?;
    let kept = keep_in(keychain, card.store(), &master).await;
    Ok(Recovered { master, kept })
}

/// Puts the master key of this store back into the keychain; the inner error says why that did not
/// take it.
pub async fn keep(
    store: &Path,
    master: &MasterKey,
    keychain: &dyn Keychain,
) -> Result<Result<(), KeychainError>, VaultError> {
    let card = Card::read(&card_path(store))?;
    Ok(keep_in(keychain, card.store(), master).await)
}

/// Takes the master key from a key file.
///
/// # Errors
/// [`VaultError::KeyFileExposed`] when others may read the file, [`VaultError::WrongKey`] when it
/// holds the key of another store.
pub fn open_with_key_file(store: &Path, key_file: &Path) -> Result<MasterKey, VaultError> {
    let card = Card::read(&card_path(store))?;
    let master = key_file::read(key_file)?;
    card.check(&master)?;
    Ok(master)
}

/// Makes `new` the recovery key of this store. From then on, and not before, the old one opens
/// nothing: the key card is replaced in one step.
pub fn replace_recovery_key(
    store: &Path,
    master: &MasterKey,
    new: &RecoveryKey,
    rng: &mut Rng,
) -> Result<(), VaultError> {
    let path = card_path(store);
    let card = Card::read(&path)?;
    card.check(master)?;
    Card::new(card.store(), master, new, rng).replace(&path)
}

/// The id under which this store's master key is filed.
pub fn store_id(store: &Path) -> Result<Uuid, VaultError> {
    Ok(Card::read(&card_path(store))?.store())
}

/// Only what can be read back was kept.
async fn keep_in(keychain: &dyn Keychain, store: Uuid, master: &MasterKey) -> Result<(), KeychainError> {
    let entry = Entry::master_key(store);
    let secret = master.to_secret()?;
    keychain.set(&entry, &secret).await?;
    match keychain.get(&entry).await? {
        Some(read_back) if read_back.expose() == secret.expose() => Ok(()),
        _ => Err(KeychainError::Refused("it did not keep the key".into())),
    }
}
