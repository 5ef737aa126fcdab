//! Whether what the compiler is told about the checked SQL still holds: a database with the tables of the
//! migrations is asked again.
#![cfg(unix)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use keyholder_store_postgres::testing::{Database, fresh_store};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, SqlSafeStr as _};

type Story<T = ()> = Result<T, Box<dyn Error>>;

fn files(folder: &str, ending: &str) -> Story<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A fresh store, and then that change of its tables.
async fn database(change: &str) -> Story<(PgConnection, Database)> {
    let (_, database) = fresh_store().await;
    let mut conn = database.administrator().await?;
    conn.execute(sqlx::raw_sql(AssertSqlSafe(change.to_owned())))
        .await?;
    Ok((conn, database))
}

/// What was kept of each statement: itself, and what a database answered to it.
fn kept() -> Story<Vec<(String, Value)>> {
    let read = |path: PathBuf| {
        let mut kept: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
        let sql = kept["query"].as_str().ok_or("a statement")?.to_owned();
        Ok((sql, kept["describe"].take()))
    };
    files(".sqlx", "json")?.into_iter().map(read).collect()
}

/// The statements to which this database answers otherwise than was kept.
async fn outdated(change: &str) -> Story<Vec<String>> {
    let (mut conn, _database) = database(change).await?;
    let mut outdated = Vec::new();
    for (sql, answer) in kept()? {
        let now = conn.describe(AssertSqlSafe(sql.clone()).into_sql_str()).await;
        if now.map(serde_json::to_value).ok().transpose()? != Some(answer) {
            outdated.push(sql);
        }
    }
    Ok(outdated)
}

#[tokio::test]
async fn the_checked_statements_hold() -> Story {
    assert!(kept()?.len() > 20, "the statements were found");
    assert_eq!(
        outdated("").await?,
        [""; 0],
        "a migration or a statement was changed: cargo xtask queries"
    );
    Ok(())
}

#[tokio::test]
async fn a_changed_table_is_found() -> Story {
    for (change, table) in [
        (
            "ALTER TABLE session ALTER COLUMN seen_at DROP NOT NULL",
            "session",
        ),
        ("ALTER TABLE account RENAME COLUMN email TO shown", "account"),
    ] {
        let found = outdated(change).await?;
        assert!(
            !found.is_empty() && found.iter().all(|sql| sql.contains(table)),
            "{change}: the statements on that table, and no others: {found:?}"
        );
    }
    Ok(())
}

#[test]
fn no_statement_is_kept_that_nobody_asks() -> Story {
    let bare = |text: &str| text.replace(|letter: char| letter.is_whitespace() || letter == '\\', "");
    let mut sources = String::new();
    for source in files("src", "rs")? {
        sources.push_str(&bare(&fs::read_to_string(source)?));
    }
    for (sql, _) in kept()? {
        assert!(
            sources.contains(&bare(&sql)),
            "it was dropped from the code: cargo xtask queries\n{sql}"
        );
    }
    Ok(())
}
