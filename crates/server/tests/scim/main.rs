//! Programs as callers: their tokens, the shop's own events, the live trail, and SCIM, asked of the router
//! as a program would.

#![expect(clippy::unwrap_used, reason = "stories fail by panicking")]

mod events;
mod groups;
mod mutations;
mod once;
mod tail;
mod tokens;
mod users;
mod world;
