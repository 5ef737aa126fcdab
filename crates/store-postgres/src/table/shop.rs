//! The one row of the shop.

use keyholder_core::account::Name;
use keyholder_core::change::Write;
use keyholder_core::error::StoreError;
use keyholder_core::shop::Shop;
use keyholder_core::store::CommitError;
use sqlx::PgConnection;

use crate::error::{Tried, unique, unreadable};
use crate::value::{json, json_from, maybe_time_from, number_from, time, time_from};

pub(crate) async fn read(conn: &mut PgConnection) -> Result<Option<Shop>, StoreError> {
    let row = sqlx::query!("SELECT revision, name, policy, created_at, recovery_key_confirmed_at FROM shop")
        .fetch_optional(conn)
        .await
        .tried("read the shop")?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Shop {
        revision: number_from(row.revision)?,
        name: Name::parse(&row.name).map_err(|_| unreadable("the shop's name"))?,
        policy: json_from(&row.policy, "the policy")?,
        created_at: time_from(row.created_at)?,
        recovery_key_confirmed_at: maybe_time_from(row.recovery_key_confirmed_at)?,
    }))
}

pub(crate) async fn write(conn: &mut PgConnection, write: &Write<Shop>) -> Result<(), CommitError> {
    let shop = write.value();
    let revision = i64::from(shop.revision);
    let name = shop.name.as_str();
    let policy = json(&shop.policy)?;
    let confirmed_at = shop.recovery_key_confirmed_at.map(time);
    match write {
        Write::Insert(_) => {
            sqlx::query!(
                "INSERT INTO shop (id, revision, name, policy, created_at, recovery_key_confirmed_at) VALUES (1, $1, $2, $3, $4, $5)",
                revision,
                name,
                policy,
                time(shop.created_at),
                confirmed_at,
            )
            .execute(conn)
            .await
            .map_err(|error| unique(&error, "write the shop"))?;
        }
        Write::Replace(_) => {
            let changed = sqlx::query!(
                "UPDATE shop SET revision = $1, name = $2, policy = $3, recovery_key_confirmed_at = $4 WHERE id = 1 AND revision + 1 = $1",
                revision,
                name,
                policy,
                confirmed_at,
            )
            .execute(conn)
            .await
            .tried("write the shop")?;
            if changed.rows_affected() != 1 {
                return Err(CommitError::Conflict);
            }
        }
    }
    Ok(())
}
