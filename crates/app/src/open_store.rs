//! An open store: its file, its key, and the rules over it. The window and the command line open it here.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use keyholder_core::audit::chain::Verdict;
use keyholder_core::breach::BreachCheck;
use keyholder_core::clock::{Rng, SharedClock};
use keyholder_core::directory::StoredAuthentication;
use keyholder_core::error::StoreError;
use keyholder_core::password::{Argon2Params, Hasher};
use keyholder_store_sqlite::{SqliteStore, StoreKeys, may_be_store};
use secrecy::ExposeSecret as _;

use crate::vault::{self, Keep, MasterKey, RecoveryKey, VaultError};

/// What the rules over a store need of the world around them.
#[derive(Clone)]
pub struct Needs {
    /// What time it is.
    pub clock: SharedClock,
    /// Who knows breaches.
    pub breaches: Arc<dyn BreachCheck>,
    /// What one password hash costs.
    pub hashing: Argon2Params,
    /// Password hashes made at the same time: each takes the memory of one, and a processor.
    pub hashes_at_a_time: usize,
}

/// Why a store was not opened, made or copied. What was there is as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its key could not be had or kept.
    #[error(transparent)]
    Key(#[from] VaultError),
    /// The file itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A store with the rules over it, open until it is closed.
pub struct OpenStore {
    path: PathBuf,
    master: Arc<MasterKey>,
    store: Arc<SqliteStore>,
    authentication: StoredAuthentication,
}

impl OpenStore {
    /// The master key of the store at `path`, which need not be opened for it.
    pub async fn master_key(path: &Path, kept: Keep<'_>) -> Result<MasterKey, OpenError> {
        // Before its key: a file of another program has none to miss.
        may_be_store(path)?;
        Ok(match kept {
            Keep::Keychain(keychain) => vault::open(path, keychain).await?,
            Keep::KeyFile(file) => vault::open_with_key_file(path, file)?,
        })
    }

    /// Opens the store at `path`.
    pub async fn open(
        path: &Path,
        master: Arc<MasterKey>,
        needs: &Needs,
        rng: Rng,
    ) -> Result<Self, OpenError> {
        let store = SqliteStore::open(path, &store_keys(&master)).await?;
        Ok(Self::with(path, master, store, needs, rng))
    }

    /// Makes a store where there is none, and keeps its key. The recovery key is for the person
    /// alone: show it once.
    pub async fn create(
        path: &Path,
        keep: Keep<'_>,
        needs: &Needs,
        mut rng: Rng,
    ) -> Result<(Self, RecoveryKey), OpenError> {
        let (master, recovery) = vault::create(path, keep, &mut rng).await?;
        match SqliteStore::create(path, &store_keys(&master)).await {
            Ok(store) => Ok((Self::with(path, Arc::new(master), store, needs, rng), recovery)),
            Err(error) => {
                // A key that opens nothing: the next attempt starts as this one did.
                vault::forget(path, keep).await;
                Err(error.into())
            }
        }
    }

    fn with(path: &Path, master: Arc<MasterKey>, store: SqliteStore, needs: &Needs, rng: Rng) -> Self {
        let store = Arc::new(store);
        let hasher = Hasher::new(needs.hashing, Some(master.pepper()), needs.hashes_at_a_time);
        let (clock, breaches) = (needs.clock.clone(), needs.breaches.clone());
        let authentication = StoredAuthentication::new(store.clone(), hasher, clock, breaches, rng);
        Self {
            path: path.to_owned(),
            master,
            store,
            authentication,
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The rules over the store.
    pub fn authentication(&self) -> &StoredAuthentication {
        &self.authentication
    }

    /// The store without the rules.
    pub fn store(&self) -> &SqliteStore {
        &self.store
    }

    /// Its master key.
    pub fn master(&self) -> &Arc<MasterKey> {
        &self.master
    }

    /// Writes a copy of the store to `path`, where nothing is yet, with its key card beside it: without
    /// that it could be opened on this computer only.
    pub async fn back_up(&self, path: &Path) -> Result<Verdict, OpenError> {
        vault::copy_card(&self.path, path)?;
        let copied = self.store.backup(path).await;
        if copied.is_err() {
            vault::remove_card(path);
        }
        Ok(copied?)
    }

    /// Makes `new` the recovery key; the old one opens nothing any more.
    pub fn replace_recovery_key(&self, new: &RecoveryKey, rng: &mut Rng) -> Result<(), VaultError> {
        vault::replace_recovery_key(&self.path, &self.master, new, rng)
    }

    /// Waits for what a sign-in began, and lets go of the file, so that another program can have it.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.authentication.breach_checks_done().await;
        self.store.close().await
    }
}

/// The keys of the file, out of its master key.
pub fn store_keys(master: &MasterKey) -> StoreKeys {
    StoreKeys::new(
        *master.store_key().expose_secret(),
        *master.audit_key().expose_secret(),
    )
}
