//! The contract of every store, over this one.

mod common;

keyholder_core::store_contract!(common::fresh().await);
