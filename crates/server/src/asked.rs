//! What a request asks, as the types of its operation.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use keyholder_core::wire::{Operation, revision_of};

use crate::answer::Failure;
use crate::endpoint::Endpoint;
use crate::strict;

/// The longest wait for a body: whoever sends it byte by byte holds a connection, not a place in line.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// What is asked.
pub(crate) struct Asked<O: Operation> {
    pub(crate) place: O::Place,
    pub(crate) query: O::Query,
    pub(crate) body: O::Body,
}

impl<O: Operation> FromRequest<Endpoint> for Asked<O> {
    type Rejection = Failure;

    async fn from_request(request: Request, endpoint: &Endpoint) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        // An id that is none names nobody.
        let Path(place) = Path::from_request_parts(&mut parts, endpoint)
            .await
            .map_err(|_| Failure::nowhere())?;
        let query = strict::query(parts.uri.query().unwrap_or_default())?;
        let json = is_json(&parts.headers);
        let taking = Bytes::from_request(Request::from_parts(parts, body), endpoint);
        let too_slow = |_| Failure::bad_request(StatusCode::REQUEST_TIMEOUT, "the body did not come in time");
        let bytes = tokio::time::timeout(PATIENCE, taking)
            .await
            .map_err(too_slow)?
            .map_err(|rejection| {
                Failure::bad_request(rejection.status(), "the body could not be taken in")
            })?;
        if !json && !bytes.is_empty() {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Failure::bad_request(status, "the body must be application/json"));
        }
        let body = strict::json(&bytes)?;
        Ok(Self { place, query, body })
    }
}

/// One media type, whatever its parameters: JSON is UTF-8 (RFC 8259, 8.1).
fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(written)) = headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let essence = written.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// The revision that was looked at before something is changed.
pub(crate) struct Revision(pub(crate) u32);

impl FromRequestParts<Endpoint> for Revision {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Endpoint) -> Result<Self, Failure> {
        let Some(written) = parts.headers.get(header::IF_MATCH) else {
            let status = StatusCode::PRECONDITION_REQUIRED;
            return Err(Failure::bad_request(
                status,
                "say in If-Match which revision you looked at",
            ));
        };
        let revision = written.to_str().ok().and_then(revision_of);
        let unreadable =
            || Failure::bad_request(StatusCode::BAD_REQUEST, "If-Match names no revision of ours");
        revision.map(Self).ok_or_else(unreadable)
    }
}
