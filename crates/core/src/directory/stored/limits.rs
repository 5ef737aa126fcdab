//! Limits over a store: read, decide, keep; again if somebody else was quicker. Whoever is refused writes
//! nothing but the event of the first time, so that who hammers costs a read.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::StoredAuthentication;
use super::attempt::shown_address;
use super::engine::{Engine, TRIES, busy};
use super::inside::Inside;
use crate::account::{Email, Reason, TextRefused};
use crate::audit::{Action, Actor, Details, Source};
use crate::change::Change;
use crate::directory::Limits;
use crate::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use crate::error::{Error, Refusal, Result};
use crate::limit::{
    Allowance, HeldUp, Limit, LimitInForce, LimitName, LimitsPage, Rate, address_of, give_back, spend,
    subject_of,
};
use crate::policy::Policy;
use crate::rights::Right;
use crate::rules::Act;
use crate::store::CommitError;

/// Entries looked at for who is held up.
const LOOKED_AT: u32 = 10_000;
/// The most that are shown.
const SHOWN: usize = 1_000;
/// Entries that are taken away at a time.
const SWEPT: u32 = 500;

/// One of a limit, for somebody.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    limit: String,
    rate: Rate,
    subject: String,
}

impl Draw {
    pub(super) fn of(limit: Limit, policy: &Policy, subject: &str) -> Self {
        Self {
            limit: limit.as_str().to_owned(),
            rate: limit.rate(policy),
            subject: subject.to_owned(),
        }
    }

    fn key(&self) -> EntryKey {
        EntryKey::of(&[&self.limit, &self.subject])
    }
}

/// What is kept of a limit and somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Bucket {
    limit: String,
    subject: String,
    full_at: Timestamp,
    /// Whether the trail knows that somebody came up against it, since it was last full.
    told: bool,
}

/// A bucket as it was found.
struct Found {
    stored: Option<Entry>,
    bucket: Bucket,
}

impl Found {
    fn put(&self, key: EntryKey, bucket: &Bucket, now: Timestamp) -> Result<Entry> {
        let entry = match &self.stored {
            Some(entry) => entry.next(now, bucket)?,
            None => Entry::new(EntryKind::Limit, key, now, bucket)?,
        };
        Ok(entry.until(bucket.full_at))
    }
}

impl Engine {
    /// Takes one of each of these limits, or of none: then it says which has nothing left. The trail has
    /// that once, until the bucket is full again.
    pub(super) async fn draw(&self, draws: &[Draw], act: &Act) -> Result<Vec<Allowance>> {
        for _ in 0..TRIES {
            let (mut writes, mut allowances) = (Vec::new(), Vec::new());
            let mut refused = None;
            for draw in draws {
                let found = self.found(draw, act.at).await?;
                let spent = spend(found.bucket.full_at, &draw.rate, act.at);
                let allowance = Allowance::of(&draw.limit, &draw.rate, &spent);
                let bucket = Bucket {
                    full_at: spent.full_at,
                    told: found.bucket.told || !allowance.allowed,
                    ..found.bucket.clone()
                };
                if !allowance.allowed {
                    refused = Some((draw, found, bucket, allowance));
                    break;
                }
                writes.push(EntryWrite::Put(found.put(draw.key(), &bucket, act.at)?));
                allowances.push(allowance);
            }
            let written = match &refused {
                None => self.store.keep(writes).await,
                Some((_, found, bucket, _)) if *bucket == found.bucket => Ok(()),
                Some((draw, found, bucket, allowance)) => {
                    let entry = found.put(draw.key(), bucket, act.at)?;
                    if found.bucket.told {
                        self.store.keep(vec![EntryWrite::Put(entry)]).await
                    } else {
                        let refusal = Refusal::LimitReached(allowance.clone());
                        let event = act.refused(Action::LimitReached, &refusal).with(details(draw));
                        self.store.commit(vec![Change::of(event).put_entry(entry)]).await
                    }
                }
            };
            match (written, refused) {
                (Ok(()), None) => return Ok(allowances),
                (Ok(()), Some((.., allowance))) => return Err(Refusal::LimitReached(allowance).into()),
                (Err(CommitError::Conflict), _) => {}
                (Err(other), _) => return Err(other.into()),
            }
        }
        Err(busy())
    }

