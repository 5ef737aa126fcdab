//! A store that breaks a promise on purpose, so that the measure of the promise can be seen to fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use super::in_front::InFront;
use crate::account::{AccountId, Email};
use crate::change::{Change, Reservation, Write};
use crate::entry::EntryWrite;
use crate::error::StoreError;
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
    /// That sessions were to end.
    EndedSessions,
    /// That entries were taken away: what works once works again.
    TakenEntries,
    /// What is kept for a while: limits, strangers.
    Entries,
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
impl InFront for ForgetfulStore {
    fn behind(&self) -> Result<&dyn Store, StoreError> {
        Ok(&*self.store)
    }

    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        match self.forgets {
            Forgets::Reservations => Ok(()),
            _ => self.store.reserve(reservation).await,
        }
    }

    async fn keep(&self, writes: Vec<EntryWrite>) -> Result<(), CommitError> {
        match self.forgets {
            Forgets::Entries => Ok(()),
            _ => self.store.keep(writes).await,
        }
    }

    async fn record(&self, mut changes: Vec<Change>) -> Result<u32, CommitError> {
        for change in &mut changes {
            match (&self.forgets, &mut change.credential) {
                (Forgets::Events, _) => change.events.clear(),
                (Forgets::Entries, _) => change.entries.clear(),
                (Forgets::EndedSessions, _) => change.end_sessions = None,
                (Forgets::TakenEntries, _) => {
                    change
                        .entries
                        .retain(|write| !matches!(write, EntryWrite::Take { .. }));
                }
                (Forgets::RecoveryCodes, Some(Write::Insert(credential) | Write::Replace(credential))) => {
                    credential.recovery = None;
                }
                _ => {}
            }
        }
        self.store.record(changes).await
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
        let mut person = self.store.person_by_email(email).await?;
        if let (Forgets::OtherSpellings(other), Some(person)) = (&self.forgets, &mut person) {
            let differs = person.account.email.as_str() != email.as_str();
            other.store(differs, Ordering::SeqCst);
            if differs {
                person.credential.budgets.clear();
            }
        }
        Ok(person)
    }
}
