//! Stories of the audit trail.

use std::sync::Arc;

use super::material::{event, moment, newcomer, noted};
use crate::account::{AccountId, Reason, Role};
use crate::audit::chain::Verdict;
use crate::audit::{Action, Actor, AuditEvent, Details, Outcome, RecordedEvent, Source};
use crate::error::Code;
use crate::query::{Cursor, EventQuery, LOOKED_THROUGH_MAX};
use crate::store::Store;

fn somebody(number: u64) -> (AccountId, String) {
    (
        newcomer(number, "somebody@rose.example", "", Role::Staff)
            .account
            .id,
        format!("p{number}@rose.example"),
    )
}

/// Events of a few people, of many kinds, in an order of time that is not that of recording.
fn history() -> Vec<AuditEvent> {
    let actions = [
        Action::SignInPassword,
        Action::AccountLocked,
        Action::PolicyChanged,
    ];
    let outcomes = [Outcome::Done, Outcome::Failed, Outcome::Refused];
    (0..60_i64)
        .map(|number| {
            let index = usize::try_from(number).unwrap();
            let ((actor, email), (subject, subject_email)) =
                (somebody(index as u64 % 4), somebody(index as u64 % 5));
            // Every tenth event was recorded while the clock was an hour slow.
            let at = if number % 10 == 9 { number - 3_600 } else { number };
            AuditEvent {
                actor: match number % 7 {
                    0 => Actor::Keyholder,
                    1 => Actor::RecoveryKey,
                    2 => Actor::Unknown {
                        email: "Stranger@Example.com".to_owned(),
                    },
                    _ => Actor::Account { id: actor, email },
                },
                action: actions[index % 3],
                outcome: outcomes[(index / 3) % 3],
                code: (number % 4 == 0).then_some(Code::WrongCredentials),
                subject: (number % 2 == 0).then_some(subject),
                subject_email: (number % 2 == 0).then_some(subject_email),
                reason: (number % 6 == 0).then(|| Reason::parse("Lost her Phone").unwrap()),
                source: Source {
                    address: (number % 3 > 0).then(|| format!("till-{}", number % 3)),
                    ..event(0).source
                },
                details: Details::default()
                    .fact("n", number)
                    .change("role", None, Some("staff".to_owned())),
                ..event(at)
            }
        })
        .collect()
}

async fn recorded(store: &dyn Store) -> Vec<RecordedEvent> {
    let history = history();
    for event in &history {
        store.commit(vec![noted(event.clone())]).await.unwrap();
    }
    (1..)
        .zip(history)
        .map(|(seq, event)| RecordedEvent { seq, event })
        .collect()
}

/// What every event that a question finds must be.
type Holds = Box<dyn Fn(&AuditEvent) -> bool + Send>;

/// Every page from the first to the last.
async fn all(store: &dyn Store, query: EventQuery) -> Vec<RecordedEvent> {
    let mut query = EventQuery { limit: 7, ..query };
    let mut rows = Vec::new();
    loop {
        let page = store.events(&query).await.unwrap();
        assert!(page.rows.len() <= 7, "a page has at most what was asked for");
        rows.extend(page.rows);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return rows,
        }
    }
}

pub async fn the_trail_is_read_in_both_directions(store: Arc<dyn Store>) {
    let mut expected = recorded(&*store).await;
    let oldest_first = EventQuery {
        oldest_first: true,
        ..EventQuery::default()
    };
    assert_eq!(
        all(&*store, oldest_first).await,
        expected,
        "every event as it was, in the order of recording"
    );
    expected.reverse();
    assert_eq!(
        all(&*store, EventQuery::default()).await,
        expected,
        "the newest first"
    );
    let garbage = EventQuery {
        after: Some(Cursor("x' OR 1".to_owned())),
        ..EventQuery::default()
    };
    let first = store.events(&EventQuery { limit: 7, ..garbage }).await.unwrap();
    assert_eq!(first.rows, expected[..7], "an unreadable cursor begins anew");
}

#[expect(clippy::too_many_lines, reason = "a table of questions")]
pub async fn every_filter_of_the_trail_holds(store: Arc<dyn Store>) {
    let history = recorded(&*store).await;
    let (one, _) = somebody(1);
    let base = EventQuery::default;
    let questions: Vec<(EventQuery, Holds)> = vec![
        (
            EventQuery {
                account: Some(one),
                ..base()
            },
            Box::new(move |e| e.actor.account() == Some(one) || e.subject == Some(one)),
        ),
        (
            EventQuery {
                action: Some(Action::AccountLocked),
                ..base()
            },
            Box::new(|e| e.action == Action::AccountLocked),
        ),
        (
            EventQuery {
                outcome: Some(Outcome::Failed),
                ..base()
            },
            Box::new(|e| e.outcome == Outcome::Failed),
        ),
        (
            EventQuery {
                address: Some("till-2".to_owned()),
                ..base()
            },
            Box::new(|e| e.source.address.as_deref() == Some("till-2")),
        ),
        (
            EventQuery {
                text: Some("STRANGER@".to_owned()),
                ..base()
            },
            Box::new(|e| e.actor.label().starts_with("Stranger")),
        ),
        (
            EventQuery {
                text: Some("phone".to_owned()),
                ..base()
            },
            Box::new(|e| e.reason.is_some()),
        ),
        (
            EventQuery {
                text: Some("p3".to_owned()),
                ..base()
            },
            Box::new(|e| e.searchable().contains("p3")),
        ),
        (
            EventQuery {
                text: Some("' OR 1=1 --".to_owned()),
                ..base()
            },
            Box::new(|_| false),
        ),
        (
            EventQuery {
                account: Some(one),
                action: Some(Action::PolicyChanged),
                outcome: Some(Outcome::Refused),
                ..base()
            },
            Box::new(move |e| {
                (e.actor.account() == Some(one) || e.subject == Some(one))
                    && (e.action, e.outcome) == (Action::PolicyChanged, Outcome::Refused)
            }),
        ),
        (
            EventQuery {
                account: Some(one),
                text: Some("phone".to_owned()),
                from: Some(moment(10)),
                ..base()
            },
            Box::new(move |e| {
                (e.actor.account() == Some(one) || e.subject == Some(one))
                    && e.reason.is_some()
                    && e.at >= moment(10)
            }),
        ),
    ];
    for (query, holds) in questions {
        for oldest_first in [true, false] {
            let mut expected: Vec<_> = history.iter().filter(|row| holds(&row.event)).cloned().collect();
            if !oldest_first {
                expected.reverse();
            }
            let query = EventQuery {
                oldest_first,
                ..query.clone()
            };
            assert_eq!(
                all(&*store, query.clone()).await,
                expected,
                "{query:?} finds exactly what it asks for"
            );
        }
    }
}

