//! How often somebody may ask who has no session and no token, and what an answer says of it.
//!
//! Whoever shows what looks like a token is let through first: only the rules know whether it opens
//! anything. If it opened nothing, the request is counted afterwards, so that a made-up token is no way around.
//!
//! Not in here: how often an address signs in, and for whom a page of the shop asks. The rules count these.

mod headers;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use keyholder_core::audit::{Program, Source};
use keyholder_core::error::{Error, Refusal};
use keyholder_core::limit::Allowance;

pub(crate) use self::headers::tell;
use crate::answer::Failure;
use crate::caller::user_agent;
use crate::endpoint::Endpoint;
use crate::proxy;

/// Where programs ask. Whoever looks for a page that is not there is no program.
const PROGRAMS: &str = "/v1/";

/// See above.
pub(crate) async fn limits(State(endpoint): State<Endpoint>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(PROGRAMS) {
        return next.run(request).await;
    }
    let source = source(&endpoint, &request);
    let shows = request.headers().contains_key(header::AUTHORIZATION);
    if !shows {
        return match visit(&endpoint, source.as_ref()).await {
            Err(refused) => refused,
            Ok(allowance) => told(&endpoint, next.run(request).await, allowance.as_ref()),
        };
    }
    let response = next.run(request).await;
    if response.status() != StatusCode::UNAUTHORIZED || !opened_nothing(&response) {
        return told(&endpoint, response, None);
    }
    match visit(&endpoint, source.as_ref()).await {
        Err(refused) => refused,
        Ok(allowance) => told(&endpoint, response, allowance.as_ref()),
    }
}

/// Takes one of the caller's address, where there are limits.
async fn visit(endpoint: &Endpoint, source: Option<&Source>) -> Result<Option<Allowance>, Response> {
    let (Some(limits), Some(source)) = (&endpoint.limits, source) else {
        return Ok(None);
    };
    match limits.visit(source).await {
        Ok(allowance) => Ok(allowance),
        Err(error) => Err(told(endpoint, Failure::from(error).into_response(), None)),
    }
}

fn source(endpoint: &Endpoint, request: &Request) -> Option<Source> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let headers: &HeaderMap = request.headers();
    Some(Source {
        program: Program::Api,
        address: Some(proxy::caller(peer.ip(), headers, &endpoint.proxies).to_string()),
        device: None,
        user_agent: user_agent(headers),
    })
}

/// Whether what was shown is no session.
fn opened_nothing(response: &Response) -> bool {
    let failure = response.extensions().get::<Failure>();
    failure.is_some_and(|failure| failure.problem.refusal == Some(Refusal::SessionEnded))
}

/// The answer with what is left of the limit that it came up against, or else of the caller's.
fn told(endpoint: &Endpoint, mut response: Response, allowance: Option<&Allowance>) -> Response {
    let failure = response.extensions().get::<Failure>();
    let reached = failure.and_then(|failure| match &failure.problem.refusal {
        Some(Refusal::LimitReached(reached)) => Some(reached.clone()),
        _ => None,
    });
    if let Some(allowance) = reached.as_ref().or(allowance) {
        tell(response.headers_mut(), allowance, endpoint.clock.now());
    }
    response
}

/// The same for a page that something kept from being shown.
pub(crate) fn told_of(headers: &mut HeaderMap, error: &Error, endpoint: &Endpoint) {
    if let Error::Refused(Refusal::LimitReached(reached)) = error {
        tell(headers, reached, endpoint.clock.now());
    }
}
