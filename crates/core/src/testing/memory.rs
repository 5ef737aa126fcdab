//! A store in memory: the same semantics as a real one, the chain included, and nothing durable.

mod list;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use rand::SeedableRng as _;

use crate::account::{Account, AccountId, Email};
use crate::audit::chain::{AuditKey, Row, Verdict, link, verify};
use crate::audit::{AuditEvent, RecordedEvent};
use crate::change::{Change, Reservation, Write};
use crate::clock::Rng;
use crate::credential::Credential;
use crate::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use crate::error::{Code, StoreError};
use crate::lockout::LockoutPolicy;
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::session::{Session, SessionId, TokenDigest};
use crate::shop::Shop;
use crate::store::{CommitError, Person, Store};

/// A store that is gone when dropped.
#[derive(Debug)]
pub struct MemoryStore(Mutex<State>);

#[derive(Debug)]
struct State {
    tables: Tables,
    rows: Vec<Row>,
    events: Vec<AuditEvent>,
    key: AuditKey,
    rng: Rng,
}

/// What a change may change. Cloned before, so that all of it happens or none.
#[derive(Debug, Clone, Default)]
struct Tables {
    shop: Option<Shop>,
    accounts: BTreeMap<AccountId, Arc<Account>>,
    credentials: BTreeMap<AccountId, Arc<Credential>>,
    sessions: BTreeMap<SessionId, Arc<Session>>,
    entries: BTreeMap<(EntryKind, EntryKey), Arc<Entry>>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        let (tables, rows, events) = Default::default();
        Self(Mutex::new(State {
            tables,
            rows,
            events,
            key: AuditKey::new([7; 32]),
            rng: Rng::seed_from_u64(7),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    fn lockout(&self) -> LockoutPolicy {
        self.shop
            .as_ref()
            .map(|shop| shop.policy.lockout())
            .unwrap_or_default()
    }

    fn person(&self, id: AccountId) -> Option<Person> {
        let (account, credential) = (self.accounts.get(&id)?, self.credentials.get(&id)?);
        Some(Person {
            account: (**account).clone(),
            credential: (**credential).clone(),
        })
    }

    fn apply(&mut self, change: &Change) -> Result<(), CommitError> {
        if let Some((id, revision)) = change.required()
            && self
                .accounts
                .get(&id)
                .is_none_or(|account| account.revision != revision)
        {
            return Err(CommitError::Conflict);
        }
        if let Some(write) = change.shop() {
            follows(write, self.shop.as_ref(), |shop| shop.revision)?;
            self.shop = Some(write.value().clone());
        }
        if let Some(write) = change.account() {
            let account = write.value();
            follows(
                write,
                self.accounts.get(&account.id).map(|stored| &**stored),
                |account| account.revision,
            )?;
            // An address in the recycle bin stays taken: the account can be restored.
            if self
                .accounts
                .values()
                .any(|other| other.id != account.id && other.email == account.email)
            {
                return Err(CommitError::EmailTaken);
            }
            self.accounts.insert(account.id, Arc::new(account.clone()));
        }
        if let Some(write) = change.credential() {
            self.credential(write)?;
        }
        if let Some(id) = change.purged() {
            self.accounts.remove(&id).ok_or(CommitError::Conflict)?;
            self.credentials.remove(&id);
            self.sessions.retain(|_, session| session.account != id);
            self.entries.retain(|_, entry| entry.account != Some(id));
        }
        if let Some(end) = change.ended_sessions() {
            for session in self.sessions.values_mut() {
                if session.account == end.account
                    && session.ended_at.is_none()
                    && Some(session.id) != end.keep
                {
                    Arc::make_mut(session).ended_at = Some(end.at);
                }
            }
        }
        if let Some(session) = change.session() {
            let same_token = |other: &Arc<Session>| other.id != session.id && other.token == session.token;
            if !self.accounts.contains_key(&session.account) || self.sessions.values().any(same_token) {
                return Err(CommitError::Conflict);
            }
            if self
                .sessions
                .get(&session.id)
                .is_some_and(|stored| stored.ended_at.is_some())
            {
                return Err(CommitError::SessionEnded);
            }
            self.sessions.insert(session.id, Arc::new(session.clone()));
        }
        change.entries().iter().try_for_each(|write| self.entry(write))
    }

    fn entry(&mut self, write: &EntryWrite) -> Result<(), CommitError> {
        match write {
            EntryWrite::Put(entry) => {
                let key = (entry.kind, entry.key);
                let stored = self.entries.get(&key).map_or(0, |stored| stored.revision);
                let gone = entry.account.is_some_and(|id| !self.accounts.contains_key(&id));
                if stored.checked_add(1) != Some(entry.revision) || gone {
                    return Err(CommitError::Conflict);
                }
                self.entries.insert(key, Arc::new(entry.clone()));
            }
            EntryWrite::Take { kind, key, revision } => {
                let key = (*kind, *key);
                if self
                    .entries
                    .get(&key)
                    .is_none_or(|stored| stored.revision != *revision)
                {
                    return Err(CommitError::Conflict);
                }
                self.entries.remove(&key);
            }
            EntryWrite::RemoveOf { kind, account } => {
                self.entries
                    .retain(|_, entry| entry.kind != *kind || entry.account != Some(*account));
            }
        }
        Ok(())
    }

    fn credential(&mut self, write: &Write<Credential>) -> Result<(), CommitError> {
        let credential = write.value();
        let stored = self.credentials.get(&credential.account).map(|stored| &**stored);
        follows(write, stored, |credential| credential.revision)?;
        if !self.accounts.contains_key(&credential.account) {
            return Err(CommitError::Conflict);
        }
        self.credentials
            .insert(credential.account, Arc::new(credential.clone()));
        Ok(())
    }
}

/// Whether a write may follow what is stored.
fn follows<T>(write: &Write<T>, stored: Option<&T>, revision: impl Fn(&T) -> u32) -> Result<(), CommitError> {
    let follows = match (write, stored) {
        (Write::Insert(_), None) => true,
        (Write::Replace(new), Some(stored)) => revision(stored).checked_add(1) == Some(revision(new)),
        (Write::Insert(_), Some(_)) | (Write::Replace(_), None) => false,
    };
    if follows {
        Ok(())
    } else {
        Err(CommitError::Conflict)
    }
}

impl State {
    fn append(&mut self, event: &AuditEvent) -> Result<(), StoreError> {
        let mut salt = [0; 32];
        rand::Rng::fill_bytes(&mut self.rng, &mut salt);
        let head = self.rows.last().map(Row::head).unwrap_or_default();
        let row = link(head, &self.key, salt, event).ok_or_else(|| StoreError {
            code: Code::Broken,
            context: "the audit trail is full".to_owned(),
        })?;
        self.rows.push(row);
        self.events.push(event.clone());
        Ok(())
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn shop(&self) -> Result<Option<Shop>, StoreError> {
        Ok(self.state().tables.shop.clone())
    }

    async fn person(&self, id: AccountId) -> Result<Option<Person>, StoreError> {
        Ok(self.state().tables.person(id))
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        let state = self.state();
        let found = state
            .tables
            .accounts
            .values()
            .find(|account| account.email == *email);
        Ok(found.and_then(|account| state.tables.person(account.id)))
    }

    async fn owners(&self) -> Result<Vec<Person>, StoreError> {
        let state = self.state();
        let owners = state
            .tables
            .accounts
            .values()
            .filter(|account| account.role == crate::account::Role::Owner && account.deleted.is_none());
        Ok(owners
            .filter_map(|account| state.tables.person(account.id))
            .collect())
    }

    async fn accounts(&self, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError> {
        Ok(list::accounts(&self.state().tables, query, now))
    }

    async fn count_accounts(&self, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError> {
        Ok(list::count(&self.state().tables, filter, now))
    }

    async fn deleted_before(&self, moment: Timestamp) -> Result<Vec<AccountId>, StoreError> {
        let state = self.state();
        let mut deleted: Vec<_> = state
            .tables
            .accounts
            .values()
            .filter_map(|account| Some((account.deleted.as_ref()?.at, account.id)))
            .filter(|(at, _)| *at < moment)
            .collect();
        deleted.sort_unstable();
        Ok(deleted.into_iter().map(|(_, id)| id).take(100).collect())
    }

    async fn session(&self, token: TokenDigest) -> Result<Option<Session>, StoreError> {
        Ok(self
            .state()
            .tables
            .sessions
            .values()
            .find(|session| session.token == token)
            .map(|session| (**session).clone()))
    }

    async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        let state = self.state();
        let open = state
            .tables
            .sessions
            .values()
            .filter(|session| session.account == account && session.ended_at.is_none());
        let mut open: Vec<Session> = open.map(|session| (**session).clone()).collect();
        open.sort_by_key(|session| std::cmp::Reverse((session.created_at, session.id)));
        Ok(open)
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, StoreError> {
        Ok(list::events(&self.state().events, query))
    }

    async fn record(&self, changes: Vec<Change>) -> Result<u32, CommitError> {
        let mut state = self.state();
        let mut tables = state.tables.clone();
        for change in &changes {
            tables.apply(change)?;
        }
        for event in changes.iter().flat_map(Change::events) {
            state.append(event)?;
        }
        state.tables = tables;
        Ok(state.rows.last().map_or(0, |row| row.seq))
    }

    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        self.state()
            .tables
            .credential(&Write::Replace(reservation.credential().clone()))
    }

    async fn touch(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        if let Some(session) = self.state().tables.sessions.get_mut(&session)
            && session.ended_at.is_none()
        {
            Arc::make_mut(session).seen_at = at;
        }
        Ok(())
    }

    async fn entry(&self, kind: EntryKind, key: EntryKey) -> Result<Option<Entry>, StoreError> {
        Ok(self
            .state()
            .tables
            .entries
            .get(&(kind, key))
            .map(|entry| (**entry).clone()))
    }

    async fn entries(&self, kind: EntryKind, until: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        let state = self.state();
        let due = state
            .tables
            .entries
            .values()
            .filter(|entry| entry.kind == kind && entry.at <= until);
        let mut due: Vec<Entry> = due.map(|entry| (**entry).clone()).collect();
        due.sort_by_key(|entry| (entry.at, entry.key));
        due.truncate(most as usize);
        Ok(due)
    }

    async fn entries_of(&self, kind: EntryKind, accounts: &[AccountId]) -> Result<Vec<Entry>, StoreError> {
        let theirs = |entry: &&Arc<Entry>| {
            entry.kind == kind && entry.account.is_some_and(|account| accounts.contains(&account))
        };
        let state = self.state();
        Ok(state
            .tables
            .entries
            .values()
            .filter(theirs)
            .map(|entry| (**entry).clone())
            .collect())
    }

    async fn keep(&self, writes: Vec<EntryWrite>) -> Result<(), CommitError> {
        let mut state = self.state();
        let mut tables = state.tables.clone();
        writes.iter().try_for_each(|write| tables.entry(write))?;
        state.tables = tables;
        Ok(())
    }

    async fn expired(&self, moment: Timestamp, most: u32) -> Result<Vec<Entry>, StoreError> {
        let state = self.state();
        let over = state.tables.entries.values().filter(|entry| !entry.holds(moment));
        let mut over: Vec<Entry> = over.map(|entry| (**entry).clone()).collect();
        over.sort_by_key(|entry| (entry.expires_at, entry.kind, entry.key));
        over.truncate(most as usize);
        Ok(over)
    }

    async fn verify_trail(&self) -> Result<Verdict, StoreError> {
        let state = self.state();
        Ok(verify(&state.key, &state.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::store_contract!((Arc::new(MemoryStore::new()), ()));
}
