//! What tests of every crate share: the store in memory and the contract that every store keeps.

pub mod directory_contract;
mod faulty;
pub mod forgetful;
mod held;
mod in_front;
mod memory;
pub mod store_contract;

pub use self::faulty::FaultyStore;
pub use self::held::HeldStore;
pub use self::memory::MemoryStore;
