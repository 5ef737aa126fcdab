//! What the tests of the whole product share: a fresh store on the disk, and a desk with the real
//! window on it.

pub mod console;
#[cfg(target_os = "linux")]
pub mod desk;
#[cfg(target_os = "linux")]
pub mod leaks;
pub mod over_http;
#[cfg(target_os = "linux")]
pub mod phone;
#[cfg(target_os = "linux")]
pub mod programs;
#[cfg(target_os = "linux")]
pub mod service;
pub mod story;
#[cfg(target_os = "linux")]
pub mod window;

use std::path::Path;
use std::sync::Arc;

use keyholder_core::store::Store;
use keyholder_store_sqlite::{SqliteStore, StoreKeys};
use tempfile::TempDir;

/// Keys of stores that are thrown away.
pub fn keys() -> StoreKeys {
    StoreKeys::new([7; 32], [9; 32])
}

/// A fresh, empty store and its folder, which goes when it is dropped.
///
/// # Panics
/// There is no disk to put it on.
#[expect(clippy::expect_used, reason = "a test without a disk cannot go on")]
pub async fn fresh_store() -> (Arc<dyn Store>, TempDir) {
    let folder = tempfile::Builder::new()
        .prefix("keyholder-")
        .tempdir()
        .expect("a temporary folder");
    (Arc::new(create_in(folder.path()).await), folder)
}

/// A fresh, empty store in that folder.
///
/// # Panics
/// There is one already, or no disk to put it on.
#[expect(clippy::expect_used, reason = "a test without a store cannot go on")]
pub async fn create_in(folder: &Path) -> SqliteStore {
    SqliteStore::create(&folder.join("shop.keyholder"), &keys())
        .await
        .expect("a fresh store")
}
