//! What somebody learns, and can do, who has the database and not the keys.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "stories fail by panicking")]

use std::path::Path;

use keyholder_core::error::Code;
use keyholder_core::store::{Person, Store as _};
use keyholder_core::testing::store_contract::material::{added, veteran};
use keyholder_store_postgres::testing::{Database, fresh_store};
use sqlx::{AssertSqlSafe, Executor as _};

/// Everywhere below a folder where one of these stands: how often.
fn found(folder: &Path, secrets: &[Vec<u8>]) -> usize {
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found += self::found(&path, secrets);
        } else if let Ok(bytes) = std::fs::read(&path) {
            found += secrets
                .iter()
                .map(|secret| memchr::memmem::find_iter(&bytes, secret).count())
                .sum::<usize>();
        }
    }
    found
}

/// The seeds of somebody's second factors, as bytes, in hex and as phones take them.
fn seeds(person: &Person) -> Vec<Vec<u8>> {
    let credential = &person.credential;
    let confirmed = &credential.totp.as_ref().unwrap().totp.secret;
    let begun = credential.totp_begun.as_ref().unwrap();
    let forms = |seed: &[u8]| {
        [
            seed.to_vec(),
            data_encoding::HEXLOWER.encode(seed).into_bytes(),
            data_encoding::BASE32_NOPAD.encode(seed).into_bytes(),
        ]
    };
    [confirmed, begun]
        .into_iter()
        .flat_map(|seed| forms(seed.bytes()))
        .collect()
}

/// Everything on the server's disk: tables and write-ahead log.
async fn on_disk(database: &Database) -> std::path::PathBuf {
    let mut conn = database.administrator().await.unwrap();
    conn.execute("CHECKPOINT").await.unwrap();
    database.server().data()
}

#[tokio::test]
async fn p37_a_stolen_database_has_no_seeds_in_it() {
    let (store, database) = fresh_store().await;
    let anna = veteran(1, "anna@rose.example");
    store.commit(vec![added(&anna)]).await.unwrap();
    let disk = on_disk(&database).await;
    assert!(
        found(&disk, &[b"anna@rose.example".to_vec()]) > 0,
        "what is not sealed is there to be found"
    );
    assert_eq!(found(&disk, &seeds(&anna)), 0, "tables and log hold no seed");
}

#[tokio::test]
async fn p37_mutant_a_seed_that_is_not_sealed_is_found() {
    let (store, database) = fresh_store().await;
    let anna = veteran(1, "anna@rose.example");
    store.commit(vec![added(&anna)]).await.unwrap();
    let mut conn = database.administrator().await.unwrap();
    sqlx::query("UPDATE credential SET totp = $1")
        .bind(anna.credential.totp.as_ref().unwrap().totp.secret.bytes())
        .execute(&mut conn)
        .await
        .unwrap();
    let disk = on_disk(&database).await;
    assert!(
        found(&disk, &seeds(&anna)) > 0,
        "a store that wrote seeds as they are must be seen by the measure"
    );
}

#[tokio::test]
async fn p37_a_seed_put_in_another_place_opens_nothing() {
    let exchanges = [
        // Ben gives himself Anna's phone.
        "UPDATE credential AS one SET totp = other.totp FROM credential AS other WHERE one.account <> other.account",
        // What was begun, and nobody confirmed, is put in the place of what is asked for.
        "UPDATE credential SET totp = totp_begun",
        "UPDATE credential SET totp = set_byte(totp, 30, get_byte(totp, 30) # 1)",
        "UPDATE credential SET totp = substr(totp, 1, 20)",
    ];
    for exchange in exchanges {
        let (store, database) = fresh_store().await;
        let (anna, ben) = (veteran(1, "anna@rose.example"), veteran(2, "ben@rose.example"));
        store.commit(vec![added(&anna), added(&ben)]).await.unwrap();
        store.person(anna.account.id).await.unwrap().unwrap();
        let mut conn = database.administrator().await.unwrap();
        conn.execute(AssertSqlSafe(exchange.to_owned())).await.unwrap();
        let refused = store.person(anna.account.id).await.unwrap_err();
        assert_eq!(refused.code, Code::Damaged, "{exchange}: {refused}");
    }
}
