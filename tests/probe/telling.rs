//! A store that says what is asked of it.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use keyholder_core::account::{AccountId, Email};
use keyholder_core::audit::RecordedEvent;
use keyholder_core::audit::chain::Verdict;
use keyholder_core::change::{Change, Reservation};
use keyholder_core::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use keyholder_core::error::StoreError;
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use keyholder_core::session::{Session, SessionId, TokenDigest};
use keyholder_core::shop::Shop;
use keyholder_core::store::{CommitError, Person, Store};

/// Says "asks CALL" before each call it hands on, and "has CALL" when that was done.
pub(crate) struct TellingStore(pub(crate) Arc<dyn Store>);

macro_rules! told {
    ($store:ident.$call:ident($($argument:expr),*)) => {{
        println!("asks {}", stringify!($call));
        let answer = $store.0.$call($($argument),*).await;
        if answer.is_ok() {
            println!("has {}", stringify!($call));
        }
        answer
    }};
}

#[async_trait]
impl Store for TellingStore {
    async fn shop(&self) -> Result<Option<Shop>, StoreError> {
        told!(self.shop())
    }

    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        told!(self.person(id))
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        told!(self.person_by_email(email))
    }

    async fn owners(&self) -> Result<Vec<Person>, StoreError> {
        told!(self.owners())
    }

    async fn accounts(&self, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError> {
        told!(self.accounts(query, now))
    }

    async fn count_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError> {
        told!(self.count_accounts(filter, now))
    }

    async fn deleted_before(&self, moment: Timestamp) -> Result<Vec<AccountId>, StoreError> {
        told!(self.deleted_before(moment))
    }

    async fn session(&self, token: TokenDigest) -> Result<Option<Session>, StoreError> {
        told!(self.session(token))
    }

    async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        told!(self.sessions_of(account))
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, StoreError> {
        told!(self.events(query))
    }

    async fn record(&self, changes: Vec<Change>) -> Result<u32, CommitError> {
        told!(self.record(changes))
    }

    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        told!(self.reserve(reservation))
    }

    async fn touch(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        told!(self.touch(session, at))
    }

    async fn entry(&self, kind: EntryKind, key: EntryKey) -> Result<Option<Entry>, StoreError> {
        told!(self.entry(kind, key))
    }

    async fn entries(&self, kind: EntryKind, until: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        told!(self.entries(kind, until, most))
    }

    async fn entries_of(&self, kind: EntryKind, accounts: &[AccountId]) -> Result<Vec<Entry>, StoreError> {
        told!(self.entries_of(kind, accounts))
    }

    async fn keep(&self, writes: Vec<EntryWrite>) -> Result<(), CommitError> {
        told!(self.keep(writes))
    }

    async fn expired(&self, moment: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        told!(self.expired(moment, most))
    }

    async fn verify_trail(&self) -> Result<Verdict, StoreError> {
        told!(self.verify_trail())
    }
}
