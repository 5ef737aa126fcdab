//! The pages as stories: what a person sees, and what their browser is told.

#![expect(clippy::unwrap_used, reason = "stories fail by panicking")]

mod account;
mod border;
mod chromium;
mod doubles;
mod forms;
mod forward_auth;
mod hostile;
mod nginx;
mod remembered;
mod sessions;
mod sign_in;
mod strangers;
mod world;
