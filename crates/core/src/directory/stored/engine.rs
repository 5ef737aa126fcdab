//! Load, decide, commit: the one loop that every act goes through.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng as _;
use tokio::task::JoinSet;

use super::strangers::Strangers;
use crate::account::{Account, AccountId, Email, Name, Role, printable};
use crate::audit::{Actor, Program, Source};
use crate::breach::{BreachAnswer, BreachCheck};
use crate::change::{Change, Denial};
use crate::clock::{Rng, SharedClock};
use crate::error::{Code, Error, Refusal, Result, StoreError};
use crate::password::{
    self, Context, Hasher, HashingFailed, Password, PasswordHash, Rules, Verdict, Weakness,
};
use crate::policy::Policy;
use crate::query::EventQuery;
use crate::rules::session::later;
use crate::rules::sign_in::{self, Try};
use crate::rules::{Act, own};
use crate::second_factor::recovery::{Digest, Salt};
use crate::store::{CommitError, Person, Store};

/// How often a decision is made anew because somebody else was quicker. Every conflict means that
/// somebody else got on, so only a store that lies comes near it.
const TRIES: u32 = 10_000;

/// What every directory of one store shares.
pub(super) struct Engine {
    pub(super) store: Arc<dyn Store>,
    hasher: Hasher,
    clock: SharedClock,
    pub(super) breach: Arc<dyn BreachCheck>,
    rng: Mutex<Rng>,
    strangers: Mutex<Strangers>,
    checks: tokio::sync::Mutex<JoinSet<()>>,
}

/// An attempt that was reserved: what its secret is evaluated against.
pub(super) struct Reserved {
    pub(super) person: Person,
    pub(super) interrupted: u32,
}

