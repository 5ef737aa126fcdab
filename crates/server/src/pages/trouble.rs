//! What keeps a page from being shown. The [border](super::border) makes a page of it.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use keyholder_core::error::{Error, Refusal};
use keyholder_core::wire::status_of;

/// See above.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// The rules, or the store, say no.
    Error(Arc<Error>),
    /// The request was none that we take.
    Status(StatusCode),
    /// The form is not, or no longer, one of ours.
    Stale,
}

impl Trouble {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Error(error) => status(error),
            Self::Status(status) => *status,
            Self::Stale => StatusCode::FORBIDDEN,
        }
    }
}

/// The status under which a page tells an error.
pub(super) fn status(error: &Error) -> StatusCode {
    if matches!(error, Error::Refused(Refusal::NotOffered)) {
        // A page that the shop does not have.
        return StatusCode::NOT_FOUND;
    }
    StatusCode::from_u16(status_of(error)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Error(Arc::new(error))
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Error::from(refusal).into()
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
