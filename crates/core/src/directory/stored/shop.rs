//! The shop's beginning, its owner's way back, and its recycle bin.

use super::engine::Engine;
use super::sign_in::entered;
use crate::account::{Email, Name, Role, TextRefused};
use crate::audit::{Actor, Program, Source};
use crate::directory::{IssuedEnrolment, NewAccount, NewOwner, SignedIn};
use crate::error::{Error, Refusal, Result};
use crate::policy::Policy;
use crate::rules::{Act, retention, shop};
use crate::session::DeviceKey;
use crate::store::{CommitError, Person};

impl Engine {
    /// Sets up the shop with its first owner.
    pub(super) async fn set_up(
        &self,
        name: Name,
        owner: NewOwner,
        source: Source,
        device: Option<DeviceKey>,
    ) -> Result<SignedIn> {
        if self.store.shop().await?.is_some() {
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
        self.strong_enough(
            &password,
            &email,
            &owner_name,
            &name,
            Role::Owner,
            &Policy::default(),
        )
        .await?;
        let mut rng = self.rng();
        let hash = self.hash(&password, &mut rng).await?;
        let act = Act {
            at: self.now(),
            actor: Actor::Keyholder,
            source,
        };
        let new = NewAccount {
            email,
            name: owner_name,
            role: Role::Owner,
        };
        let (step, account) = shop::set_up(name, new, hash, &act, &mut rng);
        let (change, signed_in) = entered(step.bound_to(device), account);
        match self.store.commit(vec![change]).await.map_err(Error::from) {
            Err(Error::Refused(_)) => Err(Refusal::AlreadySetUp.into()),
            Err(broken) => Err(broken),
            Ok(()) => Ok(signed_in),
        }
    }

    /// Lets an owner in again who holds the recovery key.
    pub(super) async fn recover_owner(
        &self,
        owner: Option<&Email>,
        source: Source,
    ) -> Result<IssuedEnrolment> {
        let policy = self.policy().await?;
        let mut owners = self.store.owners().await?;
        owners.sort_by_key(|person| person.account.created_at);
        let wanted = |person: &Person| owner.is_none_or(|email| *email == person.account.email);
        let id = owners
            .into_iter()
            .find(wanted)
            .ok_or(Refusal::NotFound)?
            .account
            .id;
        let act = Act {
            at: self.now(),
            actor: Actor::RecoveryKey,
            source,
        };
        self.decide(id, |person, rng| {
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

    /// Removes accounts for good whose days in the recycle bin are over; says how many. Called at
    /// the start and once a day.
    pub(super) async fn empty_recycle_bin(&self) -> Result<u32> {
        let source = Source {
            program: Program::Keyholder,
            address: None,
            device: None,
            user_agent: None,
        };
        let policy = self.policy().await?;
        let act = Act {
            at: self.now(),
            actor: Actor::Keyholder,
            source,
        };
        let believed = self.believed(act.at).await?;
        let over = retention::over_before(&policy, believed);
        let mut purged = 0;
        for id in self.store.deleted_before(over).await? {
            if let Some(person) = self.store.person(id).await?
                && let Some(change) = retention::purge(&person, &policy, believed, &act)
            {
                match self.store.commit(vec![change]).await {
                    Ok(()) => purged += 1,
                    // Somebody was quicker to restore it.
                    Err(CommitError::Conflict) => {}
                    Err(other) => return Err(other.into()),
                }
            }
        }
        Ok(purged)
    }
}
