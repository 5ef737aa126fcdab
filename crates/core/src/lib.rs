//! The rules of Keyholder: accounts, sign-in, lockout, second factors and the audit trail.
//!
//! Rules are pure functions that return a [`change::Change`] together with its audit event.
//! A [`store::Store`] can only commit such a pair, in one transaction. The consoles talk to one
//! trait, [`directory::Directory`]. There is no I/O here: no database, no network, no window.

pub mod account;
pub mod api_token;
pub mod audit;
pub mod breach;
pub mod change;
pub mod clock;
pub mod credential;
pub mod directory;
pub mod entry;
pub mod error;
pub mod letter;
pub mod limit;
pub mod link;
pub mod lockout;
pub mod passkey;
pub mod password;
pub mod policy;
pub mod provisioning;
pub mod query;
pub mod rights;
mod rules;
pub mod sample;
pub mod second_factor;
pub mod session;
pub mod shop;
pub mod shop_event;
pub mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod wire;
