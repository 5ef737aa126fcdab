//! Several nodes on one database, asked by turns: what one was told, the next must know.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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

use super::{Database, fresh_store, keys};
use crate::PostgresStore;

/// As many as can be in each other's way in more than one order.
const NODES: usize = 3;

/// A store that asks another node each time.
#[derive(Debug)]
pub struct Nodes {
    nodes: Vec<PostgresStore>,
    turn: AtomicUsize,
}

impl Nodes {
    fn next(&self) -> &PostgresStore {
        &self.nodes[self.turn.fetch_add(1, Ordering::Relaxed) % self.nodes.len()]
    }
}

/// A fresh, empty store that several nodes have open, and its database, which goes when it is dropped.
///
/// # Panics
/// There is no PostgreSQL to put it on.
#[expect(clippy::expect_used, reason = "a test without a store cannot go on")]
pub async fn fresh_nodes() -> (Arc<Nodes>, Database) {
    let (_, database) = fresh_store().await;
    let mut nodes = Vec::with_capacity(NODES);
    for _ in 0..NODES {
        let node = PostgresStore::open(&database.url(), &keys()).await;
        nodes.push(node.expect("another node"));
    }
    let turn = AtomicUsize::new(0);
    (Arc::new(Nodes { nodes, turn }), database)
}

#[async_trait]
impl Store for Nodes {
    async fn shop(&self) -> Result<Option<Shop>, StoreError> {
        self.next().shop().await
    }

    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        self.next().person(id).await
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        self.next().person_by_email(email).await
    }

    async fn owners(&self) -> Result<Vec<Person>, StoreError> {
        self.next().owners().await
    }

    async fn accounts(&self, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError> {
        self.next().accounts(query, now).await
    }

    async fn count_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError> {
        self.next().count_accounts(filter, now).await
    }

    async fn deleted_before(&self, moment: Timestamp) -> Result<Vec<AccountId>, StoreError> {
        self.next().deleted_before(moment).await
    }

    async fn session(&self, token: TokenDigest) -> Result<Option<Session>, StoreError> {
        self.next().session(token).await
    }

    async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        self.next().sessions_of(account).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, StoreError> {
        self.next().events(query).await
    }

    async fn record(&self, changes: Vec<Change>) -> Result<u32, CommitError> {
        self.next().record(changes).await
    }

    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        self.next().reserve(reservation).await
    }

    async fn touch(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.next().touch(session, at).await
    }

    async fn entry(&self, kind: EntryKind, key: EntryKey) -> Result<Option<Entry>, StoreError> {
        self.next().entry(kind, key).await
    }

    async fn entries(&self, kind: EntryKind, until: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        self.next().entries(kind, until, most).await
    }

    async fn entries_of(&self, kind: EntryKind, accounts: &[AccountId]) -> Result<Vec<Entry>, StoreError> {
        self.next().entries_of(kind, accounts).await
    }

    async fn keep(&self, writes: Vec<EntryWrite>) -> Result<(), CommitError> {
        self.next().keep(writes).await
    }

    async fn expired(&self, moment: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        self.next().expired(moment, most).await
    }

    async fn verify_trail(&self) -> Result<Verdict, StoreError> {
        self.next().verify_trail().await
    }
}
