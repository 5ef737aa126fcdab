//! What was measured, beside what was wanted.

use std::time::Duration;

use serde_json::{Value, json};

/// Longest a page may take, at the 95th percentile.
const PAGE: Duration = Duration::from_millis(20);

/// One row of the table.
pub(crate) struct Figure {
    what: String,
    measured: String,
    goal: String,
    kept: bool,
}

impl Figure {
    /// Something measured beside its goal.
    pub(crate) fn new(
        what: impl Into<String>,
        measured: impl Into<String>,
        goal: impl Into<String>,
        kept: bool,
    ) -> Self {
        Self {
            what: what.into(),
            measured: measured.into(),
            goal: goal.into(),
            kept,
        }
    }

    /// Pages of several kinds. The slowest kind decides: the quick ones must not hide it.
    pub(crate) fn pages(what: &str, kinds: Vec<Kind>) -> Self {
        let slowest = kinds
            .into_iter()
            .map(|mut kind| (kind.samples.percentile(95), kind.name))
            .max()
            .unwrap_or_default();
        let (p95, name) = slowest;
        Self::new(
            what,
            format!("p95 {} ({name})", millis(p95)),
            format!("p95 < {}", millis(PAGE)),
            p95 < PAGE,
        )
    }

    /// As `cargo xtask bench` reads it.
    pub(crate) fn json(&self) -> Value {
        json!({ "what": self.what, "measured": self.measured, "goal": self.goal, "kept": self.kept })
    }
}

/// Requests that are alike, and how long each took.
pub(crate) struct Kind {
    /// What they have in common.
    pub(crate) name: String,
    /// How long each took.
    pub(crate) samples: Samples,
}

/// How long something took, each time.
#[derive(Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// One more.
    pub(crate) fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// The shortest time that so many in a hundred did not exceed (nearest rank).
    pub(crate) fn percentile(&mut self, percent: usize) -> Duration {
        self.0.sort_unstable();
        let rank = (self.0.len() * percent).div_ceil(100);
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

/// A time as people read it.
pub(crate) fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
