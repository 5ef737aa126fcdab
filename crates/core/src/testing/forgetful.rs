//! A store that breaks a promise on purpose, so that the measure of the promise can be seen to fail.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::account::{AccountId, Email};
use crate::audit::RecordedEvent;
use crate::audit::chain::Verdict;
use crate::change::{Change, Reservation};
use crate::error::StoreError;
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::session::{Session, SessionId, TokenDigest};
use crate::shop::Shop;
use crate::store::{CommitError, Person, Store};

/// Says that an attempt is reserved, and forgets it: attempts are only counted once evaluated.
pub struct ForgetfulStore(pub Arc<dyn Store>);

#[async_trait]
impl Store for ForgetfulStore {
    async fn reserve(&self, _reservation: Reservation) -> Result<(), CommitError> {
        Ok(())
    }

    async fn shop(&self) -> Result<Option<Shop>, StoreError> {
        self.0.shop().await
    }

    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        self.0.person(id).await
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        self.0.person_by_email(email).await
    }

    async fn owners(&self) -> Result<Vec<Person>, StoreError> {
        self.0.owners().await
    }

    async fn accounts(&self, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError> {
        self.0.accounts(query, now).await
    }

    async fn count_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError> {
        self.0.count_accounts(filter, now).await
    }

    async fn deleted_before(&self, moment: Timestamp) -> Result<Vec<AccountId>, StoreError> {
        self.0.deleted_before(moment).await
    }

    async fn session(&self, token: TokenDigest) -> Result<Option<Session>, StoreError> {
        self.0.session(token).await
    }

    async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        self.0.sessions_of(account).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, StoreError> {
        self.0.events(query).await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), CommitError> {
        self.0.commit(changes).await
    }

    async fn touch(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.0.touch(session, at).await
    }

    async fn verify_trail(&self) -> Result<Verdict, StoreError> {
        self.0.verify_trail().await
    }
}
