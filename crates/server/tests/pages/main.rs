//! The pages as stories: what a person sees, and what their browser is told.

#![expect(clippy::unwrap_used, reason = "stories fail by panicking")]

mod account;
mod border;
mod chromium;
mod doubles;
mod forms;
mod forward_auth;
mod hostile;
mod links;
#[expect(dead_code, reason = "the stories of the post have more ways to a mail server")]
#[path = "../mail/world.rs"]
mod mail_world;
mod nginx;
mod passkeys;
mod passkeys_in_chromium;
mod remembered;
mod sessions;
mod sign_in;
#[expect(
    dead_code,
    clippy::expect_used,
    reason = "the stories of the post ask more of it"
)]
#[path = "../mail/sink.rs"]
mod sink;
mod strangers;
mod world;
