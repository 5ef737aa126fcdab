//! Migrations: they are only ever added. The version of a file is the number of those it has had.

use std::path::Path;

use keyholder_core::error::StoreError;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection};

use crate::connect::APPLICATION_ID;
use crate::copy;
use crate::error::Tried;
use crate::file;

/// All of them, in order.
pub(crate) const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_store.sql")];

/// The version of a file that has had all of them.
#[expect(clippy::cast_possible_truncation, reason = "a handful")]
pub(crate) const LATEST: u32 = MIGRATIONS.len() as u32;

/// Brings a file from `version` to the latest, each step in one transaction and with a copy of the
/// file as it was before beside it. A new file has nothing to copy.
pub(crate) async fn migrate(conn: &mut SqliteConnection, path: &Path, version: u32, steps: &[&str]) -> Result<(), StoreError> {
    for (before, step) in (0_u32..).zip(steps).skip(version as usize) {
        if before > 0 {
            copy::into(conn, &file::free_name(path, &format!("before-version-{}", before + 1))?).await?;
        }
        let mut step_tx = conn.begin_with("BEGIN IMMEDIATE").await.tried("begin a migration")?;
        step_tx.execute(sqlx::raw_sql(AssertSqlSafe(*step))).await.tried("migrate the store")?;
        let marks = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}", before + 1);
        step_tx.execute(sqlx::raw_sql(AssertSqlSafe(marks))).await.tried("note the store's version")?;
        step_tx.commit().await.tried("commit a migration")?;
    }
    Ok(())
}
