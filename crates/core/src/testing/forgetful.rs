//! A store that breaks a promise on purpose, so that the measure of the promise can be seen to fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::account::{AccountId, Email};
use crate::audit::RecordedEvent;
use crate::audit::chain::Verdict;
use crate::change::{Change, Reservation, Write};
use crate::error::StoreError;
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::session::{Session, SessionId, TokenDigest};
use crate::shop::Shop;
use crate::store::{CommitError, Person, Store};

/// What is not kept, although the store says so.
#[derive(Debug)]
pub enum Forgets {
    /// Reservations: attempts are only counted once they are evaluated.
    Reservations,
    /// What the trail is to say of a change.
    Events,
    /// The recovery codes of a second factor.
    RecoveryCodes,
    /// Whose tries they were, once the address was spelt differently: the last question was.
    OtherSpellings(AtomicBool),
}

/// Hands every call on to another store, but for what it forgets.
pub struct ForgetfulStore {
    store: Arc<dyn Store>,
    forgets: Forgets,
}

impl ForgetfulStore {
    /// Forgets that on the way to `store`.
    pub fn new(store: Arc<dyn Store>, forgets: Forgets) -> Self {
        Self { store, forgets }
    }
}

#[async_trait]
impl Store for ForgetfulStore {
    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        match self.forgets {
            Forgets::Reservations => Ok(()),
            _ => self.store.reserve(reservation).await,
        }
    }

    async fn commit(&self, mut changes: Vec<Change>) -> Result<(), CommitError> {
        for change in &mut changes {
            match (&self.forgets, &mut change.credential) {
                (Forgets::Events, _) => change.events.clear(),
                (Forgets::RecoveryCodes, Some(Write::Insert(credential) | Write::Replace(credential))) => {
                    credential.recovery = None;
                }
                _ => {}
            }
        }
        self.store.commit(changes).await
    }

    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        let mut person = self.store.person(id).await?;
        if let (Forgets::OtherSpellings(other), Some(person)) = (&self.forgets, &mut person)
            && other.load(Ordering::SeqCst)
        {
            person.credential.budgets.clear();
        }
        Ok(person)
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        let person = self.store.person_by_email(email).await?;
        if let (Forgets::OtherSpellings(other), Some(person)) = (&self.forgets, &person) {
            other.store(person.account.email.as_str() != email.as_str(), Ordering::SeqCst);
        }
        Ok(person)
    }

    async fn shop(&self) -> Result<Option<Shop>, StoreError> {
        self.store.shop().await
    }

    async fn owners(&self) -> Result<Vec<Person>, StoreError> {
        self.store.owners().await
    }

    async fn accounts(&self, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError> {
        self.store.accounts(query, now).await
    }

    async fn count_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError> {
        self.store.count_accounts(filter, now).await
    }

    async fn deleted_before(&self, moment: Timestamp) -> Result<Vec<AccountId>, StoreError> {
        self.store.deleted_before(moment).await
    }

    async fn session(&self, token: TokenDigest) -> Result<Option<Session>, StoreError> {
        self.store.session(token).await
    }

    async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        self.store.sessions_of(account).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, StoreError> {
        self.store.events(query).await
    }

    async fn touch(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.store.touch(session, at).await
    }

    async fn verify_trail(&self) -> Result<Verdict, StoreError> {
        self.store.verify_trail().await
    }
}
