//! What the rules need of a store. There is no call here to change a row alone: a store commits a
//! [`Change`], which holds its audit events, in one transaction.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::account::{Account, AccountId, Email};
use crate::audit::RecordedEvent;
use crate::change::{Change, Reservation};
use crate::credential::Credential;
use crate::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use crate::error::{Error, Refusal, StoreError};
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::session::{Session, SessionId, TokenDigest};
use crate::shop::Shop;

/// An account with its secrets: what a rule decides on.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who it is.
    pub account: Account,
    /// What they sign in with.
    pub credential: Credential,
}

/// A store of one shop. Every implementation passes [`crate::testing::store_contract`].
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// The shop, once it is set up.
    async fn shop(&self) -> Result<Option<Shop>, StoreError>;

    /// The person of that id, also from the recycle bin.
    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError>;

    /// The person of that address, also from the recycle bin.
    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError>;

    /// All owners that are not in the recycle bin.
    async fn owners(&self) -> Result<Vec<Person>, StoreError>;

    /// A page of accounts as they stand at `now`. An unreadable cursor begins at the first page.
    async fn accounts(&self, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError>;

    /// How many accounts the filter finds at `now`.
    async fn count_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError>;

    /// Accounts put into the recycle bin before that moment, at most 100.
    async fn deleted_before(&self, moment: Timestamp) -> Result<Vec<AccountId>, StoreError>;

    /// The session that this token opens, also an ended one.
    async fn session(&self, token: TokenDigest) -> Result<Option<Session>, StoreError>;

    /// Sessions of an account that were not ended, the newest first; they may have expired.
    async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError>;

    /// A page of the audit trail.
    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, StoreError>;

    /// Commits all of the changes in one transaction, durable when it returns, or none. A change
    /// may hold events alone: a refusal. Gives the place of the last event: those of one call lie side
    /// by side, in their order.
    async fn record(&self, changes: Vec<Change>) -> Result<u32, CommitError>;

    /// The same for whoever does not ask where in the trail it stands.
    async fn commit(&self, changes: Vec<Change>) -> Result<(), CommitError> {
        self.record(changes).await.map(drop)
    }

    /// Sets aside one attempt before its secret is evaluated: bookkeeping that the change or the
    /// event of that attempt settles. Durable when it returns.
    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError>;

    /// Notes that a session's holder was seen: bookkeeping, lost without harm in a crash.
    async fn touch(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError>;

    /// The entry of that kind and key, also one that has expired.
    async fn entry(&self, kind: EntryKind, key: EntryKey) -> Result<Option<Entry>, StoreError>;

    /// Entries of a kind whose place is not after `until`, in the order of their places (then keys), at
    /// most `most`; also expired ones.
    async fn entries(&self, kind: EntryKind, until: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError>;

    /// Entries of a kind that these accounts have, in no order; also expired ones.
    async fn entries_of(&self, kind: EntryKind, accounts: &[AccountId]) -> Result<Vec<Entry>, StoreError>;

    /// Writes entries that need no event: all of them in one transaction, or none. Durable when it
    /// returns. [`CommitError::Conflict`] if one does not fit what is stored.
    async fn keep(&self, writes: Vec<EntryWrite>) -> Result<(), CommitError>;

    /// Entries that had expired by that moment, at most `most`, the longest over first.
    async fn expired(&self, moment: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError>;

    /// Checks the chain of the audit trail from its first row.
    async fn verify_trail(&self) -> Result<crate::audit::chain::Verdict, StoreError>;
}

/// Why a change was not committed. Nothing of it was saved.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Something in it was changed by somebody else since it was read.
    #[error("changed in the meantime")]
    Conflict,
    /// Another account has this e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// The session in it was ended in the meantime: it stays so.
    #[error("the session was ended in the meantime")]
    SessionEnded,
    /// The store could not do its work.
    #[error(transparent)]
    Broken(#[from] StoreError),
}

impl From<CommitError> for Error {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict => Self::Refused(Refusal::Conflict),
            CommitError::EmailTaken => Self::Refused(Refusal::EmailTaken),
            CommitError::SessionEnded => Self::Refused(Refusal::SessionEnded),
            CommitError::Broken(error) => Self::Broken(error),
        }
    }
}
