//! Lists: pages by key, never by offset, and counts. The SQL depends on what is asked, so it is put
//! together here instead of being checked when compiled; every value is bound, never written in. Such
//! statements are not kept: the server plans each for the values it is asked with, and so knows a search
//! that finds three people from one that finds thousands.

pub(crate) mod accounts;
pub(crate) mod events;

use keyholder_core::query::{Cursor, PAGE_MAX};
use serde::{Serialize, de::DeserializeOwned};

/// A cursor is the key of the last row, as JSON.
fn cursor<T: Serialize>(key: &T) -> Option<Cursor> {
    serde_json::to_string(key).ok().map(Cursor)
}

/// The key in a cursor; none if it cannot be read, so that the list begins anew.
fn key<T: DeserializeOwned>(cursor: Option<&Cursor>) -> Option<T> {
    serde_json::from_str(&cursor?.0).ok()
}

/// As many rows as a page may have.
fn limit(asked: u32) -> u32 {
    asked.clamp(1, PAGE_MAX)
}
