//! Passwords: what one may be, how hard it is to guess, and how it is kept.
//!
//! The rules are those of NIST SP 800-63B-4, section 3.1.1.2: long enough, not known to everybody,
//! no rules of composition, nothing cut off. A password is kept as Argon2id; the hashes that other
//! systems wrote are verified and made anew at the next sign-in.

mod hash;
mod hasher;
mod pepper;
mod policy;
mod secret;
mod strength;

pub use hash::{Argon2Params, HashRefused, ParamsRefused, PasswordHash};
pub use hasher::{Hasher, HashingFailed, Line, Verdict};
pub use pepper::Pepper;
pub use policy::{Context, ContextKind, Rules, Weakness, check};
pub use secret::{MAX_BYTES, Password, TooLong};
pub use strength::{Strength, strength};
