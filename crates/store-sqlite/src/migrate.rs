//! Migrations: they are only ever added. The version of a file is the number of those it has had.

use std::path::Path;

use keyholder_core::error::StoreError;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection};

use crate::connect::APPLICATION_ID;
use crate::copy;
use crate::error::Tried;
use crate::file;

/// All of them, in order.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_store.sql"),
    include_str!("../migrations/0002_entry.sql"),
];

/// The version of a file that has had all of them.
#[expect(clippy::cast_possible_truncation, reason = "a handful")]
pub(crate) const LATEST: u32 = MIGRATIONS.len() as u32;

/// Brings a file from `version` to the latest, each step in one transaction and with a copy of the
/// file as it was before beside it. A new file has nothing to copy.
pub(crate) async fn migrate(
    conn: &mut SqliteConnection,
    path: &Path,
    version: u32,
    steps: &[&str],
) -> Result<(), StoreError> {
    for (before, step) in (0_u32..).zip(steps).skip(version as usize) {
        if version > 0 {
            copy::into(
                conn,
                &file::free_name(path, &format!("before-version-{}", before + 1))?,
            )
            .await?;
        }
        let mut step_tx = conn
            .begin_with("BEGIN IMMEDIATE")
            .await
            .tried("begin a migration")?;
        step_tx
            .execute(sqlx::raw_sql(AssertSqlSafe(*step)))
            .await
            .tried("migrate the store")?;
        let marks = format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}",
            before + 1
        );
        step_tx
            .execute(sqlx::raw_sql(AssertSqlSafe(marks)))
            .await
            .tried("note the store's version")?;
        step_tx.commit().await.tried("commit a migration")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use keyholder_core::error::Code;
    use keyholder_core::store::Store as _;

    use super::*;
    use crate::keys::StoreKeys;
    use crate::{SqliteStore, connect};

    fn keys() -> StoreKeys {
        StoreKeys::new([1; 32], [2; 32])
    }

    async fn old_store() -> (PathBuf, tempfile::TempDir) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("shop.keyholder");
        SqliteStore::create(&path, &keys())
            .await
            .unwrap()
            .close()
            .await
            .unwrap();
        (path, directory)
    }

    /// Every step there is, and these.
    fn and(more: &[&'static str]) -> Vec<&'static str> {
        [MIGRATIONS, more].concat()
    }

    #[tokio::test]
    async fn a_new_store_has_no_copies_beside_it() {
        let (_path, directory) = old_store().await;
        let beside = std::fs::read_dir(directory.path()).unwrap();
        let copies: Vec<_> = beside
            .map(|entry| entry.unwrap().file_name())
            .filter(|name| name.to_string_lossy().contains("before-version"))
            .collect();
        assert!(copies.is_empty(), "there was nothing to lose yet: {copies:?}");
    }

    #[tokio::test]
    async fn a_store_of_the_first_version_is_brought_up_with_everything_in_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("shop.keyholder");
        file::create(&path).unwrap();
        let mut conn = connect::open(&connect::writer(&path, &keys())).await.unwrap();
        migrate(&mut conn, &path, 0, &MIGRATIONS[..1]).await.unwrap();
        conn.execute(
            "INSERT INTO shop (id, revision, name, policy, created_at) VALUES (1, 1, 'Rose', '{}', 5)",
        )
        .await
        .unwrap();
        conn.close().await.unwrap();

        let store = SqliteStore::open(&path, &keys()).await.unwrap();
        let shop = store.shop().await.unwrap().unwrap();
        assert_eq!(shop.name.as_str(), "Rose", "what was in it is in it");
        store.close().await.unwrap();
        let copy = directory.path().join("shop.keyholder.before-version-2");
        SqliteStore::verify_file(&copy, &keys()).await.unwrap();
    }

    #[tokio::test]
    async fn each_step_leaves_a_copy_of_the_store_as_it_was() {
        let (path, directory) = old_store().await;
        let steps = and(&[
            "CREATE TABLE second (x TEXT) STRICT",
            "CREATE TABLE third (x TEXT) STRICT",
        ]);
        let mut conn = connect::open(&connect::writer(&path, &keys())).await.unwrap();
        migrate(&mut conn, &path, LATEST, &steps).await.unwrap();
        conn.close().await.unwrap();

        let newer = SqliteStore::open(&path, &keys()).await.unwrap_err();
        assert_eq!(
            newer.code,
            Code::Newer,
            "the program that does not know two of its steps leaves it alone"
        );
        let before = |step: u32| {
            let version = LATEST + step;
            directory
                .path()
                .join(format!("shop.keyholder.before-version-{version}"))
        };
        let copy = before(1);
        SqliteStore::verify_file(&copy, &keys()).await.unwrap();
        let reopened = SqliteStore::open(&copy, &keys()).await.unwrap();
        reopened.close().await.unwrap();
        assert!(before(2).exists(), "the second step has a copy of its own");
    }

    #[tokio::test]
    async fn a_step_that_fails_changes_nothing() {
        let (path, _directory) = old_store().await;
        let steps = and(&["CREATE TABLE second (x TEXT) STRICT; SELECT no_such_function()"]);
        let mut conn = connect::open(&connect::writer(&path, &keys())).await.unwrap();
        migrate(&mut conn, &path, LATEST, &steps).await.unwrap_err();
        conn.close().await.unwrap();
        SqliteStore::open(&path, &keys()).await.unwrap();
        let found: i64 = {
            let mut conn = connect::open(&connect::reader(&path, &keys())).await.unwrap();
            sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'second'")
                .fetch_one(&mut conn)
                .await
                .unwrap()
        };
        assert_eq!(found, 0, "half a step is undone, and the store opens as before");
    }
}
