//! [`Authentication`] with the rules over any store: load, decide, commit; again if somebody else
//! was quicker.

mod engine;
mod inside;
mod moving;
mod strangers;

use std::sync::Arc;

use async_trait::async_trait;

use self::engine::{Engine, still};
use self::inside::StoredDirectory;
use super::{Authentication, Directory, IssuedEnrolment, NewAccount, NewOwner, SignedIn};
use crate::account::{Account, Email, Name, Role, TextRefused};
use crate::audit::{Actor, Source};
use crate::breach::BreachCheck;
use crate::clock::{Rng, SharedClock};
use crate::error::{Error, Refusal, Result};
use crate::password::{Hasher, Password, Verdict};
use crate::policy::Policy;
use crate::rules::sign_in::{self, Step, Try};
use crate::rules::{Act, accounts, enrolment, session, shop};
use crate::second_factor::{EnrolmentCode, RecoveryCode, TotpCode};
use crate::session::{Session, SessionToken, Stage};
use crate::shop::Shop;
use crate::store::{CommitError, Store};

/// The way in, answered by the rules over a store.
#[derive(Clone)]
pub struct StoredAuthentication {
    engine: Arc<Engine>,
}

impl StoredAuthentication {
    /// Answers from `store`. `rng` must be seeded by [`crate::clock::entropy`] outside of tests.
    pub fn new(
        store: Arc<dyn Store>,
        hasher: Hasher,
        clock: SharedClock,
        breach: Arc<dyn BreachCheck>,
        rng: Rng,
    ) -> Self {
        Self {
            engine: Arc::new(Engine::new(store, hasher, clock, breach, rng)),
        }
    }

    /// Waits until the breach checks that sign-ins began are through: at most their deadline. For
    /// programs that end right after, and for tests.
    pub async fn breach_checks_done(&self) {
        self.engine.breach_checks_done().await;
    }

    /// Removes accounts for good whose days in the recycle bin are over; says how many. Called at
    /// the start and once a day.
    pub async fn empty_recycle_bin(&self) -> Result<u32> {
        let engine = &self.engine;
        let source = Source {
            program: crate::audit::Program::Keyholder,
            address: None,
            device: None,
        };
        let policy = engine.policy().await?;
        let act = Act {
            at: engine.now(),
            actor: Actor::Keyholder,
            source,
        };
        let believed = engine.believed(act.at).await?;
        let over = believed
            .saturating_sub(policy.recycle_bin())
            .unwrap_or(jiff::Timestamp::MIN);
        let mut purged = 0;
        for id in engine.store.deleted_before(over).await? {
            if let Some(person) = engine.store.person(id).await?
                && let Some(change) = accounts::purge(&person, &policy, believed, &act)
            {
                match engine.store.commit(vec![change]).await {
                    Ok(()) => purged += 1,
                    // Somebody was quicker to restore it.
                    Err(CommitError::Conflict) => {}
                    Err(other) => return Err(other.into()),
                }
            }
        }
        Ok(purged)
    }

    /// The session of this token if it has come exactly so far and may go on.
    async fn present(
        &self,
        token: &SessionToken,
        stage: Stage,
        now: jiff::Timestamp,
    ) -> Result<(Session, Account)> {
        let session = self
            .engine
            .store
            .session(token.digest())
            .await?
            .ok_or(Refusal::SessionEnded)?;
        let person = self
            .engine
            .store
            .person(session.account)
            .await?
            .ok_or(Refusal::SessionEnded)?;
        session::alive(&session, &person.account, now)?;
        if session.stage == stage {
            Ok((session, person.account))
        } else {
            Err(Refusal::SessionEnded.into())
        }
    }
}

fn signed_in(step: Step, account: Account) -> (crate::change::Change, SignedIn) {
    (
        step.change,
        SignedIn {
            token: step.token,
            stage: step.session.stage,
            account,
        },
    )
}

#[async_trait]
impl Authentication for StoredAuthentication {
    async fn shop(&self) -> Result<Option<Shop>> {
        Ok(self.engine.store.shop().await?)
    }

