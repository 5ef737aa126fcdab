//! For tests: a range server on this machine, and the measure of promise P48.

mod behaviour;
mod http;
pub mod p48;
mod server;

#[cfg(test)]
pub(crate) use behaviour::sha1;
pub use behaviour::{Behaviour, Corpus, Garbage};
pub use http::Request;
pub use server::RangeServer;
