//! The desktop without a window: session, keychain, keys of the store, types for the window.

mod connections;
mod console;
mod core_dump;
mod demo;
pub mod device_key;
mod installation;
pub mod ipc;
pub mod keychain;
pub mod log;
mod open_shop;
mod open_store;
mod place;
pub mod remote;
mod shop_file;
#[cfg(all(feature = "testing", target_os = "linux"))]
pub mod testing;
pub mod vault;

pub use self::console::{Console, Sheet, Surroundings};
pub use self::core_dump::leave_no_core_dump;
pub use self::installation::source;
pub use self::open_store::{Needs, OpenError, OpenStore, store_keys};
pub use self::place::{
    FILE_NAME, NoHome, Place, STORE_VARIABLE, ServicePlace, backup_dir, connections_file, data_dir, log_dir,
};
