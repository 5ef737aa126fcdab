//! Many names are tried, one password each: nobody's count is forgotten for it, and the program does not
//! grow with it.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a story fails by panicking")]

use std::sync::Arc;

use keyholder_core::error::Refusal;
use keyholder_core::store::Store;
use keyholder_core::testing::directory_contract::{
    Ground, OLGA, Scene, WRONG, here, password, refusal, rounds,
};
use keyholder_core::testing::forgetful::{ForgetfulStore, Forgets};
use keyholder_tests::fresh_store;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// What the program may grow by, in KiB.
const GROWTH: u64 = 50 * 1024;
/// Names tried at once, after which a program has all the memory that it works with.
const WARM: u32 = 300;
/// Memory is that of the whole program: one story after the other.
static ALONE: Mutex<()> = Mutex::const_new(());
/// Somebody who has no account.
const NOBODY: &str = "nobody@mail.example";

/// Memory that the program has now, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let digits = line.unwrap().trim().trim_end_matches(" kB");
    digits.parse().unwrap()
}

/// P11: whoever was made to wait waits as long after many names were tried, and memory stays.
async fn p11_spraying(scene: &Scene, names: u32, mut each: impl FnMut()) -> Result<(), String> {
    let wrong = async |who: &str| refusal(scene.auth.sign_in(who, &password(WRONG), here()).await);
    let mut before = Vec::new();
    for who in [OLGA, NOBODY] {
        for _ in 0..5 {
            wrong(who).await;
        }
        before.push(wrong(who).await);
    }
    // What hashing takes, it keeps for the next hash: that is not growth.
    let mut at_once = JoinSet::new();
    for name in 0..WARM {
        let (auth, name) = (Arc::clone(&scene.auth), format!("w{name}@spray.example"));
        at_once.spawn(async move { auth.sign_in(&name, &password(WRONG), here()).await.is_ok() });
    }
    let let_in = at_once.join_all().await.into_iter().filter(|ok| *ok).count();
    assert_eq!(let_in, 0, "a wrong password opens nothing");
    let had = resident();
    for name in 0..names {
        wrong(&format!("n{name}@spray.example")).await;
        each();
    }
    let grown = resident().saturating_sub(had);
    let after = [wrong(OLGA).await, wrong(NOBODY).await];
    if !after.iter().all(|said| matches!(said, Refusal::Locked(_))) || before != after {
        return Err(format!(
            "{names} names changed what is counted: {before:?}, then {after:?}"
        ));
    }
    if grown < GROWTH {
        Ok(())
    } else {
        Err(format!("{names} names took {grown} KiB of memory"))
    }
}

#[tokio::test]
async fn p11_spraying_resets_nobody_and_takes_no_memory() {
    let _alone = ALONE.lock().await;
    let (store, _folder) = fresh_store().await;
    let scene = Scene::open(Ground::of(store)).await;
    let names = rounds(500, 100_000);
    assert_eq!(p11_spraying(&scene, names, || ()).await, Ok(()), "{names} names");

    let (store, _folder) = fresh_store().await;
    let scene = Scene::open(Ground::of(store)).await;
    let mut kept: Vec<Vec<u8>> = Vec::new();
    // As a program would grow that remembers a page of each name.
    let hoarding = p11_spraying(&scene, 100, || kept.push(vec![1; 1 << 20])).await;
    assert!(
        hoarding.is_err(),
        "mutant: {} MiB that are not given back are found",
        kept.len()
    );
}

#[tokio::test]
async fn p11_mutant_a_store_that_forgets_names_is_found() {
    let _alone = ALONE.lock().await;
    let (store, _folder) = fresh_store().await;
    let scene = Scene::open(Ground::of(Arc::clone(&store))).await;
    let forgetful: Arc<dyn Store> = Arc::new(ForgetfulStore::new(store, Forgets::Entries));
    let found = p11_spraying(&scene.through(forgetful), 10, || ()).await;
    assert!(found.is_err(), "whoever is forgotten for others has new tries");
}
