//! What is kept for a while under a key. Bodies are sealed for their own kind and key.

use jiff::Timestamp;
use keyholder_core::account::AccountId;
use keyholder_core::clock::Rng;
use keyholder_core::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use keyholder_core::error::StoreError;
use keyholder_core::store::CommitError;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::{Tried, unique, unreadable};
use crate::seal::{Place, Seal};
use crate::value::{array_from, maybe_time_from, number_from, time, time_from};

struct Row {
    kind: String,
    key: Vec<u8>,
    revision: i64,
    account: Option<Uuid>,
    at: i64,
    expires_at: Option<i64>,
    body: Vec<u8>,
}

/// What names the row to its seal.
fn named(kind: EntryKind, key: EntryKey) -> Vec<u8> {
    [kind.as_str().as_bytes(), b"\0", &key.0].concat()
}

fn place(named: &[u8]) -> Place<'_> {
    Place {
        column: "entry.body",
        row: named,
    }
}

impl Row {
    fn opened(self, seal: &Seal) -> Result<Entry, StoreError> {
        let kind = EntryKind::parse(&self.kind).ok_or_else(|| unreadable("a kind of entry"))?;
        let key = EntryKey(array_from(&self.key, "a key")?);
        Ok(Entry {
            kind,
            key,
            revision: number_from(self.revision)?,
            account: self.account.map(AccountId::from),
            at: time_from(self.at)?,
            expires_at: maybe_time_from(self.expires_at)?,
            body: seal.open(place(&named(kind, key)), &self.body)?,
        })
    }
}

fn opened(rows: Vec<Row>, seal: &Seal) -> Result<Vec<Entry>, StoreError> {
    rows.into_iter().map(|row| row.opened(seal)).collect()
}

pub(crate) async fn read(
    conn: &mut PgConnection,
    seal: &Seal,
    kind: EntryKind,
    key: EntryKey,
) -> Result<Option<Entry>, StoreError> {
    sqlx::query_as!(
        Row,
        "SELECT kind, key, revision, account, at, expires_at, body FROM entry WHERE kind = $1 AND key = $2",
        kind.as_str(),
        &key.0,
    )
    .fetch_optional(conn)
    .await
    .tried("read an entry")?
    .map(|row| row.opened(seal))
    .transpose()
}

pub(crate) async fn due(
    conn: &mut PgConnection,
    seal: &Seal,
    kind: EntryKind,
    until: Timestamp,
    most: u32,
) -> Result<Vec<Entry>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT kind, key, revision, account, at, expires_at, body FROM entry
         WHERE kind = $1 AND at <= $2 ORDER BY at, key LIMIT $3",
        kind.as_str(),
        time(until),
        i64::from(most),
    )
    .fetch_all(conn)
    .await
    .tried("read the entries that are due")?;
    opened(rows, seal)
}

pub(crate) async fn of(
    conn: &mut PgConnection,
    seal: &Seal,
    kind: EntryKind,
    accounts: &[AccountId],
) -> Result<Vec<Entry>, StoreError> {
    let accounts: Vec<Uuid> = accounts.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_as!(
        Row,
        "SELECT kind, key, revision, account, at, expires_at, body FROM entry
         WHERE account = ANY($1) AND kind = $2",
        &accounts,
        kind.as_str(),
    )
    .fetch_all(conn)
    .await
    .tried("read the entries of accounts")?;
    opened(rows, seal)
}

pub(crate) async fn expired(
    conn: &mut PgConnection,
    seal: &Seal,
    moment: Timestamp,
    most: u32,
) -> Result<Vec<Entry>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT kind, key, revision, account, at, expires_at, body FROM entry
         WHERE expires_at <= $1 ORDER BY expires_at, kind, key LIMIT $2",
        time(moment),
        i64::from(most),
    )
    .fetch_all(conn)
    .await
    .tried("read the entries that are over")?;
    opened(rows, seal)
}

pub(crate) async fn write(
    conn: &mut PgConnection,
    seal: &Seal,
    rng: &mut Rng,
    write: &EntryWrite,
) -> Result<(), CommitError> {
    let changed = match write {
        EntryWrite::Put(entry) => {
            let body = seal.close(place(&named(entry.kind, entry.key)), &entry.body, rng)?;
            put(conn, entry, &body).await?
        }
        EntryWrite::Take { kind, key, revision } => sqlx::query!(
            "DELETE FROM entry WHERE kind = $1 AND key = $2 AND revision = $3",
            kind.as_str(),
            &key.0,
            i64::from(*revision),
        )
        .execute(conn)
        .await
        .tried("take an entry")?
        .rows_affected(),
        EntryWrite::RemoveOf { kind, account } => {
            sqlx::query!(
                "DELETE FROM entry WHERE account = $1 AND kind = $2",
                account.uuid(),
                kind.as_str()
            )
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

async fn put(conn: &mut PgConnection, entry: &Entry, body: &[u8]) -> Result<u64, CommitError> {
    let (account, revision) = (entry.account.map(AccountId::uuid), i64::from(entry.revision));
    let (at, expires_at) = (time(entry.at), entry.expires_at.map(time));
    let (kind, key) = (entry.kind.as_str(), entry.key.0.as_slice());
    let written = if entry.revision == 1 {
        sqlx::query!(
            "INSERT INTO entry (kind, key, revision, account, at, expires_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            kind,
            key,
            revision,
            account,
            at,
            expires_at,
            body,
        )
        .execute(conn)
        .await
    } else {
        sqlx::query!(
            "UPDATE entry SET revision = $3, account = $4, at = $5, expires_at = $6, body = $7
             WHERE kind = $1 AND key = $2 AND revision + 1 = $3",
            kind,
            key,
            revision,
            account,
            at,
            expires_at,
            body,
        )
        .execute(conn)
        .await
    };
    let written = written.map_err(|error| unique(&error, "write an entry"))?;
    Ok(written.rows_affected())
}
