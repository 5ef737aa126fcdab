//! Recovery codes: eight codes on paper that each open the door once, for the day the phone is gone.
//!
//! A code has 75 bits. That is below the 112 bits at which a plain digest would do, so a code is
//! stored as a salted password hash (NIST SP 800-63B-4, 3.1.2.2): Argon2id with one salt for the
//! set, so that one hash is enough to look through all eight. Hashing is the caller's: these
//! functions take the digest.

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::crockford;
use crate::clock::Rng;
use crate::password::Argon2Params;

/// Codes in a fresh set.
pub const CODES: usize = 8;
/// Crockford characters of a code, of 5 bits each.
const CHARACTERS: usize = 15;
/// Characters between two hyphens.
const GROUP: usize = 5;
/// A person with this many codes left or fewer is asked to make new ones.
pub const FEW_LEFT: u8 = 2;

/// How the codes of one set are hashed. A sheet of paper outlives the cost that is usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashing {
    /// One for the set.
    pub salt: [u8; 16],
    /// What one hash costs.
    pub cost: Argon2Params,
}

impl Hashing {
    /// For a set that is about to be made.
    pub fn fresh(cost: Argon2Params, rng: &mut Rng) -> Self {
        let mut salt = [0; 16];
        rand::Rng::fill_bytes(rng, &mut salt);
        Self { salt, cost }
    }
}

/// The Argon2id hash of a code's [`RecoveryCode::canonical`] bytes.
pub type Digest = [u8; 32];

/// A code in clear: it exists while the sheet is shown and while somebody types it. Not
/// serializable, not shown by `Debug`, wiped from memory when dropped.
#[derive(Clone)]
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// A fresh code.
    pub fn generate(rng: &mut Rng) -> Self {
        Self(crockford::random(rng, CHARACTERS))
    }

    /// A fresh sheet of codes.
    pub fn sheet(rng: &mut Rng) -> [Self; CODES] {
        std::array::from_fn(|_| Self::generate(rng))
    }

    /// Reads a code as it was typed: lower case, spaces, hyphens, O for 0, I and L for 1 are
    /// accepted. `None` for what can be no code: that is no attempt and need not be counted.
    pub fn parse(text: &str) -> Option<Self> {
        let code = crockford::canonical(text)?;
        (code.len() == CHARACTERS).then_some(Self(code))
    }

    /// The bytes to hash: the same however the code was typed.
    pub fn canonical(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// As it is printed: `XXXXX-XXXXX-XXXXX`.
    pub fn printed(&self) -> Zeroizing<String> {
        crockford::grouped(&self.0, GROUP)
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode([redacted])")
    }
}

/// The codes of one account, as they are stored. Making new ones replaces the set as a whole.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoverySet {
    hashing: Hashing,
    codes: Vec<StoredCode>,
}

/// One code of a set, as it is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StoredCode {
    /// The hash of the code.
    pub digest: Digest,
    /// When it was used; it opens nothing since.
    pub used_at: Option<Timestamp>,
}

/// Why a recovery code does not open the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryCodeRefused {
    /// It is on no sheet of this account that is still good.
    #[error("this is none of the recovery codes of this account")]
    Unknown,
    /// It was used before.
    #[error("this recovery code was used already; take another one from the sheet")]
    AlreadyUsed,
}

impl RecoverySet {
    /// The set of a fresh sheet: the digests of its codes, hashed in this way.
    pub fn new(hashing: Hashing, digests: [Digest; CODES]) -> Self {
        Self {
            hashing,
            codes: digests
                .map(|digest| StoredCode {
                    digest,
                    used_at: None,
                })
                .into(),
        }
    }

    /// The set as it was stored.
    pub fn stored(hashing: Hashing, codes: Vec<StoredCode>) -> Self {
        Self { hashing, codes }
    }

    /// How a typed code is hashed to be found here.
    pub fn hashing(&self) -> Hashing {
        self.hashing
    }

    /// Every code, used or not, in the order of the sheet.
    pub fn codes(&self) -> &[StoredCode] {
        &self.codes
    }

    /// How many codes are not used yet.
    pub fn left(&self) -> u8 {
        u8::try_from(self.codes.iter().filter(|code| code.used_at.is_none()).count()).unwrap_or(u8::MAX)
    }

    /// The set after using the code with this digest. All codes are compared, each in constant
    /// time, so that the time taken does not tell which.
    ///
    /// # Errors
    /// No code of the set has this digest, or the one that has was used.
    pub fn use_code(&self, digest: &Digest, now: Timestamp) -> Result<Self, RecoveryCodeRefused> {
        let same: Vec<bool> = self
            .codes
            .iter()
            .map(|code| code.digest.ct_eq(digest).into())
            .collect();
        let found = same
            .iter()
            .position(|same| *same)
            .ok_or(RecoveryCodeRefused::Unknown)?;
        let mut next = self.clone();
        match next.codes[found].used_at.replace(now) {
            None => Ok(next),
            Some(_) => Err(RecoveryCodeRefused::AlreadyUsed),
        }
    }
}

impl std::fmt::Debug for RecoverySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoverySet")
            .field("left", &self.left())
            .finish_non_exhaustive()
    }
}
