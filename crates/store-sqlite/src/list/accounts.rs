//! Pages and counts of accounts.

use jiff::Timestamp;
use keyholder_core::account::Account;
use keyholder_core::credential::{Summary, standing};
use keyholder_core::error::StoreError;
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, AccountSort, Page, Standing};
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::needle::{self, Needle};
use super::{cursor, key, limit};
use crate::error::Tried;
use crate::table::account;
use crate::value::{maybe_time_from, number_from, role, time};

/// At most so many accounts are found in an index of their own and then sorted; of more, enough are
/// met while walking the order.
const FEW: u32 = 2_000;
/// As many where they may stand together: people of one name are neighbours in the order of names,
/// and a walk would come to them last.
const NEIGHBOURS: u32 = 8_000;
/// A text that begins more pieces than this is in so many accounts that a walk soon fills a page.
const BEGINNINGS: u32 = 64;

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    account: account::Row,
    email_key: String,
    name_key: String,
    enrolled: i64,
    second_factor: i64,
    last_sign_in_at: i64,
    closed_until: i64,
}

/// The value a list is sorted by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum SortKey {
    Number(i64),
    Text(String),
}

/// The key of a row: what the list was sorted by, the value there, and the id.
type RowKey = (AccountSort, SortKey, Uuid);

fn column(sort: AccountSort) -> &'static str {
    match sort {
        AccountSort::Email => "email_key",
        AccountSort::Name => "name_key",
        AccountSort::Role => "role",
        AccountSort::CreatedAt => "created_at",
        AccountSort::LastSignInAt => "last_sign_in_at",
    }
}

/// The index of that order. Named outright: SQLite takes a narrower one where it can, and then reads
/// the row of every account on the way.
fn index(sort: AccountSort) -> &'static str {
    match sort {
        AccountSort::Email => "account_by_email",
        AccountSort::Name => "account_by_name",
        AccountSort::Role => "account_by_role",
        AccountSort::CreatedAt => "account_by_created",
        AccountSort::LastSignInAt => "account_by_sign_in",
    }
}

impl Row {
    fn key(&self, sort: AccountSort) -> Result<RowKey, StoreError> {
        let value = match sort {
            AccountSort::Email => SortKey::Text(self.email_key.clone()),
            AccountSort::Name => SortKey::Text(self.name_key.clone()),
            AccountSort::Role => SortKey::Number(self.account.role),
            AccountSort::CreatedAt => SortKey::Number(self.account.created_at),
            AccountSort::LastSignInAt => SortKey::Number(self.last_sign_in_at),
        };
        Ok((sort, value, crate::value::uuid_from(&self.account.id)?))
    }

    fn shown(self, now: Timestamp) -> Result<AccountRow, StoreError> {
        let summary = Summary {
            enrolled: self.enrolled != 0,
            second_factor: self.second_factor != 0,
            last_sign_in_at: maybe_time_from(Some(self.last_sign_in_at))?,
            closed_until: maybe_time_from(Some(self.closed_until))?,
        };
        let account = Account::try_from(self.account)?;
        Ok(AccountRow {
            standing: standing(&account, summary, now),
            second_factor: summary.second_factor,
            last_sign_in_at: summary.last_sign_in_at,
            account,
        })
    }
}

/// A part of the filter that an index of its own answers.
enum Part {
    Pieces(String),
    Gate(i64),
    Locked(i64),
    Role(i64),
}

impl Part {
    /// Those of a filter, the most telling first.
    fn of(filter: &AccountFilter, pieces: Option<String>, now: Timestamp) -> Vec<Self> {
        let standing = match filter.standing {
            Some(Standing::Deleted) => Some(Self::Gate(3)),
            Some(Standing::Disabled) => Some(Self::Gate(2)),
            Some(Standing::Locked) => Some(Self::Locked(time(now))),
            Some(Standing::Invited | Standing::Active) | None => None,
        };
        let role = filter.role.map(|wanted| Self::Role(role(wanted)));
        [pieces.map(Self::Pieces), standing, role]
            .into_iter()
            .flatten()
            .collect()
    }

    /// At most so many are found by it and then sorted.
    fn few(&self) -> u32 {
        match self {
            Self::Pieces(_) => NEIGHBOURS,
            Self::Gate(_) | Self::Locked(_) | Self::Role(_) => FEW,
        }
    }

    /// The accounts that it finds.
    fn select(&self, sql: &mut QueryBuilder<Sqlite>) {
        match self {
            Self::Pieces(pieces) => {
                sql.push("SELECT rowid AS num FROM account_text WHERE account_text MATCH ").push_bind(pieces.clone())
            }
            Self::Gate(gate) => sql.push("SELECT num FROM account WHERE gate = ").push_bind(*gate),
            Self::Locked(now) => sql
                .push("SELECT num FROM account WHERE gate = 1 UNION SELECT num FROM account WHERE closed_until > ")
                .push_bind(*now),
            Self::Role(role) => sql.push("SELECT num FROM account WHERE role = ").push_bind(*role),
        };
    }
}

/// What to ask the index of pieces, where it can help.
async fn pieces(conn: &mut SqliteConnection, needle: &Needle) -> Result<Option<String>, StoreError> {
    if !needle.is_short() {
        return Ok(needle.pieces());
    }
    let (first, last) = needle.beginnings();
    let begun: Vec<String> =
        sqlx::query_scalar("SELECT term FROM account_piece WHERE term BETWEEN ? AND ? LIMIT ?")
            .bind(first)
            .bind(last)
            .bind(BEGINNINGS + 1)
            .fetch_all(conn)
            .await
            .tried("look for accounts")?;
    Ok((begun.len() <= BEGINNINGS as usize).then(|| needle::any(&begun)))
}

