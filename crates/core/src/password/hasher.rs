//! Hashing and checking, away from the threads that answer people.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rand::Rng as _;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::hash::{Argon2Hash, Argon2Params, OUTPUT, PasswordHash, SALT, derive};
use super::pepper::Pepper;
use super::secret::Password;
use crate::clock::Rng;

/// Makes and checks password hashes: Argon2id on threads of its own, few at a time, so that a flood
/// of sign-ins waits in line instead of taking all memory.
///
/// Clones share the line. It takes at most `permits` times the memory of one hash; an imported hash
/// that asks for more than one's share takes several places in the line, all of them if it must.
#[derive(Debug, Clone)]
pub struct Hasher {
    params: Argon2Params,
    pepper: Option<Pepper>,
    line: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    permits: u32,
    decoy: PasswordHash,
}

/// How the line of a [`Hasher`] stands, for whoever watches over a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Places that are taken.
    pub at_work: usize,
    /// Hashes that wait for a place.
    pub waiting: usize,
}

/// One that waits, until it is dropped.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn of(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a check of a password says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Another password, or nobody's.
    Wrong,
    /// The password.
    Right {
        /// The hash is not what would be made today: make it anew from the password at hand.
        outdated: bool,
    },
}

/// A hash could neither be made nor checked. Nobody's password is said to be wrong by this.
#[derive(Debug, thiserror::Error)]
pub enum HashingFailed {
    /// The hash was made with a pepper that is not at hand: the keychain entry is missing or
    /// belongs to another store.
    #[error("this password hash was made with another pepper than the one in the keychain")]
    OtherPepper,
    /// The thread that hashed came to an end.
    #[error("the hashing was broken off: {0}")]
    BrokenOff(String),
    /// The computation itself was refused, as for want of memory.
    #[error("the hash could not be computed: {0}")]
    Refused(String),
}

impl From<argon2::Error> for HashingFailed {
    fn from(cause: argon2::Error) -> Self {
        Self::Refused(cause.to_string())
    }
}