pub async fn a_short_text_is_looked_for_a_stretch_at_a_time(store: Arc<dyn Store>) {
    let events = i64::from(LOOKED_THROUGH_MAX) * 2;
    let rare = |number| number == 0 || number == events - 1;
    let changes = (0..events).map(|number| {
        noted(AuditEvent {
            reason: rare(number).then(|| Reason::parse("asked by QX").unwrap()),
            ..event(number)
        })
    });
    store.commit(changes.collect()).await.unwrap();
    for (oldest_first, account) in [(false, None), (true, None), (false, event(0).actor.account())] {
        let mut query = EventQuery {
            text: Some("qx".to_owned()),
            account,
            oldest_first,
            limit: 7,
            ..EventQuery::default()
        };
        let mut found = Vec::new();
        for page in [1, 1, 0] {
            let stretch = store.events(&query).await.unwrap();
            assert_eq!(
                stretch.rows.len(),
                page,
                "two stretches with one row each, and the end"
            );
            found.extend(stretch.rows.into_iter().map(|row| row.seq));
            query.after = stretch.next;
        }
        assert_eq!(query.after, None, "then everything was looked through");
        let ends = [1, u32::try_from(events).unwrap()];
        let expected = if oldest_first { ends } else { [ends[1], ends[0]] };
        assert_eq!(found, expected, "and nothing was left out");
    }
}

pub async fn a_clock_that_was_set_back_hides_nothing(store: Arc<dyn Store>) {
    let history = recorded(&*store).await;
    for (from, until) in [
        (Some(10), Some(20)),
        (Some(50), None),
        (None, Some(5)),
        (Some(-3_600), Some(0)),
        (Some(99), None),
        (Some(20), Some(10)),
    ] {
        let query = EventQuery {
            from: from.map(moment),
            until: until.map(moment),
            oldest_first: true,
            ..EventQuery::default()
        };
        let inside =
            |at| from.is_none_or(|from| at >= moment(from)) && until.is_none_or(|until| at < moment(until));
        let expected: Vec<_> = history
            .iter()
            .filter(|row| inside(row.event.at))
            .cloned()
            .collect();
        assert_eq!(
            all(&*store, query).await,
            expected,
            "from {from:?} until {until:?}: what was recorded out of turn, too"
        );
    }
}

pub async fn p47_hostile_text_is_one_event(store: Arc<dyn Store>) {
    let hostile = [
        "a\r\nb",
        "\u{1b}[31mred\u{1b}[0m",
        "\u{202e}gpj.exe",
        "=cmd|'/c calc'!A1",
        "\0",
        "\u{feff}",
        "'); DROP TABLE audit; --",
        "\",\"x\":\"",
    ];
    for (number, text) in (0_i64..).zip(hostile) {
        let text = text.to_owned();
        let event = AuditEvent {
            actor: Actor::Unknown { email: text.clone() },
            subject_email: Some(text.clone()),
            source: Source {
                address: Some(text.clone()),
                ..event(0).source
            },
            details: Details::default()
                .fact(&text, &text)
                .change(&text, Some(text.clone()), None),
            ..event(number)
        };
        store.commit(vec![noted(event.clone())]).await.unwrap();
        let newest = store
            .events(&EventQuery {
                limit: 2,
                ..EventQuery::default()
            })
            .await
            .unwrap()
            .rows;
        assert_eq!(newest[0].event, event, "{text:?} comes back as it was written");
        assert_eq!(
            i64::from(newest[0].seq),
            number + 1,
            "{text:?} makes one event, not two"
        );
    }
    assert!(
        matches!(
            store.verify_trail().await.unwrap(),
            Verdict::Whole { rows: 8, .. }
        ),
        "and the chain holds"
    );
}

pub async fn the_chain_is_whole_from_the_first_row(store: Arc<dyn Store>) {
    let empty = store.verify_trail().await.unwrap();
    let rows = u32::try_from(recorded(&*store).await.len()).unwrap();
    match store.verify_trail().await.unwrap() {
        Verdict::Whole { rows: checked, head } => {
            assert_eq!(checked, rows, "every row was checked");
            assert_ne!(
                Verdict::Whole { rows: 0, head },
                empty,
                "the head is the hash of the last row"
            );
        }
        broken @ Verdict::Broken { .. } => panic!("nobody touched it: {broken:?}"),
    }
}
