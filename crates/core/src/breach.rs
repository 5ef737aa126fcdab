//! Whether a password is known from breaches of other services: three answers, never two.
//!
//! A check that could not be made is an answer of its own, so that nobody can read "all clear" out
//! of silence. The check over the network is in `keyholder-breach`; here is what the rules need.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::password::Password;

/// What a breach check says of a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum BreachAnswer {
    /// It stands in the corpus of breached passwords.
    Breached {
        /// How often it was seen there; at least 1. A greater number than fits is the greatest.
        times: u32,
    },
    /// It does not stand in the corpus as it was then. That is no promise that nobody knows it.
    NotFound {
        /// When the corpus was asked.
        as_of: Timestamp,
    },
    /// Nothing is known about it.
    NotChecked {
        /// What stood in the way.
        why: NotCheckedReason,
    },
}

/// Why a password was not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum NotCheckedReason {
    /// The shop has switched breach checks off.
    SwitchedOff,
    /// There is no way to the breach list: no network, no such name, or nobody there.
    Unreachable,
    /// It did not answer in time.
    TimedOut,
    /// The connection could not be made secret, so nothing was asked over it.
    Tls,
    /// The breach list asks to be left alone for a while; it is not asked before then.
    TooManyRequests {
        /// How many seconds from now.
        retry_after: u32,
    },
    /// What came back, if anything, is not an answer to the question.
    BadAnswer,
}

/// Looks a password up among the breached ones.
///
/// A check always answers, and answers soon; it is neither an error nor a panic that the network is
/// gone. Even so it takes up to its deadline: where a person waits for something else, above all at
/// sign-in, the caller spawns it and shows the answer on the next view.
#[async_trait]
pub trait BreachCheck: Send + Sync {
    /// What is known of `password`. May be dropped at any moment.
    async fn check(&self, password: &Password) -> BreachAnswer;
}

/// The check of a shop that has switched it off.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoBreachCheck;

#[async_trait]
impl BreachCheck for NoBreachCheck {
    async fn check(&self, _password: &Password) -> BreachAnswer {
        BreachAnswer::NotChecked {
            why: NotCheckedReason::SwitchedOff,
        }
    }
}