impl Engine {
    pub(super) fn new(
        store: Arc<dyn Store>,
        hasher: Hasher,
        clock: SharedClock,
        breach: Arc<dyn BreachCheck>,
        rng: Rng,
    ) -> Self {
        Self {
            store,
            hasher,
            clock,
            breach,
            rng: Mutex::new(rng),
            strangers: Mutex::default(),
            checks: tokio::sync::Mutex::default(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The present moment, but at most a day after the newest event of the trail: what cannot be
    /// undone must not follow from a clock that jumped years ahead.
    pub(super) async fn believed(&self, now: Timestamp) -> Result<Timestamp> {
        let newest = EventQuery {
            limit: 1,
            ..EventQuery::default()
        };
        let newest = self.store.events(&newest).await?.rows.pop();
        let tomorrow = newest.map(|row| later(row.event.at, SignedDuration::from_hours(24)));
        Ok(tomorrow.map_or(now, |tomorrow| tomorrow.min(now)))
    }

    /// A generator of its own for one act.
    pub(super) fn rng(&self) -> Rng {
        Rng::from_rng(&mut *self.rng.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the shop has decided.
    pub(super) async fn policy(&self) -> Result<Policy> {
        Ok(self.store.shop().await?.ok_or(Refusal::NotSetUp)?.policy)
    }

    /// The person of that address, unless there is none or it lies in the recycle bin.
    pub(super) async fn somebody(&self, email: &str) -> Result<Option<Person>> {
        let Ok(email) = Email::parse(email) else {
            return Ok(None);
        };
        Ok(self
            .store
            .person_by_email(&email)
            .await?
            .filter(|person| person.account.deleted.is_none()))
    }

    /// Loads, decides and commits; decides anew if somebody else was quicker. A refusal is committed
    /// with its event as well.
    pub(super) async fn decide<T>(
        &self,
        id: AccountId,
        mut rule: impl FnMut(&Person, &mut Rng) -> Result<(Change, T), Box<Denial>> + Send,
    ) -> Result<T>
    where
        T: Send,
    {
        for _ in 0..TRIES {
            let Some(person) = self.store.person(id).await? else {
                return Err(Refusal::NotFound.into());
            };
            let mut rng = self.rng();
            let (change, answer) = match rule(&person, &mut rng) {
                Ok((change, answer)) => (change, Ok(answer)),
                Err(denial) => (denial.change, Err(Error::Refused(denial.refusal))),
            };
            match self.store.commit(vec![change]).await {
                Ok(()) => return answer,
                Err(CommitError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(busy())
    }

    /// Commits a change that nobody else can be quicker with.
    pub(super) async fn commit(&self, change: Change) -> Result<()> {
        self.store.commit(vec![change]).await.map_err(Error::from)
    }

    /// Records what was refused before a rule could look at anybody.
    pub(super) async fn deny(&self, denial: Box<Denial>) -> Error {
        match self.commit(denial.change).await {
            Ok(()) => denial.refusal.into(),
            Err(error) => error,
        }
    }

    /// Reserves an attempt before its secret is evaluated.
    pub(super) async fn reserve(
        &self,
        tried: Try,
        id: AccountId,
        policy: &Policy,
        act: Act,
    ) -> Result<Reserved> {
        for _ in 0..TRIES {
            let Some(mut person) = self.store.person(id).await? else {
                return Err(Refusal::WrongCredentials.into());
            };
            match sign_in::begin(tried, policy, &person, &act) {
                Ok(admitted) => {
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
                }
                Err(denial) => match self.store.commit(vec![denial.change]).await {
                    Ok(()) => return Err(denial.refusal.into()),
                    Err(CommitError::Conflict) => {}
                    Err(other) => return Err(other.into()),
                },
            }
        }
        Err(busy())
    }

    /// Decides on an attempt that was reserved. A session that was ended in the meantime stays so,
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
        account: &Account,
        password: &Password,
        policy: &Policy,
        source: Source,
        mut rule: impl FnMut(&Person, &Act, &mut Rng) -> Result<(Change, T), Box<Denial>> + Send,
    ) -> Result<T> {
        let act = Act::by(account, self.now(), source);
        let reserved = self.reserve(tried, account.id, policy, act.clone()).await?;
        let evaluated = reserved.person.credential.password.map(|password| password.hash);
        let verdict = self.verify(evaluated.as_ref(), password).await?;
        let act = Act {
            at: self.now(),
            ..act
        };
        self.settle(tried, account.id, &act, |person, rng| {
            if verdict == Verdict::Wrong || !still(person, evaluated.as_ref()) {
                return Err(sign_in::wrong(tried, policy, person, &act, reserved.interrupted));
            }
            rule(person, &act, rng)
        })
        .await
    }

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
        let key = Email::parse(email).map_or_else(|_| shown.clone(), |email| email.key().to_owned());
        let act = Act {
            at: self.now(),
            actor: Actor::Unknown { email: shown },
            source,
        };
        let begun = {
            let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
            strangers.fail(&key, &policy.lockout(), act.at)
        };
        let (refusal, event) = if let Err(locked) = begun.admitted {
            let refusal = Refusal::Locked(locked);
            let event = act.refused(tried.action, &refusal);
            (refusal, event)
        } else {
            self.verify(None, password).await?;
            let refusal = sign_in::wrong_secret(tried);
            let event = act.failed(tried.action, &refusal);
            (refusal, event)
        };
        self.commit(Change::of(event)).await?;
        Ok(refusal.into())
    }

    /// Whether a new password is strong enough for that person, known breaches included.
    pub(super) async fn strong_enough(
        &self,
        password: &Password,
        email: &Email,
        name: &Name,
        shop: &Name,
        role: Role,
        policy: &Policy,
    ) -> Result<()> {
        let enforced = policy.requires_second_factor(role);
        let rules = if enforced {
            Rules::with_second_factor()
        } else {
            Rules::sole()
        };
        let rules = rules.at_least(policy.password_length(enforced));
        let context = Context {
            shop: shop.as_str(),
            name: name.as_str(),
            email: email.as_str(),
        };
        let mut weaknesses = password::check(password, &context, rules)
            .err()
            .unwrap_or_default();
        if weaknesses.is_empty()
            && policy.breach_check
            && let BreachAnswer::Breached { times } = self.breach.check(password).await
        {
            weaknesses.push(Weakness::Breached { times });
        }
        if weaknesses.is_empty() {
            Ok(())
        } else {
            Err(Refusal::WeakPassword(weaknesses).into())
        }
    }

    /// Checks the password of a sign-in against known breaches while the person goes on.
    pub(super) async fn check_breach_later(
        self: &Arc<Self>,
        id: AccountId,
        password: Password,
        policy: Policy,
        source: Source,
    ) {
        if !policy.breach_check {
            return;
        }
        let engine = Arc::clone(self);
        let mut checks = self.checks.lock().await;
        while checks.try_join_next().is_some() {}
        checks.spawn(async move {
            let BreachAnswer::Breached { times } = engine.breach.check(&password).await else {
                return;
            };
            if let Err(error) = engine.note_breached(id, times, &policy, source).await {
                tracing::warn!(%error, "a breached password could not be noted");
            }
        });
    }

    async fn note_breached(&self, id: AccountId, times: u32, policy: &Policy, source: Source) -> Result<()> {
        let Some(person) = self.store.person(id).await? else {
            return Ok(());
        };
        let Some(checked) = person.credential.password.map(|password| password.hash) else {
            return Ok(());
        };
        let source = Source {
            program: Program::Keyholder,
            ..source
        };
        let act = Act {
            at: self.now(),
            actor: Actor::Keyholder,
            source,
        };
        for _ in 0..TRIES {
            let Some(person) = self.store.person(id).await? else {
                return Ok(());
            };
            let Some(change) = own::breached(policy, &person, &checked, times, &act) else {
                return Ok(());
            };
            match self.store.commit(vec![change]).await {
                Err(CommitError::Conflict) => {}
                other => return other.map_err(Error::from),
            }
        }
        Err(busy())
    }

    pub(super) async fn breach_checks_done(&self) {
        let mut checks = self.checks.lock().await;
        while checks.join_next().await.is_some() {}
    }

    pub(super) async fn verify(&self, hash: Option<&PasswordHash>, password: &Password) -> Result<Verdict> {
        self.hasher
            .verify(hash, password)
            .await
            .map_err(|error| broken(&error))
    }

    pub(super) async fn hash(&self, password: &Password, rng: &mut Rng) -> Result<PasswordHash> {
        self.hasher
            .hash(password, rng)
            .await
            .map_err(|error| broken(&error))
    }

    pub(super) async fn digest(&self, secret: &[u8], salt: &Salt) -> Result<Digest> {
        self.hasher
            .hash_with_salt(secret, salt)
            .await
            .map_err(|error| broken(&error))
    }

    pub(super) fn can_check(&self, hash: &PasswordHash) -> bool {
        self.hasher.can_check(hash)
    }
}

fn broken(error: &HashingFailed) -> Error {
    StoreError {
        code: Code::Broken,
        context: format!("hash a secret: {error}"),
    }
    .into()
}

/// Whether the password is still the one that was evaluated: one that was changed meanwhile is not.
pub(super) fn still(person: &Person, evaluated: Option<&PasswordHash>) -> bool {
    match (&person.credential.password, evaluated) {
        (Some(now), Some(then)) => now.hash.as_str() == then.as_str(),
        _ => false,
    }
}

fn busy() -> Error {
    StoreError {
        code: Code::Busy,
        context: "decide anew after conflicts".to_owned(),
    }
    .into()
}

/// What was typed as an address, as far as it may be shown in the trail: a password typed into the
/// wrong field must not end up there, so only what looks like an address is kept.
fn shown_address(typed: &str) -> String {
    match Email::parse(typed) {
        Ok(email) => email.as_str().to_owned(),
        Err(_) if typed.contains('@') && typed.len() <= 254 && printable(typed) => typed.trim().to_owned(),
        Err(_) => "(not an e-mail address)".to_owned(),
    }
}
