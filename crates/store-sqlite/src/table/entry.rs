//! What is kept for a while under a key.

use jiff::Timestamp;
use keyholder_core::account::AccountId;
use keyholder_core::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use keyholder_core::error::StoreError;
use keyholder_core::store::CommitError;
use sqlx::SqliteConnection;

use crate::error::{Tried, unique, unreadable};
use crate::value::{array_from, maybe_time_from, number_from, time, time_from, uuid_from};

struct Row {
    kind: String,
    key: Vec<u8>,
    revision: i64,
    account: Option<Vec<u8>>,
    at: i64,
    expires_at: Option<i64>,
    body: Vec<u8>,
}

impl TryFrom<Row> for Entry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            kind: EntryKind::parse(&row.kind).ok_or_else(|| unreadable("a kind of entry"))?,
            key: EntryKey(array_from(&row.key, "a key")?),
            revision: number_from(row.revision)?,
            account: row
                .account
                .map(|id| uuid_from(&id))
                .transpose()?
                .map(AccountId::from),
            at: time_from(row.at)?,
            expires_at: maybe_time_from(row.expires_at)?,
            body: row.body.into(),
        })
    }
}

pub(crate) async fn read(
    conn: &mut SqliteConnection,
    kind: EntryKind,
    key: EntryKey,
) -> Result<Option<Entry>, StoreError> {
    let (kind, key) = (kind.as_str(), key.0.to_vec());
    sqlx::query_as!(Row, "SELECT * FROM entry WHERE kind = ? AND key = ?", kind, key)
        .fetch_optional(conn)
        .await
        .tried("read an entry")?
        .map(Entry::try_from)
        .transpose()
}

pub(crate) async fn due(
    conn: &mut SqliteConnection,
    kind: EntryKind,
    until: Timestamp,
    most: u32,
) -> Result<Vec<Entry>, StoreError> {
    let (kind, until) = (kind.as_str(), time(until));
    sqlx::query_as!(
        Row,
        "SELECT * FROM entry WHERE kind = ? AND at <= ? ORDER BY at, key LIMIT ?",
        kind,
        until,
        most,
    )
    .fetch_all(conn)
    .await
    .tried("read the entries that are due")?
    .into_iter()
    .map(Entry::try_from)
    .collect()
}

pub(crate) async fn of(
    conn: &mut SqliteConnection,
    kind: EntryKind,
    accounts: &[AccountId],
) -> Result<Vec<Entry>, StoreError> {
    let mut found = Vec::new();
    for account in accounts {
        let (kind, account) = (kind.as_str(), account.uuid().into_bytes().to_vec());
        let rows = sqlx::query_as!(
            Row,
            "SELECT * FROM entry WHERE account = ? AND kind = ?",
            account,
            kind
        )
        .fetch_all(&mut *conn)
        .await
        .tried("read the entries of an account")?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

pub(crate) async fn write(conn: &mut SqliteConnection, write: &EntryWrite) -> Result<(), CommitError> {
    let changed = match write {
        EntryWrite::Put(entry) if entry.revision == 1 => return insert(conn, entry).await,
        EntryWrite::Put(entry) => replace(conn, entry).await?,
        EntryWrite::Take { kind, key, revision } => {
            let (kind, key) = (kind.as_str(), key.0.to_vec());
            sqlx::query!(
                "DELETE FROM entry WHERE kind = ? AND key = ? AND revision = ?",
                kind,
                key,
                revision
            )
            .execute(conn)
            .await
            .tried("take an entry")?
            .rows_affected()
        }
        EntryWrite::RemoveOf { kind, account } => {
            let (kind, account) = (kind.as_str(), account.uuid().into_bytes().to_vec());
            sqlx::query!("DELETE FROM entry WHERE account = ? AND kind = ?", account, kind)
                .execute(conn)
                .await
                .tried("remove the entries of an account")?;
            return Ok(());
        }
    };
    if changed == 1 {
        Ok(())
    } else {
        Err(CommitError::Conflict)
    }
}

async fn insert(conn: &mut SqliteConnection, entry: &Entry) -> Result<(), CommitError> {
    let (kind, key) = (entry.kind.as_str(), entry.key.0.to_vec());
    let account = entry.account.map(|id| id.uuid().into_bytes().to_vec());
    let (at, expires_at) = (time(entry.at), entry.expires_at.map(time));
    let body = entry.body.as_slice();
    sqlx::query!(
        "INSERT INTO entry (kind, key, revision, account, at, expires_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        kind,
        key,
        entry.revision,
        account,
        at,
        expires_at,
        body,
    )
    .execute(conn)
    .await
    .map_err(|error| gone_or(&error))?;
    Ok(())
}

async fn replace(conn: &mut SqliteConnection, entry: &Entry) -> Result<u64, CommitError> {
    let (kind, key) = (entry.kind.as_str(), entry.key.0.to_vec());
    let account = entry.account.map(|id| id.uuid().into_bytes().to_vec());
    let (at, expires_at) = (time(entry.at), entry.expires_at.map(time));
    let body = entry.body.as_slice();
    let changed = sqlx::query!(
        "UPDATE entry SET revision = ?3, account = ?4, at = ?5, expires_at = ?6, body = ?7
         WHERE kind = ?1 AND key = ?2 AND revision + 1 = ?3",
        kind,
        key,
        entry.revision,
        account,
        at,
        expires_at,
        body,
    )
    .execute(conn)
    .await
    .map_err(|error| gone_or(&error))?;
    Ok(changed.rows_affected())
}

/// Its account was removed for good in the meantime, or there is one already.
fn gone_or(error: &sqlx::Error) -> CommitError {
    match error.as_database_error() {
        Some(cause) if cause.is_foreign_key_violation() => CommitError::Conflict,
        _ => unique(error, "write an entry", "none"),
    }
}

pub(crate) async fn expired(
    conn: &mut SqliteConnection,
    moment: Timestamp,
    most: u32,
) -> Result<Vec<Entry>, StoreError> {
    let moment = time(moment);
    sqlx::query_as!(
        Row,
        "SELECT * FROM entry WHERE expires_at <= ? ORDER BY expires_at, kind, key LIMIT ?",
        moment,
        most,
    )
    .fetch_all(conn)
    .await
    .tried("read the entries that are over")?
    .into_iter()
    .map(Entry::try_from)
    .collect()
}
