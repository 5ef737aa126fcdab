//! Using a link: found anew each time somebody else was quicker, so that it is used once.

use crate::account::Name;
use crate::audit::Source;
use crate::change::{Change, Denial};
use crate::directory::SignedIn;
use crate::directory::stored::engine::{Engine, TRIES, busy};
use crate::directory::stored::sign_in::entered;
use crate::error::{Error, Refusal, Result};
use crate::link::Purpose;
use crate::password::Password;
use crate::rules::Act;
use crate::rules::letter::Desk;
use crate::rules::link::{self as rules, Found};
use crate::store::{CommitError, Person};

impl Engine {
    /// Sets the password of somebody who was invited or forgot theirs. A link is not used up by a password
    /// that is not taken.
    pub(super) async fn set_password(
        &self,
        purpose: Purpose,
        token: &str,
        password: &Password,
        source: Source,
    ) -> Result<SignedIn> {
        let (_, person) = self.find(purpose, token).await?;
        let person = person.ok_or(Refusal::LinkRefused)?;
        let shop = self.store.shop().await?.ok_or(Refusal::NotSetUp)?;
        let (account, policy) = (&person.account, &shop.policy);
        let (email, name, role) = (&account.email, &account.name, account.role);
        self.strong_enough(password, email, name, &shop.name, role, policy)
            .await?;
        let hash = self.hash(password, &mut self.rng()).await?;
        self.use_link(purpose, token, &source, |person, found, act, desk| {
            let step = rules::set_password(purpose, policy, person, found, hash.clone(), act, desk)?;
            Ok(entered(step, person.account.clone()))
        })
        .await
    }

    /// In, without a password.
    pub(super) async fn sign_in_by_link(&self, token: &str, source: Source) -> Result<SignedIn> {
        let policy = self.policy().await?;
        self.use_link(Purpose::SignIn, token, &source, |person, found, act, desk| {
            let step = rules::sign_in(&policy, person, found, act, desk)?;
            Ok(entered(step, person.account.clone()))
        })
        .await
    }

    /// Gives the account its new address.
    pub(super) async fn confirm_address(&self, token: &str, source: Source) -> Result<()> {
        self.use_link(Purpose::Address, token, &source, |person, found, act, desk| {
            Ok((rules::change_address(person, found, act, desk)?, ()))
        })
        .await
    }

    /// "That was not me".
    pub(super) async fn disown(&self, token: &str, source: Source) -> Result<()> {
        self.use_link(Purpose::Disown, token, &source, |person, found, act, _| {
            Ok((rules::disown(person, found, act), ()))
        })
        .await
    }

    /// Makes the account that was asked for.
    pub(super) async fn finish_registration(
        &self,
        token: &str,
        name: Name,
        password: &Password,
        source: Source,
    ) -> Result<SignedIn> {
        let key = self.link_key()?;
        let shop = self.store.shop().await?.ok_or(Refusal::NotSetUp)?;
        let policy = &shop.policy;
        let (found, _) = self.find(Purpose::Registration, token).await?;
        if !policy.registration {
            return Err(Refusal::NotOffered.into());
        }
        let role = crate::account::Role::Customer;
        self.strong_enough(password, &found.sent.to, &name, &shop.name, role, policy)
            .await?;
        let mut rng = self.rng();
        let hash = self.hash(password, &mut rng).await?;
        let act = Act::unknown(&found.sent.to, self.now(), source);
        let mut desk = Desk {
            key,
            rng: &mut rng,
            at: act.at,
        };
        let (step, account) = rules::finish_registration(policy, &found, name, hash, &act, &mut desk);
        let (change, signed_in) = entered(step, account);
        match self.store.commit(vec![change]).await {
            Ok(()) => Ok(signed_in),
            // Used at the same time, or somebody of the shop made the account in the meantime.
            Err(CommitError::Conflict | CommitError::EmailTaken) => Err(Refusal::LinkRefused.into()),
            Err(other) => Err(other.into()),
        }
    }

    async fn use_link<T: Send>(
        &self,
        purpose: Purpose,
        token: &str,
        source: &Source,
        mut rule: impl FnMut(&Person, &Found, &Act, &mut Desk<'_>) -> Result<(Change, T), Box<Denial>> + Send,
    ) -> Result<T> {
        let key = self.link_key()?;
        for _ in 0..TRIES {
            let (found, person) = self.find(purpose, token).await?;
            let person = person.ok_or(Refusal::LinkRefused)?;
            let act = Act::claimed(&person.account, self.now(), source.clone());
            let mut rng = self.rng();
            let mut desk = Desk {
                key,
                rng: &mut rng,
                at: act.at,
            };
            let (change, answer) = match rule(&person, &found, &act, &mut desk) {
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
}