    async fn set_up(&self, name: Name, owner: NewOwner, source: Source) -> Result<SignedIn> {
        let engine = &self.engine;
        if engine.store.shop().await?.is_some() {
            return Err(Refusal::AlreadySetUp.into());
        }
        if name.is_empty() {
            return Err(Refusal::BadText(TextRefused::Empty).into());
        }
        let NewOwner {
            email,
            name: owner_name,
            password,
        } = owner;
        engine
            .strong_enough(
                &password,
                &email,
                &owner_name,
                &name,
                Role::Owner,
                &Policy::default(),
            )
            .await?;
        let mut rng = engine.rng();
        let hash = engine.hash(&password, &mut rng).await?;
        let act = Act {
            at: engine.now(),
            actor: Actor::Keyholder,
            source,
        };
        let new = NewAccount {
            email,
            name: owner_name,
            role: Role::Owner,
        };
        let (step, account) = shop::set_up(name, new, hash, &act, &mut rng);
        let (change, signed_in) = signed_in(step, account);
        match engine.store.commit(vec![change]).await.map_err(Error::from) {
            Err(Error::Refused(_)) => Err(Refusal::AlreadySetUp.into()),
            Err(broken) => Err(broken),
            Ok(()) => Ok(signed_in),
        }
    }

    async fn sign_in(&self, email: &str, password: &Password, source: Source) -> Result<SignedIn> {
        let engine = &self.engine;
        let policy = engine.policy().await?;
        let Some(person) = engine.somebody(email).await? else {
            return Err(engine
                .stranger(email, password, Try::PASSWORD, &policy, source)
                .await?);
        };
        let id = person.account.id;
        let claimed = |at| Act::claimed(&person.account, at, source.clone());
        let admitted = engine
            .reserve(Try::PASSWORD, id, &policy, claimed(engine.now()))
            .await?;

        let evaluated = admitted.person.credential.password.map(|password| password.hash);
        let verdict = engine.verify(evaluated.as_ref(), password).await?;
        let upgraded = match verdict {
            Verdict::Right { outdated: true } => Some(engine.hash(password, &mut engine.rng()).await?),
            _ => None,
        };
        let act = claimed(engine.now());
        let signed_in = engine
            .decide(id, |person, rng| {
                if verdict == Verdict::Wrong || !still(person, evaluated.as_ref()) {
                    return Err(sign_in::wrong(
                        Try::PASSWORD,
                        &policy,
                        person,
                        &act,
                        admitted.interrupted,
                    ));
                }
                sign_in::right_password(&policy, person, &act, admitted.interrupted, upgraded.clone(), rng)
                    .map(|step| signed_in(step, person.account.clone()))
            })
            .await?;
        engine
            .check_breach_later(id, password.clone(), policy, source)
            .await;
        Ok(signed_in)
    }

    async fn second_factor(&self, token: &SessionToken, code: &str) -> Result<SignedIn> {
        let engine = &self.engine;
        let policy = engine.policy().await?;
        let (session, account) = self.present(token, Stage::SecondFactor, engine.now()).await?;
        let claimed = |at| Act::claimed(&account, at, session.source.clone());
        // What cannot be a code is a slip of the finger, not a guess.
        let code = TotpCode::parse(code).ok_or(Refusal::WrongCredentials)?;
        let admitted = engine
            .reserve(Try::CODE, account.id, &policy, claimed(engine.now()))
            .await?;
        let act = claimed(engine.now());
        engine
            .settle(Try::CODE, account.id, &act, |person, rng| {
                sign_in::code(&policy, person, &session, &code, &act, admitted.interrupted, rng)
                    .map(|step| signed_in(step, person.account.clone()))
            })
            .await
    }

    async fn recovery_code(&self, token: &SessionToken, code: &str) -> Result<SignedIn> {
        let engine = &self.engine;
        let policy = engine.policy().await?;
        let (session, account) = self.present(token, Stage::SecondFactor, engine.now()).await?;
        let claimed = |at| Act::claimed(&account, at, session.source.clone());
        let code = RecoveryCode::parse(code).ok_or(Refusal::WrongCredentials)?;
        let admitted = engine
            .reserve(Try::RECOVERY_CODE, account.id, &policy, claimed(engine.now()))
            .await?;
        let salt = admitted
            .person
            .credential
            .recovery
            .as_ref()
            .map(|set| *set.salt())
            .unwrap_or_default();
        let digest = engine.digest(code.canonical(), &salt).await?;
        let act = claimed(engine.now());
        engine
            .settle(Try::RECOVERY_CODE, account.id, &act, |person, rng| {
                sign_in::recovery_code(
                    &policy,
                    person,
                    &session,
                    &digest,
                    &act,
                    admitted.interrupted,
                    rng,
                )
                .map(|step| signed_in(step, person.account.clone()))
            })
            .await
    }

