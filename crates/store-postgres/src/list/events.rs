//! Pages of the audit trail, in the order of recording.

use keyholder_core::audit::RecordedEvent;
use keyholder_core::audit::chain::decode;
use keyholder_core::error::StoreError;
use keyholder_core::query::{EventQuery, LOOKED_THROUGH_MAX, Page};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::{cursor, key, limit};
use crate::error::{Tried, unreadable};
use crate::pieces::Needle;
use crate::value::{number_from, time};

/// Rows of one block of `audit_span`.
const BLOCK: i64 = 1_024;

/// The rows that can lie between the two times, by number; none if there are no such rows.
async fn span(conn: &mut PgConnection, query: &EventQuery) -> Result<Option<(i64, i64)>, StoreError> {
    if query.from.is_none() && query.until.is_none() {
        return Ok(Some((1, i64::MAX)));
    }
    let (from, until) = (
        query.from.map_or(i64::MIN, time),
        query.until.map_or(i64::MAX, time),
    );
    let blocks = sqlx::query!(
        "SELECT min(block) AS first, max(block) AS last FROM audit_span WHERE latest >= $1 AND earliest < $2",
        from,
        until,
    )
    .fetch_one(conn)
    .await
    .tried("look up a time in the audit trail")?;
    Ok(blocks
        .first
        .zip(blocks.last)
        .map(|(first, last)| (first * BLOCK, last * BLOCK + BLOCK - 1)))
}

/// What is asked, ready to be put into a query.
struct Filter<'a> {
    query: &'a EventQuery,
    needle: Option<&'a Needle>,
    first: i64,
    last: i64,
    limit: u32,
}

impl Filter<'_> {
    fn direction(&self) -> &'static str {
        if self.query.oldest_first { "ASC" } else { "DESC" }
    }

    /// Every condition but the account's.
    fn conditions(&self, sql: &mut QueryBuilder<Postgres>) {
        let Self {
            query,
            needle,
            first,
            last,
            ..
        } = self;
        sql.push(" seq BETWEEN ")
            .push_bind(*first)
            .push(" AND ")
            .push_bind(*last);
        if let Some(action) = query.action {
            sql.push(" AND action = ").push_bind(action.as_str());
        }
        if let Some(outcome) = query.outcome {
            sql.push(" AND outcome = ").push_bind(outcome.as_str());
        }
        if let Some(address) = &query.address {
            sql.push(" AND address = ")
                .push_bind(address.clone().into_bytes());
        }
        if let Some(from) = query.from {
            sql.push(" AND at >= ").push_bind(time(from));
        }
        if let Some(until) = query.until {
            sql.push(" AND at < ").push_bind(time(until));
        }
        if let Some(needle) = needle {
            if !needle.is_short() {
                sql.push(" AND pieces @> ").push_bind(needle.pieces());
            }
            sql.push(" AND position(")
                .push_bind(needle.bytes())
                .push(" IN text) > 0");
        }
    }

    /// The first rows that hold, in order.
    fn first(&self, sql: &mut QueryBuilder<Postgres>, of: Option<(&'static str, Uuid)>) {
        sql.push("SELECT seq, payload FROM audit WHERE");
        if let Some((column, account)) = of {
            sql.push(" ")
                .push(column)
                .push(" = ")
                .push_bind(account)
                .push(" AND");
        }
        self.conditions(sql);
        sql.push(" ORDER BY seq ")
            .push(self.direction())
            .push(" LIMIT ")
            .push_bind(i64::from(self.limit) + 1);
    }

    /// What is asked; one row more than the page has. By or about an account: the first rows of either,
    /// then the first of both.
    fn select(&self, sql: &mut QueryBuilder<Postgres>) {
        let Some(account) = self.query.account else {
            self.first(sql, None);
            return;
        };
        sql.push("SELECT seq, payload FROM ((");
        self.first(sql, Some(("actor_id", account.uuid())));
        sql.push(") UNION (");
        self.first(sql, Some(("subject_id", account.uuid())));
        sql.push(")) AS either ORDER BY seq ")
            .push(self.direction())
            .push(" LIMIT ")
            .push_bind(i64::from(self.limit) + 1);
    }
}

/// Where a page that looks through every row for a short text has to stop: the last row it may look
/// at. None if it comes to the end of the trail before.
async fn stop(conn: &mut PgConnection, filter: &Filter<'_>) -> Result<Option<i64>, StoreError> {
    let mut sql = QueryBuilder::new("SELECT count(*), min(seq), max(seq) FROM (");
    let anything = Filter {
        needle: None,
        limit: LOOKED_THROUGH_MAX - 1,
        ..*filter
    };
    anything.select(&mut sql);
    sql.push(") AS anything");
    let (count, first, last): (i64, Option<i64>, Option<i64>) = sql
        .build_query_as()
        .persistent(false)
        .fetch_one(conn)
        .await
        .tried("look through the audit trail")?;
    let end = if filter.query.oldest_first { last } else { first };
    Ok(end.filter(|_| count >= i64::from(LOOKED_THROUGH_MAX)))
}

pub(crate) async fn page(
    conn: &mut PgConnection,
    query: &EventQuery,
) -> Result<Page<RecordedEvent>, StoreError> {
    let Some((mut first, mut last)) = span(conn, query).await? else {
        return Ok(Page {
            rows: Vec::new(),
            next: None,
        });
    };
    if let Some(after) = key::<u32>(query.after.as_ref()) {
        if query.oldest_first {
            first = first.max(i64::from(after) + 1);
        } else {
            last = last.min(i64::from(after) - 1);
        }
    }
    let needle = Needle::of(query.text.as_deref());
    let mut filter = Filter {
        query,
        needle: needle.as_ref(),
        first,
        last,
        limit: limit(query.limit),
    };
    let stop = match &needle {
        Some(needle) if needle.is_short() => stop(conn, &filter).await?,
        _ => None,
    };
    match stop {
        Some(stop) if query.oldest_first => filter.last = stop,
        Some(stop) => filter.first = stop,
        None => {}
    }
    let mut sql = QueryBuilder::new("");
    filter.select(&mut sql);
    let rows: Vec<(i64, Vec<u8>)> = sql
        .build_query_as()
        .persistent(false)
        .fetch_all(conn)
        .await
        .tried("list the audit trail")?;
    let read = |(seq, payload): &(i64, Vec<u8>)| {
        let event = decode(payload).map_err(|_| unreadable("an audit event"))?;
        Ok(RecordedEvent {
            seq: number_from(*seq)?,
            event,
        })
    };
    let more = rows.len() > filter.limit as usize;
    let rows: Vec<RecordedEvent> = rows
        .iter()
        .take(filter.limit as usize)
        .map(read)
        .collect::<Result<_, StoreError>>()?;
    let next = if more {
        rows.last().and_then(|last| cursor(&last.seq))
    } else {
        stop.and_then(|stop| cursor(&stop))
    };
    Ok(Page { rows, next })
}
