//! The contract of every store, over this one.

use keyholder_store_postgres::testing::fresh_store;

keyholder_core::store_contract!(fresh_store().await);
