//! Tokens of programs, made by owners, and what a program does with one.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::engine::{Engine, TRIES, busy};
use super::inside::Inside;
use super::provisioning;
use crate::account::{Account, AccountId, Email, Name};
use crate::api_token::{ApiToken, ApiTokenId, ApiTokenRow, IssuedApiToken, NewApiToken, TokenScope};
use crate::audit::{Action, Actor, RecordedEvent, Source};
use crate::directory::{AccountPage, NotRecorded, ProgramDirectory, Provision};
use crate::entry::{EntryKind, EntryWrite};
use crate::error::{Error, Refusal, Result};
use crate::password::Password;
use crate::provisioning::{Named, Provisioned, Wanted};
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::rights::Right;
use crate::rules::api_token::{self as rules, Token};
use crate::rules::sign_in::Try;
use crate::rules::{Act, page, shop_event};
use crate::session::SessionRow;
use crate::shop_event::{About, Recorded, ShopEvent};
use crate::store::CommitError;

/// The most tokens that are listed: no shop has as many programs.
const LISTED_MOST: u32 = 10_000;

/// Every token that is kept, the oldest first.
async fn tokens(engine: &Engine) -> Result<Vec<Token>> {
    let entries = engine
        .store
        .entries(EntryKind::ApiToken, Timestamp::MAX, LISTED_MOST)
        .await?;
    Ok(entries.into_iter().map(Token::of).collect::<Result<_, _>>()?)
}

/// The list that an owner sees.
pub(super) async fn list(engine: &Engine, inside: &Inside) -> Result<Vec<ApiTokenRow>> {
    inside.allowed(Right::KeepTokens)?;
    Ok(tokens(engine).await?.iter().map(Token::row).collect())
}

/// Makes a token, knowing the password.
pub(super) async fn create(
    engine: &Engine,
    inside: Inside,
    new: NewApiToken,
    password: &Password,
) -> Result<IssuedApiToken> {
    let action = Action::ApiTokenCreated;
    if let Err(denial) = rules::may(&inside.me.account, action, &inside.act) {
        return Err(engine.deny(denial).await);
    }
    let Inside { me, shop, act, .. } = inside;
    engine
        .with_password(
            Try::again(action),
            me,
            password,
            &shop.policy,
            act.source,
            |person, act, rng| rules::create(&new, person, act, rng),
        )
        .await
}

