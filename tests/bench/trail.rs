//! Pages of 100 out of 1,000,000 events, and how many more can be written in a second.

use std::sync::Arc;
use std::time::Instant;

use jiff::SignedDuration;
use keyholder_core::audit::{Action, Outcome};
use keyholder_core::query::{Cursor, EventQuery};
use keyholder_core::store::Store;
use keyholder_core::testing::store_contract::material;
use keyholder_store_sqlite::SqliteStore;
use rand::RngExt as _;

use crate::Result;
use crate::figure::{Figure, Kind, Samples};
use crate::stores::{Shelf, actor, addresses, now};

const LIMIT: u32 = 100;
/// Requests of one kind from one place.
const TIMES: u64 = 100;
/// Callers at the same time, each waiting for one event after the other.
const CALLERS: u32 = 64;
/// Events of one caller.
const EACH: u32 = 400;
/// Events per second that have to be acknowledged.
const RATE: f64 = 2_000.0;

/// Each filter alone, in both directions, from the beginning and from the middle.
pub(crate) async fn filters(store: &SqliteStore) -> Result<Vec<Figure>> {
    let middle = middle(store).await?;
    let by = |what: &str| format!("audit trail: page by {what}");

    let people = [
        ("a busy one", 0),
        ("somebody", 500),
        ("a quiet one", 18_000),
        ("nobody", 30_000),
    ];
    let people = people.map(|(name, first)| {
        let asked = move |turn: u64| EventQuery {
            account: Some(actor(first + turn)),
            ..a_page()
        };
        (name.to_owned(), asked)
    });
    let actions = Action::ALL.iter().map(|action| {
        let asked = |_| EventQuery {
            action: Some(*action),
            ..a_page()
        };
        (action.as_str().to_owned(), asked)
    });
    let outcomes = [Outcome::Done, Outcome::Failed, Outcome::Refused].map(|outcome| {
        let asked = move |_| EventQuery {
            outcome: Some(outcome),
            ..a_page()
        };
        (outcome.as_str().to_owned(), asked)
    });
    let places = addresses().into_iter().chain(["never seen"]).map(|address| {
        let asked = move |_| EventQuery {
            address: Some(address.to_owned()),
            ..a_page()
        };
        (address.to_owned(), asked)
    });
    let spans = [("an hour", 1), ("a week", 7 * 24), ("half a year", 180 * 24)].map(|(name, hours)| {
        let asked = move |turn: u64| {
            let from = material::moment(0) + SignedDuration::from_hours(20 * turn.cast_signed());
            EventQuery {
                from: Some(from),
                until: Some(from + SignedDuration::from_hours(hours)),
                ..a_page()
            }
        };
        (name.to_owned(), asked)
    });

    Ok(vec![
        Figure::pages(&by("account"), measured(store, &middle, people).await?),
        Figure::pages(&by("action"), measured(store, &middle, actions).await?),
        Figure::pages(&by("outcome"), measured(store, &middle, outcomes).await?),
        Figure::pages(&by("address"), measured(store, &middle, places).await?),
        Figure::pages(&by("time"), measured(store, &middle, spans).await?),
    ])
}

fn a_page() -> EventQuery {
    EventQuery {
        limit: LIMIT,
        ..EventQuery::default()
    }
}

/// Where a page begins that is half the trail away from either end.
async fn middle(store: &SqliteStore) -> Result<Cursor> {
    let query = EventQuery {
        until: Some(now() - SignedDuration::from_hours(100 * 24)),
        ..a_page()
    };
    Ok(store
        .events(&query)
        .await?
        .next
        .ok_or("half the trail is short")?)
}

/// Asks each kind of question, varied by turn.
async fn measured(
    store: &SqliteStore,
    middle: &Cursor,
    kinds: impl IntoIterator<Item = (String, impl Fn(u64) -> EventQuery)>,
) -> Result<Vec<Kind>> {
    let mut measured = Vec::new();
    for (name, asked) in kinds {
        for oldest_first in [false, true] {
            for after in [None, Some(middle)] {
                let mut samples = Samples::default();
                for turn in 0..TIMES {
                    let query = EventQuery {
                        oldest_first,
                        after: after.cloned(),
                        ..asked(turn)
                    };
                    let begun = Instant::now();
                    store.events(&query).await?;
                    samples.add(begun.elapsed());
                }
                let direction = if oldest_first { "oldest" } else { "newest" };
                let place = if after.is_some() { "the middle" } else { "the end" };
                measured.push(Kind {
                    name: format!("{name}, {direction} first from {place}"),
                    samples,
                });
            }
        }
    }
    Ok(measured)
}

/// Many callers, each of which waits until its event is on the disk before it writes the next.
pub(crate) async fn throughput(shelf: &Shelf) -> Result<Figure> {
    let store = Arc::new(shelf.copy("trail").await?);
    let begun = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..CALLERS {
        let store = Arc::clone(&store);
        callers.spawn(async move {
            let mut rng = material::rng(caller.into());
            for _ in 0..EACH {
                let event = material::event(rng.random_range(0..1_000));
                store.commit(vec![material::noted(event)]).await?;
            }
            Ok::<_, keyholder_core::store::CommitError>(())
        });
    }
    while let Some(done) = callers.join_next().await {
        done??;
    }
    let rate = f64::from(CALLERS * EACH) / begun.elapsed().as_secs_f64();
    store.close().await?;
    Ok(Figure::new(
        format!("audit trail: events acknowledged, {CALLERS} callers at once, behind 1,000,000"),
        format!("{rate:.0} /s"),
        format!("≥ {RATE:.0} /s"),
        rate >= RATE,
    ))
}
