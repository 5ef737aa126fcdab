//! [`Passkeys`]: two steps each, with what lies between them in the store.

use std::sync::Arc;

use async_trait::async_trait;

use super::StoredAuthentication;
use super::attempt::shown_address;
use super::engine::{Engine, TRIES, busy};
use super::inside::StoredDirectory;
use super::sign_in::entered;
use crate::account::{AccountId, Name};
use crate::audit::{Action, Actor, Source};
use crate::credential::PasskeyId;
use crate::directory::{Passkeys, SignedIn};
use crate::entry::{Entry, EntryKind, EntryWrite};
use crate::error::{Refusal, Result};
use crate::passkey::{Begun, CEREMONY_LASTS, Ceremony, Kept, RelyingParty};
use crate::password::Password;
use crate::rules::passkey::{self as rules, Found};
use crate::rules::sign_in::Try;
use crate::rules::{Act, session};
use crate::session::SessionToken;
use crate::store::{CommitError, Person};

impl Engine {
    /// What will be kept of a ceremony that begins now.
    fn ceremony(&self, ceremony: &Ceremony, account: Option<AccountId>, kept: &Kept) -> Result<Entry> {
        let now = self.now();
        let entry = Entry::new(EntryKind::Ceremony, ceremony.key(), now, kept)?;
        let entry = entry.until(session::later(now, CEREMONY_LASTS));
        Ok(match account {
            Some(account) => entry.of(account),
            None => entry,
        })
    }

    /// The ceremony, unless it is used up or too old.
    async fn begun(&self, ceremony: &Ceremony) -> Result<Option<Found>> {
        let entry = self.store.entry(EntryKind::Ceremony, ceremony.key()).await?;
        let Some(entry) = entry.filter(|entry| rules::in_time(entry, self.now())) else {
            return Ok(None);
        };
        let kept = entry.read()?;
        Ok(Some(Found { entry, kept }))
    }

    /// Records that nobody's passkey was tried, and refuses it; fine if somebody else was quicker with the
    /// ceremony.
    async fn nobodys_passkey(&self, found: Option<&Found>, source: Source) -> Result<()> {
        let email = match found.map(|found| &found.kept) {
            Some(Kept::SigningIn { email, .. }) => email.clone(),
            _ => None,
        };
        let act = Act {
            at: self.now(),
            actor: Actor::Unknown {
                email: email.unwrap_or_else(|| "(a passkey)".to_owned()),
            },
            source,
        };
        let denial = rules::nobodys(found, &act);
        match self.store.commit(vec![denial.change]).await {
            Ok(()) => Err(denial.refusal.into()),
            Err(CommitError::Conflict) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }
}

impl StoredAuthentication {
    fn inside(&self, token: &SessionToken) -> StoredDirectory {
        StoredDirectory::new(Arc::clone(&self.engine), self.shown(token))
    }

    async fn person_of(&self, id: Option<AccountId>) -> Result<Option<Person>> {
        Ok(match id {
            Some(id) => self.engine.store.person(id).await?,
            None => None,
        })
    }
}

#[async_trait]
impl Passkeys for StoredAuthentication {
    async fn begin_passkey(
        &self,
        party: &dyn RelyingParty,
        token: &SessionToken,
        name: &Name,
        password: &Password,
    ) -> Result<Begun> {
        let inside = self.inside(token).inside().await?;
        rules::may_be_called(name)?;
        let known: Vec<_> = inside.me.credential.passkeys.keys().cloned().collect();
        let challenge = party.ask_to_make(&inside.me.account, &known)?;
        let ceremony = Ceremony::fresh(&mut self.engine.rng());
        let kept = Kept::Making {
            session: inside.session.id,
            name: name.clone(),
            state: challenge.state,
        };
        let entry = self
            .engine
            .ceremony(&ceremony, Some(inside.me.account.id), &kept)?;
        let (policy, source) = (&inside.shop.policy, inside.act.source);
        let tried = Try::again(Action::PasskeyAdded);
        self.engine
            .with_password(tried, inside.me, password, policy, source, |person, act, _| {
                Ok((rules::begin(person, entry.clone(), act)?, ()))
            })
            .await?;
        Ok(Begun {
            ceremony,
            options: challenge.options,
        })
    }