/// Revokes a token. Its use may be noted meanwhile: then it is looked at anew.
pub(super) async fn revoke(engine: &Engine, inside: &Inside, id: ApiTokenId) -> Result<()> {
    for _ in 0..TRIES {
        let found = tokens(engine)
            .await?
            .into_iter()
            .find(|token| token.kept.id == id);
        let Some(token) = found else {
            return Err(Refusal::NotFound.into());
        };
        let change = match rules::revoke(&token, &inside.me.account, &inside.act) {
            Ok(change) => change,
            Err(denial) => return Err(engine.deny(denial).await),
        };
        match engine.store.commit(vec![change]).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(busy())
}

/// A program with a token.
pub(super) struct StoredProgram {
    pub(super) engine: Arc<Engine>,
    pub(super) token: ApiToken,
    pub(super) source: Source,
}

/// A program whose token holds.
pub(super) struct Admitted {
    pub(super) token: Token,
    pub(super) act: Act,
}

impl Admitted {
    /// As which provisioner it acts.
    pub(super) fn provisioner(&self) -> Result<&Name> {
        let provisioner = self.token.kept.provisioner.as_ref();
        provisioner.ok_or_else(|| Refusal::OutOfScope.into())
    }
}

impl StoredProgram {
    /// Whose token it is, if it holds. Notes that it was used.
    pub(super) async fn admitted(&self) -> Result<Admitted> {
        let now = self.engine.now();
        let entry = self.engine.store.entry(EntryKind::ApiToken, self.token.key());
        let token = match entry.await?.map(Token::of).transpose()? {
            Some(token) if token.holds(now) => token,
            _ => return Err(Refusal::SessionEnded.into()),
        };
        if let Some(noted) = token.used(now) {
            // Somebody else may be quicker: then it is noted, or revoked a moment later.
            match self.engine.store.keep(vec![EntryWrite::Put(noted?)]).await {
                Ok(()) | Err(CommitError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
        }
        let actor = Actor::ApiToken {
            name: token.kept.name.as_str().to_owned(),
        };
        let act = Act {
            at: now,
            actor,
            source: self.source.clone(),
        };
        Ok(Admitted { token, act })
    }

    async fn admitted_for(&self, scope: TokenScope) -> Result<Admitted> {
        let admitted = self.admitted().await?;
        rules::for_scope(&admitted.token, scope)?;
        Ok(admitted)
    }

    /// The account that an event is about, as far as it is known.
    async fn about(&self, about: &About) -> Result<(Option<AccountId>, Option<String>)> {
        let store = &self.engine.store;
        Ok(match about {
            About::Id(id) => {
                let person = store.person(*id).await?;
                let email = person.map(|person| person.account.email.as_str().to_owned());
                (Some(*id), email)
            }
            About::Email(email) => {
                let person = store.person_by_email(email).await?;
                let id = person.map(|person| person.account.id);
                (id, Some(email.as_str().to_owned()))
            }
        })
    }
}

#[async_trait]
impl ProgramDirectory for StoredProgram {
    async fn me(&self) -> Result<ApiTokenRow> {
        Ok(self.admitted().await?.token.row())
    }

    async fn is_for(&self, scope: TokenScope) -> Result<()> {
        self.admitted_for(scope).await.map(drop)
    }

    async fn accounts(&self, query: &AccountQuery) -> Result<Page<AccountRow>> {
        let admitted = self.admitted_for(TokenScope::ReadAccounts).await?;
        Ok(self.engine.store.accounts(query, admitted.act.at).await?)
    }

    async fn count_accounts(&self, filter: &AccountFilter) -> Result<u32> {
        let admitted = self.admitted_for(TokenScope::ReadAccounts).await?;
        Ok(self.engine.store.count_accounts(filter, admitted.act.at).await?)
    }

    async fn account(&self, id: AccountId) -> Result<Option<AccountPage>> {
        let admitted = self.admitted_for(TokenScope::ReadAccounts).await?;
        let Some(person) = self.engine.store.person(id).await? else {
            return Ok(None);
        };
        let sessions = self.engine.store.sessions_of(id).await?;
        let sessions = super::answering::rows(sessions, None, admitted.act.at);
        let policy = self.engine.policy().await?;
        Ok(Some(page::of(person, sessions, None, &policy, admitted.act.at)))
    }

    async fn find(&self, email: &Email) -> Result<Option<Account>> {
        self.admitted_for(TokenScope::ReadAccounts).await?;
        let person = self.engine.store.person_by_email(email).await?;
        Ok(person.map(|person| person.account))
    }

    async fn sessions(&self, id: AccountId) -> Result<Vec<SessionRow>> {
        let admitted = self.admitted_for(TokenScope::ReadAccounts).await?;
        let sessions = self.engine.store.sessions_of(id).await?;
        Ok(super::answering::rows(sessions, None, admitted.act.at))
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>> {
        self.admitted_for(TokenScope::ReadAudit).await?;
        Ok(self.engine.store.events(query).await?)
    }

    async fn events_about_accounts(&self, query: &EventQuery) -> Result<Page<RecordedEvent>> {
        self.admitted_for(TokenScope::ReadAccounts).await?;
        Ok(self.engine.store.events(query).await?)
    }

    async fn record(&self, events: Vec<ShopEvent>) -> Result<Recorded, NotRecorded> {
        let admitted = self.admitted_for(TokenScope::WriteEvents).await?;
        let mut told = Vec::with_capacity(events.len());
        for (place, event) in events.into_iter().enumerate() {
            let event = event.told().map_err(|why| NotRecorded::Bounds { place, why })?;
            let (subject, subject_email) = match &event.about {
                Some(about) => self.about(about).await?,
                None => (None, None),
            };
            told.push(shop_event::Known {
                told: event,
                subject,
                subject_email,
            });
        }
        let count = u32::try_from(told.len()).unwrap_or(u32::MAX);
        let Some(change) = shop_event::told(told, &admitted.act) else {
            return Ok(Recorded { first: 0, last: 0 });
        };
        let last = self
            .engine
            .store
            .record(vec![change])
            .await
            .map_err(Error::from)?;
        let first = last.saturating_sub(count.saturating_sub(1));
        Ok(Recorded { first, last })
    }

    async fn provisioned_page(&self, query: &AccountQuery) -> Result<Page<Provisioned>> {
        provisioning::page(self, query).await
    }

    async fn provisioned_count(&self, filter: &AccountFilter) -> Result<u32> {
        let admitted = self.admitted().await?;
        admitted.provisioner()?;
        Ok(self.engine.store.count_accounts(filter, admitted.act.at).await?)
    }

    async fn provisioned(&self, id: AccountId) -> Result<Option<Provisioned>> {
        provisioning::get(self, id).await
    }

    async fn provisioned_as(&self, named: &Named) -> Result<Option<Provisioned>> {
        provisioning::named(self, named).await
    }

    async fn provision(&self, wanted: &Wanted) -> Result<Provision> {
        provisioning::create(self, wanted).await
    }

    async fn reprovision(&self, wanted: &[(AccountId, Option<u32>, Wanted)]) -> Result<Provision> {
        provisioning::change(self, wanted).await
    }

    async fn deprovision(&self, id: AccountId, revision: Option<u32>) -> Result<()> {
        provisioning::delete(self, id, revision).await
    }
}
