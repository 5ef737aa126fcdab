//! Style, logo and icon.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use super::Pages;
use super::trouble::Trouble;

/// Its name says what is in it, so that it need never be asked for again.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// A picture that is opened by itself can do nothing either.
const PICTURE: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// One of them.
pub(super) async fn file(State(pages): State<Pages>, Path(name): Path<String>) -> Result<Response, Trouble> {
    let asset = pages.look().asset(&name);
    let asset = asset.ok_or(Trouble::Status(StatusCode::NOT_FOUND))?;
    let head = [(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, FOR_EVER)];
    let mut response = (head, asset.bytes.clone()).into_response();
    if asset.kind == super::look::SVG {
        let policy = axum::http::HeaderValue::from_static(PICTURE);
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}
