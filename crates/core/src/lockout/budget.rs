//! The counter of one factor in one scope, and the moves it can make.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::LockoutPolicy;

/// Seconds after which an attempt that was begun and never settled counts as failed. Hashing takes
/// under a second, so that an attempt this old died with its program.
pub const RESERVATION_SECS: u32 = 60;

/// What is remembered of the attempts with one factor in one scope. The default is the budget of a
/// factor that was just bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Budget {
    /// Failures in a row.
    pub failures: u32,
    /// Attempts that were begun and are not settled yet.
    pub reserved: u32,
    /// When the latest of those was begun.
    pub reserved_at: Option<Timestamp>,
    /// The end of the wait that the last failure started.
    pub wait_until: Option<Timestamp>,
    /// When the last failure was.
    pub last_failure: Option<Timestamp>,
}

/// The answer to [`begin`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "the budget must be stored before the secret is evaluated"]
pub struct Begun {
    /// What to store now, also after a refusal: it may have learned of a crash or of a clock that
    /// was set back.
    pub budget: Budget,
    /// Attempts of a program that died before it settled them, now counted as failures. More than
    /// none belongs into the audit event.
    pub orphans: u32,
    /// Whether the secret may be evaluated.
    pub admitted: Result<(), Locked>,
}

/// Why an attempt is not evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, Type)]
#[serde(tag = "locked", rename_all = "snake_case")]
pub enum Locked {
    /// Too many failures, or too many attempts at once: the next try is possible at `until`.
    #[error("{failures} failed attempts in a row; try again after {until}")]
    Waiting {
        /// When the next attempt will be evaluated, should none of those under way succeed.
        until: Timestamp,
        /// Failures in a row.
        failures: u32,
    },
    /// As many failures as the policy allows at all.
    #[error(
        "{failures} failed attempts in a row; this way of signing in is switched off until it is set up anew"
    )]
    FactorDisabled {
        /// Failures in a row.
        failures: u32,
    },
}

/// Where a budget stands, for the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LockState {
    /// Attempts are evaluated.
    Open {
        /// How many more can fail before there is a wait; at least 1.
        left: u32,
    },
    /// No attempt is evaluated until then.
    Waiting {
        /// The end of the wait.
        until: Timestamp,
    },
    /// No attempt is evaluated until the factor is set up anew.
    Disabled,
}

/// Reserves one attempt, or says why there is none. Store the budget before evaluating the secret.
pub fn begin(budget: &Budget, policy: &LockoutPolicy, now: Timestamp) -> Begun {
    let (budget, orphans) = caught_up(budget, policy, now);
    match left(&budget, policy, now) {
        Ok(_) => {
            let reserved = Budget {
                reserved: budget.reserved.saturating_add(1),
                reserved_at: Some(now),
                ..budget
            };
            Begun {
                budget: reserved,
                orphans,
                admitted: Ok(()),
            }
        }
        Err(locked) => Begun {
            budget,
            orphans,
            admitted: Err(locked),
        },
    }
}

/// Settles one attempt: the secret was wrong.
///
/// An attempt that took longer than [`RESERVATION_SECS`] may be counted twice; none goes uncounted.
pub fn fail(budget: &Budget, policy: &LockoutPolicy, now: Timestamp) -> Budget {
    failed(&settled(budget), 1, policy, now)
}

/// Settles one attempt: the secret was right. Only this budget starts anew, and attempts still
/// under way stay reserved.
pub fn succeed(budget: &Budget) -> Budget {
    forgiven(&settled(budget))
}

/// Forgives the failures, by decision of a person.
///
/// # Errors
/// A disabled factor is not opened by forgiving: it must be bound anew, and starts with
/// `Budget::default()`.
pub fn clear(budget: &Budget, policy: &LockoutPolicy) -> Result<Budget, Locked> {
    if budget.failures >= policy.disable_after {
        return Err(Locked::FactorDisabled {
            failures: budget.failures,
        });
    }
    Ok(forgiven(budget))
}

