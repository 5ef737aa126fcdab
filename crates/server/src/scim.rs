//! SCIM 2.0 (RFC 7643, 7644): another program makes and changes accounts, as one named provisioner. Users are
//! accounts, groups are the roles beyond a customer's.
//!
//! What a provisioner may do is decided by the rules below, as for everybody: here is only its language.

mod ask;
mod discovery;
mod error;
mod filter;
mod group;
mod list;
mod patch;
mod project;
mod resource;
mod user;
mod wanted;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use keyholder_core::wire::BODY_MAX;
use tower_http::catch_panic::CatchPanicLayer;

use self::error::{no_such_method, nowhere, panicked, unsupported};
use crate::border::border;
use crate::endpoint::Endpoint;

/// The media type of all that is said (RFC 7644, 3.1).
const SCIM_JSON: &str = "application/scim+json";
/// Where it is asked.
const ROOT: &str = "/scim/v2";

/// Where resources are found, as their `meta.location` says.
#[derive(Debug, Clone)]
struct Base(Arc<str>);

/// Everything that a provisioner can ask, of a service at `public_url`.
pub(crate) fn routes(endpoint: Endpoint, public_url: &str) -> Router {
    let base = Base(format!("{}{ROOT}", public_url.trim_end_matches('/')).into());
    let scim = Router::new()
        .route("/ServiceProviderConfig", get(discovery::config))
        .route("/ResourceTypes", get(discovery::types))
        .route("/ResourceTypes/{id}", get(discovery::a_type))
        .route("/Schemas", get(discovery::schemas))
        .route("/Schemas/{id}", get(discovery::schema))
        .route("/Users", get(user::list).post(user::create))
        .route(
            "/Users/{id}",
            get(user::get)
                .put(user::replace)
                .patch(user::change)
                .delete(user::delete),
        )
        .route("/Groups", get(group::list).post(unsupported))
        .route(
            "/Groups/{id}",
            get(group::get)
                .put(group::replace)
                .patch(group::change)
                .delete(unsupported),
        )
        .route("/Me", any(unsupported))
        .route("/Bulk", post(unsupported))
        .route("/.search", post(unsupported))
        .method_not_allowed_fallback(no_such_method)
        .fallback(nowhere)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(Extension(base))
        .layer(from_fn_with_state(endpoint.clone(), border))
        .with_state(endpoint);
    Router::new().nest(ROOT, scim)
}
