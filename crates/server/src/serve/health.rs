//! Whether the service is well, and its metrics.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use keyholder_core::password::Hasher;
use keyholder_core::store::Store;

use crate::metrics::{self, Metrics};

/// The longest wait for the store: whoever asks gives up soon after.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/healthz`: the program runs. `/readyz`: its store answers too.
pub(super) fn routes(store: Arc<dyn Store>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { plain(StatusCode::OK, "well\n") }))
        .route("/readyz", get(move || ready(Arc::clone(&store))))
}

async fn ready(store: Arc<dyn Store>) -> Response {
    match tokio::time::timeout(PATIENCE, store.shop()).await {
        Ok(Ok(_)) => plain(StatusCode::OK, "ready\n"),
        Ok(Err(error)) => {
            tracing::warn!(code = %error.code, "the store does not answer: {}", error.context);
            plain(StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n")
        }
        Err(_) => {
            tracing::warn!("the store did not answer within {PATIENCE:?}");
            plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "the store does not answer in time\n",
            )
        }
    }
}

fn plain(status: StatusCode, words: &'static str) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], words).into_response()
}

/// `/metrics`, on an address of its own.
pub(super) fn metrics(
    metrics: Arc<Metrics>,
    hasher: Hasher,
    connections: impl Fn() -> usize + Clone + Send + Sync + 'static,
) -> Router {
    let told = move || {
        let text = metrics.text(connections(), &hasher);
        async move {
            match text {
                Ok(text) => ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
                Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
            }
        }
    };
    Router::new().route("/metrics", get(told))
}
