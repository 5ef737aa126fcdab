//! Stories of several processes on one store: it runs in a process of its own, which is watched,
//! starved, killed or kept out.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "stories fail by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
#[cfg(target_os = "linux")]
mod disk;
mod refused;
mod second;
mod writer;

/// How long a stress is: whole under `cargo xtask trust`, short in every test run.
fn rounds(short: u32, whole: u32) -> u32 {
    if std::env::var_os("KEYHOLDER_TRUST").is_some_and(|value| value == "full") {
        whole
    } else {
        short
    }
}
