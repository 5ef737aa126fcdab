//! What each node committed last, for when it was not told.

use keyholder_core::error::StoreError;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Tried;

/// Notes the transaction that this is part of.
pub(crate) async fn note(conn: &mut PgConnection, node: Uuid, transaction: Uuid) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO node (id, last_commit, at) VALUES ($1, $2, now())
         ON CONFLICT (id) DO UPDATE SET last_commit = $2, at = now()",
        node,
        transaction
    )
    .execute(conn)
    .await
    .tried("note a transaction")?;
    Ok(())
}

/// The transaction that the node committed last.
pub(crate) async fn last(conn: &mut PgConnection, node: Uuid) -> Result<Option<Uuid>, StoreError> {
    sqlx::query_scalar!("SELECT last_commit FROM node WHERE id = $1", node)
        .fetch_optional(conn)
        .await
        .tried("ask what became of a commit")
}

/// Forgets nodes that have long been gone; one that is only quiet is noted again when it writes.
pub(crate) async fn forget_gone(conn: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM node WHERE at < now() - interval '1 day'")
        .execute(conn)
        .await
        .tried("forget nodes that are gone")?;
    Ok(())
}
