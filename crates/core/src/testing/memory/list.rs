//! Lists, the plain way: look at everything, sort, cut.

use jiff::Timestamp;
use uuid::Uuid;

use super::Tables;
use crate::account::{Account, AccountId};
use crate::audit::{AuditEvent, RecordedEvent};
use crate::credential::{Summary, standing};
use crate::query::{
    AccountFilter, AccountQuery, AccountRow, AccountSort, Cursor, EventQuery, LOOKED_THROUGH_MAX, PAGE_MAX,
    Page, Standing, folded,
};

/// A text that is searched for, folded; none if there is nothing to search for.
fn needle(text: Option<&String>) -> Option<String> {
    text.map(|text| folded(text.trim()))
        .filter(|text| !text.is_empty())
}

fn limit(asked: u32) -> usize {
    asked.clamp(1, PAGE_MAX) as usize
}

/// Which account a list goes on after: what it was sorted by, and its id, whose account need not be
/// there any more.
type Key = (AccountSort, String, Uuid);

/// The value of an account that a list is sorted by, as text that sorts alike.
fn sort_key(sort: AccountSort, account: &Account, summary: Summary) -> Key {
    let time = |at: Timestamp| format!("{:020}", i128::from(at.as_microsecond()) - i128::from(i64::MIN));
    let value = match sort {
        AccountSort::Email => account.email.key().to_owned(),
        AccountSort::Name => folded(account.name.as_str()),
        AccountSort::Role => (account.role as u8).to_string(),
        AccountSort::CreatedAt => time(account.created_at),
        AccountSort::LastSignInAt => summary.last_sign_in_at.map(time).unwrap_or_default(),
    };
    (sort, value, account.id.uuid())
}

fn found(tables: &Tables, filter: &AccountFilter, now: Timestamp) -> Vec<(AccountId, Summary, Standing)> {
    let policy = tables.lockout();
    let needle = needle(filter.text.as_ref());
    let nothing = Summary {
        enrolled: false,
        second_factor: false,
        last_sign_in_at: None,
        closed_until: None,
    };
    tables
        .accounts
        .values()
        .map(|account| {
            let summary = tables
                .credentials
                .get(&account.id)
                .map_or(nothing, |credential| credential.summary(&policy));
            (account, summary, standing(account, summary, now))
        })
        .filter(|(_, _, standing)| {
            filter
                .standing
                .map_or(*standing != Standing::Deleted, |wanted| *standing == wanted)
        })
        .filter(|(account, _, _)| filter.role.is_none_or(|wanted| account.role == wanted))
        .filter(|(_, summary, _)| {
            filter
                .second_factor
                .is_none_or(|wanted| summary.second_factor == wanted)
        })
        .filter(|(account, _, _)| {
            let has = |needle: &String| {
                account.email.key().contains(needle) || folded(account.name.as_str()).contains(needle)
            };
            needle.as_ref().is_none_or(has)
        })
        .map(|(account, summary, standing)| (account.id, summary, standing))
        .collect()
}

pub(super) fn accounts(tables: &Tables, query: &AccountQuery, now: Timestamp) -> Page<AccountRow> {
    let mut rows: Vec<(Key, AccountRow)> = found(tables, &query.filter, now)
        .into_iter()
        .filter_map(|(id, summary, standing)| {
            let account = (**tables.accounts.get(&id)?).clone();
            let key = sort_key(query.sort, &account, summary);
            let Summary {
                second_factor,
                last_sign_in_at,
                ..
            } = summary;
            Some((
                key,
                AccountRow {
                    account,
                    standing,
                    second_factor,
                    last_sign_in_at,
                },
            ))
        })
        .collect();
    rows.sort_by(|(one, _), (other, _)| (&one.1, one.2).cmp(&(&other.1, other.2)));
    if query.descending {
        rows.reverse();
    }
    let after: Option<Key> = query
        .after
        .as_ref()
        .and_then(|cursor| serde_json::from_str(&cursor.0).ok());
    if let Some((_, value, id)) = after.filter(|after| after.0 == query.sort) {
        let beyond = |key: &Key| {
            let order = (&key.1, key.2).cmp(&(&value, id));
            if query.descending {
                order.is_lt()
            } else {
                order.is_gt()
            }
        };
        rows.retain(|(key, _)| beyond(key));
    }
    let more = rows.len() > limit(query.limit);
    rows.truncate(limit(query.limit));
    let next = rows
        .last()
        .filter(|_| more)
        .and_then(|(key, _)| serde_json::to_string(key).ok())
        .map(Cursor);
    Page {
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        next,
    }
}

pub(super) fn count(tables: &Tables, filter: &AccountFilter, now: Timestamp) -> u32 {
    u32::try_from(found(tables, filter, now).len()).unwrap_or(u32::MAX)
}

/// Whether all of it holds but the text.
fn matches(event: &AuditEvent, query: &EventQuery) -> bool {
    query
        .account
        .is_none_or(|id| event.actor.account() == Some(id) || event.subject == Some(id))
        && query.action.is_none_or(|action| event.action == action)
        && query.outcome.is_none_or(|outcome| event.outcome == outcome)
        && query
            .address
            .as_ref()
            .is_none_or(|address| event.source.address.as_ref() == Some(address))
        && query.from.is_none_or(|from| event.at >= from)
        && query.until.is_none_or(|until| event.at < until)
}

pub(super) fn events(events: &[AuditEvent], query: &EventQuery) -> Page<RecordedEvent> {
    let needle = needle(query.text.as_ref());
    let after: Option<u32> = query.after.as_ref().and_then(|cursor| cursor.0.parse().ok());
    let ahead = |seq: u32| match after {
        None => true,
        Some(after) if query.oldest_first => seq > after,
        Some(after) => seq < after,
    };
    let mut asked: Vec<(u32, &AuditEvent)> = (1_u32..)
        .zip(events)
        .filter(|(seq, event)| ahead(*seq) && matches(event, query))
        .collect();
    if !query.oldest_first {
        asked.reverse();
    }
    let short = needle.as_ref().is_some_and(|needle| needle.chars().count() < 3);
    let mut stop = None;
    if short {
        asked.truncate(LOOKED_THROUGH_MAX as usize);
        stop = asked.get(LOOKED_THROUGH_MAX as usize - 1).map(|(seq, _)| *seq);
    }
    asked.retain(|(_, event)| {
        needle
            .as_ref()
            .is_none_or(|needle| event.searchable().contains(needle))
    });
    let more = asked.len() > limit(query.limit);
    asked.truncate(limit(query.limit));
    let last = asked.last().map(|(seq, _)| *seq);
    let rows = asked.into_iter().map(|(seq, event)| RecordedEvent {
        seq,
        event: event.clone(),
    });
    Page {
        rows: rows.collect(),
        next: if more { last } else { stop }.map(|seq| Cursor(seq.to_string())),
    }
}
