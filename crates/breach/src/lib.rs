//! Breach checks against the public range API of Have I Been Pwned's Pwned Passwords.
//!
//! [`RangeClient`] is a [`BreachCheck`](keyholder_core::breach::BreachCheck). The password is hashed
//! with SHA-1 on this machine; the first 5 of the 40 hexadecimal characters are sent, and the other
//! 35 are looked for in what comes back. Neither the password nor the rest of its hash leaves.
//!
//! **A check must never stand in the way of a sign-in.** It takes up to its deadline; at sign-in the
//! caller spawns it and shows the answer on the next view.
//!
//! # What the API documents
//! From <https://haveibeenpwned.com/API/v3#PwnedPasswords>, unless another source is named:
//! - `GET /range/{first 5 characters of the SHA-1}`, in either case, over HTTPS (TLS 1.2 or 1.3). Plain
//!   HTTP is answered by a redirect.
//! - Each of the 1,048,576 prefixes is answered with 200, never with 404; about 800 rows
//!   `SUFFIX:COUNT`, separated by CRLF.
//! - With `Add-Padding: true` an answer has 800 to 1,000 rows whatever the prefix, so that its size
//!   does not give the prefix away. Padding rows have the count 0 and are to be discarded
//!   (<https://www.troyhunt.com/enhancing-pwned-passwords-privacy-with-padding/>;
//!   <https://blog.cloudflare.com/pwned-passwords-padding-ft-lava-lamps-and-workers/>).
//! - A request needs a `User-Agent` that names the program; without one the API answers 403.
//! - Pwned Passwords has no rate limit and needs no key. The neighbouring APIs answer 429 with
//!   `Retry-After` in whole seconds, and blocked callers may see a 503; the client is ready for both.
//! - A query for each character typed would give the password away to whoever sees the queries: check
//!   a password only when it is typed to its end.

mod client;
mod range;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use client::RangeClient;
pub use settings::{BaseUrlRefused, RangeSettings};

#[cfg(test)]
mod tests;
