//! Enrolment codes: what an owner reads out or prints for a person, who then chooses a password of
//! their own. Nobody chooses another's password.
//!
//! A code has 75 bits and lives for days, so that its SHA-256 digest is enough to store: guessing
//! it offline would take 2^74 tries before it expires. How often it may be tried is counted by the
//! caller with [`crate::lockout`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use specta::Type;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::crockford;
use crate::clock::Rng;

/// Crockford characters of a code, of 5 bits each.
const CHARACTERS: usize = 15;
/// Characters between two hyphens.
const GROUP: usize = 5;

/// A code in clear: it exists while it is shown and while somebody types it. Not serializable, not
/// shown by `Debug`, wiped from memory when dropped.
#[derive(Clone)]
pub struct EnrolmentCode(Zeroizing<String>);

impl EnrolmentCode {
    /// Reads a code as it was typed or heard. `None` for what can be no code.
    pub fn parse(text: &str) -> Option<Self> {
        let code = crockford::canonical(text)?;
        (code.len() == CHARACTERS).then_some(Self(code))
    }

    /// As it is printed and read out: `XXXXX-XXXXX-XXXXX`.
    pub fn printed(&self) -> Zeroizing<String> {
        crockford::grouped(&self.0, GROUP)
    }

    /// What is stored of it.
    pub fn digest(&self) -> [u8; 32] {
        sha2::Sha256::digest(self.0.as_bytes()).into()
    }
}

impl std::fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EnrolmentCode([redacted])")
    }
}

/// An enrolment as it is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Enrolment {
    /// The SHA-256 digest of the code.
    pub digest: [u8; 32],
    /// The code is good before this moment.
    pub expires_at: Timestamp,
    /// When the code was used; it opens nothing since.
    pub used_at: Option<Timestamp>,
}

/// Why an enrolment code does not let a person in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentRefused {
    /// It is not the code.
    #[error("this is not the enrolment code")]
    Wrong,
    /// It was the code, but its time is over.
    #[error("this enrolment code has expired; ask for a new one")]
    Expired,
    /// It was the code, and somebody has used it.
    #[error("this enrolment code was used already; ask for a new one")]
    Used,
}

/// A fresh code that is good until `expires_at` (2 days from now, unless the shop decided
/// otherwise), and what to store of it.
pub fn issue(rng: &mut Rng, expires_at: Timestamp) -> (EnrolmentCode, Enrolment) {
    let code = EnrolmentCode(crockford::random(rng, CHARACTERS));
    let enrolment = Enrolment {
        digest: code.digest(),
        expires_at,
        used_at: None,
    };
    (code, enrolment)
}

/// The enrolment after using its code. Only who has the right code learns that it is used or
/// expired.
///
/// # Errors
/// The code is wrong, used or expired.
pub fn redeem(
    enrolment: &Enrolment,
    code: &EnrolmentCode,
    now: Timestamp,
) -> Result<Enrolment, EnrolmentRefused> {
    if !bool::from(enrolment.digest.ct_eq(&code.digest())) {
        Err(EnrolmentRefused::Wrong)
    } else if enrolment.used_at.is_some() {
        Err(EnrolmentRefused::Used)
    } else if now >= enrolment.expires_at {
        Err(EnrolmentRefused::Expired)
    } else {
        Ok(Enrolment {
            used_at: Some(now),
            ..*enrolment
        })
    }
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            expires_at, used_at, ..
        } = self;
        f.debug_struct("Enrolment")
            .field("expires_at", expires_at)
            .field("used_at", used_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    fn noon() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn two_days_later() -> Timestamp {
        "2026-03-03T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_code_that_was_read_out_lets_one_person_in_once() {
        let (code, enrolment) = issue(&mut Rng::seed_from_u64(1), two_days_later());
        let heard = EnrolmentCode::parse(&code.printed().to_lowercase().replace('-', " ")).unwrap();
        let redeemed = redeem(&enrolment, &heard, noon()).unwrap();
        assert_eq!(
            redeemed.used_at,
            Some(noon()),
            "it is known when the code was used"
        );
        assert_eq!(
            redeem(&redeemed, &code, noon()),
            Err(EnrolmentRefused::Used),
            "it opens nothing again"
        );
    }

    #[test]
    fn a_code_ends_at_its_moment() {
        let (code, enrolment) = issue(&mut Rng::seed_from_u64(2), two_days_later());
        let a_second_before: Timestamp = "2026-03-03T11:59:59Z".parse().unwrap();
        assert!(
            redeem(&enrolment, &code, a_second_before).is_ok(),
            "good until then"
        );
        assert_eq!(
            redeem(&enrolment, &code, two_days_later()),
            Err(EnrolmentRefused::Expired),
            "and not longer"
        );
    }

    #[test]
    fn a_wrong_code_learns_nothing_of_the_right_one() {
        let mut rng = Rng::seed_from_u64(3);
        let (code, enrolment) = issue(&mut rng, two_days_later());
        let (other, _) = issue(&mut rng, two_days_later());
        let used = redeem(&enrolment, &code, noon()).unwrap();
        for (enrolment, now) in [(enrolment, noon()), (used, noon()), (enrolment, Timestamp::MAX)] {
            assert_eq!(
                redeem(&enrolment, &other, now),
                Err(EnrolmentRefused::Wrong),
                "open, used or expired alike"
            );
        }
    }

    #[test]
    fn neither_code_nor_digest_show_themselves_in_a_log() {
        let (code, enrolment) = issue(&mut Rng::seed_from_u64(4), two_days_later());
        assert_eq!(format!("{code:?}"), "EnrolmentCode([redacted])", "the code");
        assert_eq!(
            format!("{enrolment:?}"),
            "Enrolment { expires_at: 2026-03-03T12:00:00Z, used_at: None, .. }",
            "the digest"
        );
    }
}
