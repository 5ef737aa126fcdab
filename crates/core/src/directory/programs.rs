//! What programs ask with a token, each question looked at anew: a token that was revoked or has run out
//! opens nothing, on any node.

use async_trait::async_trait;

use super::AccountPage;
use crate::account::{Account, AccountId, Email};
use crate::api_token::{ApiToken, ApiTokenRow, TokenScope};
use crate::audit::{RecordedEvent, Source};
use crate::error::Result;
use crate::provisioning::{Named, Provisioned, Wanted};
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::session::SessionRow;
use crate::shop_event::{Recorded, ShopEvent, ShopEventRefused};

/// The way in for programs.
pub trait Programs: Send + Sync {
    /// What one can ask with that token, from there. Whether it holds is looked at with each question.
    fn program(&self, token: &ApiToken, source: Source) -> Box<dyn ProgramDirectory>;
}

/// Why events of the shop were not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotRecorded {
    /// One of them goes beyond its bounds: none was taken.
    #[error("event {place}: {why}")]
    Bounds {
        /// Which, from 0.
        place: usize,
        /// Why.
        why: ShopEventRefused,
    },
    /// As any question to a directory.
    #[error(transparent)]
    Error(#[from] crate::error::Error),
}

/// Whoever provisions an account has it as it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provision {
    /// It was done.
    Done(Box<Provisioned>),
    /// Another account is called so already, by this provisioner or by its e-mail address.
    Taken,
}

/// What a program can ask.
#[async_trait]
pub trait ProgramDirectory: Send + Sync {
    /// What the token is.
    async fn me(&self) -> Result<ApiTokenRow>;

    /// That the token holds and is for that.
    async fn is_for(&self, scope: TokenScope) -> Result<()>;

    // Reading ([`TokenScope::ReadAccounts`], [`TokenScope::ReadAudit`])

    /// A page of accounts.
    async fn accounts(&self, query: &AccountQuery) -> Result<Page<AccountRow>>;

    /// How many accounts a filter finds.
    async fn count_accounts(&self, filter: &AccountFilter) -> Result<u32>;

    /// Everything about one account that is no secret; none if it is not there.
    async fn account(&self, id: AccountId) -> Result<Option<AccountPage>>;

    /// The account of that address; none if it is not there.
    async fn find(&self, email: &Email) -> Result<Option<Account>>;

    /// Open sessions of an account, the newest first.
    async fn sessions(&self, id: AccountId) -> Result<Vec<SessionRow>>;

    /// A page of the audit trail.
    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>>;

    /// Events as [`ProgramDirectory::events`], for whoever sees accounts: of them, only whose they are
    /// may be told on.
    async fn events_about_accounts(&self, query: &EventQuery) -> Result<Page<RecordedEvent>>;

    // The shop's own events ([`TokenScope::WriteEvents`])

    /// Writes events into the trail: all of them, or none.
    async fn record(&self, events: Vec<ShopEvent>) -> Result<Recorded, NotRecorded>;

    // Provisioning, with a token that is a provisioner's

    /// A page of accounts as the provisioner has them.
    async fn provisioned_page(&self, query: &AccountQuery) -> Result<Page<Provisioned>>;

    /// How many accounts a filter finds.
    async fn provisioned_count(&self, filter: &AccountFilter) -> Result<u32>;

    /// One account as the provisioner has it; none if it is not there, or lies in the recycle bin.
    async fn provisioned(&self, id: AccountId) -> Result<Option<Provisioned>>;

    /// The account that the provisioner calls so; never one that only another calls so.
    async fn provisioned_as(&self, named: &Named) -> Result<Option<Provisioned>>;

    /// Makes an account.
    async fn provision(&self, wanted: &Wanted) -> Result<Provision>;

    /// Changes accounts into what is wanted of each, from the revision that was looked at, if one is
    /// named: all of them or none.
    async fn reprovision(&self, wanted: &[(AccountId, Option<u32>, Wanted)]) -> Result<Provision>;

    /// Puts an account into the recycle bin.
    async fn deprovision(&self, id: AccountId, revision: Option<u32>) -> Result<()>;
}
