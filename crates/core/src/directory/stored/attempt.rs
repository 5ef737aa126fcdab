//! Trying a secret: counted before it counts for anything, and settled by exactly one event.
//!
//! # Counting beside the work
//!
//! An attempt that must be counted costs a write to the disk, and its secret costs a hash. Neither
//! needs the other, so that they are done at the same time; what is bound is only what follows:
//!
//! 1. A read decides whether the attempt may be made at all. One that may not (waiting, switched
//!    off) is refused without any work, whether the account exists or not.
//! 2. The reservation goes to the disk while the hash is computed.
//! 3. Only once the reservation is durable is the verdict taken out and acted upon. Nobody has
//!    seen it before, no branch was taken on it: to have *evaluated* a secret means to have come to this
//!    point.
//!
//! A reservation that is refused, because as many others were quicker as the limit allows, throws
//! the verdict away unseen; so does a caller who goes away, a store that fails, or a program that
//! dies in between. In each of these cases the attempt is counted or tells nothing, mostly both.
//!
//! # What a burst can take
//!
//! A refused attempt leaves the line of the [`Hasher`](crate::password::Hasher) at once if its turn
//! had not come. If it had, that one hash runs to its end, for nothing: at most one for each place
//! in the line, as a write is done long before a hash is. Whoever comes after a burst waits for that
//! and not for the burst.

use std::future::Future;

use super::engine::{Engine, TRIES, busy};
use crate::account::{AccountId, Email, printable};
use crate::audit::Source;
use crate::change::{Change, Denial};
use crate::clock::Rng;
use crate::error::{Error, Refusal, Result};
use crate::password::{Password, PasswordHash, Verdict};
use crate::policy::Policy;
use crate::rules::Act;
use crate::rules::sign_in::{self, Try};
use crate::store::{CommitError, Person};

/// An attempt that was counted: what its secret is judged against.
pub(super) struct Reserved {
    pub(super) person: Person,
    pub(super) interrupted: u32,
}

/// Why an attempt was not counted, and its secret not evaluated.
enum Turned {
    Away(Box<Denial>),
    Broken(Error),
}

impl From<CommitError> for Turned {
    fn from(error: CommitError) -> Self {
        Self::Broken(error.into())
    }
}

