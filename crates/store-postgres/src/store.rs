//! The store: one connection that writes, a few that read, one database.

use async_trait::async_trait;
use jiff::Timestamp;
use keyholder_core::account::{AccountId, Email};
use keyholder_core::audit::RecordedEvent;
use keyholder_core::audit::chain::Verdict;
use keyholder_core::change::{Change, Reservation};
use keyholder_core::clock::{self, Rng};
use keyholder_core::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use keyholder_core::error::{Code, StoreError};
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use keyholder_core::session::{Session, SessionId, TokenDigest};
use keyholder_core::shop::Shop;
use keyholder_core::store::{CommitError, Person, Store};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool};
use sqlx::{Connection as _, PgConnection, Postgres};

use crate::error::{Tried, broken};
use crate::keys::StoreKeys;
use crate::writer::{Work, Writer};
use crate::{connect, list, migrate, table};

/// Everything read as it stood at one moment.
const MOMENT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A shop's store in a PostgreSQL database, which other nodes may have open as well.
///
/// It comes back by itself when the server was away: meanwhile everything asked is
/// [`Code::Busy`], and nothing that was acknowledged is lost.
pub struct PostgresStore {
    keys: StoreKeys,
    writer: Writer,
    readers: PgPool,
}

impl PostgresStore {
    /// Makes a new store in the database at that address (`postgres://user@host/database`), in a
    /// schema of its own. Called within a Tokio runtime, which the store lives in.
    ///
    /// # Errors
    /// [`Code::AlreadySetUp`] if there is a store, [`Code::Foreign`] if the schema `keyholder` is
    /// somebody else's, [`Code::Busy`] while the server is away, or a server that cannot be relied
    /// on. Nothing is left behind then.
    pub async fn create(url: &str, keys: &StoreKeys) -> Result<Self, StoreError> {
        let (options, mut rng) = (connect::options(url)?, entropy()?);
        let mut conn = connect::open(&options).await?;
        migrate::create(&mut conn, keys.seal(), &mut rng, migrate::MIGRATIONS).await?;
        Ok(Self::start(conn, options, keys, rng))
    }

    /// Opens a store; one of an older version is migrated, once however many nodes start together.
    /// Called within a Tokio runtime, which the store lives in.
    ///
    /// # Errors
    /// [`Code::NoStore`], [`Code::Foreign`], [`Code::Newer`], [`Code::WrongKey`], [`Code::Busy`], or
    /// a server that cannot be relied on: nothing was changed.
    pub async fn open(url: &str, keys: &StoreKeys) -> Result<Self, StoreError> {
        let (options, rng) = (connect::options(url)?, entropy()?);
        let mut conn = connect::open(&options).await?;
        migrate::migrate(&mut conn, keys.seal(), migrate::MIGRATIONS).await?;
        Ok(Self::start(conn, options, keys, rng))
    }

    fn start(conn: PgConnection, options: PgConnectOptions, keys: &StoreKeys, rng: Rng) -> Self {
        Self {
            keys: keys.clone(),
            readers: connect::readers(&options),
            writer: Writer::start(conn, options, keys.clone(), rng),
        }
    }

    /// Does what is waiting and closes every connection. The store answers nothing afterwards;
    /// closing it again does nothing.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }

    async fn reader(&self) -> Result<PoolConnection<Postgres>, StoreError> {
        self.readers.acquire().await.tried("read the store")
    }

    async fn person_at(&self, conn: &mut PgConnection, id: AccountId) -> Result<Option<Person>, StoreError> {
        let account = table::account::read(conn, id).await?;
        let credential = table::credential::read(conn, self.keys.seal(), id).await?;
        Ok(account
            .zip(credential)
            .map(|(account, credential)| Person { account, credential }))
    }
}

impl std::fmt::Debug for PostgresStore {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

fn entropy() -> Result<Rng, StoreError> {
    clock::entropy().map_err(|error| broken(Code::Broken, error.to_string()))
}

#[async_trait]
impl Store for PostgresStore {
    async fn shop(&self) -> Result<Option<Shop>, StoreError> {
        table::shop::read(&mut *self.reader().await?).await
    }

    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        let mut conn = self.reader().await?;
        let mut moment = conn.begin_with(MOMENT).await.tried("begin to read")?;
        self.person_at(&mut moment, id).await
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        let mut conn = self.reader().await?;
        let mut moment = conn.begin_with(MOMENT).await.tried("begin to read")?;
        match table::account::id_of(&mut moment, email).await? {
            Some(id) => self.person_at(&mut moment, id).await,
            None => Ok(None),
        }
    }

    async fn owners(&self) -> Result<Vec<Person>, StoreError> {
        let mut conn = self.reader().await?;
        let mut moment = conn.begin_with(MOMENT).await.tried("begin to read")?;
        let mut owners = Vec::new();
        for id in table::account::owners(&mut moment).await? {
            owners.extend(self.person_at(&mut moment, id).await?);
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
        table::entry::read(&mut *self.reader().await?, self.keys.seal(), kind, key).await
    }

    async fn entries(&self, kind: EntryKind, until: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        table::entry::due(&mut *self.reader().await?, self.keys.seal(), kind, until, most).await
    }

    async fn entries_of(&self, kind: EntryKind, accounts: &[AccountId]) -> Result<Vec<Entry>, StoreError> {
        table::entry::of(&mut *self.reader().await?, self.keys.seal(), kind, accounts).await
    }

    async fn keep(&self, writes: Vec<EntryWrite>) -> Result<(), CommitError> {
        self.writer.write(Work::Keep(writes)).await.map(drop)
    }

    async fn expired(&self, moment: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        table::entry::expired(&mut *self.reader().await?, self.keys.seal(), moment, most).await
    }

    async fn verify_trail(&self) -> Result<Verdict, StoreError> {
        table::audit::verify(&mut *self.reader().await?, self.keys.audit()).await
    }
}
