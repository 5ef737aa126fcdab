//! Asking for a link: as much is looked up, made and written for whoever has an account as for whoever has
//! none.

use crate::account::{AccountId, Email};
use crate::audit::{Actor, Source};
use crate::change::{Change, Denial};
use crate::clock::Rng;
use crate::directory::LinkSent;
use crate::directory::stored::attempt::shown_address;
use crate::directory::stored::engine::{Engine, TRIES, busy};
use crate::directory::stored::inside::{Inside, StoredDirectory};
use crate::entry::{Entry, EntryKind};
use crate::error::{Refusal, Result};
use crate::link::Purpose;
use crate::password::Password;
use crate::rules::accounts::Case;
use crate::rules::letter::{Desk, nothing, nothing_at};
use crate::rules::sign_in::{self, Try};
use crate::rules::{Act, link as rules};
use crate::store::{CommitError, Person};

impl Engine {
    /// Somebody asks for a link to an account. The answer says nothing of whether there is one.
    pub(super) async fn request_link(&self, purpose: Purpose, email: &str, source: Source) -> Result<()> {
        let key = self.link_key()?;
        let place = place_of(email);
        for _ in 0..TRIES {
            let person = self.somebody(email).await?;
            let (mut rng, at) = (self.rng(), self.now());
            let links = self.links_of(person.as_ref(), &mut rng).await?;
            let before = self.nothing_before(&place).await?;
            let mut desk = Desk {
                key,
                rng: &mut rng,
                at,
            };
            let decided = match &person {
                Some(person) => {
                    let act = Act::claimed(&person.account, at, source.clone());
                    rules::request(purpose, person, &links, &act, &mut desk).map_err(|denial| denial.change)
                }
                None => Err(nobodys(purpose, email, at, source.clone())),
            };
            let change = decided.unwrap_or_else(|change| nothing(change, &place, &before, &mut desk));
            match self.store.commit(vec![change]).await {
                Ok(()) => return Ok(()),
                Err(CommitError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(busy())
    }

    /// Somebody asks for an account.
    pub(super) async fn register(&self, email: &Email, source: Source) -> Result<()> {
        let key = self.link_key()?;
        if !self.policy().await?.registration {
            return Err(Refusal::NotOffered.into());
        }
        let place = place_of(email.as_str());
        for _ in 0..TRIES {
            let person = self.store.person_by_email(email).await?;
            let (mut rng, at) = (self.rng(), self.now());
            let before = self.nothing_before(&place).await?;
            let act = Act::unknown(email, at, source.clone());
            let mut desk = Desk {
                key,
                rng: &mut rng,
                at,
            };
            let change = match &person {
                None => rules::register(email, &act, &mut desk),
                Some(person) => {
                    let change = rules::registered_already(person, &act, &mut desk);
                    let missing = if person.account.deleted.is_some() { 2 } else { 1 };
                    nothing(change, &place, &before[..missing], &mut desk)
                }
            };
            match self.store.commit(vec![change]).await {
                Ok(()) => return Ok(()),
                Err(CommitError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(busy())
    }

    /// The links that somebody has; as long a look for nobody.
    async fn links_of(&self, person: Option<&Person>, rng: &mut Rng) -> Result<Vec<Entry>> {
        let id = person.map_or_else(|| AccountId::fresh(self.now(), rng), |person| person.account.id);
        Ok(self.store.entries_of(EntryKind::Link, &[id]).await?)
    }

    async fn nothing_before(&self, place: &str) -> Result<[Option<Entry>; 2]> {
        let [link, letter] = nothing_at(place);
        Ok([
            self.store.entry(EntryKind::Link, link).await?,
            self.store.entry(EntryKind::Link, letter).await?,
        ])
    }

    /// The holder asks for another address, knowing the password.
    pub(in crate::directory::stored) async fn request_address(
        &self,
        inside: Inside,
        to: &Email,
        password: &Password,
    ) -> Result<()> {
        let key = self.link_key()?;
        let Inside { me, shop, act, .. } = inside;
        let taken = self.store.person_by_email(to).await?;
        let taken = taken.is_some_and(|other| other.account.id != me.account.id);
        let links = self.store.entries_of(EntryKind::Link, &[me.account.id]).await?;
        let tried = Try::again(rules::asking(Purpose::Address));
        self.with_password(
            tried,
            me,
            password,
            &shop.policy,
            act.source,
            |person, act, rng| {
                let credential = sign_in::settled(tried, &person.credential, act);
                let mut desk = Desk { key, rng, at: act.at };
                // Older ones go by what they say: each names the address that it replaces.
                let change = rules::request_address(person, credential, to, taken, &links, act, &mut desk)?;
                Ok((change, ()))
            },
        )
        .await
    }
}

impl StoredDirectory {
    /// Somebody of the shop has a link sent to an account's holder.
    pub(in crate::directory::stored) async fn send_link(
        &self,
        id: AccountId,
        purpose: Purpose,
        mut rule: impl FnMut(&Case<'_>, &Person, &[Entry], &mut Desk<'_>) -> Result<Change, Box<Denial>> + Send,
    ) -> Result<LinkSent> {
        let key = self.engine.link_key()?;
        for _ in 0..TRIES {
            let inside = self.inside().await?;
            let links = self.engine.store.entries_of(EntryKind::Link, &[id]).await?;
            let (act, at) = (&inside.act, inside.act.at);
            let case = Case {
                act,
                actor: &inside.me.account,
                policy: inside.policy(),
                owners: &[],
            };
            let decided = self.engine.decide_once(id, |person, rng| {
                let mut desk = Desk { key, rng, at };
                let change = rule(&case, person, &links, &mut desk)?;
                let sent = LinkSent {
                    to: person.account.email.clone(),
                    until: crate::rules::session::later(at, purpose.lasts()),
                };
                Ok((change, sent))
            });
            if let Some(sent) = decided.await? {
                return Ok(sent);
            }
        }
        Err(busy())
    }
}

/// What is written of somebody who asks for a link to an account that nobody has.
fn nobodys(purpose: Purpose, email: &str, at: jiff::Timestamp, source: Source) -> Change {
    let act = Act {
        at,
        actor: Actor::Unknown {
            email: shown_address(email),
        },
        source,
    };
    let action = rules::asking(purpose);
    Change::of(act.refused(action, &Refusal::NotFound))
}

/// Under what name it is kept that an address nobody has was tried.
fn place_of(email: &str) -> String {
    Email::parse(email).map_or_else(|_| shown_address(email), |email| email.key().to_owned())
}
