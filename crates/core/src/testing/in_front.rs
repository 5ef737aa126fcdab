//! Stores that stand before another one and do something else with some of the calls.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::account::{AccountId, Email};
use crate::audit::RecordedEvent;
use crate::audit::chain::Verdict;
use crate::change::{Change, Reservation};
use crate::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use crate::error::StoreError;
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::session::{Session, SessionId, TokenDigest};
use crate::shop::Shop;
use crate::store::{CommitError, Person, Store};

/// A store in front of another: every call is handed on, but for those that it answers otherwise.
#[async_trait]
pub(super) trait InFront: Send + Sync + 'static {
    /// The store behind, for one call; or that call fails before anything is done.
    fn behind(&self) -> Result<&dyn Store, StoreError>;

    /// Stands before [`Store::person`].
    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        self.behind()?.person(id).await
    }

    /// Stands before [`Store::person_by_email`].
    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        self.behind()?.person_by_email(email).await
    }

    /// Stands before [`Store::record`].
    async fn record(&self, changes: Vec<Change>) -> Result<u32, CommitError> {
        self.behind()?.record(changes).await
    }

    /// Stands before [`Store::keep`].
    async fn keep(&self, writes: Vec<EntryWrite>) -> Result<(), CommitError> {
        self.behind()?.keep(writes).await
    }

    /// Stands before [`Store::reserve`].
    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        self.behind()?.reserve(reservation).await
    }
}

#[async_trait]
impl<T: InFront> Store for T {
    async fn shop(&self) -> Result<Option<Shop>, StoreError> {
        self.behind()?.shop().await
    }

    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        InFront::person(self, id).await
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        InFront::person_by_email(self, email).await
    }

    async fn owners(&self) -> Result<Vec<Person>, StoreError> {
        self.behind()?.owners().await
    }

    async fn accounts(&self, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError> {
        self.behind()?.accounts(query, now).await
    }

    async fn count_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError> {
        self.behind()?.count_accounts(filter, now).await
    }

    async fn deleted_before(&self, moment: Timestamp) -> Result<Vec<AccountId>, StoreError> {
        self.behind()?.deleted_before(moment).await
    }

    async fn session(&self, token: TokenDigest) -> Result<Option<Session>, StoreError> {
        self.behind()?.session(token).await
    }

    async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        self.behind()?.sessions_of(account).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, StoreError> {
        self.behind()?.events(query).await
    }

    async fn record(&self, changes: Vec<Change>) -> Result<u32, CommitError> {
        InFront::record(self, changes).await
    }

    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        InFront::reserve(self, reservation).await
    }

    async fn touch(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.behind()?.touch(session, at).await
    }

    async fn entry(&self, kind: EntryKind, key: EntryKey) -> Result<Option<Entry>, StoreError> {
        self.behind()?.entry(kind, key).await
    }

    async fn entries(&self, kind: EntryKind, until: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        self.behind()?.entries(kind, until, most).await
    }

    async fn entries_of(&self, kind: EntryKind, accounts: &[AccountId]) -> Result<Vec<Entry>, StoreError> {
        self.behind()?.entries_of(kind, accounts).await
    }

    async fn keep(&self, writes: Vec<EntryWrite>) -> Result<(), CommitError> {
        InFront::keep(self, writes).await
    }

    async fn expired(&self, moment: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        self.behind()?.expired(moment, most).await
    }

    async fn verify_trail(&self) -> Result<Verdict, StoreError> {
        self.behind()?.verify_trail().await
    }
}
