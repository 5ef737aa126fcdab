//! The auth service as a library: the rules over a store, asked over HTTP.
//!
//! [`router`] serves the operations of [`keyholder_core::wire`], each by a handler of a paragraph: one
//! extractor says who asks, another what; the rules below decide. [`pages`] are for people, and
//! [`forward_auth`] is for proxies in front of a shop. [`serve`] puts it on the network as the
//! [`settings`] say.
//!
//! Not in here: lockout, rights, what is audited. They hold for every console alike and are in
//! [`keyholder_core`].

mod answer;
mod asked;
mod border;
mod caller;
mod changes;
mod endpoint;
pub mod forward_auth;
mod ingest;
mod limits;
pub mod mail;
pub mod metrics;
mod once;
mod openapi;
mod operations;
pub mod pages;
mod passkeys;
mod programs;
mod proof;
pub mod proxy;
mod routes;
mod scim;
pub mod serve;
pub mod settings;
mod strict;
mod tail;
#[cfg(feature = "testing")]
pub mod testing;

pub use self::endpoint::{Endpoint, SetUpOffer};
pub use self::programs::{ForPrograms, for_programs};
pub use self::routes::router;
pub use self::tail::Tail;