    /// Puts one back that was taken for nothing.
    async fn put_back(&self, draw: &Draw) -> Result<()> {
        for _ in 0..TRIES {
            let now = self.now();
            let found = self.found(draw, now).await?;
            let bucket = Bucket {
                full_at: give_back(found.bucket.full_at, &draw.rate, now),
                ..found.bucket.clone()
            };
            let put = EntryWrite::Put(found.put(draw.key(), &bucket, now)?);
            match self.store.keep(vec![put]).await {
                Ok(()) => return Ok(()),
                Err(CommitError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(busy())
    }

    async fn found(&self, draw: &Draw, now: Timestamp) -> Result<Found> {
        let stored = self.store.entry(EntryKind::Limit, draw.key()).await?;
        let bucket = match &stored {
            Some(entry) if entry.holds(now) => entry.read()?,
            _ => Bucket {
                limit: draw.limit.clone(),
                subject: draw.subject.clone(),
                full_at: now,
                told: false,
            },
        };
        Ok(Found { stored, bucket })
    }

    /// One try to sign in from an address. Nobody is held up whose device the account knows: whoever
    /// attacks from the same address cannot keep them out. What was no wrong secret does not count as one.
    pub(super) async fn one_try<T>(
        &self,
        email: &str,
        from: Option<(String, Source)>,
        attempt: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        // A try holds much while it is evaluated.
        let attempt = Box::pin(attempt);
        let Some((address, source)) = from else {
            return attempt.await;
        };
        if self.knows(email, &source).await? {
            return attempt.await;
        }
        let policy = self.policy().await?;
        let failure = Draw::of(Limit::FailedSignIn, &policy, &address);
        let act = Act {
            at: self.now(),
            actor: Actor::Unknown {
                email: shown_address(email),
            },
            source,
        };
        self.draw(
            &[Draw::of(Limit::SignIn, &policy, &address), failure.clone()],
            &act,
        )
        .await?;
        let answer = attempt.await;
        let wrong = matches!(
            answer,
            Err(Error::Refused(
                Refusal::WrongCredentials | Refusal::EnrolmentRefused
            ))
        );
        // What cannot be put back stays taken, which keeps nobody from anything that is done.
        if !wrong && let Err(error) = self.put_back(&failure).await {
            tracing::warn!("a try that was no wrong one stays counted as one: {error}");
        }
        answer
    }

    /// Whether the account of that address knows the device.
    async fn knows(&self, email: &str, source: &Source) -> Result<bool> {
        let Some(device) = source.device else {
            return Ok(false);
        };
        let person = self.somebody(email).await?;
        Ok(person.is_some_and(|person| person.credential.known_devices.contains(&device)))
    }

    /// Takes one of a limit that the shop has named.
    pub(super) async fn ask_limit(
        &self,
        policy: &Policy,
        name: &LimitName,
        subject: &str,
        act: &Act,
    ) -> Result<Allowance> {
        // A shop that calls one of its own by the name of one of ours has called nothing.
        let limit = policy.limits.get(name).filter(|_| !name.is_ours());
        let limit = limit.ok_or(Refusal::NotFound)?;
        let draw = Draw {
            limit: name.as_str().to_owned(),
            rate: limit.rate(),
            subject: subject_of(subject).ok_or(Refusal::BadText(TextRefused::Empty))?,
        };
        match self.draw(&[draw], act).await {
            Ok(mut allowances) => allowances.pop().ok_or_else(busy),
            Err(Error::Refused(Refusal::LimitReached(allowance))) => Ok(allowance),
            Err(other) => Err(other),
        }
    }

    /// Every limit, and who is held up.
    pub(super) async fn limits(&self, policy: &Policy, now: Timestamp) -> Result<LimitsPage> {
        let rates = rates(policy);
        let kept = self.store.entries(EntryKind::Limit, Timestamp::MAX, LOOKED_AT);
        let mut held_up = Vec::new();
        for entry in kept.await?.iter().filter(|entry| entry.holds(now)) {
            let bucket: Bucket = entry.read()?;
            let rate = rates.iter().find(|(limit, _)| limit.limit == bucket.limit);
            if let Some((_, rate)) = rate
                && let Err(until) = spend(bucket.full_at, rate, now).outcome
            {
                held_up.push(HeldUp {
                    limit: bucket.limit,
                    subject: bucket.subject,
                    until,
                });
            }
        }
        let first = held_up.len().saturating_sub(SHOWN);
        Ok(LimitsPage {
            limits: rates.into_iter().map(|(limit, _)| limit).collect(),
            held_up: held_up.split_off(first),
        })
    }

    /// Lets somebody go on who is held up by a limit.
    pub(super) async fn clear_limit(
        &self,
        inside: &Inside,
        limit: &LimitName,
        subject: &str,
        reason: Reason,
    ) -> Result<()> {
        let subject = subject_of(subject).ok_or(Refusal::BadText(TextRefused::Empty))?;
        let action = Action::LimitCleared;
        let facts = Details::default()
            .fact("limit", limit.as_str())
            .fact("subject", &subject);
        if let Err(error) = inside.allowed(Right::LockAccounts) {
            let refusal = Refusal::NotAllowed(Right::LockAccounts);
            let event = inside.act.refused(action, &refusal).with(facts);
            self.commit(Change::of(event)).await?;
            return Err(error);
        }
        let key = EntryKey::of(&[limit.as_str(), &subject]);
        for _ in 0..TRIES {
            let Some(entry) = self.store.entry(EntryKind::Limit, key).await? else {
                return Err(Refusal::Unchanged.into());
            };
            let event = inside.act.done(action).with(facts.clone());
            let change = Change::of(event.because(Some(reason.clone()))).take_entry(&entry);
            match self.store.commit(vec![change]).await {
                Ok(()) => return Ok(()),
                Err(CommitError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(busy())
    }

    /// Takes away what has expired; says how much. As much as the trail vouches for: a clock that jumped
    /// ahead gives nobody their tries back for good.
    pub(super) async fn sweep(&self) -> Result<u32> {
        let moment = self.believed(self.now()).await?;
        let mut swept = 0;
        loop {
            let over = self.store.expired(moment, SWEPT).await?;
            let found = u32::try_from(over.len()).unwrap_or(SWEPT);
            let mut taken = 0;
            // All at once, or each alone where somebody was quicker with one of them.
            let all = over.iter().map(EntryWrite::take).collect();
            match self.store.keep(all).await {
                Ok(()) => taken = found,
                Err(CommitError::Conflict) => {
                    for entry in &over {
                        match self.store.keep(vec![EntryWrite::take(entry)]).await {
                            Ok(()) => taken += 1,
                            Err(CommitError::Conflict) => {}
                            Err(other) => return Err(other.into()),
                        }
                    }
                }
                Err(other) => return Err(other.into()),
            }
            swept += taken;
            if found < SWEPT || taken == 0 {
                return Ok(swept);
            }
        }
    }
}

/// One however it is spelt.
fn mailbox(email: &str) -> String {
    Email::parse(email).map_or_else(|_| shown_address(email), |email| email.key().to_owned())
}

fn details(draw: &Draw) -> Details {
    Details::default()
        .fact("limit", &draw.limit)
        .fact("subject", &draw.subject)
}

impl StoredAuthentication {
    /// One request for a letter. A link to sign in with is counted for the e-mail address that it is sent to,
    /// whether anybody has it or not; everything else for the address where it is asked for.
    pub(super) async fn one_request(&self, limit: Limit, email: &str, source: &Source) -> Result<()> {
        let subject = match limit {
            Limit::SignInLink => self.by_address.then(|| mailbox(email)),
            _ => self.limited(source).map(|(address, _)| address),
        };
        let Some(subject) = subject else {
            return Ok(());
        };
        let policy = self.engine.policy().await?;
        let act = Act {
            at: self.engine.now(),
            actor: Actor::Unknown {
                email: shown_address(email),
            },
            source: source.clone(),
        };
        let draw = Draw::of(limit, &policy, &subject);
        self.engine.draw(&[draw], &act).await.map(drop)
    }

    /// The address under which an act is counted, if it is.
    pub(super) fn limited(&self, source: &Source) -> Option<(String, Source)> {
        let address = source.address.as_deref().filter(|_| self.by_address)?;
        Some((address_of(address)?, source.clone()))
    }
}

#[async_trait]
impl Limits for StoredAuthentication {
    async fn visit(&self, source: &Source) -> Result<Option<Allowance>> {
        let Some(address) = source.address.as_deref().and_then(address_of) else {
            return Ok(None);
        };
        let policy = match self.engine.store.shop().await? {
            Some(shop) => shop.policy,
            None => Policy::default(),
        };
        let act = Act {
            at: self.engine.now(),
            // Of somebody who says nothing of themselves, the address is all there is to call them by.
            actor: Actor::Unknown {
                email: address.clone(),
            },
            source: source.clone(),
        };
        let draw = Draw::of(Limit::Api, &policy, &address);
        Ok(self.engine.draw(&[draw], &act).await?.pop())
    }
}

/// Every limit in force, with its rate.
fn rates(policy: &Policy) -> Vec<(LimitInForce, Rate)> {
    let shown = |limit: &str, rate: Rate, source: Option<&str>| {
        let in_force = LimitInForce {
            limit: limit.to_owned(),
            count: rate.count(),
            window_secs: u32::try_from(rate.window_secs()).unwrap_or(u32::MAX),
            named: source.is_none(),
            source: source.map(str::to_owned),
        };
        (in_force, rate)
    };
    let ours = Limit::ALL.iter().map(|limit| {
        let source = limit.number().bounds().source;
        shown(limit.as_str(), limit.rate(policy), Some(source))
    });
    let named = policy.limits.iter();
    ours.chain(named.map(|(name, limit)| shown(name.as_str(), limit.rate(), None)))
        .collect()
}
