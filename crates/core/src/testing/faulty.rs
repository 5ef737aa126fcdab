//! A store that breaks down at a chosen call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::account::{AccountId, Email};
use crate::audit::RecordedEvent;
use crate::audit::chain::Verdict;
use crate::change::{Change, Reservation};
use crate::error::{Code, StoreError};
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::session::{Session, SessionId, TokenDigest};
use crate::shop::Shop;
use crate::store::{CommitError, Person, Store};

/// Hands every call on to another store, but for one, which fails before anything was done; also
/// how a program that dies just before that call leaves the store.
pub struct FaultyStore {
    store: Arc<dyn Store>,
    fails_at: usize,
    calls: AtomicUsize,
    reserved: AtomicBool,
}

impl FaultyStore {
    /// Fails at that call, counted from 1; with 0 it never does.
    pub fn new(store: Arc<dyn Store>, fails_at: usize) -> Self {
        Self {
            store,
            fails_at,
            calls: AtomicUsize::new(0),
            reserved: AtomicBool::new(false),
        }
    }

    /// How many calls there were: a story first runs without a fault to know how many there can be.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Whether an attempt was told that it is reserved: from then on its secret may be evaluated.
    pub fn reserved(&self) -> bool {
        self.reserved.load(Ordering::SeqCst)
    }

    fn next(&self) -> Result<&dyn Store, StoreError> {
        if self.calls.fetch_add(1, Ordering::SeqCst) + 1 == self.fails_at {
            return Err(StoreError {
                code: Code::Broken,
                context: "a fault that was asked for".to_owned(),
            });
        }
        Ok(&*self.store)
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn shop(&self) -> Result<Option<Shop>, StoreError> {
        self.next()?.shop().await
    }

    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        self.next()?.person(id).await
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        self.next()?.person_by_email(email).await
    }

    async fn owners(&self) -> Result<Vec<Person>, StoreError> {
        self.next()?.owners().await
    }

    async fn accounts(&self, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError> {
        self.next()?.accounts(query, now).await
    }

    async fn count_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError> {
        self.next()?.count_accounts(filter, now).await
    }

    async fn deleted_before(&self, moment: Timestamp) -> Result<Vec<AccountId>, StoreError> {
        self.next()?.deleted_before(moment).await
    }

    async fn session(&self, token: TokenDigest) -> Result<Option<Session>, StoreError> {
        self.next()?.session(token).await
    }

    async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        self.next()?.sessions_of(account).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, StoreError> {
        self.next()?.events(query).await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), CommitError> {
        self.next()?.commit(changes).await
    }

    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        self.next()?.reserve(reservation).await?;
        self.reserved.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn touch(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.next()?.touch(session, at).await
    }

    async fn verify_trail(&self) -> Result<Verdict, StoreError> {
        self.next()?.verify_trail().await
    }
}
