//! What can be asked, for programs: the `OpenAPI` document of the operations, kept beside the source, where
//! a test makes it anew and compares.

use axum::http::header;
use axum::response::IntoResponse;

/// The document, as JSON.
pub(crate) const DOCUMENT: &str = include_str!("../openapi.json");

/// Where it is.
pub(crate) const PATH: &str = "/v1/openapi.json";

/// The document.
pub(crate) async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT)
}
