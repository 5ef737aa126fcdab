//! What somebody is told of their own account, in the change that it tells of; and of a sign-in that was
//! not finished, once it is late.

use crate::account::Account;
use crate::audit::{Actor, Program, Source};
use crate::change::Change;
use crate::clock::Rng;
use crate::directory::stored::engine::Engine;
use crate::entry::{Entry, EntryKind, EntryWrite};
use crate::error::Result;
use crate::letter::{Letter, Visit};
use crate::rules::Act;
use crate::rules::letter::{Desk, awaited, code_awaited, code_missing};
use crate::rules::sign_in::Step;
use crate::session::SessionId;
use crate::store::{CommitError, Person};

/// Sign-ins looked at at once.
const BATCH: u32 = 100;

impl Engine {
    /// A step of signing in, with what its holder is told of it. `before` is the person before the step.
    pub(in crate::directory::stored) fn told(
        &self,
        mut step: Step,
        before: &Person,
        act: &Act,
        rng: &mut Rng,
    ) -> Step {
        if let Some(mut desk) = self.desk(rng, act.at) {
            let change = code_awaited(step.change, &step.session, act);
            step.change = desk.tell_of_device(change, before, &step.session, act);
        }
        step
    }

    /// The same change with a letter about it.
    pub(in crate::directory::stored) fn telling(
        &self,
        change: Change,
        account: &Account,
        act: &Act,
        letter: impl FnOnce(jiff::Timestamp) -> Letter,
        rng: &mut Rng,
    ) -> Change {
        match self.desk(rng, act.at) {
            Some(mut desk) => desk.write(change, &account.email, Some(account.id), letter(act.at)),
            None => change,
        }
    }

    /// The second factor came.
    pub(in crate::directory::stored) async fn code_came(&self, session: SessionId) -> Result<()> {
        if self.letters.get().is_none() {
            return Ok(());
        }
        let Some(entry) = self.store.entry(EntryKind::CodeAwaited, awaited(session)).await? else {
            return Ok(());
        };
        match self.store.keep(vec![EntryWrite::take(&entry)]).await {
            // Whoever looked for it at the same moment was quicker.
            Ok(()) | Err(CommitError::Conflict) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    /// Tells whoever's password was right three minutes ago, and no second factor came. Says how many.
    pub(in crate::directory::stored) async fn tell_of_missing_codes(&self) -> Result<u32> {
        let (mut told, now) = (0, self.now());
        if self.letters.get().is_none() {
            return Ok(told);
        }
        for entry in self.store.entries(EntryKind::CodeAwaited, now, BATCH).await? {
            match self.tell_of_missing_code(&entry, now).await {
                Ok(()) => told += 1,
                // Another node was quicker, or the code came.
                Err(CommitError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(told)
    }

    async fn tell_of_missing_code(&self, entry: &Entry, now: jiff::Timestamp) -> Result<(), CommitError> {
        let person = match entry.account {
            Some(id) => self.store.person(id).await?,
            None => None,
        };
        let (mut rng, visit) = (self.rng(), entry.read::<Visit>()?);
        match (person, self.letters.get()) {
            (Some(person), Some(key)) if entry.holds(now) => {
                let act = Act {
                    at: now,
                    actor: Actor::Keyholder,
                    source: Source {
                        program: Program::Keyholder,
                        address: visit.address.map(|address| address.to_string()),
                        device: None,
                        user_agent: None,
                    },
                };
                let mut desk = Desk {
                    key,
                    rng: &mut rng,
                    at: now,
                };
                let change = code_missing(&person, entry, visit, &act, &mut desk);
                self.store.commit(vec![change]).await
            }
            _ => self.store.keep(vec![EntryWrite::take(entry)]).await,
        }
    }
}
