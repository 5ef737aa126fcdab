//! P49: the real service under a fuzzer that nobody here wrote, which knows of it what its `OpenAPI`
//! document says. Every check of the fuzzer is on.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "stories fail by panicking")]

mod service;

use std::path::{Path, PathBuf};
use std::process::Command;

use keyholder_core::wire::OPERATIONS;

use crate::service::{Service, WHO, said};

/// Where the fuzzer's settings are.
const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz");

/// The fuzzer, as `cargo xtask setup` installs it.
fn fuzzer() -> PathBuf {
    let oracles = std::env::var_os("KEYHOLDER_ORACLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/oracles"),
        PathBuf::from,
    );
    let fuzzer = oracles.join("bin/schemathesis");
    assert!(
        fuzzer.exists(),
        "{} is not there: run cargo xtask setup",
        fuzzer.display()
    );
    fuzzer
}

/// Fuzzes a service by what `document` says of it; whether no fault was found, and the report.
fn fuzzed(service: &Service, document: &str, more: &[&str]) -> (bool, String) {
    let mut command = Command::new(fuzzer());
    command
        .args([
            "--config-file",
            &format!("{HERE}/schemathesis.toml"),
            "run",
            document,
        ])
        .args([
            "--url",
            &service.url(),
            "--checks",
            "all",
            "--workers",
            "1",
            "--seed",
            "1",
        ])
        .args(["--max-failures", "50"])
        .args(more)
        .env("NO_COLOR", "1")
        // What it keeps of a run goes with the shop.
        .current_dir(service.folder())
        .env("HOME", service.folder())
        .env("PYTHONPATH", HERE)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("KEYHOLDER_URL", service.url())
        .env("KEYHOLDER_WHO", WHO)
        .env("KEYHOLDER_PASSWORD", service::PASSWORD);
    let output = command.output().unwrap();
    (output.status.success(), said(&output))
}

/// How long, and with how many examples of each operation: a little in every run, the whole where the
/// promise is measured.
fn bounds() -> [&'static str; 4] {
    if std::env::var_os("KEYHOLDER_TRUST").is_some_and(|value| value == "full") {
        ["-n", "50", "--max-time", "300"]
    } else {
        ["-n", "2", "--max-time", "45"]
    }
}

#[test]
fn p49_the_service_keeps_its_word_under_fuzz() {
    let service = Service::start();
    let phases = ["--phases", "examples,coverage,fuzzing,stateful"];
    let document = format!("{}/v1/openapi.json", service.url());
    let (kept, report) = fuzzed(&service, &document, &[&phases[..], &bounds()].concat());
    assert!(kept, "the service does not do as its document says:\n{report}");
    let tested = format!("Tested: {}", OPERATIONS.len());
    assert!(report.contains(&tested), "every operation was asked:\n{report}");
    assert_eq!(
        service.get("/healthz"),
        200,
        "and it goes on as if nothing had been"
    );
}

#[test]
fn p49_mutant_a_document_that_promises_more_is_found() {
    let service = Service::start();
    let document = include_str!("../../../server/openapi.json");
    let mut document: serde_json::Value = serde_json::from_str(document).unwrap();
    let required = document
        .pointer_mut("/components/schemas/ShopFront/required")
        .and_then(serde_json::Value::as_array_mut)
        .unwrap();
    required.push("logo".into());
    let promising = service.folder().join("promising.json");
    std::fs::write(&promising, document.to_string()).unwrap();
    let only = ["--include-path", "/v1/shop", "--include-method", "GET", "-n", "3"];
    let (kept, report) = fuzzed(&service, promising.to_str().unwrap(), &only);
    assert!(
        !kept && report.contains("Response violates schema"),
        "the measure sees what is not kept:\n{report}"
    );
}

#[test]
fn p49_no_method_is_fatal() {
    let service = Service::start();
    for asked in [
        "TRACE /v1/shop HTTP/1.1",
        "CONNECT keyholder.example:443 HTTP/1.1",
        "CONNECT /v1/shop HTTP/1.1",
        "BREW /v1/shop HTTP/1.1",
        "PATCH /v1/accounts HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "PRI * HTTP/2.0",
        "get /v1/shop HTTP/1.1",
        "GET",
    ] {
        let status = service.ask(&format!(
            "{asked}\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        ));
        assert!((204..500).contains(&status), "{asked} is answered: {status}");
    }
    assert_eq!(service.get("/v1/shop"), 200, "and the next one is too");
}
