//! Time-based codes (RFC 6238) with SHA-1, 6 digits and steps of 30 seconds: the only kind that
//! every authenticator app understands.
//!
//! # Which code is accepted
//!
//! A code is accepted if and only if its step is the account's **expected step** or the one before
//! it, and later than every step accepted before. The expected step is the step of our clock plus
//! the account's learned drift, which is at most 2 steps either way.
//!
//! # How the drift is learned
//!
//! [`Totp::confirm`], during set-up, looks for the code up to 2 steps around our clock and takes
//! the smallest drift that makes it acceptable. Afterwards the drift moves only by *refused*
//! codes, as RFC 4226 (7.4) resynchronises: when two of them without a success between, the second
//! of a later step, were right for one and the same drift within the bound, that drift is taken.
//! Both stay refused; the next code is accepted. So a phone or a computer whose clock was put right costs
//! two tries, and no try is ever judged by a wider window.

mod code;
#[cfg(test)]
mod promises;
mod secret;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

pub use self::code::TotpCode;
pub use self::secret::TotpSecret;

/// Seconds of one step (RFC 6238, 5.2).
pub const STEP_SECS: u32 = 30;
/// Digits of a code.
pub const DIGITS: u8 = 6;
/// The farthest that a clock may be off, in steps either way.
pub const LARGEST_DRIFT: i8 = 2;
/// Codes that are evaluated in one step, for one account: a guesser gets no more (NIST SP
/// 800-63B-4, 3.2.2, asks for a limit).
pub const EVALUATED_PER_STEP: u8 = 3;

/// An authenticator: its secret and what is remembered of its codes.
#[derive(Debug, Clone)]
pub struct Totp {
    /// What the phone and we know.
    pub secret: TotpSecret,
    /// What is remembered of the codes so far.
    pub progress: TotpProgress,
}

/// What is remembered of the codes of one authenticator; no secret. The default is that of an
/// authenticator that was just bound. Steps are counted from 1970 on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct TotpProgress {
    /// The latest step whose code was accepted: neither it nor an older one is accepted again.
    pub last_step: Option<u32>,
    /// How many steps the phone is ahead of our clock; at most [`LARGEST_DRIFT`] either way.
    pub drift: i8,
    /// The step of our clock in which a code was last evaluated.
    pub evaluated_step: u32,
    /// How many codes were evaluated in it.
    pub evaluated: u8,
    /// A refused code that would have been right for another drift.
    pub sighting: Option<Sighting>,
}

/// A right code at the wrong time: what the drift is learned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Sighting {
    /// The step of that code.
    pub step: u32,
    /// How many steps it was ahead of our clock.
    pub ahead: i8,
}

/// Why a code does not open the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    /// It is the code of no step around our clock.
    #[error("the code is not right; use the one your phone shows now")]
    Wrong,
    /// It is the code of a step around our clock, but not of an acceptable one: it was kept too long,
    /// or one of the two clocks is off. Not for the ears of whoever gave it: of a code that is yet to
    /// come they would only have to wait.
    #[error("the code is not right; use the one your phone shows now")]
    OutOfTime {
        /// What to store: it may have learned about the phone's clock.
        next: TotpProgress,
    },
    /// It is the code of a step that was used, or of one before it.
    #[error("this code was used already; wait for the next one")]
    Replayed,
}

/// This account's codes were tried too often in this step: none is evaluated until the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many codes were tried; wait for the next one")]
pub struct TooManyThisStep {
    /// When the next step begins.
    pub until: Timestamp,
}

/// The code was not found around our clock: during set-up, mostly because one of the two clocks is
/// far off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the code is not right; check the time on the phone and on this computer, and use the code shown now"
)]
pub struct NotConfirmed;

impl Totp {
    /// An authenticator that was just bound.
    pub fn new(secret: TotpSecret) -> Self {
        Self {
            secret,
            progress: TotpProgress::default(),
        }
    }

    /// Counts one evaluation in the step of our clock. Store the answer before calling
    /// [`Totp::check`], so that parallel attempts and crashes are counted.
    ///
    /// # Errors
    /// [`EVALUATED_PER_STEP`] codes were evaluated in this step.
    pub fn begin(&self, now: Timestamp) -> Result<TotpProgress, TooManyThisStep> {
        let step = step_at(now);
        let before = if self.progress.evaluated_step == step {
            self.progress.evaluated
        } else {
            0
        };
        if before >= EVALUATED_PER_STEP {
            return Err(TooManyThisStep {
                until: start_of(step.saturating_add(1)),
            });
        }
        Ok(TotpProgress {
            evaluated_step: step,
            evaluated: before + 1,
            ..self.progress
        })
    }