impl Hasher {
    /// A hasher that makes hashes of `params` with `pepper`, at most `permits` (at least one) at a
    /// time.
    pub fn new(params: Argon2Params, pepper: Option<Pepper>, permits: usize) -> Self {
        let permits = u32::try_from(permits.clamp(1, Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
        let decoy = Argon2Hash::new(params, pepper.as_ref(), [0; SALT], [0; OUTPUT]);
        Self {
            params,
            line: Arc::new(Semaphore::new(permits as usize)),
            waiting: Arc::default(),
            permits,
            decoy: PasswordHash::of_argon2(decoy),
            pepper,
        }
    }

    /// What one hash costs.
    pub const fn params(&self) -> Argon2Params {
        self.params
    }

    /// How the line stands at this moment.
    pub fn line(&self) -> Line {
        Line {
            at_work: (self.permits as usize).saturating_sub(self.line.available_permits()),
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }

    /// Whether the hash can be checked here, which an imported one cannot if it was made with a
    /// pepper of another system.
    pub fn can_check(&self, hash: &PasswordHash) -> bool {
        hash.pepper_id()
            .is_none_or(|id| self.pepper.as_ref().is_some_and(|pepper| pepper.id() == *id))
    }

    /// The hash to keep for a password.
    ///
    /// # Errors
    /// The hash could not be computed.
    pub async fn hash(&self, password: &Password, rng: &mut Rng) -> Result<PasswordHash, HashingFailed> {
        let mut salt = [0; SALT];
        rng.fill_bytes(&mut salt);
        let output = self
            .hash_with_salt(password.expose().as_bytes(), &salt, self.params)
            .await?;
        Ok(PasswordHash::of_argon2(Argon2Hash::new(
            self.params,
            self.pepper.as_ref(),
            salt,
            output,
        )))
    }

    /// Whether `password` is the one that `hash` was made from. Without a hash (an unknown account,
    /// one without a password) the answer is `Wrong`, after the same work.
    ///
    /// # Errors
    /// The hash could not be computed, or needs a pepper that is not at hand.
    pub async fn verify(
        &self,
        hash: Option<&PasswordHash>,
        password: &Password,
    ) -> Result<Verdict, HashingFailed> {
        let outdated = hash.map(|hash| hash.is_outdated(self.params, self.pepper.as_ref()));
        let (hash, password, pepper) = (
            hash.unwrap_or(&self.decoy).clone(),
            password.clone(),
            self.pepper.clone(),
        );
        let matches = self
            .in_line(hash.memory_kib(), move || {
                hash.matches(&password, pepper.as_ref())
            })
            .await?;
        Ok(match outdated {
            Some(outdated) if matches => Verdict::Right { outdated },
            _ => Verdict::Wrong,
        })
    }

    /// The bare Argon2id output for a secret that is kept under one salt with others of its kind, as
    /// recovery codes are, at the cost they were first hashed at. Same pepper as a password.
    ///
    /// # Errors
    /// The hash could not be computed.
    pub async fn hash_with_salt(
        &self,
        secret: &[u8],
        salt: &[u8; SALT],
        params: Argon2Params,
    ) -> Result<[u8; OUTPUT], HashingFailed> {
        let (secret, salt) = (Zeroizing::new(secret.to_vec()), *salt);
        let pepper = self.pepper.clone();
        self.in_line(params.memory_kib(), move || {
            derive(params, pepper.as_ref(), &secret, &salt)
        })
        .await
    }

    /// Takes every place in the line until the answer is dropped: for stories of what waits in it.
    #[cfg(any(test, feature = "testing"))]
    pub async fn whole_line(&self) -> Option<tokio::sync::OwnedSemaphorePermit> {
        let line = Arc::clone(&self.line);
        line.acquire_many_owned(self.permits).await.ok()
    }

    /// Runs `work` on a blocking thread when there is room. The places in the line belong to the
    /// work: they are held to its end even if nobody waits for the answer any more.
    async fn in_line<T: Send + 'static>(
        &self,
        memory_kib: u32,
        work: impl FnOnce() -> Result<T, HashingFailed> + Send + 'static,
    ) -> Result<T, HashingFailed> {
        let places = memory_kib
            .div_ceil(self.params.memory_kib())
            .clamp(1, self.permits);
        let broken_off = |cause: String| HashingFailed::BrokenOff(cause);
        let waiting = Waiting::of(&self.waiting);
        let held = Arc::clone(&self.line)
            .acquire_many_owned(places)
            .await
            .map_err(|cause| broken_off(cause.to_string()))?;
        drop(waiting);
        let done = tokio::task::spawn_blocking(move || {
            let answer = work();
            drop(held);
            answer
        });
        done.await.map_err(|cause| broken_off(cause.to_string()))?
    }
}

#[cfg(test)]
mod tests {
    use super::{Argon2Params, Hasher, HashingFailed, Line};

    #[tokio::test]
    async fn work_that_dies_is_told_and_leaves_the_line() {
        let hasher = Hasher::new(Argon2Params::floor(), None, 1);
        let answer: Result<(), _> = hasher.in_line(0, || panic!("out of luck")).await;
        assert!(
            matches!(answer, Err(HashingFailed::BrokenOff(_))),
            "an error, not a panic: {answer:?}"
        );
        assert!(
            hasher.in_line(0, || Ok(())).await.is_ok(),
            "the next one gets its turn"
        );
    }

    #[tokio::test]
    async fn the_line_tells_who_works_and_who_waits() {
        let hasher = Hasher::new(Argon2Params::floor(), None, 1);
        let line = |at_work, waiting| Line { at_work, waiting };
        assert_eq!(hasher.line(), line(0, 0), "nobody yet");
        let held = hasher.whole_line().await;
        let next = tokio::spawn({
            let hasher = hasher.clone();
            async move { hasher.in_line(0, || Ok(())).await }
        });
        while hasher.line().waiting == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(hasher.line(), line(1, 1), "one works, the next one waits");
        next.abort();
        assert!(
            next.await.is_err_and(|end| end.is_cancelled()),
            "who waits may give up"
        );
        assert_eq!(hasher.line(), line(1, 0), "and waits no longer");
        drop(held);
        assert_eq!(hasher.line(), line(0, 0), "the place is free again");
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_keeps_its_place_until_it_is_done() {
        let hasher = Hasher::new(Argon2Params::floor(), None, 1);
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let waiting = tokio::spawn({
            let hasher = hasher.clone();
            async move { hasher.in_line(0, move || Ok(finished.recv().is_ok())).await }
        });
        while hasher.line.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        waiting.abort();
        assert!(
            waiting.await.is_err_and(|end| end.is_cancelled()),
            "nobody waits any more"
        );
        assert_eq!(
            hasher.line.available_permits(),
            0,
            "the memory is still in use, so the place is too"
        );
        drop(finish);
        assert!(
            hasher.in_line(0, || Ok(())).await.is_ok(),
            "then the next one gets its turn"
        );
    }
}
