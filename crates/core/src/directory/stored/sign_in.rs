//! The steps of signing in, and back in.

use std::future;
use std::sync::Arc;

use super::attempt::{hash_of, still};
use super::engine::Engine;
use crate::account::Account;
use crate::audit::Source;
use crate::change::Change;
use crate::directory::SignedIn;
use crate::error::{Refusal, Result};
use crate::password::{Password, Verdict};
use crate::rules::sign_in::{self as rules, Step, Try};
use crate::rules::{Act, session};
use crate::second_factor::recovery::Hashing;
use crate::second_factor::{RecoveryCode, RecoverySet, TotpCode};
use crate::session::{DeviceKey, Session, SessionToken, Stage};
use crate::store::Person;

/// What a step writes, and what it answers.
pub(super) fn entered(step: Step, account: Account) -> (Change, SignedIn) {
    (
        step.change,
        SignedIn {
            token: step.token,
            stage: step.session.stage,
            account,
        },
    )
}

impl Engine {
    /// The first step: e-mail address and password.
    pub(super) async fn password(
        self: &Arc<Self>,
        email: &str,
        password: &Password,
        source: Source,
        device: Option<DeviceKey>,
    ) -> Result<SignedIn> {
        let tried = Try::PASSWORD;
        let policy = self.policy().await?;
        let Some(person) = self.somebody(email).await? else {
            return Err(self.stranger(email, password, tried, &policy, source).await?);
        };
        let id = person.account.id;
        let act = Act::claimed(&person.account, self.now(), source.clone());
        let (reserved, (evaluated, verdict)) = self
            .attempt(tried, person, &policy, &act, |person| {
                self.judge(hash_of(person), password)
            })
            .await?;
        let upgraded = match verdict {
            Verdict::Right { outdated: true } => Some(self.hash(password, &mut self.rng()).await?),
            _ => None,
        };
        let act = act.at(self.now());
        let signed_in = self
            .decide(id, |person, rng| {
                let interrupted = reserved.interrupted;
                if verdict == Verdict::Wrong || !still(person, evaluated.as_ref()) {
                    return Err(rules::wrong(tried, &policy, person, &act, interrupted));
                }
                rules::right_password(&policy, person, &act, interrupted, upgraded.clone(), rng).map(|step| {
                    let step = self.told(step.bound_to(device), person, &act, rng);
                    entered(step, person.account.clone())
                })
            })
            .await?;
        self.check_breach_later(id, password.clone(), policy, source)
            .await;
        Ok(signed_in)
    }

    /// The second step: the code of the authenticator app.
    pub(super) async fn code(&self, token: &SessionToken, code: &str) -> Result<SignedIn> {
        let tried = Try::CODE;
        let policy = self.policy().await?;
        let (session, person) = self.half_in(token).await?;
        let id = person.account.id;
        // What cannot be a code is a slip of the finger, not a guess.
        let code = TotpCode::parse(code).ok_or(Refusal::WrongCredentials)?;
        let act = Act::half_proved(&person.account, self.now(), session.source.clone());
        let (reserved, ()) = self
            .attempt(tried, person, &policy, &act, |_| future::ready(Ok(())))
            .await?;
        let act = act.at(self.now());
        let signed_in = self
            .settle(tried, id, &act, |person, rng| {
                let interrupted = reserved.interrupted;
                rules::code(&policy, person, &session, &code, &act, interrupted, rng)
                    .map(|step| entered(self.told(step, person, &act, rng), person.account.clone()))
            })
            .await?;
        self.code_came(session.id).await?;
        Ok(signed_in)
    }

    /// The second step without the phone.
    pub(super) async fn recovery_code(&self, token: &SessionToken, code: &str) -> Result<SignedIn> {
        let tried = Try::RECOVERY_CODE;
        let policy = self.policy().await?;
        let (session, person) = self.half_in(token).await?;
        let id = person.account.id;
        let code = RecoveryCode::parse(code).ok_or(Refusal::WrongCredentials)?;
        let act = Act::half_proved(&person.account, self.now(), session.source.clone());
        let (reserved, digest) = self
            .attempt(tried, person, &policy, &act, |person| {
                let set = person.credential.recovery.as_ref();
                // As much work where there is nothing to find.
                let nobody = Hashing {
                    salt: [0; 16],
                    cost: self.cost(),
                };
                let hashing = set.map_or(nobody, RecoverySet::hashing);
                let code = &code;
                async move { self.digest(code.canonical(), hashing).await }
            })
            .await?;
        let act = act.at(self.now());
        let signed_in = self
            .settle(tried, id, &act, |person, rng| {
                let interrupted = reserved.interrupted;
                rules::recovery_code(&policy, person, &session, &digest, &act, interrupted, rng)
                    .map(|step| entered(self.told(step, person, &act, rng), person.account.clone()))
            })
            .await?;
        self.code_came(session.id).await?;
        Ok(signed_in)
    }

    /// Back into a session that is locked, or was idle for too long.
    pub(super) async fn unlock(&self, token: &SessionToken, password: &Password) -> Result<SignedIn> {
        let tried = Try::UNLOCK;
        let policy = self.policy().await?;
        let (session, person) = self.holder_of(token).await?;
        if session.stage == Stage::SecondFactor {
            return Err(Refusal::SecondFactorNeeded.into());
        }
        let source = session.source.clone();
        self.with_password(tried, person, password, &policy, source, |person, act, rng| {
            let step = rules::back_in(tried, &policy, person, &session, act, rng);
            Ok(entered(step, person.account.clone()))
        })
        .await
    }

    /// The session of this token, as long as it lives, and whose it is.
    pub(super) async fn holder_of(&self, token: &SessionToken) -> Result<(Session, Person)> {
        let session = self.store.session(token.digest()).await?;
        let session = session
            .filter(|session| token.is_shown_rightly(session))
            .ok_or(Refusal::SessionEnded)?;
        let person = self.store.person(session.account).await?;
        let person = person.ok_or(Refusal::SessionEnded)?;
        session::alive(&session, &person.account, self.now())?;
        Ok((session, person))
    }

    /// The session of somebody who has given their password and nothing more yet.
    async fn half_in(&self, token: &SessionToken) -> Result<(Session, Person)> {
        let (session, person) = self.holder_of(token).await?;
        if session.stage == Stage::SecondFactor {
            Ok((session, person))
        } else {
            Err(Refusal::SessionEnded.into())
        }
    }
}
