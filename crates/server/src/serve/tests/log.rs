//! What the log of a service says, and what is never in it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use keyholder_core::testing::MemoryStore;
use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

use super::{router, serving, settings};
use crate::serve::log::subscriber;
use crate::settings::{Log, LogFormat};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Asks through a proxy for something, with a secret wherever one can be; gives the log.
async fn log_of(format: LogFormat, filter: &str) -> String {
    let lines = Lines::default();
    let log = Log {
        filter: filter.to_owned(),
        format,
    };
    let _logging = tracing::subscriber::set_default(subscriber(&log, lines.clone()));
    let flags = [("public-url", "https://keys.example"), ("proxies", "127.0.0.1")];
    let running = serving(settings(&flags), router(), Arc::new(MemoryStore::new()));
    let headers = [
        ("x-forwarded-for", "203.0.113.9"),
        ("authorization", "Bearer canary-in-a-header"),
        ("cookie", "__Host-session=canary-in-a-cookie"),
    ];
    running
        .get_with("/v1/things/canary-in-a-path?token=canary-in-a-query", &headers)
        .await;
    running.get("/healthz").await;
    lines.text()
}

#[tokio::test]
async fn a_request_is_one_line_that_programs_read() {
    let log = log_of(LogFormat::Json, "info").await;
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let answered: Vec<_> = lines
        .iter()
        .filter(|line| line["message"] == "answered")
        .collect();
    assert_eq!(
        answered.len(),
        1,
        "looking whether it is well is not worth a line: {log}"
    );
    let line = answered[0];
    for (field, value) in [
        ("level", "INFO"),
        ("method", "GET"),
        ("route", "/v1/things/{id}"),
        ("caller", "203.0.113.9"),
    ] {
        assert_eq!(line[field], value, "{field} is told: {log}");
    }
    assert_eq!(line["status"], 200, "and how it went: {log}");
    assert!(
        line["micros"].is_u64() && line["timestamp"].is_string(),
        "and when, and how long: {log}"
    );
}

#[tokio::test]
async fn p07_no_secret_is_in_the_log_of_a_service() {
    for format in [LogFormat::Plain, LogFormat::Json] {
        let log = log_of(format, "trace,hyper=trace,h2=trace").await;
        assert!(
            log.contains("TRACE") || log.contains("DEBUG"),
            "everything that can be logged was: {log}"
        );
        assert!(log.contains("/v1/things/{id}"), "the request was logged: {log}");
        assert!(!log.contains("canary"), "and no secret of it: {log}");
    }
}
