//! The only place that asks the machine for the time or for randomness.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rand::{SeedableRng as _, TryRng as _};
use rand_chacha::ChaCha20Rng;

/// The time as the rules see it. Everything else takes it as an argument.
pub trait Clock: Send + Sync + 'static {
    /// The present moment, in UTC.
    fn now(&self) -> Timestamp;
}

/// A clock shared by the parts of one program.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock, to the microsecond: that is what stores keep of a time.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

/// A clock that stands still until told otherwise: for tests, the demo shop and replays.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<std::sync::Mutex<Timestamp>>);

impl FixedClock {
    /// A clock that shows `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(Arc::new(std::sync::Mutex::new(at)))
    }

    /// Moves the clock by `by`; a negative duration turns it back.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(Timestamp::MAX);
    }

    /// Sets the clock to `at`.
    pub fn set(&self, at: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = at;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The randomness that rules take as an argument: repeatable from its seed, unguessable when the
/// seed came from [`entropy`].
pub type Rng = ChaCha20Rng;

/// A generator seeded by the operating system.
///
/// # Errors
/// The operating system gives no randomness: nothing that needs a secret can go on.
pub fn entropy() -> Result<Rng, EntropyUnavailable> {
    let mut seed = [0_u8; 32];
    rand::rngs::SysRng
        .try_fill_bytes(&mut seed)
        .map_err(|cause| EntropyUnavailable(cause.to_string()))?;
    Ok(Rng::from_seed(seed))
}

/// The operating system gave no randomness.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no randomness: {0}")]
pub struct EntropyUnavailable(String);
