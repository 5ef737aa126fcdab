//! Pages and counts of accounts.

use jiff::Timestamp;
use keyholder_core::account::Account;
use keyholder_core::credential::{Summary, standing};
use keyholder_core::error::StoreError;
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, AccountSort, Page, Standing};
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::needle::Needle;
use super::{cursor, key, limit};
use crate::error::Tried;
use crate::table::account;
use crate::value::{maybe_time_from, number_from, role, time};

/// A search that finds at most so many accounts in the index sorts them; one that finds more meets
/// enough of them while walking the order.
const FEW: u32 = 2_000;

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

/// How a search is answered.
enum Plan {
    /// Walk an order and look at each row.
    Walk,
    /// Take these from the index of pieces.
    Index(String),
}

async fn plan(conn: &mut SqliteConnection, needle: Option<&Needle>) -> Result<Plan, StoreError> {
    let Some(pieces) = needle.and_then(Needle::pieces) else { return Ok(Plan::Walk) };
    let found: i64 = sqlx::query_scalar("SELECT count(*) FROM (SELECT 1 FROM account_text WHERE account_text MATCH ? LIMIT ?)")
        .bind(&pieces)
        .bind(FEW + 1)
        .fetch_one(conn)
        .await
        .tried("search accounts")?;
    Ok(if number_from(found)? > FEW { Plan::Walk } else { Plan::Index(pieces) })
}

/// From which table, with all conditions of the filter.
fn filtered(sql: &mut QueryBuilder<Sqlite>, filter: &AccountFilter, needle: Option<Needle>, plan: Plan, now: Timestamp) {
    sql.push(" FROM account WHERE ");
    let now = time(now);
    match filter.standing {
        None => sql.push("gate < 3"),
        Some(Standing::Deleted) => sql.push("gate = 3"),
        Some(Standing::Disabled) => sql.push("gate = 2"),
        Some(Standing::Locked) => sql.push("gate < 2 AND (gate = 1 OR closed_until > ").push_bind(now).push(")"),
        Some(Standing::Invited) => sql.push("gate = 0 AND enrolled = 0 AND closed_until <= ").push_bind(now),
        Some(Standing::Active) => sql.push("gate = 0 AND enrolled = 1 AND closed_until <= ").push_bind(now),
    };
    if let Some(wanted) = filter.role {
        // The plus keeps the planner with the index of the order: all conditions are in it.
        sql.push(" AND +role = ").push_bind(role(wanted));
    }
    if let Some(wanted) = filter.second_factor {
        sql.push(" AND second_factor = ").push_bind(wanted);
    }
    if let Plan::Index(pieces) = plan {
        sql.push(" AND num IN (SELECT rowid FROM account_text WHERE account_text MATCH ").push_bind(pieces).push(")");
    }
    if let Some(needle) = needle {
        sql.push(" AND (instr(email_key, ").push_bind(needle.text().to_owned());
        sql.push(") OR instr(name_key, ").push_bind(needle.text().to_owned()).push("))");
    }
}

pub(crate) async fn page(conn: &mut SqliteConnection, query: &AccountQuery, now: Timestamp) -> Result<Page<AccountRow>, StoreError> {
    let needle = Needle::of(query.filter.text.as_deref());
    let plan = plan(conn, needle.as_ref()).await?;
    let column = column(query.sort);
    let limit = limit(query.limit);
    let mut sql = QueryBuilder::new(
        "SELECT id, revision, email, name, role, disabled, locked, deleted, created_at, updated_at,
             email_key, name_key, enrolled, second_factor, last_sign_in_at, closed_until
         FROM account WHERE num IN (SELECT num FROM (SELECT num",
    );
    filtered(&mut sql, &query.filter, needle, plan, now);
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
    sql.push(&order).push(" LIMIT ").push_bind(limit + 1).push("))").push(&order);
    let mut rows: Vec<Row> = sql.build_query_as().fetch_all(conn).await.tried("list accounts")?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = match rows.last() {
        Some(last) if more => cursor(&last.key(query.sort)?),
        _ => None,
    };
    Ok(Page { rows: rows.into_iter().map(|row| row.shown(now)).collect::<Result<_, _>>()?, next })
}

pub(crate) async fn count(conn: &mut SqliteConnection, filter: &AccountFilter, now: Timestamp) -> Result<u32, StoreError> {
    let needle = Needle::of(filter.text.as_deref());
    let plan = plan(conn, needle.as_ref()).await?;
    let mut sql = QueryBuilder::new("SELECT count(*)");
    filtered(&mut sql, filter, needle, plan, now);
    let count: i64 = sql.build_query_scalar().fetch_one(conn).await.tried("count accounts")?;
    number_from(count)
}
