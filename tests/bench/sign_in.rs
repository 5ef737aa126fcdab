//! What a sign-in costs beside its one password hash.

use std::sync::Arc;
use std::time::{Duration, Instant};

use keyholder_core::account::Role;
use keyholder_core::breach::NoBreachCheck;
use keyholder_core::clock::{SystemClock, entropy};
use keyholder_core::credential::StoredPassword;
use keyholder_core::directory::{Authentication as _, StoredAuthentication};
use keyholder_core::password::{Argon2Params, Hasher, Password, Verdict};
use keyholder_core::store::Store as _;
use keyholder_core::testing::store_contract::material;

use crate::Result;
use crate::figure::{Figure, Samples, millis};
use crate::stores::{ACCOUNTS, Shelf};

/// Sign-ins, and as many bare hashes between them.
const TIMES: u32 = 60;
/// Most that a sign-in may take, as a multiple of its hash.
const RATIO: f64 = 1.05;

const ADDRESS: &str = "somebody@mail.example";
const PASSWORD: &str = "three horses and a paper boat";

/// How long bare hashes are counted.
const COUNTED: Duration = Duration::from_secs(15);

/// Bare hashes in a second, so many at once.
pub(crate) async fn bare(permits: usize) -> Result<f64> {
    let hasher = Hasher::new(Argon2Params::default(), None, permits);
    let password = Password::new(PASSWORD.to_owned())?;
    let hash = hasher.hash(&password, &mut entropy()?).await?;
    let begun = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..permits {
        let (hasher, hash, password) = (hasher.clone(), hash.clone(), Password::new(PASSWORD.to_owned())?);
        workers.spawn(async move {
            let mut made = 0_u32;
            while begun.elapsed() < COUNTED {
                hasher.verify(Some(&hash), &password).await?;
                made += 1;
            }
            Ok::<_, keyholder_core::password::HashingFailed>(made)
        });
    }
    let mut made = 0;
    while let Some(worker) = workers.join_next().await {
        made += worker??;
    }
    Ok(f64::from(made) / begun.elapsed().as_secs_f64())
}

/// A sign-in in a shop of 100,000 accounts beside the bare hash, turn by turn in the same run.
pub(crate) async fn cost(shelf: &Shelf) -> Result<Figure> {
    shelf.accounts().await?.close().await?;
    let store = Arc::new(shelf.copy("accounts").await?);
    let hasher = Hasher::new(Argon2Params::default(), None, 1);
    let password = Password::new(PASSWORD.to_owned())?;
    let hash = hasher.hash(&password, &mut entropy()?).await?;

    let mut person = material::newcomer(ACCOUNTS as u64, ADDRESS, "Somebody", Role::Staff);
    person.credential.password = Some(StoredPassword {
        hash: hash.clone(),
        must_change: false,
        breached: None,
        ..material::password()
    });
    store.commit(vec![material::added(&person)]).await?;
    let authentication = StoredAuthentication::new(
        store.clone(),
        hasher.clone(),
        Arc::new(SystemClock),
        Arc::new(NoBreachCheck),
        entropy()?,
    );

    let (mut bare, mut whole) = (Samples::default(), Samples::default());
    for _ in 0..TIMES {
        let begun = Instant::now();
        let verdict = hasher.verify(Some(&hash), &password).await?;
        bare.add(begun.elapsed());
        if verdict != (Verdict::Right { outdated: false }) {
            return Err(format!("the password is right, not {verdict:?}").into());
        }
        let begun = Instant::now();
        authentication
            .sign_in(ADDRESS, &password, material::source())
            .await?;
        whole.add(begun.elapsed());
    }
    drop(authentication);
    store.close().await?;

    let (bare, whole) = (bare.percentile(50), whole.percentile(50));
    let ratio = whole.as_secs_f64() / bare.as_secs_f64();
    Ok(Figure::new(
        "sign-in beside its one password hash",
        format!("{ratio:.3} × ({} to {})", millis(whole), millis(bare)),
        format!("≤ {RATIO:.2} ×"),
        ratio <= RATIO,
    ))
}
