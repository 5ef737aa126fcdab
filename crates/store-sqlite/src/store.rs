//! The store: one writer, a few readers, one file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use keyholder_core::account::{AccountId, Email};
use keyholder_core::audit::RecordedEvent;
use keyholder_core::audit::chain::Verdict;
use keyholder_core::change::{Change, Reservation};
use keyholder_core::clock;
use keyholder_core::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use keyholder_core::error::{Code, StoreError};
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use keyholder_core::session::{Session, SessionId, TokenDigest};
use keyholder_core::shop::Shop;
use keyholder_core::store::{CommitError, Person, Store};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::MappedMutexGuard;

use crate::error::{Tried, broken};
use crate::keys::StoreKeys;
use crate::readers::Readers;
use crate::writer::{Work, Writer};
use crate::{connect, copy, file, list, migrate, table};

/// A shop's store in one encrypted file.
///
/// Dropping it does what [`SqliteStore::close`] does, and waits for it: a program must not end
/// (`std::process::exit`) before either.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    keys: StoreKeys,
    writer: Writer,
    readers: Arc<Readers>,
}

impl SqliteStore {
    /// Makes a new store, with its directory if that is missing.
    ///
    /// # Errors
    /// [`Code::AlreadySetUp`] if there is a file, [`Code::InUse`], [`Code::ReadOnly`],
    /// [`Code::DiskFull`]. Nothing is left behind then.
    pub async fn create(path: &Path, keys: &StoreKeys) -> Result<Self, StoreError> {
        file::create_directory(path)?;
        let mut lock = file::Lock::take(path)?;
        file::create(path)?;
        let made = async {
            lock.hold(path)?;
            let mut conn = connect::open(&connect::writer(path, keys)).await?;
            let ready = async {
                connect::encrypting(&mut conn).await?;
                migrate::migrate(&mut conn, path, 0, migrate::MIGRATIONS).await?;
                file::sync_directory(path)
            };
            let ready = ready.await;
            connect::unless_refused(conn, ready).await
        };
        match made.await {
            Ok((conn, ())) => Self::start(path, keys, conn, lock).await,
            Err(error) => {
                for ending in ["", "-wal", "-shm"] {
                    // What went wrong before is what is said.
                    let _ = std::fs::remove_file(file::with_ending(path, ending));
                }
                Err(error)
            }
        }
    }

    /// Opens a store; one of an older version is migrated, with a copy as it was beside it.
    ///
    /// # Errors
    /// [`Code::NoStore`], [`Code::Foreign`], [`Code::Newer`], [`Code::WrongKey`], [`Code::InUse`],
    /// [`Code::Damaged`], [`Code::ReadOnly`]: the file was not changed.
    pub async fn open(path: &Path, keys: &StoreKeys) -> Result<Self, StoreError> {
        file::may_be_store(path)?;
        let lock = file::Lock::take(path)?;
        let version = look(path, keys).await?;
        let mut conn = connect::open(&connect::writer(path, keys)).await?;
        let migrated = migrate::migrate(&mut conn, path, version, migrate::MIGRATIONS).await;
        let (conn, ()) = connect::unless_refused(conn, migrated).await?;
        Self::start(path, keys, conn, lock).await
    }

    async fn start(
        path: &Path,
        keys: &StoreKeys,
        conn: SqliteConnection,
        lock: file::Lock,
    ) -> Result<Self, StoreError> {
        let rng = clock::entropy().map_err(|error| broken(Code::Broken, error.to_string()))?;
        let readers = Readers::open(&connect::reader(path, keys)).await;
        let (conn, readers) = connect::unless_refused(conn, readers).await?;
        let readers = Arc::new(readers);
        let writer = Writer::start(conn, Arc::clone(&readers), keys.audit().clone(), rng, lock)?;
        Ok(Self {
            path: path.to_owned(),
            keys: keys.clone(),
            writer,
            readers,
        })
    }

    /// Where the store is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a whole copy, encrypted with the same keys, into a new file and opens it to see that
    /// it is one.
    ///
    /// # Errors
    /// [`Code::AlreadySetUp`] if there is a file at `to`, [`Code::DiskFull`] and the like; or the
    /// copy is not whole.
    pub async fn backup(&self, to: &Path) -> Result<Verdict, StoreError> {
        self.writer.copy(to.to_owned()).await?;
        copy::verify(to, &self.keys).await
    }

    /// Checks a store or backup that nobody has open: every page, every row, the audit trail.
    ///
    /// # Errors
    /// As [`SqliteStore::open`]; also [`Code::Damaged`] if SQLite finds damage in it. A broken
    /// audit trail is no error but the verdict.
    pub async fn verify_file(path: &Path, keys: &StoreKeys) -> Result<Verdict, StoreError> {
        copy::verify(path, keys).await
    }

