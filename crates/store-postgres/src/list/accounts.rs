//! Pages and counts of accounts.

use jiff::Timestamp;
use keyholder_core::account::Account;
use keyholder_core::credential::{Summary, standing};
use keyholder_core::error::StoreError;
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, AccountSort, Page, Standing};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::{cursor, key, limit};
use crate::error::Tried;
use crate::pieces::Needle;
use crate::table::account;
use crate::value::{maybe_time_from, number_from, role, text_from, time};

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    account: account::Row,
    email_key: Vec<u8>,
    name_key: Vec<u8>,
    enrolled: bool,
    second_factor: bool,
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
        let text = |bytes: &Vec<u8>| text_from(bytes.clone(), "a sort key").map(SortKey::Text);
        let value = match sort {
            AccountSort::Email => text(&self.email_key)?,
            AccountSort::Name => text(&self.name_key)?,
            AccountSort::Role => SortKey::Number(self.account.role.into()),
            AccountSort::CreatedAt => SortKey::Number(self.account.created_at),
            AccountSort::LastSignInAt => SortKey::Number(self.last_sign_in_at),
        };
        Ok((sort, value, self.account.id))
    }

    fn shown(self, now: Timestamp) -> Result<AccountRow, StoreError> {
        let summary = Summary {
            enrolled: self.enrolled,
            second_factor: self.second_factor,
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

/// All conditions of the filter.
fn filtered(sql: &mut QueryBuilder<Postgres>, filter: &AccountFilter, now: Timestamp) {
    let now = time(now);
    match filter.standing {
        None => sql.push("gate < 3"),
        Some(Standing::Deleted) => sql.push("gate = 3"),
        Some(Standing::Disabled) => sql.push("gate = 2"),
        Some(Standing::Locked) => sql
            .push("gate < 2 AND (gate = 1 OR closed_until > ")
            .push_bind(now)
            .push(")"),
        Some(Standing::Invited) => sql
            .push("gate = 0 AND NOT enrolled AND closed_until <= ")
            .push_bind(now),
        Some(Standing::Active) => sql
            .push("gate = 0 AND enrolled AND closed_until <= ")
            .push_bind(now),
    };
    if let Some(wanted) = filter.role {
        sql.push(" AND role = ").push_bind(role(wanted));
    }
    if let Some(wanted) = filter.second_factor {
        sql.push(" AND second_factor = ").push_bind(wanted);
    }
    if let Some(needle) = Needle::of(filter.text.as_deref()) {
        sql.push(" AND pieces @> ").push_bind(needle.pieces());
        sql.push(" AND (position(")
            .push_bind(needle.bytes())
            .push(" IN email_key) > 0 OR position(")
            .push_bind(needle.bytes())
            .push(" IN name_key) > 0)");
    }
}

pub(crate) async fn page(
    conn: &mut PgConnection,
    query: &AccountQuery,
    now: Timestamp,
) -> Result<Page<AccountRow>, StoreError> {
    let column = column(query.sort);
    let limit = limit(query.limit);
    let mut sql = QueryBuilder::new(
        "SELECT id, revision, email, name, role, disabled, locked, deleted, created_at, updated_at,
             email_key, name_key, enrolled, second_factor, last_sign_in_at, closed_until
         FROM account WHERE ",
    );
    filtered(&mut sql, &query.filter, now);
    let after: Option<RowKey> = key(query.after.as_ref());
    if let Some((sort, value, id)) = after
        && sort == query.sort
    {
        let beyond = if query.descending { "<" } else { ">" };
        sql.push(format_args!(" AND ({column}, id) {beyond} ("));
        match value {
            SortKey::Number(number) => sql.push_bind(number),
            SortKey::Text(text) => sql.push_bind(text.into_bytes()),
        };
        sql.push(", ").push_bind(id).push(")");
    }
    let direction = if query.descending { "DESC" } else { "ASC" };
    sql.push(format_args!(
        " ORDER BY {column} {direction}, id {direction} LIMIT "
    ))
    .push_bind(i64::from(limit) + 1);
    let mut rows: Vec<Row> = sql
        .build_query_as()
        .persistent(false)
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
    conn: &mut PgConnection,
    filter: &AccountFilter,
    now: Timestamp,
) -> Result<u32, StoreError> {
    let mut sql = QueryBuilder::new("SELECT count(*) FROM account WHERE ");
    filtered(&mut sql, filter, now);
    let count: i64 = sql
        .build_query_scalar()
        .persistent(false)
        .fetch_one(conn)
        .await
        .tried("count accounts")?;
    number_from(count)
}
