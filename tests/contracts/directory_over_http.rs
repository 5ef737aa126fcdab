//! The contract of the consoles' questions, asked over HTTP: the real client, the real router, and behind
//! it the rules over a real SQLCipher file. They are those of `directory_over_sqlite`: what is measured
//! here is the border.

use std::sync::Arc;

use keyholder_tests::fresh_store;
use keyholder_tests::over_http::OverHttp;

keyholder_core::directory_contract!(fresh_store().await, Arc::new(OverHttp));
