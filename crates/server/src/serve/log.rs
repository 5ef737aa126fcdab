//! The log of the service: lines on standard error, for people or for programs. Where they go from there
//! is the system's.

use std::io;

use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::settings::{Log, LogFormat};

/// Libraries that would write headers, keys or statements down if they were let: they only ever warn.
const TELL_TOO_MUCH: [&str; 7] = [
    "h2=warn",
    "hyper=warn",
    "hyper_util=warn",
    "reqwest=warn",
    "rustls=warn",
    "sqlx=warn",
    "tokio_rustls=warn",
];

/// Begins to log. A panic is logged by its place alone, for its message may hold what somebody typed.
pub fn begin(log: &Log) {
    subscriber(log, io::stderr).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("panicked at {place}");
    }));
}

pub(super) fn subscriber<W>(log: &Log, writer: W) -> impl Subscriber + for<'a> LookupSpan<'a> + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_ansi(false).with_writer(writer);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        LogFormat::Plain => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(filter(log)))
}

fn filter(log: &Log) -> EnvFilter {
    let asked = EnvFilter::builder().parse_lossy(&log.filter);
    let quiet = TELL_TOO_MUCH
        .iter()
        .filter_map(|directive| directive.parse().ok());
    quiet.fold(asked, EnvFilter::add_directive)
}
