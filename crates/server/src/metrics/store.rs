//! A store that counts what is committed to the one behind it.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use jiff::Timestamp;
use keyholder_core::account::{AccountId, Email};
use keyholder_core::audit::RecordedEvent;
use keyholder_core::audit::chain::Verdict;
use keyholder_core::change::{Change, Reservation};
use keyholder_core::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use keyholder_core::error::{Code, StoreError};
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use keyholder_core::session::{Session, SessionId, TokenDigest};
use keyholder_core::shop::Shop;
use keyholder_core::store::{CommitError, Person, Store};

use super::{Metrics, Outcome};
use crate::changes::Changes;

/// Stands before a store and hands every call on.
pub struct Counted {
    behind: Arc<dyn Store>,
    metrics: Arc<Metrics>,
    changes: Changes,
}

impl Counted {
    /// Counts in `metrics` what is committed to `behind`.
    pub fn new(behind: Arc<dyn Store>, metrics: Arc<Metrics>) -> Self {
        Self {
            behind,
            metrics,
            changes: Changes::default(),
        }
    }

    /// How often what is stored has changed.
    pub fn changes(&self) -> Changes {
        self.changes.clone()
    }

    fn counted<T>(&self, begun: Instant, ended: Result<T, CommitError>) -> Result<T, CommitError> {
        let outcome = match &ended {
            Ok(_) => Outcome::Done,
            Err(CommitError::Broken(_)) => Outcome::Broken,
            Err(CommitError::Conflict | CommitError::EmailTaken | CommitError::SessionEnded) => {
                Outcome::Refused
            }
        };
        self.metrics.committed(outcome, begun.elapsed());
        ended
    }
}

#[async_trait]
impl Store for Counted {
    async fn record(&self, changes: Vec<Change>) -> Result<u32, CommitError> {
        let begun = Instant::now();
        let (behind, noted) = (Arc::clone(&self.behind), self.changes.clone());
        // On its own, so that a change is noted too whose caller has gone away meanwhile.
        let committing = tokio::spawn(async move {
            let ended = behind.record(changes).await;
            noted.note();
            ended
        });
        let ended = committing.await.unwrap_or_else(|broken| {
            Err(CommitError::Broken(StoreError {
                code: Code::Broken,
                context: format!("commit: {broken}"),
            }))
        });
        self.counted(begun, ended)
    }

    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        let begun = Instant::now();
        self.counted(begun, self.behind.reserve(reservation).await)
    }

    async fn shop(&self) -> Result<Option<Shop>, StoreError> {
        self.behind.shop().await
    }

    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        self.behind.person(id).await
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        self.behind.person_by_email(email).await
    }

    async fn owners(&self) -> Result<Vec<Person>, StoreError> {
        self.behind.owners().await
    }

    async fn accounts(&self, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError> {
        self.behind.accounts(query, now).await
    }

    async fn count_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError> {
        self.behind.count_accounts(filter, now).await
    }

    async fn deleted_before(&self, moment: Timestamp) -> Result<Vec<AccountId>, StoreError> {
        self.behind.deleted_before(moment).await
    }

    async fn session(&self, token: TokenDigest) -> Result<Option<Session>, StoreError> {
        self.behind.session(token).await
    }

    async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        self.behind.sessions_of(account).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, StoreError> {
        self.behind.events(query).await
    }

    async fn touch(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        let touched = self.behind.touch(session, at).await;
        self.changes.note();
        touched
    }

    async fn entry(&self, kind: EntryKind, key: EntryKey) -> Result<Option<Entry>, StoreError> {
        self.behind.entry(kind, key).await
    }

    async fn entries(&self, kind: EntryKind, until: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        self.behind.entries(kind, until, most).await
    }

    async fn entries_of(&self, kind: EntryKind, accounts: &[AccountId]) -> Result<Vec<Entry>, StoreError> {
        self.behind.entries_of(kind, accounts).await
    }

    async fn keep(&self, writes: Vec<EntryWrite>) -> Result<(), CommitError> {
        let begun = Instant::now();
        self.counted(begun, self.behind.keep(writes).await)
    }

    async fn expired(&self, moment: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        self.behind.expired(moment, most).await
    }

    async fn verify_trail(&self) -> Result<Verdict, StoreError> {
        self.behind.verify_trail().await
    }
}
