//! The store in the box: one shop in one SQLCipher file.
//!
//! | What | How |
//! | --- | --- |
//! | Secrecy | every page is encrypted with a raw 256-bit key; temporary tables stay in memory |
//! | Durability | write-ahead log, `synchronous=FULL`: acknowledged is on disk |
//! | One writer | one process per file by a lock beside it; one connection in one task writes |
//! | Atomicity | a change and its audit events are one transaction; a revision that moved on is a conflict |
//! | Audit trail | append-only by triggers, chained by [`keyholder_core::audit::chain`] |
//! | Versions | `user_version` counts migrations; before each, a copy is put beside the file |
//! | Lists | pages by key over indexes that have everything a filter asks |
//!
//! # Checked SQL
//!
//! SQL that does not change is checked when compiled, against `.sqlx`, so that a build needs no
//! database. After changing a migration or such a statement, `cargo xtask queries` makes the data anew; a
//! test asks a database again whether it holds.

mod connect;
mod copy;
mod error;
mod file;
mod keys;
mod list;
mod migrate;
mod readers;
mod store;
mod table;
mod value;
mod writer;

pub use file::may_be_store;
pub use keys::StoreKeys;
pub use store::SqliteStore;
pub use version::{Versions, versions};

mod version;
