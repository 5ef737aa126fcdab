//! What a handler gives back: the answer of its operation, or why not.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use keyholder_core::error::{Code, Error, Refusal, RemoteError};
use keyholder_core::wire::{Operation, Problem, to_body};

/// What a handler of an operation gives back.
pub(crate) type Answer<O> = Result<Done<O>, Failure>;

/// It was done.
pub(crate) struct Done<O: Operation>(pub(crate) O::Answer);

impl<O: Operation> IntoResponse for Done<O> {
    fn into_response(self) -> Response {
        let status = status(O::DESCRIPTION.status);
        match to_body(&self.0) {
            Ok(None) => status.into_response(),
            Ok(Some(body)) => (status, [(header::CONTENT_TYPE, "application/json")], body).into_response(),
            // It was done all the same.
            Err(error) if O::DESCRIPTION.method.changes() => Failure::unknown(error).into_response(),
            Err(error) => Failure::from(error).into_response(),
        }
    }
}

/// It was not done. The [border](crate::border) writes the body, which names the request.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) problem: Box<Problem>,
    /// What broke, for the log alone.
    pub(crate) cause: Option<String>,
}

impl Failure {
    /// The request was no question at all.
    pub(crate) fn bad_request(status: StatusCode, title: impl Into<String>) -> Self {
        Self {
            problem: Box::new(Problem::bad_request(status.as_u16(), title)),
            cause: None,
        }
    }

    /// Something was done, or perhaps not.
    pub(crate) fn unknown(why: impl std::fmt::Display) -> Self {
        let (code, context) = (Code::OutcomeUnknown, why.to_string());
        let until = None;
        Error::Remote(RemoteError { code, until, context }).into()
    }

    /// Nothing is there.
    pub(crate) fn nowhere() -> Self {
        Self::bad_request(StatusCode::NOT_FOUND, "nothing is at this path")
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let cause = match &error {
            Error::Refused(_) => None,
            // Nothing broke but the request: whoever sends it does not fill the log.
            Error::Broken(error) if error.code == Code::BadRequest => None,
            Error::Broken(_) | Error::Remote(_) => Some(error.to_string()),
        };
        Self {
            problem: Box::new(Problem::of(&error)),
            cause,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Error::from(refusal).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(self.problem.status).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Ours are all statuses of HTTP.
fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
