//! The contract of the consoles' questions, over a real SQLCipher file.

use keyholder_tests::fresh_store;

keyholder_core::directory_contract!(fresh_store().await);
