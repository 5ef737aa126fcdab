//! Programs that ask beside people: by a token of their own, for what it was made for.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::{Extension, Router};
use keyholder_core::account::{Account, AccountId, Email};
use keyholder_core::api_token::{ApiToken, TOKEN_PREFIX};
use keyholder_core::audit::{Program as Through, RecordedEvent, Source};
use keyholder_core::directory::{AccountPage, Directory, ProgramDirectory, Programs};
use keyholder_core::error::{Code, Error, Refusal, Result, StoreError};
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use keyholder_core::session::SessionRow;
use keyholder_core::store::Store;
use keyholder_core::wire::BEARER;

use crate::answer::Failure;
use crate::caller::{Caller, user_agent};
use crate::endpoint::Endpoint;
use crate::tail::Tail;
use crate::{proxy, scim};

/// What programs need beside what people do.
pub struct ForPrograms {
    /// Whose tokens open what.
    pub rules: Arc<dyn Programs>,
    /// Keeps requests that are made under a key of their maker's.
    pub store: Arc<dyn Store>,
    /// Follows the trail.
    pub tail: Tail,
    /// Where the service is reached, without a slash at the end.
    pub public_url: String,
}

/// Serves programs too with what answers people: the same operations where they read, the shop's own
/// events, the live trail, and SCIM.
pub fn for_programs(people: Router, endpoint: &Endpoint, with: ForPrograms) -> Router {
    let scim = scim::routes(endpoint.clone(), &with.public_url);
    people
        .merge(scim)
        .layer(Extension(with.rules))
        .layer(Extension(with.store))
        .layer(Extension(with.tail))
}

/// What a request carries to be let in: in the one `Authorization` header (RFC 6750, 2.1).
pub(crate) fn bearer_text(headers: &HeaderMap) -> Option<&str> {
    let mut written = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(only), None) = (written.next(), written.next()) else {
        return None;
    };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case(BEARER).then(|| token.trim())
}

/// A program, by its token. Whether that holds is looked at with each question.
pub(crate) struct Program(pub(crate) Box<dyn ProgramDirectory>);

impl FromRequestParts<Endpoint> for Program {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Failure> {
        // What is no token opens as much as one that was revoked.
        let token = bearer_text(&parts.headers).and_then(ApiToken::parse);
        let token = token.ok_or(Refusal::SessionEnded)?;
        let Some(rules) = parts.extensions.get::<Arc<dyn Programs>>() else {
            return Err(Refusal::SessionEnded.into());
        };
        let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
            return Err(Failure::from(Error::Broken(StoreError {
                code: Code::Broken,
                context: "the router is served without the addresses of peers".to_owned(),
            })));
        };
        let address = proxy::caller(peer.ip(), &parts.headers, &endpoint.proxies);
        let source = Source {
            program: Through::Api,
            address: Some(address.to_string()),
            device: None,
            user_agent: user_agent(&parts.headers),
        };
        Ok(Self(rules.program(&token, source)))
    }
}

/// Somebody who reads: a person with a session, or a program with a token.
pub(crate) enum Reader {
    Person(Box<dyn Directory>),
    Program(Box<dyn ProgramDirectory>),
}

impl FromRequestParts<Endpoint> for Reader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Failure> {
        if bearer_text(&parts.headers).is_some_and(|text| text.starts_with(TOKEN_PREFIX)) {
            let Program(program) = Program::from_request_parts(parts, endpoint).await?;
            Ok(Self::Program(program))
        } else {
            let caller = Caller::from_request_parts(parts, endpoint).await?;
            Ok(Self::Person(caller.directory))
        }
    }
}

impl Reader {
    pub(crate) async fn accounts(&self, query: &AccountQuery) -> Result<Page<AccountRow>> {
        match self {
            Self::Person(directory) => directory.accounts(query).await,
            Self::Program(program) => program.accounts(query).await,
        }
    }

    pub(crate) async fn count_accounts(&self, filter: &AccountFilter) -> Result<u32> {
        match self {
            Self::Person(directory) => directory.count_accounts(filter).await,
            Self::Program(program) => program.count_accounts(filter).await,
        }
    }

    pub(crate) async fn account(&self, id: AccountId) -> Result<Option<AccountPage>> {
        match self {
            Self::Person(directory) => directory.account(id).await,
            Self::Program(program) => program.account(id).await,
        }
    }

    pub(crate) async fn find(&self, email: &Email) -> Result<Option<Account>> {
        match self {
            Self::Person(directory) => directory.find(email).await,
            Self::Program(program) => program.find(email).await,
        }
    }

    pub(crate) async fn sessions(&self, id: AccountId) -> Result<Vec<SessionRow>> {
        match self {
            Self::Person(directory) => directory.sessions(id).await,
            Self::Program(program) => program.sessions(id).await,
        }
    }

    pub(crate) async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>> {
        match self {
            Self::Person(directory) => directory.events(query).await,
            Self::Program(program) => program.events(query).await,
        }
    }
}
