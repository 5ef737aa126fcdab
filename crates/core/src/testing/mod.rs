//! What tests of every crate share: the store in memory and the contract that every store keeps.

mod faulty;
pub mod forgetful;
mod memory;

pub use self::faulty::FaultyStore;
pub use self::memory::MemoryStore;
