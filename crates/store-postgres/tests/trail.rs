//! The audit trail against somebody who may write the database.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "stories fail by panicking")]

use keyholder_core::audit::chain::Verdict;
use keyholder_core::store::Store as _;
use keyholder_core::testing::store_contract::material::{event, noted};
use keyholder_store_postgres::PostgresStore;
use keyholder_store_postgres::testing::{Database, fresh_store};
use sqlx::{AssertSqlSafe, Executor as _};

/// A trail of ten events.
async fn ten() -> (std::sync::Arc<PostgresStore>, Database) {
    let (store, database) = fresh_store().await;
    store
        .commit((0..10).map(|number| noted(event(number))).collect())
        .await
        .unwrap();
    (store, database)
}

async fn tried(database: &Database, sql: &str) -> Result<(), String> {
    let mut conn = database.administrator().await.unwrap();
    let done = conn.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await;
    done.map(drop).map_err(|error| error.to_string())
}

#[tokio::test]
async fn the_trail_is_append_only_for_whoever_owns_it() {
    let (store, database) = ten().await;
    for sql in [
        "UPDATE audit SET outcome = 'done' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 10",
        "TRUNCATE audit",
    ] {
        let refused = tried(&database, sql).await.unwrap_err();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    for seq in ["12", "0", "-1"] {
        let copy = format!(
            "INSERT INTO audit SELECT {seq}, at, actor_id, subject_id, action, outcome, address, text, pieces, payload, salt, commitment,
                 prev, hash, mac FROM audit WHERE seq = 10"
        );
        let refused = tried(&database, &copy).await.unwrap_err();
        assert!(refused.contains("without gaps"), "row {seq}: {refused}");
    }
    assert!(
        matches!(
            store.verify_trail().await.unwrap(),
            Verdict::Whole { rows: 10, .. }
        ),
        "nothing of it was done"
    );
}

#[tokio::test]
async fn p43_what_was_changed_behind_the_triggers_is_found() {
    let attacks = [
        ("UPDATE audit SET outcome = 'done' WHERE seq = 3", 3),
        ("UPDATE audit SET at = at - 1 WHERE seq = 4", 4),
        ("UPDATE audit SET text = 'somebody else' WHERE seq = 5", 5),
        ("UPDATE audit SET pieces = '{}' WHERE seq = 5", 5),
        (
            "UPDATE audit SET payload = (SELECT payload FROM audit WHERE seq = 1) WHERE seq = 6",
            6,
        ),
        (
            "UPDATE audit SET mac = set_byte(mac, 0, get_byte(mac, 0) # 1) WHERE seq = 7",
            7,
        ),
        ("DELETE FROM audit WHERE seq = 8", 8),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("UPDATE audit SET hash = '' WHERE seq = 2", 2),
    ];
    for (attack, first) in attacks {
        let (store, database) = ten().await;
        let behind = format!("SET session_replication_role = replica; {attack}");
        tried(&database, &behind).await.unwrap();
        match store.verify_trail().await.unwrap() {
            Verdict::Broken { first_bad_seq, .. } => {
                assert_eq!(first_bad_seq, first, "{attack}: its first row");
            }
            Verdict::Whole { .. } => panic!("{attack}: nobody noticed"),
        }
    }
}
