//! Pages of the audit trail, in the order of recording.

use keyholder_core::audit::RecordedEvent;
use keyholder_core::audit::chain::decode;
use keyholder_core::error::StoreError;
use keyholder_core::query::{EventQuery, LOOKED_THROUGH_MAX, Page};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::needle::Needle;
use super::{cursor, key, limit};
use crate::error::{Tried, unreadable};
use crate::value::{number_from, time};

/// Rows of one block of `audit_span`.
const BLOCK: i64 = 1_024;

/// The rows that can lie between the two times, by number; none if there are no such rows.
async fn span(conn: &mut SqliteConnection, query: &EventQuery) -> Result<Option<(i64, i64)>, StoreError> {
    if query.from.is_none() && query.until.is_none() {
        return Ok(Some((1, i64::MAX)));
    }
    let (from, until) = (
        query.from.map_or(i64::MIN, time),
        query.until.map_or(i64::MAX, time),
    );
    let blocks = sqlx::query!(
        r#"SELECT min(block) AS "first: i64", max(block) AS "last: i64" FROM audit_span WHERE latest >= ? AND earliest < ?"#,
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
    fn conditions(&self, sql: &mut QueryBuilder<Sqlite>) {
        let Self {
            query,
            needle,
            first,
            last,
            ..
        } = self;
        sql.push(" a.seq BETWEEN ")
            .push_bind(*first)
            .push(" AND ")
            .push_bind(*last);
        if let Some(action) = query.action {
            sql.push(" AND a.action = ").push_bind(action.as_str());
        }
        if let Some(outcome) = query.outcome {
            sql.push(" AND a.outcome = ").push_bind(outcome.as_str());
        }
        if let Some(address) = &query.address {
            sql.push(" AND a.address = ").push_bind(address.clone());
        }
        if let Some(from) = query.from {
            sql.push(" AND a.at >= ").push_bind(time(from));
        }
        if let Some(until) = query.until {
            sql.push(" AND a.at < ").push_bind(time(until));
        }
        if let Some(needle) = needle {
            sql.push(" AND instr(a.text, ")
                .push_bind(needle.text().to_owned())
                .push(")");
        }
    }

    /// By or about an account: the first rows of either, then the first of both.
    fn of_account(&self, sql: &mut QueryBuilder<Sqlite>, account: &[u8]) {
        sql.push("SELECT seq, payload FROM audit WHERE seq IN (");
        for (union, column) in [("", "actor_id"), (" UNION ", "subject_id")] {
            sql.push(union)
                .push("SELECT seq FROM (SELECT a.seq FROM audit a WHERE a.")
                .push(column)
                .push(" = ")
                .push_bind(account.to_vec());
            sql.push(" AND");
            self.conditions(sql);
            sql.push(" ORDER BY a.seq ")
                .push(self.direction())
                .push(" LIMIT ")
                .push_bind(self.limit + 1)
                .push(")");
        }
        sql.push(") ORDER BY seq ").push(self.direction());
    }

    /// By the index of pieces, in the order of the trail.
    fn of_text(&self, sql: &mut QueryBuilder<Sqlite>, pieces: String) {
        sql.push("SELECT a.seq, a.payload FROM audit_text t CROSS JOIN audit a ON a.seq = t.rowid WHERE audit_text MATCH ");
        sql.push_bind(pieces)
            .push(" AND t.rowid BETWEEN ")
            .push_bind(self.first)
            .push(" AND ")
            .push_bind(self.last)
            .push(" AND");
        self.conditions(sql);
        sql.push(" ORDER BY t.rowid ").push(self.direction());
    }

    /// What is asked, by the index that helps most; one row more than the page has.
    fn select(&self, sql: &mut QueryBuilder<Sqlite>, pieces: Option<String>) {
        match (self.query.account, pieces) {
            (Some(account), _) => self.of_account(sql, account.uuid().as_bytes()),
            (None, Some(pieces)) => self.of_text(sql, pieces),
            (None, None) => self.of_all(sql),
        }
        sql.push(" LIMIT ").push_bind(self.limit + 1);
    }

    fn of_all(&self, sql: &mut QueryBuilder<Sqlite>) {
        sql.push("SELECT a.seq, a.payload FROM audit a WHERE");
        self.conditions(sql);
        sql.push(" ORDER BY a.seq ").push(self.direction());
    }
}

/// Where a page that looks through every row for a short text has to stop: the last row it may look
/// at. None if it comes to the end of the trail before.
async fn stop(conn: &mut SqliteConnection, filter: &Filter<'_>) -> Result<Option<i64>, StoreError> {
    let mut sql = QueryBuilder::new("SELECT count(*), min(seq), max(seq) FROM (");
    let anything = Filter {
        needle: None,
        limit: LOOKED_THROUGH_MAX - 1,
        ..*filter
    };
    anything.select(&mut sql, None);
    sql.push(")");
    let (count, first, last): (i64, Option<i64>, Option<i64>) = sql
        .build_query_as()
        .fetch_one(conn)
        .await
        .tried("look through the audit trail")?;
    let end = if filter.query.oldest_first { last } else { first };
    Ok(end.filter(|_| count >= i64::from(LOOKED_THROUGH_MAX)))
}

pub(crate) async fn page(
    conn: &mut SqliteConnection,
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
    filter.select(&mut sql, needle.as_ref().and_then(Needle::pieces));
    let rows: Vec<(i64, Vec<u8>)> = sql
        .build_query_as()
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
