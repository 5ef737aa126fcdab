//! Letters on their way to a real mail server.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "stories fail by panicking"
)]

mod answers;
mod arrives;
mod post;
mod security;
mod sink;
mod world;
