//! Who asks: somebody from an address, or the holder of a session.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use keyholder_core::audit::Source;
use keyholder_core::directory::{DeviceSessions, Directory};
use keyholder_core::error::{Code, Error, Refusal, StoreError};
use keyholder_core::session::{DeviceKey, SessionToken};
use keyholder_core::wire::{BEARER, Origin};

use crate::answer::Failure;
use crate::endpoint::Endpoint;
use crate::proof::Proven;
use crate::proxy;

/// Characters of a user agent that are kept.
const USER_AGENT_MOST: usize = 256;

/// Somebody who has yet to say who they are.
pub(crate) struct Visitor {
    pub(crate) way_in: Arc<dyn DeviceSessions>,
    /// The device that has signed what they ask.
    device: Option<DeviceKey>,
    address: IpAddr,
    user_agent: Option<String>,
}

impl Visitor {
    /// Where their act comes from: what they say of themselves, at the address that is seen; and the way
    /// in by which it is done.
    pub(crate) fn from(self, origin: Origin) -> Result<(Arc<dyn DeviceSessions>, Source), Error> {
        let (source, bound_to) = origin.source(self.address.to_string(), self.user_agent, self.device)?;
        let way_in = match bound_to {
            Some(key) => self.way_in.of_device(key),
            None => self.way_in,
        };
        Ok((way_in, source))
    }
}

impl FromRequestParts<Endpoint> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Failure> {
        let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
            return Err(Failure::from(Error::Broken(StoreError {
                code: Code::Broken,
                context: "the router is served without the addresses of peers".to_owned(),
            })));
        };
        Ok(Self {
            way_in: Arc::clone(&endpoint.way_in),
            device: parts.extensions.get::<Proven>().map(|proven| proven.key),
            address: proxy::caller(peer.ip(), &parts.headers, &endpoint.proxies),
            user_agent: user_agent(&parts.headers),
        })
    }
}

/// What the caller's program says of itself, as far as it can stand in a line of the trail.
pub(crate) fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    let text: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(USER_AGENT_MOST)
        .collect();
    (!text.trim().is_empty()).then_some(text)
}

/// Whoever holds a session. Whether it is open, and how far its sign-in has come, is looked at with
/// each question by the rules.
pub(crate) struct Caller {
    pub(crate) way_in: Arc<dyn DeviceSessions>,
    pub(crate) token: SessionToken,
    pub(crate) directory: Box<dyn Directory>,
}

impl FromRequestParts<Endpoint> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Failure> {
        // What is no token opens as much as one that was ended.
        let token = bearer(&parts.headers).ok_or(Refusal::SessionEnded)?;
        let way_in = way_in(parts, endpoint);
        if let Some(proven) = parts.extensions.get::<Proven>()
            && !parts.method.is_safe()
        {
            way_in.use_up(&token, proven.once, proven.until).await?;
        }
        Ok(Self {
            directory: way_in.directory(&token),
            way_in,
            token,
        })
    }
}

/// The way in, as it is open to the device that has signed a request.
pub(crate) fn way_in(parts: &Parts, endpoint: &Endpoint) -> Arc<dyn DeviceSessions> {
    match parts.extensions.get::<Proven>() {
        Some(proven) => endpoint.way_in.of_device(proven.key),
        None => Arc::clone(&endpoint.way_in),
    }
}

/// The token that a request carries: in the one `Authorization` header (RFC 6750, 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<SessionToken> {
    let mut written = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(only), None) = (written.next(), written.next()) else {
        return None;
    };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case(BEARER) {
        SessionToken::parse(token.trim())
    } else {
        None
    }
}
