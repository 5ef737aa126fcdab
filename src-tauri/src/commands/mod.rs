//! What the window can ask: one line each. The logic is in [`keyholder_app`].

pub(crate) mod accounts;
pub(crate) mod connecting;
pub(crate) mod entry;
#[cfg(test)]
pub(crate) mod names;
pub(crate) mod own;
pub(crate) mod settings;
pub(crate) mod trail;
pub(crate) mod window;
