//! The contract of the consoles' questions, asked over HTTP of a service on several nodes of one
//! PostgreSQL database, asked by turns.
#![cfg(unix)]

use std::sync::Arc;

use keyholder_store_postgres::testing::fresh_nodes;
use keyholder_tests::over_http::OverHttp;

keyholder_core::directory_contract!(fresh_nodes().await, Arc::new(OverHttp));
