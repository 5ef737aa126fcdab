//! One table, one file: rows, reads and writes. All of them take a connection, so that whoever
//! calls decides about the transaction.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod credential;
pub(crate) mod entry;
pub(crate) mod node;
pub(crate) mod session;
pub(crate) mod shop;
