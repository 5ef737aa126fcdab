//! The rule itself.

use jiff::{SignedDuration, Timestamp};

use super::{Rate, micros};

/// The answer to [`spend`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "what is not stored was not spent"]
pub struct Spent {
    /// When the bucket is full again: what to store, also after a refusal, as it may have learned of a
    /// clock that was set back.
    pub full_at: Timestamp,
    /// How many are left, or when the next may come.
    pub outcome: Result<u32, Timestamp>,
}

/// Takes one out of the bucket that is full at `full_at`; a bucket nobody has touched is full since ever.
///
/// A bucket that is said to be full later than one that is empty now can only come from a clock that was
/// set back since: it counts as empty. Nobody waits for longer than one takes to come back, and nobody gets
/// more. A clock that is set ahead fills every bucket, as the time would.
pub fn spend(full_at: Timestamp, rate: &Rate, now: Timestamp) -> Spent {
    let (whole, each) = (micros(rate.whole()), micros(rate.each));
    let missing = missing(full_at, rate, now);
    let full_at = later(now, missing);
    let taken = missing.saturating_add(each);
    match now.checked_add(SignedDuration::from_micros(taken)) {
        Ok(next) if taken <= whole => Spent {
            full_at: next,
            outcome: Ok(u32::try_from((whole - taken) / each).unwrap_or(u32::MAX)),
        },
        _ => Spent {
            full_at,
            outcome: Err(later(now, taken - whole)),
        },
    }
}

/// Puts one back that was taken for nothing.
pub fn give_back(full_at: Timestamp, rate: &Rate, now: Timestamp) -> Timestamp {
    later(
        now,
        missing(full_at, rate, now)
            .saturating_sub(micros(rate.each))
            .max(0),
    )
}

/// For how long the bucket goes on filling: from none to the whole, in microseconds.
fn missing(full_at: Timestamp, rate: &Rate, now: Timestamp) -> i64 {
    let missing = full_at.duration_since(now);
    micros(missing).clamp(0, micros(rate.whole()))
}

fn later(now: Timestamp, micros: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_micros(micros))
        .unwrap_or(Timestamp::MAX)
}
