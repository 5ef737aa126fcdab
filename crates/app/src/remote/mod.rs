//! A shop whose store is elsewhere: the two traits of a console, answered by a Keyholder service over
//! HTTP, in the words of [`keyholder_core::wire`].
//!
//! # What is decided here
//! - `https` only, or plain `http` to this machine: see [`Address`]. Trust is the system's, or in one
//!   certificate that a person has looked at and confirmed: see [`Trust`] and [`look_at`].
//! - The service is spoken to directly. Proxies named in the environment (`HTTPS_PROXY` and its like) are
//!   not used: a password goes to the address that the window shows, and nowhere by way of a variable that
//!   another program has set.
//! - No redirect is followed, no cookie kept, no answer read beyond a bound, no compression undone.
//! - What changes something is sent once. Whatever becomes of it then, nothing repeats it: the answer is
//!   [`Code::OutcomeUnknown`](keyholder_core::error::Code::OutcomeUnknown), and a person looks. What only
//!   reads is asked a second time when its line was cut.
//! - Bodies, answers and tokens are wiped from our memory. What the HTTP and TLS libraries copy into their
//!   own buffers is out of reach.

mod address;
mod answer;
mod authentication;
mod certificate;
mod connection;
mod directory;
mod failure;
mod pieces;
mod proof;
mod trust;

#[cfg(test)]
mod tests;

pub use self::address::{Address, AddressRefused};
pub use self::authentication::RemoteAuthentication;
pub use self::certificate::{Certificate, look_at};
pub use self::connection::{Connection, Deadlines};
pub use self::trust::{Fingerprint, Trust};
