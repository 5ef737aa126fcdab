//! Keys of stores that are thrown away.

use keyholder_store_sqlite::StoreKeys;

/// The keys of every story.
pub(crate) fn keys() -> StoreKeys {
    StoreKeys::new([0x5a; 32], [0xa5; 32])
}
