//! The sample shop: made anew each time, the same each time.

use jiff::Timestamp;
use keyholder_core::clock::Rng;
use keyholder_core::error::{Code, StoreError};
use keyholder_core::password::{Hasher, HashingFailed, Password};
use keyholder_core::sample;
use keyholder_core::store::{CommitError, Store};
use rand::SeedableRng as _;

/// From which the sample shop grows.
const SEED: u64 = 2_026;

/// Fills an empty store with the sample shop as it would be now.
pub(crate) async fn fill(store: &dyn Store, hasher: &Hasher, now: Timestamp) -> Result<(), StoreError> {
    let mut rng = Rng::seed_from_u64(SEED);
    let owner = owner_password().map_err(|_| broken("the owner's password is too long"))?;
    let owner = hasher
        .hash(&owner, &mut rng)
        .await
        .map_err(|error| not_hashed(&error))?;
    // Of a password that nobody has ever seen.
    let nobody = Password::new(format!("{:032x}", rand::RngExt::random::<u128>(&mut rng)));
    let nobody = nobody.map_err(|_| broken("32 characters are too long"))?;
    let nobody = hasher
        .hash(&nobody, &mut rng)
        .await
        .map_err(|error| not_hashed(&error))?;
    match store
        .commit(sample::changes(now, &owner, &nobody, &mut rng))
        .await
    {
        Ok(()) => Ok(()),
        Err(CommitError::Broken(error)) => Err(error),
        Err(refused) => Err(broken(&refused.to_string())),
    }
}

/// What its owner signs in with.
pub(crate) fn owner_password() -> Result<Password, keyholder_core::password::TooLong> {
    Password::new(sample::OWNER_PASSWORD.to_owned())
}

fn not_hashed(error: &HashingFailed) -> StoreError {
    broken(&error.to_string())
}

fn broken(why: &str) -> StoreError {
    StoreError {
        code: Code::Broken,
        context: format!("the sample shop was not made: {why}"),
    }
}
