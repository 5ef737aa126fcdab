//! What is answered when something was not done (RFC 7644, 3.12).

use std::any::Any;

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keyholder_core::error::{Code, Error, Refusal, RemoteError, StoreError};
use keyholder_core::wire::{BEARER, status_of};
use serde_json::json;

use super::SCIM_JSON;
use crate::answer::Failure;

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScimError {
    pub(super) status: StatusCode,
    /// A word of RFC 7644, table 9.
    pub(super) kind: Option<&'static str>,
    pub(super) detail: String,
}

pub(super) type Result<T, E = ScimError> = std::result::Result<T, E>;

impl ScimError {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind: None,
            detail: detail.into(),
        }
    }

    /// 400 with a word of table 9.
    pub(super) fn bad(kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: Some(kind),
            ..Self::new(StatusCode::BAD_REQUEST, detail)
        }
    }

    pub(super) fn value(detail: impl Into<String>) -> Self {
        Self::bad("invalidValue", detail)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "there is no such resource")
    }

    pub(super) fn taken() -> Self {
        Self {
            kind: Some("uniqueness"),
            ..Self::new(
                StatusCode::CONFLICT,
                "another account has this userName, e-mail address or externalId; it may lie in the recycle bin",
            )
        }
    }

    pub(super) fn changed() -> Self {
        let words = "somebody changed this in the meantime: nothing was saved, look at it again";
        Self::new(StatusCode::PRECONDITION_FAILED, words)
    }
}

impl From<Error> for ScimError {
    fn from(error: Error) -> Self {
        let status = StatusCode::from_u16(status_of(&error)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match &error {
            Error::Refused(Refusal::SessionEnded) => {
                Self::new(status, "this token is none, was revoked, or has run out")
            }
            Error::Refused(Refusal::NotFound) => Self::not_found(),
            Error::Refused(Refusal::EmailTaken) => Self::taken(),
            Error::Refused(Refusal::Conflict) => Self::changed(),
            Error::Refused(refusal) => Self::new(status, refusal.to_string()),
            Error::Broken(StoreError { code, context })
            | Error::Remote(RemoteError { code, context, .. }) => {
                tracing::error!(%code, "{context}");
                Self::new(status, "the service could not do this")
            }
        }
    }
}

impl From<Failure> for ScimError {
    fn from(failure: Failure) -> Self {
        let status = StatusCode::from_u16(failure.problem.status);
        if failure.problem.code == Code::SessionEnded {
            return Error::from(Refusal::SessionEnded).into();
        }
        Self::new(
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            failure.problem.title.clone(),
        )
    }
}

impl IntoResponse for ScimError {
    fn into_response(self) -> Response {
        let mut body = json!({
            "schemas": [SCHEMA],
            // A text, as the RFC has it.
            "status": self.status.as_u16().to_string(),
            "detail": self.detail,
        });
        if let Some(kind) = self.kind {
            body["scimType"] = kind.into();
        }
        let mut headers = vec![(header::CONTENT_TYPE, SCIM_JSON)];
        if self.status == StatusCode::UNAUTHORIZED {
            headers.push((header::WWW_AUTHENTICATE, BEARER));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.push((header::RETRY_AFTER, "1"));
        }
        let mut response = (self.status, body.to_string()).into_response();
        for (name, value) in headers {
            put(&mut response, name, value);
        }
        response
    }
}

pub(super) fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(name, value);
    }
}

pub(super) async fn nowhere() -> ScimError {
    ScimError::new(StatusCode::NOT_FOUND, "nothing is at this path")
}

pub(super) async fn no_such_method() -> ScimError {
    ScimError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this path cannot be asked with this method",
    )
}

/// What SCIM knows and this service does not do (RFC 7644, 3.12: 501).
pub(super) async fn unsupported() -> ScimError {
    ScimError::new(StatusCode::NOT_IMPLEMENTED, "this service does not do that")
}

/// A handler broke off: what it said is not repeated.
pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    ScimError::new(StatusCode::INTERNAL_SERVER_ERROR, "the service broke off").into_response()
}
