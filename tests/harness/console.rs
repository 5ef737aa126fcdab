//! The rules over a store, as every program puts them there.

use std::sync::Arc;

use keyholder_core::clock::{FixedClock, entropy};
use keyholder_core::directory::StoredAuthentication;
use keyholder_core::password::{Argon2Params, Hasher};
use keyholder_core::store::Store;
use keyholder_core::testing::directory_contract::ScriptedBreach;

use crate::story::Told;

/// A console over that store. Its chance is its own, as after a restart; passwords are hashed as
/// cheaply as is allowed.
///
/// # Errors
/// The machine gives no randomness.
pub fn over(store: Arc<dyn Store>, clock: &FixedClock) -> Told<StoredAuthentication> {
    let hasher = Hasher::new(Argon2Params::floor(), None, 2);
    let breaches = Arc::new(ScriptedBreach::default());
    Ok(StoredAuthentication::new(
        store,
        hasher,
        Arc::new(clock.clone()),
        breaches,
        entropy()?,
    ))
}
