//! Stories of people and their keys, told in the real window.
#![cfg(target_os = "linux")]

mod accounts;
mod breach;
mod codes;
mod core_dump;
mod first_start;
mod keychain;
mod promises;
mod remote;
mod shop;
