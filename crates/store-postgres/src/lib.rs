//! The store for several nodes: one shop in one PostgreSQL database (13 or newer).
//!
//! | What | How |
//! | --- | --- |
//! | Several nodes | whoever writes first takes one lock of the whole store: one transaction writes at a time, so nothing is counted twice and nobody deadlocks |
//! | Durability | `synchronous_commit=on` in every connection, whatever the server's default; a server with `fsync=off` is refused |
//! | Group commit | a node does all that waits in one transaction: many callers share one lock and one write to the disk |
//! | Lost connections | what was not committed is done again; after a `COMMIT` without an answer the server is asked what became of it |
//! | Stuck nodes | the server ends a connection that keeps a transaction open without a word; nobody waits for ever |
//! | Atomicity | a change and its audit events are one transaction; a revision that moved on is a conflict |
//! | Audit trail | append-only and without gaps by triggers, chained by [`keyholder_core::audit::chain`] |
//! | Secrets | seeds of second factors are sealed for their row and column under a key that the server never sees |
//! | Transport | to another machine only over TLS with the server's name checked |
//! | Versions | one row counts migrations; nodes that start together migrate once; a newer store is refused |
//! | Lists | pages by key; searches by indexed pieces of text, without an extension |
//!
//! Everything lies in a schema of its own, `keyholder`.
//!
//! # Checked SQL
//!
//! SQL that does not change is checked when compiled, against `.sqlx`, so that a build needs no
//! database. After changing a migration or such a statement, `cargo xtask queries` makes the data anew; a
//! test asks a database again whether it holds.

mod connect;
mod error;
mod keys;
mod list;
mod migrate;
mod pieces;
mod seal;
mod store;
mod table;
#[cfg(all(unix, feature = "testing"))]
pub mod testing;
mod value;
mod writer;

pub use keys::StoreKeys;
pub use store::PostgresStore;
