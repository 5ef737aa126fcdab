//! Migrations: they are only ever added. The version of a store is the number of those it has had.

use keyholder_core::error::{Code, StoreError};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::connect::SCHEMA;
use crate::error::{Tried, broken};
use crate::seal::{Place, Seal};
use crate::table::node;
use keyholder_core::clock::Rng;

/// All of them, in order.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_store.sql"),
    include_str!("../migrations/0002_entry.sql"),
];

/// What is sealed in a store so that a wrong key is known at once.
const KEY_CHECK: &[u8] = b"the key of this store";
const KEY_CHECK_PLACE: Place<'_> = Place {
    column: "store.key_check",
    row: &[0; 16],
};

/// One lock for all who make or migrate a store in this database; one migration may take its time.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
    SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '1min';
    SELECT pg_advisory_xact_lock(1263036514, 0)";

/// Makes a store where there is none.
///
/// # Errors
/// [`Code::AlreadySetUp`] if there is one, [`Code::Foreign`] if the schema is somebody else's.
pub(crate) async fn create(
    conn: &mut PgConnection,
    seal: &Seal,
    rng: &mut Rng,
    steps: &[&str],
) -> Result<(), StoreError> {
    run(conn, BEGIN, "begin to make the store").await?;
    if version(conn).await?.is_some() {
        return Err(broken(
            Code::AlreadySetUp,
            "there is a store in this database already",
        ));
    }
    let (schema,): (bool,) = sqlx::query_as("SELECT to_regnamespace($1) IS NOT NULL")
        .bind(SCHEMA)
        .fetch_one(&mut *conn)
        .await
        .tried("look for the schema of the store")?;
    // An administrator may have made it for somebody who may not make one.
    if !schema {
        run(conn, "CREATE SCHEMA keyholder", "make the schema of the store").await?;
    }
    apply(conn, 0, steps).await?;
    let key_check = seal.close(KEY_CHECK_PLACE, KEY_CHECK, rng)?;
    sqlx::query("INSERT INTO store (id, version, key_check) VALUES (1, $1, $2)")
        .bind(number(steps)?)
        .bind(key_check)
        .execute(&mut *conn)
        .await
        .tried("note the store's version")?;
    run(conn, "COMMIT", "commit the new store").await
}

/// Brings a store to the latest version, unless another node has done so meanwhile.
///
/// # Errors
/// [`Code::NoStore`], [`Code::Foreign`], [`Code::Newer`], [`Code::WrongKey`]: nothing was changed.
pub(crate) async fn migrate(conn: &mut PgConnection, seal: &Seal, steps: &[&str]) -> Result<(), StoreError> {
    run(conn, BEGIN, "begin a migration").await?;
    let there = version(conn)
        .await?
        .ok_or_else(|| broken(Code::NoStore, "there is no store in this database"))?;
    let known = number(steps)?;
    if there > known {
        return Err(broken(
            Code::Newer,
            format!("the store has version {there}, this program knows up to {known}"),
        ));
    }
    let (key_check,): (Vec<u8>,) = sqlx::query_as("SELECT key_check FROM store")
        .fetch_one(&mut *conn)
        .await
        .tried("read the key check")?;
    seal.open(KEY_CHECK_PLACE, &key_check)
        .map_err(|_| broken(Code::WrongKey, "the key does not belong to this store"))?;
    if there < known {
        apply(conn, usize::try_from(there).unwrap_or_default(), steps).await?;
        sqlx::query("UPDATE store SET version = $1")
            .bind(known)
            .execute(&mut *conn)
            .await
            .tried("note the store's version")?;
    }
    node::forget_gone(conn).await?;
    run(conn, "COMMIT", "commit a migration").await
}

/// Makes sure that no newer program has migrated the store since this one opened it: what that one keeps
/// with each row, this one would leave out.
///
/// # Errors
/// [`Code::Newer`]: this program must be replaced by the newer one. It may read on.
pub(crate) async fn still_known(conn: &mut PgConnection) -> Result<(), StoreError> {
    let there: i32 = sqlx::query_scalar("SELECT version FROM store")
        .fetch_one(conn)
        .await
        .tried("read the version of the store")?;
    let known = number(MIGRATIONS)?;
    if there > known {
        return Err(broken(
            Code::Newer,
            format!(
                "a newer program has brought the store to version {there}, this one knows up to {known}: \
                 replace it by the newer one"
            ),
        ));
    }
    Ok(())
}

async fn apply(conn: &mut PgConnection, from: usize, steps: &[&str]) -> Result<(), StoreError> {
    for step in steps.iter().skip(from) {
        conn.execute(sqlx::raw_sql(AssertSqlSafe(*step)))
            .await
            .tried("migrate the store")?;
    }
    Ok(())
}

