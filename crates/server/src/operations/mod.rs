//! The handlers: who asks what, and the one question to the rules that follows.

pub(crate) mod accounts;
pub(crate) mod acts;
pub(crate) mod audit;
pub(crate) mod files;
pub(crate) mod limits;
pub(crate) mod own;
pub(crate) mod sessions;
pub(crate) mod shop;
pub(crate) mod tokens;
