//! The store that the window works on: the person's own or the sample shop's.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyholder_core::clock::Rng;
use keyholder_core::directory::{Authentication, StoredAuthentication};
use keyholder_core::error::{Code, Error, Refusal};
use keyholder_core::password::Hasher;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::console::{Surroundings, rng};
use crate::demo;
use crate::ipc::{Answer, IpcError, KeyTrouble};
use crate::keychain::{Keychain, KeychainError, MemoryKeychain};
use crate::open_store::{Needs, OpenError, OpenStore};
use crate::place::FILE_NAME;
use crate::vault::{self, Keep, MasterKey, RecoveryKey, VaultError};

/// Password hashes made at the same time: each takes 64 MiB and a processor.
const HASHES_AT_A_TIME: usize = 2;

/// Why there is no open store.
#[derive(Debug, Clone)]
pub(crate) enum Closed {
    /// There is no file.
    Absent,
    /// Its key is not at hand.
    KeyNeeded { why: KeyTrouble, store: PathBuf },
    /// It cannot be opened.
    Unusable(IpcError),
}

/// The open store behind the window.
pub(crate) struct ShopFile {
    store: OpenStore,
    /// Where a sample shop lies; the directory goes with it.
    _demo: Option<TempDir>,
    /// Why the keychain did not take back the key, after the recovery key opened the store.
    key_not_kept: Mutex<Option<KeyTrouble>>,
    /// Ends with the store.
    _housekeeping: JoinSet<()>,
}

impl ShopFile {
    /// Opens the store at `path` with the key from the keychain.
    pub(crate) async fn open(around: &Surroundings, path: &Path) -> Result<Self, Closed> {
        match path.try_exists() {
            Ok(true) => {}
            Ok(false) => return Err(Closed::Absent),
            Err(error) => {
                tracing::error!("{} cannot be looked at: {error}", path.display());
                return Err(Closed::Unusable(Code::Broken.into()));
            }
        }
        let master = match OpenStore::master_key(path, Keep::Keychain(&*around.keychain)).await {
            Ok(master) => master,
            Err(OpenError::Key(error)) => return Err(Closed::without_key(path, error)),
            Err(OpenError::Store(error)) => return Err(Closed::Unusable(error.into())),
        };
        Self::opened(around, path, master).await.map_err(Closed::Unusable)
    }

    /// Opens the store with the recovery key, and gives the keychain its key again if that takes it.
    pub(crate) async fn open_with_recovery_key(
        around: &Surroundings,
        path: &Path,
        typed: &str,
    ) -> Answer<Self> {
        let key: RecoveryKey = typed
            .parse()
            .map_err(|_| IpcError::from(Code::WrongRecoveryKey))?;
        let recovered = vault::open_with_recovery(path, &key, &*around.keychain).await?;
        let opened = Self::opened(around, path, recovered.master).await?;
        opened.note_kept(recovered.kept);
        Ok(opened)
    }

    /// Makes a store where there is none.
    pub(crate) async fn create(around: &Surroundings, path: &Path) -> Answer<(Self, RecoveryKey)> {
        let keep = Keep::Keychain(&*around.keychain);
        let (store, key) = OpenStore::create(path, keep, &needs(around), rng()?).await?;
        Ok((Self::of(store, None), key))
    }

    /// Makes the sample shop, in a directory and with a keychain that go when it does.
    pub(crate) async fn demo(around: &Surroundings) -> Answer<Self> {
        let dir = tempfile::Builder::new().prefix("keyholder-demo-").tempdir();
        let dir = dir.map_err(|error| broken(&std::env::temp_dir(), &error))?;
        let (path, keychain) = (dir.path().join(FILE_NAME), MemoryKeychain::default());
        let made = OpenStore::create(&path, Keep::Keychain(&keychain), &needs(around), rng()?).await;
        let (store, _) = made?;
        demo::fill(
            store.store(),
            &Hasher::new(around.hashing, Some(store.master().pepper()), 1),
            around.clock.now(),
        )
        .await?;
        Ok(Self::of(store, Some(dir)))
    }

    async fn opened(around: &Surroundings, path: &Path, master: MasterKey) -> Answer<Self> {
        let store = OpenStore::open(path, Arc::new(master), &needs(around), rng()?).await?;
        Ok(Self::of(store, None))
    }

    fn of(store: OpenStore, demo: Option<TempDir>) -> Self {
        let mut housekeeping = JoinSet::new();
        housekeeping.spawn(empty_recycle_bin(store.authentication().clone()));
        Self {
            store,
            _demo: demo,
            key_not_kept: Mutex::default(),
            _housekeeping: housekeeping,
        }
    }

    /// Lets go of the file, so that another program can have it.
    pub(crate) async fn close(&self) {
        if let Err(error) = self.store.close().await {
            tracing::warn!("the store was not closed in order: {error}");
        }
    }

    /// The rules over the store.
    pub(crate) fn authentication(&self) -> &dyn Authentication {
        self.store.authentication()
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        self.store.path()
    }

