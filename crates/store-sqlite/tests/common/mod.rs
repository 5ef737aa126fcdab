//! Stores for the stories, each in a directory of its own that goes with it.

#![expect(clippy::unwrap_used, reason = "stories fail by panicking")]

mod keys;

use std::path::PathBuf;
use std::sync::Arc;

use keyholder_store_sqlite::SqliteStore;
pub(crate) use keys::keys;
use tempfile::TempDir;

/// A path for a store, in a directory that is not there yet.
pub(crate) fn place() -> (PathBuf, TempDir) {
    let directory = TempDir::new().unwrap();
    (directory.path().join("rose").join("shop.keyholder"), directory)
}

/// A fresh store.
pub(crate) async fn fresh() -> (Arc<SqliteStore>, TempDir) {
    let (path, directory) = place();
    (
        Arc::new(SqliteStore::create(&path, &keys()).await.unwrap()),
        directory,
    )
}
