//! Whose session one is, remembered for as long as nothing changes.
//!
//! A page of a shop is many requests within a second, and each asks. What was read is told again only if
//! nothing at all was changed in the store since before it was read, by the count of [`Changes`], which
//! goes up before anybody is told that their change is done. So a session that was ended opens nothing from
//! the moment on in which that is said. It needs a store that one program alone writes: a file.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use keyholder_core::clock::SharedClock;
use keyholder_core::directory::{Holder, PageSessions, SignedIn};
use keyholder_core::error::Result;
use keyholder_core::session::{SessionToken, TokenDigest};

use crate::changes::Changes;

/// Sessions that are remembered: some megabytes.
const MOST: usize = 10_000;
/// The longest that one is: a clock that jumped is seen then at the latest.
const LONGEST: SignedDuration = SignedDuration::from_secs(10);

/// Stands before the sessions of the pages.
pub struct Remembered {
    behind: Arc<dyn PageSessions>,
    changes: Changes,
    clock: SharedClock,
    known: RwLock<HashMap<TokenDigest, Known>>,
}

struct Known {
    holder: Holder,
    /// The count of changes before it was read.
    count: u64,
    at: Timestamp,
}

impl Known {
    fn holds(&self, count: u64, now: Timestamp) -> bool {
        self.count == count && now < self.holder.ends_at && self.at.duration_until(now).abs() < LONGEST
    }
}

impl Remembered {
    /// Remembers what `behind` answers from a store whose changes are all counted in `changes`.
    pub fn new(behind: Arc<dyn PageSessions>, changes: Changes, clock: SharedClock) -> Self {
        Self {
            behind,
            changes,
            clock,
            known: RwLock::default(),
        }
    }

    fn known(&self, token: TokenDigest) -> Option<Holder> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(&token)?;
        known
            .holds(self.changes.count(), self.clock.now())
            .then(|| known.holder.clone())
    }

    fn remember(&self, token: TokenDigest, fresh: Known) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            let (count, now) = (self.changes.count(), self.clock.now());
            known.retain(|_, known| known.holds(count, now));
        }
        if known.len() < MOST {
            known.insert(token, fresh);
        }
    }
}

#[async_trait]
impl PageSessions for Remembered {
    async fn renew(&self, token: &SessionToken, keep: bool) -> Result<SignedIn> {
        self.behind.renew(token, keep).await
    }

    async fn holder(&self, token: &SessionToken) -> Result<Holder> {
        let digest = token.digest();
        if let Some(holder) = self.known(digest) {
            return Ok(holder);
        }
        // Before it is read: what changes meanwhile makes it too old.
        let (count, at) = (self.changes.count(), self.clock.now());
        let holder = self.behind.holder(token).await?;
        let fresh = Known {
            holder: holder.clone(),
            count,
            at,
        };
        self.remember(digest, fresh);
        Ok(holder)
    }
}
