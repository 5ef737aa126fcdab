//! The contract of the consoles' questions, over several nodes on one PostgreSQL database, asked by turns.
#![cfg(unix)]

use keyholder_store_postgres::testing::fresh_nodes;

keyholder_core::directory_contract!(fresh_nodes().await);
