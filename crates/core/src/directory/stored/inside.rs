//! The gates that every question to a directory passes: whose session it is, and how far it has come.

use std::sync::Arc;

use super::engine::{Engine, TRIES, busy};
use crate::account::{Account, AccountId};
use crate::change::{Change, Decision, Denial, Write};
use crate::clock::Rng;
use crate::directory::IssuedEnrolment;
use crate::error::{Refusal, Result};
use crate::policy::Policy;
use crate::rights::Right;
use crate::rules::accounts::{Case, Issued};
use crate::rules::{Act, guard, session};
use crate::session::{Session, SessionToken, Stage};
use crate::shop::Shop;
use crate::store::Person;

/// A directory over a store, bound to a session.
pub(super) struct StoredDirectory {
    pub(super) engine: Arc<Engine>,
    token: SessionToken,
}

/// Somebody inside: whose session it is and what the shop has decided.
pub(super) struct Inside {
    pub(super) session: Session,
    pub(super) me: Person,
    pub(super) shop: Shop,
    pub(super) act: Act,
}

impl Inside {
    pub(super) fn policy(&self) -> &Policy {
        &self.shop.policy
    }

    pub(super) fn allowed(&self, right: Right) -> Result<()> {
        Ok(guard::allowed(&self.me.account, right)?)
    }
}

impl StoredDirectory {
    pub(super) fn new(engine: Arc<Engine>, token: SessionToken) -> Self {
        Self { engine, token }
    }

    /// Whoever this session belongs to, however far the sign-in has come, locked or not.
    pub(super) async fn holder(&self) -> Result<Inside> {
        let (session, me) = self.engine.holder_of(&self.token).await?;
        let shop = self.engine.store.shop().await?.ok_or(Refusal::NotSetUp)?;
        let now = self.engine.now();
        let act = Act::by(&me.account, now, session.source.clone());
        Ok(Inside {
            session,
            me,
            shop,
            act,
        })
    }

    /// Somebody who is there and has given every secret, but may have duties that come first.
    pub(super) async fn present(&self) -> Result<Inside> {
        let inside = self.holder().await?;
        if inside.session.stage == Stage::SecondFactor {
            return Err(Refusal::SecondFactorNeeded.into());
        }
        if session::locked(&inside.session, inside.policy(), inside.act.at) {
            return Err(Refusal::SessionLocked.into());
        }
        Ok(inside)
    }

    /// Somebody who is signed in.
    pub(super) async fn inside(&self) -> Result<Inside> {
        let inside = self.present().await?;
        if inside.session.stage == Stage::Open {
            Ok(inside)
        } else {
            Err(Refusal::SetUpNeeded.into())
        }
    }

    pub(super) async fn reader(&self, right: Right) -> Result<Inside> {
        let inside = self.inside().await?;
        inside.allowed(right)?;
        Ok(inside)
    }

    /// One act on one account, decided anew if somebody else was quicker.
    pub(super) async fn on<T: Send>(
        &self,
        id: AccountId,
        mut rule: impl FnMut(&Case<'_>, &Person, &mut Rng) -> Result<(Change, T), Box<Denial>> + Send,
    ) -> Result<T> {
        for _ in 0..TRIES {
            // All of it anew each time: whoever was quicker may have been about the actor, or have left
            // no other owner.
            let inside = self.inside().await?;
            let owners = self.engine.store.owners().await?;
            let case = Case {
                act: &inside.act,
                actor: &inside.me.account,
                policy: inside.policy(),
                owners: &owners,
            };
            let decided = self
                .engine
                .decide_once(id, |person, rng| rule(&case, person, rng));
            if let Some(answer) = decided.await? {
                return Ok(answer);
            }
        }
        Err(busy())
    }

    pub(super) async fn changed(
        &self,
        id: AccountId,
        mut rule: impl FnMut(&Case<'_>, &Person) -> Result<Change, Box<Denial>> + Send,
    ) -> Result<Account> {
        self.on(id, |case, person, _| {
            let change = rule(case, person)?;
            let after = change.account().map_or(&person.account, Write::value).clone();
            Ok((change, after))
        })
        .await
    }

    pub(super) async fn issued(
        &self,
        id: AccountId,
        mut rule: impl FnMut(&Case<'_>, &Person, &mut Rng) -> Result<Issued, Box<Denial>> + Send,
    ) -> Result<IssuedEnrolment> {
        self.on(id, |case, person, rng| {
            let Issued {
                change,
                account,
                code,
                expires_at,
            } = rule(case, person, rng)?;
            Ok((
                change,
                IssuedEnrolment {
                    code,
                    expires_at,
                    account,
                },
            ))
        })
        .await
    }

    /// Writes what was decided about the shop.
    pub(super) async fn shop_changed(&self, before: Shop, decision: Decision) -> Result<Shop> {
        match decision {
            Err(denial) => Err(self.engine.deny(denial).await),
            Ok(change) => {
                let after = change.shop().map_or(before, |write| write.value().clone());
                self.engine.commit(change).await?;
                Ok(after)
            }
        }
    }
}