    /// Judges a code by what is remembered at this moment. Every step that might ever be looked at
    /// is computed and compared, so that the time taken says nothing.
    ///
    /// # Errors
    /// The code is refused; see [`CodeRefused`].
    pub fn check(&self, code: &TotpCode, now: Timestamp) -> Result<TotpProgress, CodeRefused> {
        let ahead = self.steps_ahead(code, now);
        let step = |ahead: i8| step_at(now).saturating_add_signed(i32::from(ahead));
        let used = |ahead: i8| self.progress.last_step.is_some_and(|last| step(ahead) <= last);
        let window = window(self.progress.drift);

        // The latest, so that a code that happens to be right twice is used up at once.
        if let Some(ahead) = ahead
            .iter()
            .rev()
            .copied()
            .find(|ahead| window.contains(ahead) && !used(*ahead))
        {
            return Ok(TotpProgress {
                last_step: Some(step(ahead)),
                sighting: None,
                ..self.progress
            });
        }
        if ahead.iter().any(|ahead| used(*ahead)) {
            return Err(CodeRefused::Replayed);
        }
        let sighted = ahead.last().ok_or(CodeRefused::Wrong)?;
        Err(CodeRefused::OutOfTime {
            next: self.progress.after(Sighting {
                step: step(*sighted),
                ahead: *sighted,
            }),
        })
    }

    /// Judges the code that ends the set-up, and learns the drift from it.
    ///
    /// # Errors
    /// No step up to [`LARGEST_DRIFT`] around our clock has this code.
    pub fn confirm(&self, code: &TotpCode, now: Timestamp) -> Result<TotpProgress, NotConfirmed> {
        let near = -LARGEST_DRIFT..=LARGEST_DRIFT;
        let ahead = self
            .steps_ahead(code, now)
            .into_iter()
            .filter(|ahead| near.contains(ahead));
        // The nearest to our clock: the likeliest of two that happen to have the same code.
        let ahead = ahead
            .min_by_key(|ahead| ahead.unsigned_abs())
            .ok_or(NotConfirmed)?;
        let drift = drift_for([ahead]).ok_or(NotConfirmed)?;
        let last_step = Some(step_at(now).saturating_add_signed(i32::from(ahead)));
        Ok(TotpProgress {
            last_step,
            drift,
            sighting: None,
            ..self.progress
        })
    }

    /// How far ahead of our clock the steps with this code are, in order: of all that any drift
    /// could make acceptable.
    fn steps_ahead(&self, code: &TotpCode, now: Timestamp) -> Vec<i8> {
        let present = step_at(now);
        let matches = |ahead: &i8| {
            let step = present.checked_add_signed(i32::from(*ahead));
            // Also computed where there is no step, just after the beginning of 1970.
            let matches = self.secret.code_at(step.unwrap_or(0)).matches(code);
            matches && step.is_some()
        };
        candidates().filter(matches).collect()
    }
}

impl TotpProgress {
    /// After a refused code that was sighted at another drift.
    fn after(self, later: Sighting) -> Self {
        let earlier = self.sighting.filter(|earlier| earlier.step < later.step);
        match earlier.and_then(|earlier| drift_for([earlier.ahead, later.ahead])) {
            Some(drift) => Self {
                drift,
                sighting: None,
                ..self
            },
            None => Self {
                sighting: Some(later),
                ..self
            },
        }
    }
}

/// How far ahead of our clock a code may be for this drift: the expected step and the one before.
fn window(drift: i8) -> RangeInclusive<i8> {
    let drift = drift.clamp(-LARGEST_DRIFT, LARGEST_DRIFT);
    drift - 1..=drift
}

/// Every step ahead that some drift accepts.
fn candidates() -> RangeInclusive<i8> {
    -LARGEST_DRIFT - 1..=LARGEST_DRIFT
}

/// The drift nearest to none that accepts all codes so far ahead.
fn drift_for<const N: usize>(ahead: [i8; N]) -> Option<i8> {
    let accepts_all = |drift: &i8| ahead.iter().all(|ahead| window(*drift).contains(ahead));
    (-LARGEST_DRIFT..=LARGEST_DRIFT)
        .filter(accepts_all)
        .min_by_key(|drift| drift.unsigned_abs())
}

/// The step of a moment; 0 before 1970, the last one that fits in the far future.
pub fn step_at(now: Timestamp) -> u32 {
    let secs = now.as_second().max(0);
    u32::try_from(secs / i64::from(STEP_SECS)).unwrap_or(u32::MAX)
}

/// The moment a step begins.
fn start_of(step: u32) -> Timestamp {
    Timestamp::from_second(i64::from(step) * i64::from(STEP_SECS)).unwrap_or(Timestamp::MAX)
}
