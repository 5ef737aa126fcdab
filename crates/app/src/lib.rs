//! The desktop without a window: session, keychain, keys of the store, types for the window.

pub mod keychain;
#[cfg(all(feature = "testing", target_os = "linux"))]
pub mod testing;
pub mod vault;
