//! What a collector reads.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use keyholder_core::password::{Argon2Params, Hasher};
use keyholder_core::store::Store as _;
use keyholder_core::testing::MemoryStore;

use super::{Counted, Metrics};

fn hasher() -> Hasher {
    Hasher::new(Argon2Params::floor(), None, 2)
}

#[test]
fn requests_are_counted_by_route_and_never_by_path() {
    let metrics = Metrics::new();
    let took = Duration::from_millis(3);
    metrics.answered(&Method::GET, "/v1/accounts/{id}", StatusCode::OK, took);
    metrics.answered(&Method::GET, "/v1/accounts/{id}", StatusCode::OK, took);
    let made_up = Method::from_bytes(b"XYZZY").unwrap();
    metrics.answered(&made_up, "unmatched", StatusCode::METHOD_NOT_ALLOWED, took);
    let text = metrics.text(7, &hasher()).unwrap();
    for line in [
        "keyholder_http_requests_total{method=\"GET\",route=\"/v1/accounts/{id}\",status=\"200\"} 2",
        "keyholder_http_requests_total{method=\"other\",route=\"unmatched\",status=\"405\"} 1",
        "keyholder_http_request_duration_seconds_count{route=\"/v1/accounts/{id}\"} 2",
        "keyholder_http_request_duration_seconds_bucket{le=\"0.005\",route=\"/v1/accounts/{id}\"} 2",
        "keyholder_http_connections 7",
        "keyholder_hashes_at_work 0",
        "keyholder_hashes_waiting 0",
        concat!(
            "keyholder_build_info{version=\"",
            env!("CARGO_PKG_VERSION"),
            "\"} 1"
        ),
    ] {
        assert!(text.lines().any(|told| told == line), "{line} is told: {text}");
    }
    assert!(
        text.ends_with("# EOF\n"),
        "OpenMetrics ends with its mark: {text}"
    );
}

#[tokio::test]
async fn commits_are_counted_by_how_they_ended() {
    let metrics = Arc::new(Metrics::new());
    let store = Counted::new(Arc::new(MemoryStore::default()), Arc::clone(&metrics));
    store.commit(Vec::new()).await.unwrap();
    let text = metrics.text(0, &hasher()).unwrap();
    assert!(
        text.contains("keyholder_store_commits_total{outcome=\"done\"} 1"),
        "it was saved: {text}"
    );
    assert!(
        text.contains("keyholder_store_commit_duration_seconds_count 1"),
        "and took its time: {text}"
    );
}

#[tokio::test]
async fn whoever_waits_for_a_hash_is_seen() {
    let (metrics, hasher) = (Metrics::new(), hasher());
    let _held = hasher.whole_line().await;
    let text = metrics.text(0, &hasher).unwrap();
    assert!(
        text.contains("keyholder_hashes_at_work 2\n"),
        "both places are taken: {text}"
    );
}
