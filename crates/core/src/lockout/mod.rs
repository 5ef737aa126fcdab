//! Lockout: how often somebody may try a secret before they must wait.
//!
//! Every factor of an account has a [`Budget`] of its own for each [`Scope`]. The order that makes
//! the numbers hold under parallel attempts, crashes and restarts is always the same:
//!
//! 1. [`begin`] reserves an attempt, and the store commits that budget;
//! 2. the secret is evaluated;
//! 3. [`fail`] or [`succeed`] settles the attempt, and the store commits that budget.
//!
//! An attempt that was refused in step 1 is neither evaluated nor counted. Not in here: the
//! per-step limit of time-based codes ([`crate::second_factor`]) and locks set by a person.

mod budget;
mod policy;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod properties;
mod scope;
#[cfg(test)]
mod tests;

pub use self::budget::{
    Begun, Budget, LockState, Locked, RESERVATION_SECS, begin, clear, fail, state, succeed,
};
pub use self::policy::LockoutPolicy;
pub use self::scope::{DeviceId, Factor, Scope};
