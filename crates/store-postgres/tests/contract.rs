//! The contract of every store, over this one.
#![cfg(unix)]

mod one_node {
    use keyholder_store_postgres::testing::fresh_store;

    keyholder_core::store_contract!(fresh_store().await);
}

mod several_nodes {
    use keyholder_store_postgres::testing::fresh_nodes;

    keyholder_core::store_contract!(fresh_nodes().await);
}
