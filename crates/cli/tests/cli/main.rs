//! Stories of the real program on a real store, as somebody types them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod accounts;
mod backups;
mod exports;
mod imports;
mod limits;
mod log;
#[cfg(unix)]
mod mail;
mod recovery;
#[cfg(unix)]
mod scim;
#[cfg(unix)]
mod serve;
mod shop;
mod sign_in;
mod stores;
#[cfg(target_os = "linux")]
mod terminal;
mod usage;