/// Where the budget stands at this moment.
pub fn state(budget: &Budget, policy: &LockoutPolicy, now: Timestamp) -> LockState {
    let (budget, _) = caught_up(budget, policy, now);
    match left(&budget, policy, now) {
        Ok(left) => LockState::Open { left },
        Err(Locked::Waiting { until, .. }) => LockState::Waiting { until },
        Err(Locked::FactorDisabled { .. }) => LockState::Disabled,
    }
}

/// Attempts that may begin now before there is a wait, or why there is none.
fn left(budget: &Budget, policy: &LockoutPolicy, now: Timestamp) -> Result<u32, Locked> {
    let failures = budget.failures;
    if failures >= policy.disable_after {
        return Err(Locked::FactorDisabled { failures });
    }
    if let Some(until) = budget.wait_until.filter(|until| *until > now) {
        return Err(Locked::Waiting { until, failures });
    }
    // After a wait, exactly one attempt is evaluated at a time.
    let next_wait = policy
        .waits_from()
        .max(failures.saturating_add(1))
        .min(policy.disable_after);
    let under_way = failures.saturating_add(budget.reserved);
    if under_way < next_wait {
        return Ok(next_wait - under_way);
    }
    // Had the attempts under way just failed, this would be the wait.
    let wait = policy.wait_after(under_way).unwrap_or(SignedDuration::ZERO);
    Err(Locked::Waiting {
        until: later(now, wait),
        failures,
    })
}

/// The budget as this moment sees it: dead attempts counted, waits fitted to the clock. Also how
/// many dead attempts there were.
fn caught_up(budget: &Budget, policy: &LockoutPolicy, now: Timestamp) -> (Budget, u32) {
    let limit = SignedDuration::from_secs(i64::from(RESERVATION_SECS));
    // In either direction: after a clock was set back, an attempt from "later" is dead too.
    let dead = budget
        .reserved_at
        .filter(|at| now.duration_since(*at).abs() > limit);
    let (budget, orphans) = match dead {
        Some(at) => {
            let counted = failed(budget, budget.reserved, policy, at);
            (
                Budget {
                    reserved: 0,
                    reserved_at: None,
                    ..counted
                },
                budget.reserved,
            )
        }
        None => (*budget, 0),
    };
    (fitted(&budget, policy, now), orphans)
}

/// A failure from "later" means that the clock was set back: nobody knows how much of the wait is
/// over, so it starts anew from now. No wait is longer than the longest, whatever was stored.
fn fitted(budget: &Budget, policy: &LockoutPolicy, now: Timestamp) -> Budget {
    let cap = later(now, policy.longest_wait());
    if budget.last_failure.is_some_and(|at| at > now) {
        let wait_until = policy
            .wait_after(budget.failures)
            .map(|wait| later(now, wait).min(cap));
        return Budget {
            wait_until,
            last_failure: Some(now),
            ..*budget
        };
    }
    Budget {
        wait_until: budget.wait_until.map(|until| until.min(cap)),
        ..*budget
    }
}

/// One attempt less under way.
fn settled(budget: &Budget) -> Budget {
    let reserved = budget.reserved.saturating_sub(1);
    Budget {
        reserved,
        reserved_at: budget.reserved_at.filter(|_| reserved > 0),
        ..*budget
    }
}

/// So many failures more, the last of them at `at`. A failure that is learned of late does not
/// shorten a wait.
fn failed(budget: &Budget, count: u32, policy: &LockoutPolicy, at: Timestamp) -> Budget {
    let at = budget.last_failure.map_or(at, |last| last.max(at));
    let failures = budget.failures.saturating_add(count);
    let wait_until = policy.wait_after(failures).map(|wait| later(at, wait));
    Budget {
        failures,
        wait_until,
        last_failure: Some(at),
        ..*budget
    }
}

/// No failures, what is under way stays under way.
fn forgiven(budget: &Budget) -> Budget {
    Budget {
        reserved: budget.reserved,
        reserved_at: budget.reserved_at,
        ..Budget::default()
    }
}

/// The moment that much later, or the last one there is.
fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}