impl Engine {
    /// Counts an attempt and does its work meanwhile; gives what came of the work only once the
    /// attempt is durably counted. `person` is as just read.
    pub(super) async fn attempt<T, W>(
        &self,
        tried: Try,
        mut person: Person,
        policy: &Policy,
        act: &Act,
        work: impl Fn(&Person) -> W,
    ) -> Result<(Reserved, T)>
    where
        W: Future<Output = Result<T>>,
    {
        let id = person.account.id;
        for _ in 0..TRIES {
            let work = work(&person);
            // The reservation is looked at first: without one, no work is begun. What the work
            // answers, good or bad, waits for it.
            let both = tokio::try_join!(
                biased;
                self.reserve(tried, person, policy, act),
                async { Ok(work.await) }
            );
            let denial = match both {
                Ok((reserved, answer)) => return Ok((reserved, answer?)),
                Err(Turned::Away(denial)) => denial,
                Err(Turned::Broken(error)) => return Err(error),
            };
            match self.store.commit(vec![denial.change]).await {
                Ok(()) => return Err(denial.refusal.into()),
                Err(CommitError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
            person = self.gone_on(id).await?;
        }
        Err(busy())
    }

    /// Reserves an attempt durably, or says why there is none.
    async fn reserve(
        &self,
        tried: Try,
        mut person: Person,
        policy: &Policy,
        act: &Act,
    ) -> Result<Reserved, Turned> {
        for _ in 0..TRIES {
            let admitted = sign_in::begin(tried, policy, &person, act).map_err(Turned::Away)?;
            let credential = admitted.reservation.credential().clone();
            match self.store.reserve(admitted.reservation).await {
                Ok(()) => {
                    person.credential = credential;
                    return Ok(Reserved {
                        person,
                        interrupted: admitted.interrupted,
                    });
                }
                Err(CommitError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
            person = self.gone_on(person.account.id).await.map_err(Turned::Broken)?;
        }
        Err(Turned::Broken(busy()))
    }

    /// The person as somebody else has changed them since.
    async fn gone_on(&self, id: AccountId) -> Result<Person> {
        let person = self.store.person(id).await?;
        person.ok_or_else(|| Refusal::WrongCredentials.into())
    }

    /// Decides on an attempt that was counted. A session that was ended in the meantime stays so,
    /// and the attempt is settled all the same.
    pub(super) async fn settle<T: Send>(
        &self,
        tried: Try,
        id: AccountId,
        act: &Act,
        rule: impl FnMut(&Person, &mut Rng) -> Result<(Change, T), Box<Denial>> + Send,
    ) -> Result<T> {
        let answer = self.decide(id, rule).await;
        if let Err(Error::Refused(refusal @ Refusal::SessionEnded)) = &answer {
            self.forgive(tried, id, act, refusal).await?;
        }
        answer
    }

    /// Settles an attempt whose secret was right although nothing came of it.
    pub(super) async fn forgive(&self, tried: Try, id: AccountId, act: &Act, why: &Refusal) -> Result<()> {
        self.decide(id, |person, _| {
            let event = act.refused(tried.action, why).on(&person.account);
            let credential = sign_in::settled(tried, &person.credential, act);
            Ok((Change::of(event).replace_credential(credential), ()))
        })
        .await
    }

    /// Asks for a password under the count of failures, and acts only if it is right.
    pub(super) async fn with_password<T: Send>(
        &self,
        tried: Try,
        person: Person,
        password: &Password,
        policy: &Policy,
        source: Source,
        mut rule: impl FnMut(&Person, &Act, &mut Rng) -> Result<(Change, T), Box<Denial>> + Send,
    ) -> Result<T> {
        let id = person.account.id;
        let act = Act::by(&person.account, self.now(), source);
        let (reserved, (evaluated, verdict)) = self
            .attempt(tried, person, policy, &act, |person| {
                self.judge(hash_of(person), password)
            })
            .await?;
        let act = Act {
            at: self.now(),
            ..act
        };
        self.settle(tried, id, &act, |person, rng| {
            if verdict == Verdict::Wrong || !still(person, evaluated.as_ref()) {
                return Err(sign_in::wrong(tried, policy, person, &act, reserved.interrupted));
            }
            rule(person, &act, rng)
        })
        .await
    }

    /// Compares a password with a hash: which one, and what came of it. The same work for somebody
    /// who has none.
    pub(super) async fn judge(
        &self,
        hash: Option<PasswordHash>,
        password: &Password,
    ) -> Result<(Option<PasswordHash>, Verdict)> {
        let verdict = self.verify(hash.as_ref(), password).await?;
        Ok((hash, verdict))
    }
}

/// What the person's password is compared with, if they have one.
pub(super) fn hash_of(person: &Person) -> Option<PasswordHash> {
    let password = person.credential.password.as_ref();
    password.map(|password| password.hash.clone())
}

/// Whether the password is still the one that was evaluated: one that was changed meanwhile is not.
pub(super) fn still(person: &Person, evaluated: Option<&PasswordHash>) -> bool {
    match (&person.credential.password, evaluated) {
        (Some(now), Some(then)) => now.hash.as_str() == then.as_str(),
        _ => false,
    }
}

/// What was typed as an address, as far as it may be shown in the trail: a password typed into the
/// wrong field must not end up there, so only what looks like an address is kept.
pub(super) fn shown_address(typed: &str) -> String {
    match Email::parse(typed) {
        Ok(email) => email.as_str().to_owned(),
        Err(_) if typed.contains('@') && typed.len() <= 254 && printable(typed) => typed.trim().to_owned(),
        Err(_) => "(not an e-mail address)".to_owned(),
    }
}
