//! Tries at addresses that have no account: counted, made to wait, and done the same work for as if they
//! had one, so that nothing of that tells who exists. What is counted is in the store, as it is for an account:
//! neither a restart nor another node makes a difference between them.

use jiff::{SignedDuration, Timestamp};

use super::attempt::shown_address;
use super::engine::{Engine, TRIES, busy};
use crate::account::Email;
use crate::audit::{Actor, AuditEvent, Source};
use crate::change::Change;
use crate::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use crate::error::{Error, Refusal, Result};
use crate::lockout::{self, Budget};
use crate::password::Password;
use crate::policy::Policy;
use crate::rules::Act;
use crate::rules::session::later;
use crate::rules::sign_in::{self, Try};
use crate::store::CommitError;

/// How long a try is remembered: 30 days. An account remembers its failures until somebody gets in, so
/// that whoever can wait until a stranger is forgotten learns something. The row is smaller than the event
/// that each try leaves in the trail, and is gone before it.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The tries at one address, as they are stored.
struct Met {
    key: EntryKey,
    stored: Option<Entry>,
    budget: Budget,
}

impl Met {
    fn next(&self, budget: &Budget, at: Timestamp) -> Result<Entry> {
        let entry = match &self.stored {
            Some(entry) => entry.next(at, budget)?,
            None => Entry::new(EntryKind::Stranger, self.key, at, budget)?,
        };
        Ok(entry.until(later(at, REMEMBERED)))
    }
}

/// Why an attempt was not counted.
enum Turned {
    Away(Refusal),
    Broken(Error),
}

impl From<Error> for Turned {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl Engine {
    /// An address without an account: the same work, the same wait, an event, and the same answer.
    pub(super) async fn stranger(
        &self,
        email: &str,
        password: &Password,
        tried: Try,
        policy: &Policy,
        source: Source,
    ) -> Result<Error> {
        let shown = shown_address(email);
        let address = Email::parse(email).map_or_else(|_| shown.clone(), |email| email.key().to_owned());
        let key = EntryKey::of(&["stranger", &address]);
        let act = Act {
            at: self.now(),
            actor: Actor::Unknown { email: shown },
            source,
        };
        // As for an account: counted while the work is done, and nothing is said before it is counted.
        let both = tokio::try_join!(
            biased;
            self.reserve_stranger(key, tried, policy, &act),
            async { Ok(self.verify(None, password).await) }
        );
        match both {
            Ok(((), worked)) => worked?,
            Err(Turned::Away(refusal)) => return Ok(refusal.into()),
            Err(Turned::Broken(error)) => return Err(error),
        };
        let refusal = sign_in::wrong_secret(tried);
        let act = act.at(self.now());
        let event = act.failed(tried.action, refusal.code());
        self.settle_stranger(key, policy, &act, event).await?;
        Ok(refusal.into())
    }

    /// Counts an attempt durably, or says with an event why there is none.
    async fn reserve_stranger(
        &self,
        key: EntryKey,
        tried: Try,
        policy: &Policy,
        act: &Act,
    ) -> Result<(), Turned> {
        for _ in 0..TRIES {
            let met = self.met(key, act.at).await?;
            let begun = lockout::begin(&met.budget, &policy.lockout(), act.at);
            let written = if let Err(locked) = begun.admitted {
                let refusal = Refusal::Locked(locked);
                let mut change = Change::of(act.refused(tried.action, &refusal));
                if begun.budget != met.budget {
                    change = change.put_entry(met.next(&begun.budget, act.at)?);
                }
                let written = self.store.commit(vec![change]).await;
                written.map(|()| Some(refusal))
            } else {
                let put = EntryWrite::Put(met.next(&begun.budget, act.at)?);
                self.store.keep(vec![put]).await.map(|()| None)
            };
            match written {
                Ok(None) => return Ok(()),
                Ok(Some(refusal)) => return Err(Turned::Away(refusal)),
                Err(CommitError::Conflict) => {}
                Err(other) => return Err(Turned::Broken(other.into())),
            }
        }
        Err(Turned::Broken(busy()))
    }

    async fn settle_stranger(
        &self,
        key: EntryKey,
        policy: &Policy,
        act: &Act,
        event: AuditEvent,
    ) -> Result<()> {
        for _ in 0..TRIES {
            let met = self.met(key, act.at).await?;
            let budget = lockout::fail(&met.budget, &policy.lockout(), act.at);
            let change = Change::of(event.clone()).put_entry(met.next(&budget, act.at)?);
            match self.store.commit(vec![change]).await {
                Ok(()) => return Ok(()),
                Err(CommitError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(busy())
    }

    /// What is remembered of an address.
    async fn met(&self, key: EntryKey, now: Timestamp) -> Result<Met> {
        let stored = self.store.entry(EntryKind::Stranger, key).await?;
        let budget = match &stored {
            Some(entry) if entry.holds(now) => entry.read()?,
            _ => Budget::default(),
        };
        Ok(Met { key, stored, budget })
    }
}
