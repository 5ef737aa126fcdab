//! The contract of the consoles' questions, over the store in memory.

use std::sync::Arc;

use keyholder_core::store::Store;
use keyholder_core::testing::MemoryStore;

keyholder_core::directory_contract!((Arc::new(MemoryStore::new()) as Arc<dyn Store>, ()));
