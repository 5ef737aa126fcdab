//! What the service tells of itself to a collector, in the text format of `OpenMetrics` 1.0, which
//! Prometheus reads: requests, open connections, the line of password hashes, commits of the store.
//!
//! Nothing in it names a person: routes are templates, and an address is in no label.

mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use axum::http::{Method, StatusCode};
use keyholder_core::password::Hasher;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

pub use self::store::Counted;

/// The media type of the text (`OpenMetrics` 1.0).
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Seconds: from a session check to a sign-in that waits in line.
const SECONDS: [f64; 14] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// How a request went.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
    status: u16,
}

/// Where a request went.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Outcome {
    /// It is saved.
    Done,
    /// Somebody else was quicker, or the like: nothing was saved.
    Refused,
    /// The store could not do its work.
    Broken,
}

impl prometheus_client::encoding::EncodeLabelValue for Outcome {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        use std::fmt::Write as _;
        encoder.write_str(match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Broken => "broken",
        })
    }
}

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Asked, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    connections: Gauge,
    hashes_at_work: Gauge,
    hashes_waiting: Gauge,
    commits: Family<Ended, Counter>,
    commit_durations: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Nothing is counted yet.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("keyholder");
        let metrics = Self {
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            connections: Gauge::default(),
            hashes_at_work: Gauge::default(),
            hashes_waiting: Gauge::default(),
            commits: Family::default(),
            commit_durations: Histogram::new(SECONDS),
            registry: Registry::default(),
        };
        registry.register(
            "build",
            "The program",
            Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]),
        );
        registry.register(
            "http_requests",
            "Requests that were answered",
            metrics.requests.clone(),
        );
        registry.register_with_unit(
            "http_request_duration",
            "From the head of a request to the head of its answer",
            Unit::Seconds,
            metrics.durations.clone(),
        );
        registry.register(
            "http_connections",
            "Open connections",
            metrics.connections.clone(),
        );
        registry.register(
            "hashes_at_work",
            "Places in the line of hashes that are taken",
            metrics.hashes_at_work.clone(),
        );
        registry.register(
            "hashes_waiting",
            "Hashes that wait in line",
            metrics.hashes_waiting.clone(),
        );
        registry.register("store_commits", "Commits of the store", metrics.commits.clone());
        registry.register_with_unit(
            "store_commit_duration",
            "From handing in a commit to its answer",
            Unit::Seconds,
            metrics.commit_durations.clone(),
        );
        Self { registry, ..metrics }
    }

    /// A request to that route, a template and never a path, was answered.
    pub(crate) fn answered(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let route = route.to_owned();
        let asked = Asked {
            method: known(method),
            route: route.clone(),
            status: status.as_u16(),
        };
        self.requests.get_or_create(&asked).inc();
        self.durations
            .get_or_create(&Route { route })
            .observe(took.as_secs_f64());
    }

    fn committed(&self, outcome: Outcome, took: Duration) {
        self.commits.get_or_create(&Ended { outcome }).inc();
        self.commit_durations.observe(took.as_secs_f64());
    }

    /// Everything as text, at this moment.
    ///
    /// # Errors
    /// Never: what it is written to is a text.
    pub fn text(&self, connections: usize, hasher: &Hasher) -> Result<String, std::fmt::Error> {
        let line = hasher.line();
        self.connections.set(whole(connections));
        self.hashes_at_work.set(whole(line.at_work));
        self.hashes_waiting.set(whole(line.waiting));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Whoever makes up methods makes no new rows.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    ];
    KNOWN
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("other")
}
