//! The auth service as a library.

pub mod metrics;
pub mod proxy;
pub mod serve;
pub mod settings;