    async fn add_passkey(
        &self,
        party: &dyn RelyingParty,
        token: &SessionToken,
        ceremony: &Ceremony,
        answer: &str,
    ) -> Result<()> {
        for _ in 0..TRIES {
            let inside = self.inside(token).inside().await?;
            let account = &inside.me.account;
            let Some(found) = self.engine.begun(ceremony).await? else {
                let denial = inside
                    .act
                    .deny(Action::PasskeyAdded, account, Refusal::NothingBegun);
                return Err(self.engine.deny(denial).await);
            };
            let made = party.made(found.kept.state(), answer);
            let decided = self.engine.decide_once(account.id, |person, _| {
                Ok((
                    rules::add(person, &inside.session, &found, made, &inside.act)?,
                    (),
                ))
            });
            if let Some(()) = decided.await? {
                return Ok(());
            }
        }
        Err(busy())
    }

    async fn remove_own_passkey(
        &self,
        token: &SessionToken,
        id: &PasskeyId,
        password: &Password,
    ) -> Result<()> {
        let inside = self.inside(token).inside().await?;
        let (policy, source) = (&inside.shop.policy, inside.act.source);
        let tried = Try::again(Action::PasskeyRemoved);
        self.engine
            .with_password(tried, inside.me, password, policy, source, |person, act, _| {
                let change = rules::remove_own(policy, person, &inside.session, id, act)?;
                Ok((change, ()))
            })
            .await
    }

    async fn ask_for_passkey(&self, party: &dyn RelyingParty, email: Option<&str>) -> Result<Begun> {
        let person = self.engine.somebody(email.unwrap_or_default()).await?;
        let challenge = party.ask_to_use()?;
        let ceremony = Ceremony::fresh(&mut self.engine.rng());
        let kept = Kept::SigningIn {
            email: email.map(shown_address),
            state: challenge.state,
        };
        let account = person.map(|person| person.account.id);
        let entry = self.engine.ceremony(&ceremony, account, &kept)?;
        self.engine.store.keep(vec![EntryWrite::Put(entry)]).await?;
        Ok(Begun {
            ceremony,
            options: challenge.options,
        })
    }

    async fn sign_in_by_passkey(
        &self,
        party: &dyn RelyingParty,
        ceremony: &Ceremony,
        answer: &str,
        source: Source,
    ) -> Result<SignedIn> {
        let policy = self.engine.policy().await?;
        let claim = party.claim(answer);
        for _ in 0..TRIES {
            let found = self.engine.begun(ceremony).await?;
            let person = match (&claim, &found) {
                (Some(claim), Some(found)) => {
                    let id = claim.account.or(found.entry.account);
                    self.person_of(id).await?
                }
                _ => None,
            };
            let (Some(claim), Some(found), Some(person)) = (&claim, &found, person) else {
                self.engine
                    .nobodys_passkey(found.as_ref(), source.clone())
                    .await?;
                continue;
            };
            let act = Act::claimed(&person.account, self.engine.now(), source.clone());
            let decided = self.engine.decide_once(person.account.id, |person, rng| {
                let proved = match person.credential.passkeys.get(&claim.id) {
                    Some(passkey) => party.used(found.kept.state(), answer, &passkey.material),
                    None => Err(crate::passkey::NotProved::Wrong),
                };
                let step = rules::sign_in(&policy, person, &claim.id, proved, found, &act, rng)?;
                Ok(entered(
                    self.engine.told(step, person, &act, rng),
                    person.account.clone(),
                ))
            });
            if let Some(signed_in) = decided.await? {
                return Ok(signed_in);
            }
        }
        Err(busy())
    }
}