    async fn enrol(&self, email: &str, code: &str, password: &Password, source: Source) -> Result<SignedIn> {
        let engine = &self.engine;
        let policy = engine.policy().await?;
        let shop = engine.store.shop().await?.ok_or(Refusal::NotSetUp)?;
        let Some(person) = engine.somebody(email).await? else {
            return Err(engine
                .stranger(email, password, Try::ENROLMENT, &policy, source)
                .await?);
        };
        let id = person.account.id;
        let claimed = |at| Act::claimed(&person.account, at, source.clone());
        let admitted = engine
            .reserve(Try::ENROLMENT, id, &policy, claimed(engine.now()))
            .await?;
        let code = EnrolmentCode::parse(code);
        // The same work whether the code is right or not, before anything is said.
        let hash = engine.hash(password, &mut engine.rng()).await?;
        let act = claimed(engine.now());
        let right = code.filter(|code| enrolment::is_right(&admitted.person, Some(code), &act));
        let Some(code) = right else {
            return engine
                .decide(id, |person, _| {
                    Err::<(_, SignedIn), _>(sign_in::wrong(
                        Try::ENROLMENT,
                        &policy,
                        person,
                        &act,
                        admitted.interrupted,
                    ))
                })
                .await;
        };
        let account = &admitted.person.account;
        let weak = engine
            .strong_enough(
                password,
                &account.email,
                &account.name,
                &shop.name,
                account.role,
                &policy,
            )
            .await;
        if let Err(weak) = weak {
            engine
                .forgive(Try::ENROLMENT, id, &act, &Refusal::WeakPassword(Vec::new()))
                .await?;
            return Err(weak);
        }
        engine
            .decide(id, |person, rng| {
                enrolment::redeem(
                    &policy,
                    person,
                    &code,
                    hash.clone(),
                    &act,
                    admitted.interrupted,
                    rng,
                )
                .map(|step| signed_in(step, person.account.clone()))
            })
            .await
    }

    async fn unlock(&self, token: &SessionToken, password: &Password) -> Result<SignedIn> {
        let engine = &self.engine;
        let policy = engine.policy().await?;
        let session = engine
            .store
            .session(token.digest())
            .await?
            .ok_or(Refusal::SessionEnded)?;
        let person = engine
            .store
            .person(session.account)
            .await?
            .ok_or(Refusal::SessionEnded)?;
        session::alive(&session, &person.account, engine.now())?;
        if session.stage == Stage::SecondFactor {
            return Err(Refusal::SecondFactorNeeded.into());
        }
        engine
            .with_password(
                Try::UNLOCK,
                &person.account,
                password,
                &policy,
                session.source.clone(),
                |person, act, rng| {
                    let credential = sign_in::settled(Try::UNLOCK, &person.credential, act);
                    let (next, token) = session::advance(&session, session.stage, &policy, act.at, rng);
                    let change = crate::change::Change::of(act.done(Try::UNLOCK.action).on(&person.account))
                        .replace_credential(credential)
                        .put_session(next);
                    Ok((
                        change,
                        SignedIn {
                            token,
                            stage: session.stage,
                            account: person.account.clone(),
                        },
                    ))
                },
            )
            .await
    }

    async fn recover_owner(&self, owner: Option<&Email>, source: Source) -> Result<IssuedEnrolment> {
        let engine = &self.engine;
        let policy = engine.policy().await?;
        let mut owners = engine.store.owners().await?;
        owners.sort_by_key(|person| person.account.created_at);
        let wanted = |person: &crate::store::Person| owner.is_none_or(|email| *email == person.account.email);
        let id = owners
            .into_iter()
            .find(wanted)
            .ok_or(Refusal::NotFound)?
            .account
            .id;
        let act = Act {
            at: engine.now(),
            actor: Actor::RecoveryKey,
            source,
        };
        engine
            .decide(id, |person, rng| {
                let (change, code, expires_at) = shop::recover(person, &policy, &act, rng);
                Ok((
                    change,
                    IssuedEnrolment {
                        code,
                        expires_at,
                        account: person.account.clone(),
                    },
                ))
            })
            .await
    }

    fn directory(&self, token: &SessionToken) -> Box<dyn Directory> {
        Box::new(StoredDirectory::new(Arc::clone(&self.engine), token.clone()))
    }
}
