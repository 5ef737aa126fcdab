//! bcrypt, as nearly every other system wrote it.

use bcrypt::HashParts;

use super::HashRefused;

pub(super) const NAME: &str = "bcrypt";

/// The highest cost checked, as a power of two: 15 takes about two seconds.
const MOST_COST: u32 = 15;
const LEAST_COST: u32 = 4;

/// A hash that bcrypt made.
///
/// bcrypt reads 72 bytes and stops at the first NUL. That belongs to the old hash and is done as
/// the system that wrote it did; it ends when the hash is made anew from the whole password.
#[derive(Clone)]
pub(super) struct BcryptHash(String);

impl BcryptHash {
    /// `$2a$`, `$2b$` and `$2y$`, which name the same algorithm. `$2x$` names a broken one.
    pub(super) fn parse(text: &str) -> Result<Self, HashRefused> {
        let known = ["$2a$", "$2b$", "$2y$"]
            .iter()
            .any(|prefix| text.starts_with(prefix));
        if !known {
            return Err(HashRefused::UnknownFormat);
        }
        let parts: HashParts = text.parse().map_err(|_| HashRefused::Damaged { scheme: NAME })?;
        match parts.get_cost() {
            cost if cost < LEAST_COST => Err(HashRefused::Damaged { scheme: NAME }),
            cost if cost > MOST_COST => Err(HashRefused::TooCostly {
                scheme: NAME,
                limit: "cost 15",
            }),
            _ => Ok(Self(text.to_owned())),
        }
    }

    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let until_nul = password.split(|&byte| byte == 0).next().unwrap_or_default();
        bcrypt::verify(until_nul, &self.0).unwrap_or(false)
    }
}
