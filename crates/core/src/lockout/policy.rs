//! The numbers of the lockout rules. How far a shop may change them is in [`crate::policy`].

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use specta::Type;

/// How many failures are free, how long the waits are, and when a factor is disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LockoutPolicy {
    /// Failures in a row that cost nothing but the try (default 4): the next one starts a wait.
    /// Enough for a person with two passwords and two typing errors.
    pub free_failures: u32,
    /// Seconds of the first wait (default 30); each further failure doubles it
    /// (exponential lockout, OWASP Authentication Cheat Sheet).
    pub first_wait_secs: u32,
    /// Seconds of the longest wait (default 900): what the owner waits at most while somebody
    /// else attacks (NIST SP 800-63B-4, 3.2.2, increasing waits).
    pub longest_wait_secs: u32,
    /// Failures in a row after which the factor is disabled until a new one is bound (default
    /// 100, the most that NIST SP 800-63B-4, 3.2.2, allows).
    pub disable_after: u32,
}

impl Default for LockoutPolicy {
    fn default() -> Self {
        Self {
            free_failures: 4,
            first_wait_secs: 30,
            longest_wait_secs: 900,
            disable_after: 100,
        }
    }
}

impl LockoutPolicy {
    /// The number of failures in a row that starts the first wait.
    pub(super) fn waits_from(&self) -> u32 {
        self.free_failures.saturating_add(1)
    }

    /// The wait that follows this many failures in a row; none while they are free.
    pub fn wait_after(&self, failures: u32) -> Option<SignedDuration> {
        let doublings = failures.checked_sub(self.waits_from())?;
        let secs = 2_u64
            .saturating_pow(doublings)
            .saturating_mul(u64::from(self.first_wait_secs));
        let secs = u32::try_from(secs)
            .unwrap_or(u32::MAX)
            .min(self.longest_wait_secs);
        Some(SignedDuration::from_secs(i64::from(secs)))
    }

    /// The longest wait.
    pub(super) fn longest_wait(&self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.longest_wait_secs))
    }
}
