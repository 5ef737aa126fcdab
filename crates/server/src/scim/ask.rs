//! What a provisioner asks: who it is, what it sends, and how it wants the answer.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use keyholder_core::directory::ProgramDirectory;
use keyholder_core::error::{Error, Refusal};
use keyholder_core::wire::revision_of;
use serde_json::{Map, Value};

use super::error::{Result, ScimError, put};
use super::{Base, SCIM_JSON};
use crate::asked::PATIENCE;
use crate::endpoint::Endpoint;
use crate::programs::Program;

/// A provisioner, whose token holds.
pub(super) struct Provisioner {
    pub(super) program: Box<dyn ProgramDirectory>,
    pub(super) base: Base,
}

impl FromRequestParts<Endpoint> for Provisioner {
    type Rejection = ScimError;

    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self> {
        let Program(program) = Program::from_request_parts(parts, endpoint).await?;
        if program.me().await?.provisioner.is_none() {
            return Err(Error::from(Refusal::OutOfScope).into());
        }
        let base = parts.extensions.get::<Base>().cloned();
        let base = base.ok_or_else(|| ScimError::new(StatusCode::INTERNAL_SERVER_ERROR, "no base"))?;
        Ok(Self { program, base })
    }
}

/// An object that was sent.
pub(super) struct Sent(pub(super) Map<String, Value>);

impl FromRequest<Endpoint> for Sent {
    type Rejection = ScimError;

    async fn from_request(request: Request, endpoint: &Endpoint) -> Result<Self> {
        if !is_json(request.headers()) {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(ScimError::new(status, "the body must be application/scim+json"));
        }
        let taking = Bytes::from_request(request, endpoint);
        let late = |_| ScimError::new(StatusCode::REQUEST_TIMEOUT, "the body did not come in time");
        let bytes = tokio::time::timeout(PATIENCE, taking)
            .await
            .map_err(late)?
            .map_err(|refused| ScimError::new(refused.status(), "the body could not be taken in"))?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(sent)) => Ok(Self(sent)),
            Ok(_) | Err(_) => Err(ScimError::bad("invalidSyntax", "the body is no JSON object")),
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let written = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = written
        .and_then(|written| written.split(';').next())
        .unwrap_or_default();
    [SCIM_JSON, "application/json"]
        .iter()
        .any(|kind| essence.trim().eq_ignore_ascii_case(kind))
}

/// A member of an object, its name in any case (RFC 7643, 2.1).
pub(super) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// The revision that a change must be made from (`If-Match`), of a resource that is at `present`.
pub(super) fn if_match(headers: &HeaderMap, present: u32) -> Result<bool> {
    if !headers.contains_key(header::IF_MATCH) {
        return Ok(false);
    }
    if tags(headers, &header::IF_MATCH).any(|tag| tag == "*" || revision(tag) == Some(present)) {
        Ok(true)
    } else {
        Err(ScimError::changed())
    }
}

/// Whether what is there is known already (`If-None-Match`).
pub(super) fn is_known(headers: &HeaderMap, present: u32) -> bool {
    tags(headers, &header::IF_NONE_MATCH).any(|tag| tag == "*" || revision(tag) == Some(present))
}

fn tags<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> impl Iterator<Item = &'a str> {
    let written = headers.get_all(name).into_iter();
    written
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

/// Ours are strong; one that a client took for weak names the same.
fn revision(tag: &str) -> Option<u32> {
    revision_of(tag.strip_prefix("W/").unwrap_or(tag))
}

/// An answer.
pub(super) fn told(status: StatusCode, body: &Value) -> Response {
    let mut response = (status, body.to_string()).into_response();
    put(&mut response, header::CONTENT_TYPE, SCIM_JSON);
    let meta = |name| {
        body.get("meta")
            .and_then(|meta| meta.get(name))
            .and_then(Value::as_str)
    };
    if let Some(version) = meta("version") {
        put(&mut response, header::ETAG, version);
    }
    if status == StatusCode::CREATED
        && let Some(location) = meta("location")
    {
        put(&mut response, header::LOCATION, location);
    }
    response
}
