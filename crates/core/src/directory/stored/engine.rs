//! Load, decide, commit: the one loop that every act goes through.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::Timestamp;
use rand::SeedableRng as _;
use tokio::task::JoinSet;

use crate::account::{AccountId, Email};
use crate::breach::BreachCheck;
use crate::change::{Change, Denial};
use crate::clock::{Rng, SharedClock};
use crate::error::{Code, Error, Refusal, Result, StoreError};
use crate::link::LinkKey;
use crate::password::{Argon2Params, Hasher, HashingFailed, Password, PasswordHash, Verdict};
use crate::policy::Policy;
use crate::query::EventQuery;
use crate::rules::retention;
use crate::second_factor::recovery::{Digest, Hashing};
use crate::store::{CommitError, Person, Store};

/// How often a decision is made anew because somebody else was quicker. Every conflict means that
/// somebody else got on, so only a store that lies comes near it.
pub(super) const TRIES: u32 = 10_000;

/// What every directory of one store shares.
pub(super) struct Engine {
    pub(super) store: Arc<dyn Store>,
    hasher: Hasher,
    clock: SharedClock,
    pub(super) breach: Arc<dyn BreachCheck>,
    rng: Mutex<Rng>,
    /// With what links are signed; set where letters are posted.
    pub(super) letters: OnceLock<LinkKey>,
    pub(super) checks: tokio::sync::Mutex<JoinSet<()>>,
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
            letters: OnceLock::new(),
            checks: tokio::sync::Mutex::default(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The present moment, as far as the trail vouches for it.
    pub(super) async fn believed(&self, now: Timestamp) -> Result<Timestamp> {
        let newest = EventQuery {
            limit: 1,
            ..EventQuery::default()
        };
        let newest = self.store.events(&newest).await?.rows.pop();
        Ok(retention::believed(now, newest.map(|row| row.event.at)))
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
            if let Some(answer) = self.decide_once(id, &mut rule).await? {
                return Ok(answer);
            }
        }
        Err(busy())
    }

    /// The same; none if somebody else was quicker, for a rule that looks at more than the account.
    pub(super) async fn decide_once<T>(
        &self,
        id: AccountId,
        rule: impl FnOnce(&Person, &mut Rng) -> Result<(Change, T), Box<Denial>> + Send,
    ) -> Result<Option<T>>
    where
        T: Send,
    {
        let Some(person) = self.store.person(id).await? else {
            return Err(Refusal::NotFound.into());
        };
        let mut rng = self.rng();
        let (change, answer) = match rule(&person, &mut rng) {
            Ok((change, answer)) => (change, Ok(Some(answer))),
            Err(denial) => (denial.change, Err(Error::Refused(denial.refusal))),
        };
        match self.store.commit(vec![change]).await {
            Ok(()) => answer,
            Err(CommitError::Conflict) => Ok(None),
            Err(other) => Err(other.into()),
        }
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

    pub(super) async fn digest(&self, secret: &[u8], Hashing { salt, cost }: Hashing) -> Result<Digest> {
        self.hasher
            .hash_with_salt(secret, &salt, cost)
            .await
            .map_err(|error| broken(&error))
    }

    /// What a new hash costs.
    pub(super) fn cost(&self) -> Argon2Params {
        self.hasher.params()
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

pub(super) fn busy() -> Error {
    StoreError {
        code: Code::Busy,
        context: "decide anew after conflicts".to_owned(),
    }
    .into()
}