    /// Why the keychain does not hold the key that the recovery key brought back, if it does not.
    pub(crate) fn key_not_kept(&self) -> Option<KeyTrouble> {
        *self.key_not_kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the keychain the key once more; [`Self::key_not_kept`] says what came of it.
    pub(crate) async fn keep_key(&self, keychain: &dyn Keychain) -> Answer<()> {
        self.note_kept(vault::keep(self.path(), self.store.master(), keychain).await?);
        Ok(())
    }

    fn note_kept(&self, kept: Result<(), KeychainError>) {
        let trouble = kept
            .inspect_err(|error| tracing::warn!("the keychain did not take the key: {error}"))
            .err()
            .map(|error| KeyTrouble::from(&error));
        *self.key_not_kept.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Writes a copy of the store with its key card to `path`, where nothing is yet.
    pub(crate) async fn back_up(&self, path: &Path) -> Answer<()> {
        self.store.back_up(path).await?;
        Ok(())
    }

    /// Makes `new` the recovery key; the old one opens nothing any more.
    pub(crate) fn replace_recovery_key(&self, new: &RecoveryKey, rng: &mut Rng) -> Answer<()> {
        Ok(self.store.replace_recovery_key(new, rng)?)
    }
}

fn needs(around: &Surroundings) -> Needs {
    Needs {
        clock: around.clock.clone(),
        breaches: around.breaches.clone(),
        hashing: around.hashing,
        hashes_at_a_time: HASHES_AT_A_TIME,
    }
}

/// Removes for good what has lain in the recycle bin long enough, and what has expired: now, and once a day.
async fn empty_recycle_bin(authentication: StoredAuthentication) {
    let mut day = tokio::time::interval(Duration::from_hours(24));
    loop {
        day.tick().await;
        if let Err(error) = authentication.sweep().await {
            tracing::warn!("what has expired was not taken away: {error}");
        }
        match authentication.empty_recycle_bin().await {
            Ok(_) | Err(Error::Refused(Refusal::NotSetUp)) => {}
            Err(error) => tracing::warn!("the recycle bin was not emptied: {error}"),
        }
    }
}

/// A directory that is its owner's alone, with those above it.
pub(crate) fn create_dir(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// What the disk said.
pub(crate) fn broken(path: &Path, error: &std::io::Error) -> IpcError {
    tracing::error!("{}: {error}", path.display());
    disk(error).into()
}

fn disk(error: &std::io::Error) -> Code {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Code::DiskFull,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Code::ReadOnly,
        _ => Code::Broken,
    }
}

impl From<Closed> for IpcError {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Absent => Code::NoStore.into(),
            Closed::KeyNeeded { why, .. } => why.code().into(),
            Closed::Unusable(error) => error,
        }
    }
}

impl Closed {
    /// Why the key of this store could not be had.
    fn without_key(store: &Path, error: VaultError) -> Self {
        let why = match &error {
            VaultError::Keychain(error) => KeyTrouble::from(error),
            VaultError::KeyMissingInKeychain => KeyTrouble::Missing,
            VaultError::WrongKey => KeyTrouble::WrongKey,
            _ => return Self::Unusable(error.into()),
        };
        tracing::warn!("the key of the store is not at hand: {error}");
        Self::KeyNeeded {
            why,
            store: store.to_owned(),
        }
    }
}

impl From<OpenError> for IpcError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Key(error) => error.into(),
            OpenError::Store(error) => error.into(),
        }
    }
}

impl From<&KeychainError> for KeyTrouble {
    fn from(error: &KeychainError) -> Self {
        match error {
            KeychainError::Locked | KeychainError::Dismissed => Self::Locked,
            KeychainError::PromptUnanswered => Self::Prompting,
            KeychainError::NoCollection | KeychainError::NoService => Self::NoKeychain,
            KeychainError::NotAnswering | KeychainError::Refused(_) | KeychainError::TooLong => Self::Silent,
        }
    }
}

impl KeyTrouble {
    /// The code that goes over every border.
    pub fn code(self) -> Code {
        match self {
            Self::Locked | Self::Prompting => Code::KeychainLocked,
            Self::Missing => Code::KeyMissing,
            Self::NoKeychain => Code::NoKeychain,
            Self::Silent => Code::KeychainSilent,
            Self::WrongKey => Code::WrongKey,
        }
    }
}

impl From<VaultError> for IpcError {
    fn from(error: VaultError) -> Self {
        tracing::error!("{error}");
        match &error {
            VaultError::Keychain(error) => KeyTrouble::from(error).code(),
            VaultError::KeyMissingInKeychain => Code::KeyMissing,
            VaultError::WrongRecoveryKey => Code::WrongRecoveryKey,
            VaultError::WrongKey | VaultError::KeyFileExposed { .. } | VaultError::KeyFileUnusable(_) => {
                Code::WrongKey
            }
            VaultError::KeyCardMissing(_) | VaultError::KeyCardDamaged(_) => Code::KeyCardDamaged,
            VaultError::NewerFormat(_) => Code::Newer,
            VaultError::Exists(_) => Code::AlreadySetUp,
            VaultError::Io { source, .. } => disk(source),
        }
        .into()
    }
}
