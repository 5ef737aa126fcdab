//! A new state together with its audit events. Only rules build one; a store can only commit it.

use jiff::Timestamp;

use crate::account::{Account, AccountId};
use crate::audit::AuditEvent;
use crate::credential::Credential;
use crate::entry::{Entry, EntryKind, EntryWrite};
use crate::error::Refusal;
use crate::session::{Session, SessionId};
use crate::shop::Shop;

/// How a versioned row is written.
#[derive(Debug, Clone)]
pub enum Write<T> {
    /// It must not be there yet.
    Insert(T),
    /// It must be there with the revision before the one in the new value.
    Replace(T),
}

impl<T> Write<T> {
    /// The new value.
    pub fn value(&self) -> &T {
        match self {
            Self::Insert(value) | Self::Replace(value) => value,
        }
    }
}

/// Ends every session of an account that is still open.
#[derive(Debug, Clone)]
pub struct EndSessions {
    /// Whose.
    pub account: AccountId,
    /// But for this one.
    pub keep: Option<SessionId>,
    /// When.
    pub at: Timestamp,
}

/// What one act changes, with the events that say so.
#[derive(Debug, Clone)]
pub struct Change {
    pub(crate) requires: Option<(AccountId, u32)>,
    pub(crate) shop: Option<Write<Shop>>,
    pub(crate) account: Option<Write<Account>>,
    pub(crate) credential: Option<Write<Credential>>,
    pub(crate) purge: Option<AccountId>,
    pub(crate) end_sessions: Option<EndSessions>,
    pub(crate) session: Option<Session>,
    pub(crate) entries: Vec<EntryWrite>,
    pub(crate) events: Vec<AuditEvent>,
}

impl Change {
    pub(crate) fn of(event: AuditEvent) -> Self {
        Self {
            requires: None,
            shop: None,
            account: None,
            credential: None,
            purge: None,
            end_sessions: None,
            session: None,
            entries: Vec::new(),
            events: vec![event],
        }
    }

    pub(crate) fn requires(mut self, account: &Account) -> Self {
        self.requires = Some((account.id, account.revision));
        self
    }

    pub(crate) fn insert_shop(mut self, shop: Shop) -> Self {
        self.shop = Some(Write::Insert(shop));
        self
    }

    pub(crate) fn replace_shop(mut self, mut shop: Shop) -> Self {
        shop.revision += 1;
        self.shop = Some(Write::Replace(shop));
        self
    }

    pub(crate) fn insert_person(mut self, account: Account, credential: Credential) -> Self {
        self.account = Some(Write::Insert(account));
        self.credential = Some(Write::Insert(credential));
        self
    }

    /// Counts the revision and notes the time.
    pub(crate) fn replace_account(mut self, mut account: Account, now: Timestamp) -> Self {
        account.revision += 1;
        account.updated_at = now;
        self.account = Some(Write::Replace(account));
        self
    }

    /// Counts the revision.
    pub(crate) fn replace_credential(mut self, mut credential: Credential) -> Self {
        credential.revision += 1;
        self.credential = Some(Write::Replace(credential));
        self
    }

    pub(crate) fn purge(mut self, account: AccountId) -> Self {
        self.purge = Some(account);
        self
    }

    pub(crate) fn end_sessions(mut self, account: AccountId, keep: Option<SessionId>, at: Timestamp) -> Self {
        self.end_sessions = Some(EndSessions { account, keep, at });
        self
    }

    pub(crate) fn put_session(mut self, session: Session) -> Self {
        self.session = Some(session);
        self
    }

    /// Keeps a new entry, or the next revision of one.
    pub(crate) fn put_entry(mut self, entry: Entry) -> Self {
        self.entries.push(EntryWrite::Put(entry));
        self
    }

    /// Takes an entry away: the change is a conflict if somebody else was quicker.
    pub(crate) fn take_entry(mut self, entry: &Entry) -> Self {
        self.entries.push(EntryWrite::take(entry));
        self
    }

    /// Removes all entries of a kind that an account has.
    pub(crate) fn remove_entries(mut self, kind: EntryKind, account: AccountId) -> Self {
        self.entries.push(EntryWrite::RemoveOf { kind, account });
        self
    }

    pub(crate) fn and_event(mut self, event: AuditEvent) -> Self {
        self.events.push(event);
        self
    }

    /// Another account that must still be at this revision, or the change is a conflict: the owner
    /// on whom it relies that one remains.
    pub fn required(&self) -> Option<(AccountId, u32)> {
        self.requires
    }

    /// The shop's row, if it changes.
    pub fn shop(&self) -> Option<&Write<Shop>> {
        self.shop.as_ref()
    }

    /// The account's row, if it changes.
    pub fn account(&self) -> Option<&Write<Account>> {
        self.account.as_ref()
    }

    /// The credential's row, if it changes. Written after the account's.
    pub fn credential(&self) -> Option<&Write<Credential>> {
        self.credential.as_ref()
    }

    /// An account whose rows, but for its events, are removed for good.
    pub fn purged(&self) -> Option<AccountId> {
        self.purge
    }

    /// Sessions that end. Done before [`Change::session`] is written.
    pub fn ended_sessions(&self) -> Option<&EndSessions> {
        self.end_sessions.as_ref()
    }

    /// A session that is written whole, new or not. One that was ended is not written again.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Entries that are kept or taken, in order. Written after everything else.
    pub fn entries(&self) -> &[EntryWrite] {
        &self.entries
    }

    /// What the trail says of it: at least one event, in order.
    pub fn events(&self) -> &[AuditEvent] {
        &self.events
    }
}

/// One attempt set aside before its secret is evaluated: the credential with the attempt reserved,
/// one revision on. It has no event of its own: the attempt's outcome has.
#[derive(Debug, Clone)]
pub struct Reservation(pub(crate) Credential);

impl Reservation {
    /// The credential to write, where the revision before it is stored.
    pub fn credential(&self) -> &Credential {
        &self.0
    }
}

/// A rule's no, with what the trail says of it.
#[derive(Debug, Clone)]
pub struct Denial {
    /// What the person is told.
    pub refusal: Refusal,
    /// What is recorded: the event, and bookkeeping that the attempt leaves behind.
    pub change: Change,
}

/// What a rule decides.
pub type Decision = Result<Change, Box<Denial>>;
