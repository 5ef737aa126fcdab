//! Limits: how often somebody without a proof of who they are may come, by address or by e-mail address.
//!
//! A limit is a bucket that is never more than full: so many at once, and one more each while later
//! ([`Rate`]). The rule is the generic cell rate algorithm (ITU-T I.371, annex A), which remembers one
//! moment for each bucket: when it is full again ([`spend`]). What is kept between two visits is the
//! store's, so that neither a restart nor another node gives anybody more.
//!
//! Not in here: failures of one account, which are the business of [`crate::lockout`].

mod cell;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod properties;
mod subject;
mod table;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use specta::Type;

pub use self::cell::{Spent, give_back, spend};
pub use self::subject::{SUBJECT_MAX, address_of, subject_of};
pub use self::table::{Limit, LimitName, LimitNameRefused, NamedLimit, NamedLimitRefused, newsletter};

/// How often: so many at once, and one more each while later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    count: u32,
    each: SignedDuration,
}

/// The longest while after which one comes back: a day.
const LONGEST_EACH: SignedDuration = SignedDuration::from_hours(24);

impl Rate {
    /// `count` at once, all of which are back after `per`. A limit of none is one of one.
    pub fn per(count: u32, per: SignedDuration) -> Self {
        let count = count.max(1);
        // Upwards, so that no window of time holds one more.
        let micros = u64::try_from(per.as_micros())
            .unwrap_or(0)
            .div_ceil(u64::from(count));
        Self::each(
            count,
            SignedDuration::from_micros(i64::try_from(micros).unwrap_or(i64::MAX)),
        )
    }

    /// `count` at once, and one more each `each`: at least a microsecond, at most a day.
    pub fn each(count: u32, each: SignedDuration) -> Self {
        Self {
            count: count.max(1),
            each: each.clamp(SignedDuration::from_micros(1), LONGEST_EACH),
        }
    }

    /// The most at once.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Seconds after which an empty bucket is full again, rounded up.
    pub fn window_secs(&self) -> u64 {
        u64::try_from(self.whole().as_micros())
            .unwrap_or(u64::MAX)
            .div_ceil(1_000_000)
    }

    /// How long an empty bucket takes to be full: at most 2^32 days, which a duration holds.
    fn whole(&self) -> SignedDuration {
        SignedDuration::from_micros(micros(self.each).saturating_mul(i64::from(self.count)))
    }
}

/// Microseconds: what stores keep of a time. A duration that is longer than there is time is the longest.
fn micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// What somebody has left of a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Allowance {
    /// The limit by its name.
    pub limit: String,
    /// The most at once.
    pub count: u32,
    /// Seconds after which all of them are back.
    pub window_secs: u32,
    /// Whether this one is allowed; if not, it was not counted either.
    pub allowed: bool,
    /// How many more are allowed now.
    pub left: u32,
    /// If this one is not allowed, when the next is; else when all are back.
    pub until: Timestamp,
}

impl Allowance {
    /// What that says of a limit.
    pub fn of(limit: &str, rate: &Rate, spent: &Spent) -> Self {
        let (allowed, left, until) = match spent.outcome {
            Ok(left) => (true, left, spent.full_at),
            Err(until) => (false, 0, until),
        };
        Self {
            limit: limit.to_owned(),
            count: rate.count(),
            window_secs: u32::try_from(rate.window_secs()).unwrap_or(u32::MAX),
            allowed,
            left,
            until,
        }
    }
}

/// Somebody who has nothing left of a limit, as `keyholder limits` shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HeldUp {
    /// The limit by its name.
    pub limit: String,
    /// Whoever it is: an address, a network or an e-mail address.
    pub subject: String,
    /// When the next try is allowed.
    pub until: Timestamp,
}

/// A limit as it is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LimitInForce {
    /// Its name.
    pub limit: String,
    /// The most at once.
    pub count: u32,
    /// Seconds after which all of them are back.
    pub window_secs: u32,
    /// Whether the shop's own pages may ask for it by its name.
    pub named: bool,
    /// The publication behind it; none where the shop has chosen it.
    pub source: Option<String>,
}

/// Every limit, and who is held up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LimitsPage {
    /// Every limit: first ours, then those that the shop has named.
    pub limits: Vec<LimitInForce>,
    /// Who is held up now, whoever came last at the end; at most 1,000.
    pub held_up: Vec<HeldUp>,
}
