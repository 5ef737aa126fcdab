//! The proofs that a node has taken, as long as they could be shown again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use keyholder_core::entry::EntryKey;
use keyholder_core::error::Refusal;

use super::busy;
use crate::answer::Failure;

/// The most that are remembered, some 25 MB: two thousand requests of consoles a second, for two minutes.
const MOST: usize = 1 << 18;
/// How often those are forgotten whose time is over.
const SWEEP: SignedDuration = SignedDuration::from_secs(30);

/// See above. Clones are the same memory.
#[derive(Clone)]
pub(crate) struct Nonces(Arc<Mutex<Memory>>);

struct Memory {
    most: usize,
    until: HashMap<EntryKey, Timestamp>,
    swept_at: Timestamp,
}

impl Default for Nonces {
    fn default() -> Self {
        Self::at_most(MOST)
    }
}

impl Nonces {
    fn at_most(most: usize) -> Self {
        Self(Arc::new(Mutex::new(Memory {
            most,
            until: HashMap::new(),
            swept_at: Timestamp::MIN,
        })))
    }

    /// Uses one up that vouches until then.
    pub(crate) fn take(&self, once: EntryKey, until: Timestamp, now: Timestamp) -> Result<(), Failure> {
        let mut memory = self.memory();
        memory.sweep(now);
        if memory.until.contains_key(&once) {
            return Err(Refusal::SessionEnded.into());
        }
        if memory.until.len() >= memory.most {
            return Err(busy());
        }
        memory.until.insert(once, until);
        Ok(())
    }

    /// It may be used again.
    pub(crate) fn forget(&self, once: EntryKey) {
        self.memory().until.remove(&once);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn sweep(&mut self, now: Timestamp) {
        // A clock that was set back sweeps at once and forgets nothing too early.
        if self.swept_at.duration_until(now).abs() >= SWEEP {
            self.until.retain(|_, until| *until >= now);
            self.swept_at = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use keyholder_core::testing::directory_contract::monday;

    use super::*;

    fn once(number: u8) -> EntryKey {
        EntryKey([number; 32])
    }

    fn later(seconds: i64) -> Timestamp {
        monday() + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn one_is_taken_once_as_long_as_it_vouches() {
        let nonces = Nonces::default();
        assert!(
            nonces.take(once(1), later(60), monday()).is_ok(),
            "the first time"
        );
        for seconds in [0, 29, 31, 60] {
            assert!(
                nonces.take(once(1), later(60), later(seconds)).is_err(),
                "not again {seconds} s after"
            );
        }
        nonces.take(once(2), later(200), later(150)).unwrap();
        assert_eq!(
            nonces.memory().until.len(),
            1,
            "what vouches for nothing any more is forgotten"
        );
    }

    #[test]
    fn a_clock_set_back_forgets_nothing() {
        let nonces = Nonces::default();
        nonces.take(once(1), later(60), monday()).unwrap();
        nonces.take(once(2), later(-3540), later(-3600)).unwrap();
        assert!(
            nonces.take(once(1), later(60), monday()).is_err(),
            "an hour later by that clock"
        );
    }

    #[test]
    fn memory_is_bounded() {
        let nonces = Nonces::at_most(2);
        nonces.take(once(1), later(60), monday()).unwrap();
        nonces.take(once(2), later(60), monday()).unwrap();
        let full = nonces.take(once(3), later(60), monday()).unwrap_err();
        assert_eq!(
            full.problem.status, 503,
            "told to come again, rather than taken without a memory"
        );
        nonces.forget(once(1));
        assert!(
            nonces.take(once(3), later(60), monday()).is_ok(),
            "what opened nothing takes no room"
        );
    }
}