/// A part of the filter that finds only a few accounts; without one, an order is walked and every
/// account in it looked at until the page is full.
async fn few(
    conn: &mut SqliteConnection,
    filter: &AccountFilter,
    needle: Option<&Needle>,
    now: Timestamp,
) -> Result<Option<Part>, StoreError> {
    let pieces = match needle {
        Some(needle) => pieces(conn, needle).await?,
        None => None,
    };
    for part in Part::of(filter, pieces, now) {
        let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT 1 FROM (");
        part.select(&mut sql);
        sql.push(") LIMIT ").push_bind(part.few() + 1).push(")");
        let found: i64 = sql
            .build_query_scalar()
            .fetch_one(&mut *conn)
            .await
            .tried("look for accounts")?;
        if number_from(found)? <= part.few() {
            return Ok(Some(part));
        }
    }
    Ok(None)
}

/// What is looked through, and all conditions of the filter. The plus before a column keeps the planner with the index of the
/// order: everything that is asked for is in it.
fn filtered(
    sql: &mut QueryBuilder<Sqlite>,
    filter: &AccountFilter,
    needle: Option<Needle>,
    few: Option<&Part>,
    walked: &str,
    now: Timestamp,
) {
    match few {
        // In this order: each of the few is looked up once.
        Some(few) => {
            sql.push("(");
            few.select(sql);
            sql.push(") CROSS JOIN account USING (num)");
        }
        None => drop(sql.push("account").push(walked)),
    }
    sql.push(" WHERE ");
    let now = time(now);
    match filter.standing {
        None => sql.push("+gate < 3"),
        Some(Standing::Deleted) => sql.push("+gate = 3"),
        Some(Standing::Disabled) => sql.push("+gate = 2"),
        Some(Standing::Locked) => sql
            .push("+gate < 2 AND (+gate = 1 OR +closed_until > ")
            .push_bind(now)
            .push(")"),
        Some(Standing::Invited) => sql
            .push("+gate = 0 AND enrolled = 0 AND +closed_until <= ")
            .push_bind(now),
        Some(Standing::Active) => sql
            .push("+gate = 0 AND enrolled = 1 AND +closed_until <= ")
            .push_bind(now),
    };
    if let Some(wanted) = filter.role {
        sql.push(" AND +role = ").push_bind(role(wanted));
    }
    if let Some(wanted) = filter.second_factor {
        sql.push(" AND second_factor = ").push_bind(wanted);
    }
    let found = matches!(few, Some(Part::Pieces(_)));
    if let Some(needle) = needle.filter(|needle| !(found && needle.is_exact())) {
        sql.push(" AND (instr(email_key, ")
            .push_bind(needle.text().to_owned());
        sql.push(") OR instr(name_key, ")
            .push_bind(needle.text().to_owned())
            .push("))");
    }
}

pub(crate) async fn page(
    conn: &mut SqliteConnection,
    query: &AccountQuery,
    now: Timestamp,
) -> Result<Page<AccountRow>, StoreError> {
    let needle = Needle::of(query.filter.text.as_deref());
    let few = few(conn, &query.filter, needle.as_ref(), now).await?;
    let column = column(query.sort);
    let limit = limit(query.limit);
    let mut sql = QueryBuilder::new(
        "SELECT id, revision, email, name, role, disabled, locked, deleted, created_at, updated_at,
             email_key, name_key, enrolled, second_factor, last_sign_in_at, closed_until
         FROM account WHERE num IN (SELECT num FROM (SELECT num FROM ",
    );
    let walked = format!(" INDEXED BY {}", index(query.sort));
    filtered(&mut sql, &query.filter, needle, few.as_ref(), &walked, now);
    let after: Option<RowKey> = key(query.after.as_ref());
    if let Some((sort, value, id)) = after
        && sort == query.sort
    {
        let beyond = if query.descending { "<" } else { ">" };
        sql.push(format_args!(" AND ({column}, id) {beyond} ("));
        match value {
            SortKey::Number(number) => sql.push_bind(number),
            SortKey::Text(text) => sql.push_bind(text),
        };
        sql.push(", ").push_bind(id.into_bytes().to_vec()).push(")");
    }
    let direction = if query.descending { "DESC" } else { "ASC" };
    let order = format!(" ORDER BY {column} {direction}, id {direction}");
    sql.push(&order)
        .push(" LIMIT ")
        .push_bind(limit + 1)
        .push("))")
        .push(&order);
    let mut rows: Vec<Row> = sql
        .build_query_as()
        .fetch_all(conn)
        .await
        .tried("list accounts")?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = match rows.last() {
        Some(last) if more => cursor(&last.key(query.sort)?),
        _ => None,
    };
    Ok(Page {
        rows: rows
            .into_iter()
            .map(|row| row.shown(now))
            .collect::<Result<_, _>>()?,
        next,
    })
}

pub(crate) async fn count(
    conn: &mut SqliteConnection,
    filter: &AccountFilter,
    now: Timestamp,
) -> Result<u32, StoreError> {
    let needle = Needle::of(filter.text.as_deref());
    let few = few(conn, filter, needle.as_ref(), now).await?;
    let mut sql = QueryBuilder::new("SELECT count(*) FROM ");
    filtered(&mut sql, filter, needle, few.as_ref(), "", now);
    let count: i64 = sql
        .build_query_scalar()
        .fetch_one(conn)
        .await
        .tried("count accounts")?;
    number_from(count)
}