/// The version of the store; none where there is no store.
async fn version(conn: &mut PgConnection) -> Result<Option<i32>, StoreError> {
    let (ours, things): (bool, i64) = sqlx::query_as(
        "SELECT to_regclass('keyholder.store') IS NOT NULL,
             (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace($1))",
    )
    .bind(SCHEMA)
    .fetch_one(&mut *conn)
    .await
    .tried("look for a store")?;
    if !ours && things > 0 {
        return Err(broken(
            Code::Foreign,
            "the schema keyholder of this database holds something else",
        ));
    }
    if !ours {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT version FROM store")
        .fetch_one(conn)
        .await
        .map(Some)
        .map_err(|_| {
            broken(
                Code::Foreign,
                "the table keyholder.store of this database is not ours",
            )
        })
}

fn number(steps: &[&str]) -> Result<i32, StoreError> {
    i32::try_from(steps.len()).map_err(|_| broken(Code::Broken, "too many migrations"))
}

async fn run(conn: &mut PgConnection, sql: &'static str, what: &str) -> Result<(), StoreError> {
    conn.execute(sqlx::raw_sql(sql)).await.tried(what)?;
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use keyholder_core::audit::chain::Verdict;
    use keyholder_core::store::{CommitError, Store as _};
    use keyholder_core::testing::store_contract::material::{event, noted};
    use rand::SeedableRng as _;

    use super::*;
    use crate::testing::{Database, fresh_store, keys};
    use crate::{PostgresStore, connect};

    const SECOND: &str = "CREATE TABLE second (number integer)";
    const THIRD: &str = "CREATE TABLE third AS SELECT number FROM second";

    fn seal() -> Seal {
        Seal::new([1; 32])
    }

    async fn connection(database: &Database) -> PgConnection {
        connect::open(&connect::options(&database.url()).unwrap())
            .await
            .unwrap()
    }

    /// A store of the first version.
    async fn old_store() -> Database {
        let database = Database::fresh().await.unwrap();
        let mut rng = Rng::seed_from_u64(1);
        let mut conn = connection(&database).await;
        create(&mut conn, &seal(), &mut rng, &MIGRATIONS[..1])
            .await
            .unwrap();
        database
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nodes_that_start_together_migrate_once() {
        let database = old_store().await;
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let mut conn = connection(&database).await;
            nodes.spawn(async move { migrate(&mut conn, &seal(), &[MIGRATIONS[0], SECOND, THIRD]).await });
        }
        for started in nodes.join_all().await {
            started.unwrap();
        }
        let mut conn = connection(&database).await;
        assert_eq!(
            version(&mut conn).await.unwrap(),
            Some(3),
            "each step was counted"
        );
        let newer = migrate(&mut conn, &seal(), &MIGRATIONS[..1]).await.unwrap_err();
        assert_eq!(
            newer.code,
            Code::Newer,
            "the program that knows one version leaves three alone"
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_node_of_an_older_version_reads_on_and_writes_nothing() {
        let (old, database) = fresh_store().await;
        old.commit(vec![noted(event(1))]).await.unwrap();
        let next = [MIGRATIONS, &[SECOND]].concat();
        let mut newer = connection(&database).await;
        migrate(&mut newer, keys().seal(), &next).await.unwrap();

        for _ in 0..2 {
            match old.commit(vec![noted(event(2))]).await {
                Err(CommitError::Broken(error)) => {
                    assert_eq!(error.code, Code::Newer, "it says so: {error}");
                    assert!(
                        error.context.contains("replace it"),
                        "and what is to be done: {error}"
                    );
                }
                other => panic!("what it does not know it cannot write: {other:?}"),
            }
        }
        let trail = old.verify_trail().await.unwrap();
        assert!(
            matches!(trail, Verdict::Whole { rows: 1, .. }),
            "reading goes on, and nothing came of it"
        );
        let anew = PostgresStore::open(&database.url(), &keys()).await.unwrap_err();
        assert_eq!(anew.code, Code::Newer, "started again it does not begin at all");
    }

    #[tokio::test]
    async fn a_step_that_fails_changes_nothing() {
        let database = old_store().await;
        let steps = [MIGRATIONS[0], SECOND, "SELECT no_such_function()"];
        let mut conn = connection(&database).await;
        migrate(&mut conn, &seal(), &steps).await.unwrap_err();
        drop(conn);
        let mut conn = connection(&database).await;
        assert_eq!(version(&mut conn).await.unwrap(), Some(1), "it is as it was");
        let second: bool = sqlx::query_scalar("SELECT to_regclass('keyholder.second') IS NOT NULL")
            .fetch_one(&mut conn)
            .await
            .unwrap();
        assert!(!second, "the step before it is undone with it");
        migrate(&mut conn, &seal(), &MIGRATIONS[..1]).await.unwrap();
    }
}
