//! [`ByMail`]: links asked for, looked at and used.

mod asked;
mod told;
mod used;

use async_trait::async_trait;

use super::StoredAuthentication;
use super::engine::Engine;
use crate::account::{Email, Name, Role};
use crate::audit::Source;
use crate::clock::Rng;
use crate::directory::{ByMail, LinkView, Offers, SignedIn};
use crate::entry::EntryKind;
use crate::error::{Refusal, Result};
use crate::limit::Limit;
use crate::link::{LinkKey, LinkToken, Purpose, Sent};
use crate::password::Password;
use crate::rules::letter::Desk;
use crate::rules::link::{self as rules, Found};
use crate::store::Person;

impl Engine {
    /// With what links are signed, where letters are posted.
    fn link_key(&self) -> Result<&LinkKey> {
        Ok(self.letters.get().ok_or(Refusal::NotOffered)?)
    }

    /// Where letters are written, if they are posted.
    pub(super) fn desk<'a>(&'a self, rng: &'a mut Rng, at: jiff::Timestamp) -> Option<Desk<'a>> {
        let key = self.letters.get()?;
        Some(Desk { key, rng, at })
    }

    /// The link of that token, with whose it is. One that was made up is refused before anything is looked
    /// up.
    async fn find(&self, purpose: Purpose, text: &str) -> Result<(Found, Option<Person>)> {
        let token = LinkToken::parse(purpose, text, self.link_key()?).ok_or(Refusal::LinkRefused)?;
        let entry = self.store.entry(EntryKind::Link, token.key()).await?;
        let entry = entry
            .filter(|entry| rules::in_time(entry, purpose, self.now()))
            .ok_or(Refusal::LinkRefused)?;
        let sent: Sent = entry.read()?;
        let person = match entry.account {
            Some(id) => Some(self.store.person(id).await?.ok_or(Refusal::LinkRefused)?),
            None => None,
        };
        if sent.does.purpose() == purpose && rules::counts(&sent, person.as_ref()) {
            Ok((Found { entry, sent }, person))
        } else {
            Err(Refusal::LinkRefused.into())
        }
    }

    async fn look(&self, purpose: Purpose, text: &str) -> Result<LinkView> {
        let (found, person) = self.find(purpose, text).await?;
        let policy = self.policy().await?;
        let role = person.map_or(Role::Customer, |person| person.account.role);
        Ok(LinkView {
            email: found.sent.to,
            shortest: policy.password_length(policy.requires_second_factor(role)),
        })
    }
}

#[async_trait]
impl ByMail for StoredAuthentication {
    async fn offers(&self) -> Result<Offers> {
        let letters = self.engine.letters.get().is_some();
        let shop = self.engine.store.shop().await?;
        Ok(Offers {
            letters,
            registration: letters && shop.is_some_and(|shop| shop.policy.registration),
        })
    }

    async fn request_reset(&self, email: &str, source: Source) -> Result<()> {
        self.one_request(Limit::Reset, email, &source).await?;
        self.engine.request_link(Purpose::Reset, email, source).await
    }

    async fn request_sign_in_link(&self, email: &str, source: Source) -> Result<()> {
        self.one_request(Limit::SignInLink, email, &source).await?;
        self.engine.request_link(Purpose::SignIn, email, source).await
    }

    async fn register(&self, email: &Email, source: Source) -> Result<()> {
        self.one_request(Limit::Registration, email.as_str(), &source)
            .await?;
        self.engine.register(email, source).await
    }

    async fn look(&self, purpose: Purpose, token: &str) -> Result<LinkView> {
        self.engine.look(purpose, token).await
    }

    async fn reset_password(&self, token: &str, password: &Password, source: Source) -> Result<SignedIn> {
        let purpose = Purpose::Reset;
        self.engine.set_password(purpose, token, password, source).await
    }

    async fn accept_invitation(&self, token: &str, password: &Password, source: Source) -> Result<SignedIn> {
        let purpose = Purpose::Invitation;
        self.engine.set_password(purpose, token, password, source).await
    }

    async fn sign_in_by_link(&self, token: &str, source: Source) -> Result<SignedIn> {
        self.engine.sign_in_by_link(token, source).await
    }

    async fn finish_registration(
        &self,
        token: &str,
        name: Name,
        password: &Password,
        source: Source,
    ) -> Result<SignedIn> {
        self.engine
            .finish_registration(token, name, password, source)
            .await
    }

    async fn confirm_address(&self, token: &str, source: Source) -> Result<()> {
        self.engine.confirm_address(token, source).await
    }

    async fn disown(&self, token: &str, source: Source) -> Result<()> {
        self.engine.disown(token, source).await
    }
}
