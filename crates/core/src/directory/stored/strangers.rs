//! Failures at addresses that have no account: counted as if they had one, so that being made to
//! wait tells nobody who exists.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::lockout::{self, Begun, Budget, LockoutPolicy};

/// The most addresses that are remembered: about a megabyte, whatever an attacker types.
const MOST: usize = 10_000;

/// The tries at addresses nobody has, as long as the program runs.
#[derive(Debug, Default)]
pub(super) struct Strangers(BTreeMap<[u8; 32], Budget>);

impl Strangers {
    /// Counts one failed attempt, or answers that none is evaluated.
    pub(super) fn fail(&mut self, address: &str, policy: &LockoutPolicy, now: Timestamp) -> Begun {
        let key: [u8; 32] = Sha256::digest(address.as_bytes()).into();
        let begun = lockout::begin(&self.0.get(&key).copied().unwrap_or_default(), policy, now);
        let budget = if begun.admitted.is_ok() {
            lockout::fail(&begun.budget, policy, now)
        } else {
            begun.budget
        };
        if self.0.len() >= MOST && !self.0.contains_key(&key) {
            self.forget_the_oldest();
        }
        self.0.insert(key, budget);
        begun
    }

    fn forget_the_oldest(&mut self) {
        let oldest = self
            .0
            .iter()
            .min_by_key(|(_, budget)| budget.last_failure)
            .map(|(key, _)| *key);
        if let Some(oldest) = oldest {
            self.0.remove(&oldest);
        }
    }
}
