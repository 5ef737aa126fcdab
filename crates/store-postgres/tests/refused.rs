//! Databases and servers that a store is not opened on, each refused by name and left as it was.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "stories fail by panicking")]

use std::sync::Arc;

use keyholder_core::error::Code;
use keyholder_core::store::Store as _;
use keyholder_store_postgres::testing::{Cluster, Database, fresh_store, keys};
use keyholder_store_postgres::{PostgresStore, StoreKeys};
use sqlx::{AssertSqlSafe, Executor as _};

/// What an administrator does to a database.
async fn done(database: &Database, sql: &str) {
    let mut conn = database.administrator().await.unwrap();
    conn.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
}

async fn opened(url: &str) -> Code {
    PostgresStore::open(url, &keys()).await.unwrap_err().code
}

async fn created(url: &str) -> Code {
    PostgresStore::create(url, &keys()).await.unwrap_err().code
}

#[tokio::test]
async fn a_store_is_made_once_and_opened_where_there_is_one() {
    let database = Database::fresh().await.unwrap();
    assert_eq!(opened(&database.url()).await, Code::NoStore, "there is none yet");
    let store = PostgresStore::create(&database.url(), &keys()).await.unwrap();
    assert_eq!(created(&database.url()).await, Code::AlreadySetUp, "it is there");
    assert_eq!(store.shop().await.unwrap(), None, "and was left as it was");
    store.close().await;
    store.close().await;
    assert!(store.shop().await.is_err(), "a closed store answers nothing");
    PostgresStore::open(&database.url(), &keys()).await.unwrap();
    let nowhere = database.server().url("nowhere");
    assert_eq!(opened(&nowhere).await, Code::NoStore, "no such database");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_who_make_one_at_once_one_does() {
    let database = Database::fresh().await.unwrap();
    let mut makers = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let url = database.url();
        makers.spawn(async move {
            PostgresStore::create(&url, &keys())
                .await
                .map_err(|error| error.code)
        });
    }
    let made = makers.join_all().await;
    let refused: Vec<_> = made.iter().filter_map(|made| made.as_ref().err()).collect();
    assert_eq!(
        refused,
        [&Code::AlreadySetUp; 5],
        "the others are told that it is there"
    );
}

#[tokio::test]
async fn another_key_opens_nothing() {
    let (_, database) = fresh_store().await;
    let other = StoreKeys::new([1; 32], [0xa5; 32]);
    let refused = PostgresStore::open(&database.url(), &other).await.unwrap_err();
    assert_eq!(refused.code, Code::WrongKey, "it is known at once: {refused}");
}

#[tokio::test]
async fn a_newer_store_is_left_alone() {
    let (_, database) = fresh_store().await;
    done(&database, "UPDATE store SET version = 9").await;
    let refused = PostgresStore::open(&database.url(), &keys()).await.unwrap_err();
    assert_eq!(refused.code, Code::Newer, "{refused}");
    assert!(
        refused.to_string().contains("version 9"),
        "the newer version is named: {refused}"
    );
}

#[tokio::test]
async fn a_schema_of_somebody_else_is_left_alone() {
    let database = Database::fresh().await.unwrap();
    done(
        &database,
        "CREATE SCHEMA keyholder; CREATE TABLE keyholder.recipe (cake text)",
    )
    .await;
    assert_eq!(
        created(&database.url()).await,
        Code::Foreign,
        "it is not made over"
    );
    assert_eq!(
        opened(&database.url()).await,
        Code::Foreign,
        "nor taken for a store"
    );
    done(&database, "DROP TABLE recipe").await;
    PostgresStore::create(&database.url(), &keys()).await.unwrap();
}

#[tokio::test]
async fn a_role_without_rights_elsewhere_can_keep_a_store() {
    let database = Database::fresh().await.unwrap();
    done(
        &database,
        "CREATE ROLE keeper LOGIN; CREATE SCHEMA keyholder AUTHORIZATION keeper",
    )
    .await;
    let url = database.url().replace("postgres@", "keeper@");
    let store = PostgresStore::create(&url, &keys()).await.unwrap();
    assert_eq!(
        store.shop().await.unwrap(),
        None,
        "no extension and no superuser is needed"
    );
    done(&database, "CREATE ROLE passer_by LOGIN").await;
    let url = database.url().replace("postgres@", "passer_by@");
    assert_ne!(
        opened(&url).await,
        Code::NoStore,
        "who may not look is not told it is empty"
    );
}

#[tokio::test]
async fn a_server_that_forgets_what_it_saved_is_refused() {
    let server = Arc::new(Cluster::start_with(&["fsync=off"]).unwrap());
    let database = Database::on(server).await.unwrap();
    let refused = PostgresStore::create(&database.url(), &keys()).await.unwrap_err();
    assert!(
        refused.to_string().contains("fsync"),
        "the administrator is told what to change: {refused}"
    );
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_name_is_refused() {
    let database = Database::fresh().await.unwrap();
    done(
        &database,
        "CREATE DATABASE narrow ENCODING 'LATIN1' TEMPLATE template0",
    )
    .await;
    let narrow = database.server().url("narrow");
    let refused = PostgresStore::create(&narrow, &keys()).await.unwrap_err();
    assert!(refused.to_string().contains("UTF8"), "it says why: {refused}");
}
