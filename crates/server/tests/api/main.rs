//! Each operation as a story, asked of the router as a client would.

#![expect(clippy::unwrap_used, reason = "stories fail by panicking")]

mod accounts;
mod audit;
mod border;
mod doubles;
mod files;
mod headers;
mod hostile;
mod limits;
mod log;
mod own;
mod proof;
mod sessions;
mod set_up;
mod strangers;
mod world;
