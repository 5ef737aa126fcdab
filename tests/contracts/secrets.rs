//! What somebody learns who has the store and its key: who is there and what they did, but nothing of
//! that with which one could sign in.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::sync::Arc;

use keyholder_core::account::{Name, Role};
use keyholder_core::breach::NoBreachCheck;
use keyholder_core::clock::entropy;
use keyholder_core::directory::{Authentication as _, NewAccount, StoredAuthentication};
use keyholder_core::password::{Argon2Params, Hasher, Pepper};
use keyholder_core::store::Store;
use keyholder_core::testing::directory_contract::{
    BETTER, CARLA, GOOD, OLGA, SAM, Scene, WRONG, email, here, name, password,
};
use keyholder_tests::create_in;
use keyholder_tests::leaks::{Canary, leaks};
use keyholder_tests::story::Told;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _};

const PEPPER: [u8; 32] = [0x3c; 32];

/// Everything in the store, as whoever has its key reads it.
async fn laid_open(store: &Path, to: &Path) -> Told {
    let mut conn = SqliteConnectOptions::new()
        .filename(store)
        .create_if_missing(true)
        .pragma("key", format!("\"x'{}'\"", "07".repeat(32)))
        .connect()
        .await?;
    let export = format!(
        "ATTACH '{}' AS plain KEY ''; SELECT sqlcipher_export('plain'); DETACH plain",
        to.join("plain.db").display()
    );
    conn.execute(sqlx::raw_sql(AssertSqlSafe(export))).await?;
    Ok(())
}

/// A day in a shop: everybody signs in, well and badly, and somebody is given this name. Gives what of
/// the secrets is found in the store.
async fn found_after_a_day(somebody: Name) -> Told<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let store = Arc::new(create_in(folder.path()).await);
    let scene = Scene::open(Arc::clone(&store) as Arc<dyn Store>).await;
    scene.enrolled(SAM, Role::Support).await;
    let new = |who, name| NewAccount {
        email: email(who),
        name,
        role: Role::Customer,
    };
    scene
        .olga()
        .await
        .create(new("dora@mail.example", somebody))
        .await?;
    let new = new(CARLA, name("Carla"));
    let issued = scene.olga().await.create(new).await?.enrolment.code.printed();
    let hasher = Hasher::new(Argon2Params::floor(), Some(Pepper::new(PEPPER)), 1);
    let peppered = StoredAuthentication::new(
        store.clone(),
        hasher,
        Arc::new(scene.clock.clone()),
        Arc::new(NoBreachCheck),
        entropy()?,
    );
    peppered.enrol(CARLA, &issued, &password(BETTER), here()).await?;
    assert!(scene.sign_in(OLGA, WRONG).await.is_err(), "a wrong password");
    assert!(
        scene.sign_in(WRONG, WRONG).await.is_err(),
        "typed into the wrong field"
    );
    let sam = scene.sign_in(SAM, GOOD).await?;
    let (_, codes) = scene.bind(&sam.token).await;
    let waiting = scene.olga().await;
    let again = scene.store.person_by_email(&email(CARLA)).await?.ok_or("Carla")?;
    let open = waiting
        .issue_enrolment(again.account.id, None)
        .await?
        .code
        .printed();
    scene.auth.breach_checks_done().await;
    store.close().await?;

    let plain = folder.path().join("plain");
    std::fs::create_dir(&plain)?;
    laid_open(store.path(), &plain).await?;
    assert_eq!(
        leaks(&plain, &[Canary::text("an address", OLGA)])?.len(),
        1,
        "what is no secret can be read"
    );
    let mut secrets = vec![
        Canary::text("the password", GOOD),
        Canary::text("a chosen password", BETTER),
        Canary::text("a wrong password", WRONG),
        Canary::text("a used enrolment code", &issued),
        Canary::text("an enrolment code", &open),
        Canary::text("the pepper", "not as text").or_bytes(&PEPPER),
    ];
    secrets.extend(codes.iter().map(|code| Canary::text("a recovery code", code)));
    leaks(&plain, &secrets)
}

#[tokio::test]
async fn p07_the_store_holds_nothing_with_which_one_could_sign_in() -> Told {
    assert_eq!(
        found_after_a_day(name("Dora")).await?,
        [""; 0],
        "even whoever has the key of the store finds no password and no code"
    );
    Ok(())
}

#[tokio::test]
async fn p07_mutant_a_store_with_a_password_in_it_is_found() -> Told {
    let found = found_after_a_day(name(BETTER)).await?;
    assert!(
        found.len() == 1 && found[0].starts_with("a chosen password"),
        "a password that was kept as it was typed is seen by the measure: {found:?}"
    );
    Ok(())
}
