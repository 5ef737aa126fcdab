//! How strong a password is, known breaches included: asked before it is set, and after a sign-in
//! while the person goes on.

use std::sync::Arc;

use super::engine::{Engine, TRIES, busy};
use crate::account::{AccountId, Email, Name, Role};
use crate::audit::{Actor, Program, Source};
use crate::breach::BreachAnswer;
use crate::error::{Error, Refusal, Result};
use crate::password::{self, Context, Password, Rules, Weakness};
use crate::policy::Policy;
use crate::rules::{Act, own};
use crate::store::CommitError;

impl Engine {
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
}