    /// Puts a copy of `backup` in the place of the store at `path`. The old file stays beside it
    /// as `….replaced`.
    ///
    /// # Errors
    /// [`Code::InUse`] while the store is open anywhere, [`Code::Damaged`] if the backup is not
    /// whole, and as [`SqliteStore::open`] for the backup.
    pub async fn restore(backup: &Path, path: &Path, keys: &StoreKeys) -> Result<Verdict, StoreError> {
        copy::restore(backup, path, keys).await
    }

    /// Does what is waiting, writes everything into the one file and closes it. The store answers
    /// nothing afterwards; closing it again does nothing.
    ///
    /// # Errors
    /// The file could not be brought up to date. Nothing acknowledged is lost: it is read from the
    /// write-ahead log when the store is opened again.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.writer.close().await
    }

    async fn reader(&self) -> Result<MappedMutexGuard<'_, SqliteConnection>, StoreError> {
        self.readers.one().await
    }
}

/// The version of the tables, without changing anything.
async fn look(path: &Path, keys: &StoreKeys) -> Result<u32, StoreError> {
    let look = async {
        let mut conn = connect::open(&connect::reader(path, keys)).await?;
        let seen = match connect::encrypting(&mut conn).await {
            Ok(_) => connect::ours(&mut conn).await,
            Err(error) => Err(error),
        };
        let (conn, version) = connect::unless_refused(conn, seen).await?;
        conn.close().await.tried("close the store")?;
        Ok(version)
    };
    look.await.map_err(|error: StoreError| match error.code {
        Code::WrongKey if !file::whole_pages(path) => broken(Code::Foreign, error.context),
        _ => error,
    })
}

async fn person(conn: &mut SqliteConnection, id: AccountId) -> Result<Option<Person>, StoreError> {
    // Both as they stood at the same moment.
    let mut moment = conn.begin().await.tried("begin to read")?;
    let account = table::account::read(&mut moment, id).await?;
    let credential = table::credential::read(&mut moment, id).await?;
    Ok(account
        .zip(credential)
        .map(|(account, credential)| Person { account, credential }))
}

#[async_trait]
impl Store for SqliteStore {
    async fn shop(&self) -> Result<Option<Shop>, StoreError> {
        table::shop::read(&mut *self.reader().await?).await
    }

    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        person(&mut *self.reader().await?, id).await
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        let mut conn = self.reader().await?;
        match table::account::id_of(&mut conn, email).await? {
            Some(id) => person(&mut conn, id).await,
            None => Ok(None),
        }
    }

    async fn owners(&self) -> Result<Vec<Person>, StoreError> {
        let mut conn = self.reader().await?;
        let mut owners = Vec::new();
        for id in table::account::owners(&mut conn).await? {
            owners.extend(person(&mut conn, id).await?);
        }
        Ok(owners)
    }

    async fn accounts(&self, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError> {
        list::accounts::page(&mut *self.reader().await?, query, now).await
    }

    async fn count_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError> {
        list::accounts::count(&mut *self.reader().await?, filter, now).await
    }

    async fn deleted_before(&self, moment: Timestamp) -> Result<Vec<AccountId>, StoreError> {
        table::account::deleted_before(&mut *self.reader().await?, moment).await
    }

    async fn session(&self, token: TokenDigest) -> Result<Option<Session>, StoreError> {
        table::session::by_token(&mut *self.reader().await?, token).await
    }

    async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        table::session::open_of(&mut *self.reader().await?, account).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, StoreError> {
        list::events::page(&mut *self.reader().await?, query).await
    }

    async fn record(&self, changes: Vec<Change>) -> Result<u32, CommitError> {
        self.writer.write(Work::Commit(changes)).await
    }

    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        let reserved = self.writer.write(Work::Reserve(Box::new(reservation)));
        reserved.await.map(drop)
    }

    async fn touch(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        match self.writer.write(Work::Touch(session, at)).await {
            Err(CommitError::Broken(error)) => Err(error),
            // It changes no row that has a revision or an address.
            Err(CommitError::Conflict | CommitError::EmailTaken | CommitError::SessionEnded) | Ok(_) => {
                Ok(())
            }
        }
    }

    async fn entry(&self, kind: EntryKind, key: EntryKey) -> Result<Option<Entry>, StoreError> {
        table::entry::read(&mut *self.reader().await?, kind, key).await
    }

    async fn entries(&self, kind: EntryKind, until: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        table::entry::due(&mut *self.reader().await?, kind, until, most).await
    }

    async fn entries_of(&self, kind: EntryKind, accounts: &[AccountId]) -> Result<Vec<Entry>, StoreError> {
        table::entry::of(&mut *self.reader().await?, kind, accounts).await
    }

    async fn keep(&self, writes: Vec<EntryWrite>) -> Result<(), CommitError> {
        self.writer.write(Work::Keep(writes)).await.map(drop)
    }

    async fn expired(&self, moment: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        table::entry::expired(&mut *self.reader().await?, moment, most).await
    }

    async fn verify_trail(&self) -> Result<Verdict, StoreError> {
        table::audit::verify(&mut *self.reader().await?, self.keys.audit()).await
    }
}
