//! Accounts, without their secrets.

use jiff::Timestamp;
use keyholder_core::account::{Account, AccountId, Email, Mark, Name};
use keyholder_core::change::Write;
use keyholder_core::credential::Summary;
use keyholder_core::error::StoreError;
use keyholder_core::query::folded;
use keyholder_core::store::CommitError;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::{Tried, unique, unreadable};
use crate::pieces;
use crate::value::{NEVER, json, json_from, number_from, role, role_from, time, time_from};

/// Without the columns that are only for searching.
#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) revision: i64,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) role: i16,
    pub(crate) disabled: Option<String>,
    pub(crate) locked: Option<String>,
    pub(crate) deleted: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl TryFrom<Row> for Account {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let mark = |text: Option<String>| text.map(|text| json_from::<Mark>(&text, "a mark")).transpose();
        Ok(Self {
            id: row.id.into(),
            revision: number_from(row.revision)?,
            email: Email::parse(&row.email).map_err(|_| unreadable("an e-mail address"))?,
            name: Name::parse(&row.name).map_err(|_| unreadable("a name"))?,
            role: role_from(row.role)?,
            disabled: mark(row.disabled)?,
            locked: mark(row.locked)?,
            deleted: mark(row.deleted)?,
            created_at: time_from(row.created_at)?,
            updated_at: time_from(row.updated_at)?,
        })
    }
}

pub(crate) async fn read(conn: &mut PgConnection, id: AccountId) -> Result<Option<Account>, StoreError> {
    sqlx::query_as!(
        Row,
        "SELECT id, revision, email, name, role, disabled, locked, deleted, created_at, updated_at FROM account WHERE id = $1",
        id.uuid(),
    )
    .fetch_optional(conn)
    .await
    .tried("read an account")?
    .map(Account::try_from)
    .transpose()
}

pub(crate) async fn id_of(conn: &mut PgConnection, email: &Email) -> Result<Option<AccountId>, StoreError> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM account WHERE email_key = $1",
        email.key().as_bytes()
    )
    .fetch_optional(conn)
    .await
    .tried("look up an e-mail address")?;
    Ok(id.map(AccountId::from))
}

pub(crate) async fn owners(conn: &mut PgConnection) -> Result<Vec<AccountId>, StoreError> {
    let ids = sqlx::query_scalar!("SELECT id FROM account WHERE role = 0 AND gate < 3 ORDER BY id")
        .fetch_all(conn)
        .await
        .tried("look up the owners")?;
    Ok(ids.into_iter().map(AccountId::from).collect())
}

pub(crate) async fn deleted_before(
    conn: &mut PgConnection,
    moment: Timestamp,
) -> Result<Vec<AccountId>, StoreError> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM account WHERE deleted_at < $1 ORDER BY deleted_at LIMIT 100",
        time(moment)
    )
    .fetch_all(conn)
    .await
    .tried("look into the recycle bin")?;
    Ok(ids.into_iter().map(AccountId::from).collect())
}

pub(crate) async fn write(conn: &mut PgConnection, write: &Write<Account>) -> Result<(), CommitError> {
    let account = write.value();
    let (id, revision) = (account.id.uuid(), i64::from(account.revision));
    let (email, email_key) = (account.email.as_str(), account.email.key());
    let (name, name_key) = (account.name.as_str(), folded(account.name.as_str()));
    let pieces = pieces::of(&[email_key, &name_key], pieces::OF_ACCOUNTS);
    let (email_key, name_key) = (email_key.as_bytes(), name_key.as_bytes());
    let role = role(account.role);
    let mark = |mark: &Option<Mark>| mark.as_ref().map(json).transpose();
    let (disabled, locked, deleted) = (
        mark(&account.disabled)?,
        mark(&account.locked)?,
        mark(&account.deleted)?,
    );
    let deleted_at = account.deleted.as_ref().map(|mark| time(mark.at));
    let (created_at, updated_at) = (time(account.created_at), time(account.updated_at));
    match write {
        Write::Insert(_) => {
            sqlx::query!(
                "INSERT INTO account (id, revision, email, email_key, name, name_key, pieces, role, disabled, locked, deleted, deleted_at,
                     created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                id, revision, email, email_key, name, name_key, &pieces, role, disabled, locked, deleted, deleted_at, created_at,
                updated_at,
            )
            .execute(conn)
            .await
            .map_err(|error| unique(&error, "write an account"))?;
        }
        Write::Replace(_) => {
            let changed = sqlx::query!(
                "UPDATE account SET revision = $2, email = $3, email_key = $4, name = $5, name_key = $6, pieces = $7, role = $8,
                     disabled = $9, locked = $10, deleted = $11, deleted_at = $12, updated_at = $13
                 WHERE id = $1 AND revision + 1 = $2",
                id, revision, email, email_key, name, name_key, &pieces, role, disabled, locked, deleted, deleted_at, updated_at,
            )
            .execute(conn)
            .await
            .map_err(|error| unique(&error, "write an account"))?;
            if changed.rows_affected() != 1 {
                return Err(CommitError::Conflict);
            }
        }
    }
    Ok(())
}

/// A conflict unless the account is at that revision.
pub(crate) async fn require(
    conn: &mut PgConnection,
    id: AccountId,
    revision: u32,
) -> Result<(), CommitError> {
    let stored = sqlx::query_scalar!("SELECT revision FROM account WHERE id = $1", id.uuid())
        .fetch_optional(conn)
        .await
        .tried("look at an account's revision")?;
    if stored == Some(i64::from(revision)) {
        Ok(())
    } else {
        Err(CommitError::Conflict)
    }
}

/// Notes beside the account what lists show of its credential.
pub(crate) async fn summarise(
    conn: &mut PgConnection,
    id: AccountId,
    summary: Summary,
) -> Result<(), StoreError> {
    // A failed attempt seldom changes anything of this: then no index is written.
    sqlx::query!(
        "UPDATE account SET enrolled = $2, second_factor = $3, last_sign_in_at = $4, closed_until = $5
         WHERE id = $1 AND (enrolled, second_factor, last_sign_in_at, closed_until) <> ($2, $3, $4, $5)",
        id.uuid(),
        summary.enrolled,
        summary.second_factor,
        summary.last_sign_in_at.map_or(NEVER, time),
        summary.closed_until.map_or(NEVER, time),
    )
    .execute(conn)
    .await
    .tried("write an account's summary")?;
    Ok(())
}

/// Removes it with its credential and sessions.
pub(crate) async fn purge(conn: &mut PgConnection, id: AccountId) -> Result<(), CommitError> {
    let removed = sqlx::query!("DELETE FROM account WHERE id = $1", id.uuid())
        .execute(conn)
        .await
        .tried("remove an account")?;
    if removed.rows_affected() == 1 {
        Ok(())
    } else {
        Err(CommitError::Conflict)
    }
}
