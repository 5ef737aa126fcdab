//! How long a page takes out of a large shop, and how many events a second are acknowledged.
//!
//! `cargo bench -p keyholder-store-sqlite`; `KEYHOLDER_BENCH_ACCOUNTS` and `KEYHOLDER_BENCH_EVENTS`
//! make it smaller. One line for each question: its name, the p50 and the p95 in milliseconds.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that fails is no measurement"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use keyholder_core::account::{AccountId, Role};
use keyholder_core::audit::{Action, Actor, AuditEvent, Outcome};
use keyholder_core::query::{AccountFilter, AccountQuery, AccountSort, EventQuery, Standing};
use keyholder_core::store::Store;
use keyholder_core::testing::store_contract::material::{
    added, event, mark, moment, newcomer, noted, password, set_up, shop,
};
use keyholder_store_sqlite::{SqliteStore, StoreKeys};

/// Times each question is asked. The first is left out: it reads the file.
const TIMES: usize = 40;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Numbers that look drawn and are the same in every run.
fn scattered(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
}

#[tokio::main]
async fn main() {
    let (accounts, events) = (
        number("KEYHOLDER_BENCH_ACCOUNTS", 100_000),
        number("KEYHOLDER_BENCH_EVENTS", 1_000_000),
    );
    let directory = tempfile::tempdir().unwrap();
    let keys = StoreKeys::new([1; 32], [2; 32]);
    let store = Arc::new(
        SqliteStore::create(&directory.path().join("shop.keyholder"), &keys)
            .await
            .unwrap(),
    );
    store.commit(vec![set_up(shop())]).await.unwrap();
    let ids = people(&store, accounts).await;
    history(&store, &ids, events.saturating_sub(accounts)).await;
    acknowledged(&store).await;
    account_pages(&store).await;
    event_pages(&store, &ids).await;
    let bytes = std::fs::metadata(store.path()).unwrap().len();
    println!("file: {} MiB", bytes >> 20);
    store.close().await.unwrap();
}

async fn people(store: &SqliteStore, accounts: u64) -> Vec<AccountId> {
    let names = [
        "Anna",
        "Ben",
        "Zoë",
        "Ömer",
        "Carla",
        "Dmitri",
        "李小龍",
        "Fatima",
    ];
    let surnames = [
        "Miller", "O'Brien", "Schmidt", "Ünal", "Rossi", "Novak", "Garcia", "Smith",
    ];
    let mut ids = Vec::new();
    let begun = Instant::now();
    for chunk in (0..accounts).collect::<Vec<_>>().chunks(1_000) {
        let mut changes = Vec::new();
        for number in chunk {
            let drawn = scattered(*number);
            let pick =
                |from: &[&'static str], shift: u32| from[usize::try_from((drawn >> shift) % 8).unwrap()];
            let name = format!("{} {} {}", pick(&names, 0), pick(&surnames, 3), drawn % 997);
            let email = format!(
                "{}.{number}@mail{}.example",
                pick(&surnames, 6).to_lowercase().replace('\'', ""),
                drawn % 13
            );
            let role = if drawn.is_multiple_of(1_000) {
                Role::Owner
            } else {
                Role::ALL[2 + usize::try_from(drawn % 3).unwrap()]
            };
            let mut person = newcomer(*number, &email, &name, role);
            if !drawn.is_multiple_of(10) {
                person.credential.password = Some(password());
                person.credential.last_sign_in_at = Some(moment(i64::try_from(drawn % 10_000_000).unwrap()));
            }
            match drawn % 2_000 {
                7 => person.account.disabled = Some(mark(1)),
                8 => person.account.locked = Some(mark(1)),
                9 => person.account.deleted = Some(mark(1)),
                _ => {}
            }
            ids.push(person.account.id);
            changes.push(added(&person));
        }
        store.commit(changes).await.unwrap();
    }
    println!(
        "{accounts} accounts: written in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    ids
}

async fn history(store: &SqliteStore, ids: &[AccountId], events: u64) {
    let begun = Instant::now();
    for chunk in (0..events).collect::<Vec<_>>().chunks(2_000) {
        let changes = chunk.iter().map(|number| {
            let drawn = scattered(*number);
            let id = |shift: u32| {
                ids[usize::try_from((drawn >> shift) % u64::try_from(ids.len()).unwrap()).unwrap()]
            };
            // One account is in a tenth of all events: the owner's.
            let actor = if drawn.is_multiple_of(10) { ids[0] } else { id(3) };
            let mut event = AuditEvent {
                actor: Actor::Account {
                    id: actor,
                    email: format!("p{}@rose.example", drawn % 5_000),
                },
                action: Action::ALL[usize::try_from(drawn % 29).unwrap()],
                outcome: [Outcome::Done, Outcome::Done, Outcome::Failed, Outcome::Refused]
                    [usize::try_from((drawn >> 5) % 4).unwrap()],
                subject: Some(id(7)),
                subject_email: Some(format!("p{}@thorn.example", drawn % 7_000)),
                ..event(i64::try_from(*number).unwrap() * 8)
            };
            event.source.address = Some(format!("till-{}", drawn % 300));
            noted(event)
        });
        store.commit(changes.collect()).await.unwrap();
    }
    println!(
        "{events} events: written in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
}

/// Events a second when 64 callers each wait for their own.
async fn acknowledged(store: &Arc<SqliteStore>) {
    let begun = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let store = Arc::clone(store);
        callers.spawn(async move {
            for number in 0..100 {
                store
                    .commit(vec![noted(event(9_000_000 + number))])
                    .await
                    .unwrap();
            }
        });
    }
    callers.join_all().await;
    println!(
        "acknowledged events: {:.0} a second",
        6_400.0 / begun.elapsed().as_secs_f64()
    );
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at =
        |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1_000.0;
    println!("{name}: p50 {:.1} ms, p95 {:.1} ms", at(50), at(95));
}

#[expect(clippy::too_many_lines, reason = "a table of questions")]
async fn account_pages(store: &SqliteStore) {
    let base = AccountFilter::default;
    let filters = [
        ("all", base()),
        (
            "owners",
            AccountFilter {
                role: Some(Role::Owner),
                ..base()
            },
        ),
        (
            "locked",
            AccountFilter {
                standing: Some(Standing::Locked),
                ..base()
            },
        ),
        (
            "deleted",
            AccountFilter {
                standing: Some(Standing::Deleted),
                ..base()
            },
        ),
        (
            "invited",
            AccountFilter {
                standing: Some(Standing::Invited),
                ..base()
            },
        ),
        (
            "with a second factor",
            AccountFilter {
                second_factor: Some(true),
                ..base()
            },
        ),
        (
            "search \"z\"",
            AccountFilter {
                text: Some("z".to_owned()),
                ..base()
            },
        ),
        (
            "search \"qx\"",
            AccountFilter {
                text: Some("qx".to_owned()),
                ..base()
            },
        ),
        (
            "search \"example\"",
            AccountFilter {
                text: Some("example".to_owned()),
                ..base()
            },
        ),
        (
            "search \"miller\"",
            AccountFilter {
                text: Some("miller".to_owned()),
                ..base()
            },
        ),
        (
            "search \"9971\"",
            AccountFilter {
                text: Some("9971".to_owned()),
                ..base()
            },
        ),
        (
            "search \"nobody at all\"",
            AccountFilter {
                text: Some("nobody at all".to_owned()),
                ..base()
            },
        ),
    ];
    for (name, filter) in filters {
        let mut times = Vec::new();
        for sort in [
            AccountSort::Email,
            AccountSort::Name,
            AccountSort::Role,
            AccountSort::CreatedAt,
            AccountSort::LastSignInAt,
        ] {
            for round in 0..TIMES / 5 {
                let query = AccountQuery {
                    filter: filter.clone(),
                    sort,
                    descending: round % 2 == 1,
                    after: None,
                    limit: 100,
                };
                let begun = Instant::now();
                let page = store.accounts(&query, moment(1)).await.unwrap();
                let first = begun.elapsed();
                let begun = Instant::now();
                if page.next.is_some() {
                    store
                        .accounts(
                            &AccountQuery {
                                after: page.next,
                                ..query
                            },
                            moment(1),
                        )
                        .await
                        .unwrap();
                }
                if round > 0 {
                    times.extend([first, begun.elapsed()]);
                }
            }
        }
        report(&format!("accounts, {name}"), times);
        let mut times = Vec::new();
        for _ in 0..10 {
            let begun = Instant::now();
            store.count_accounts(&filter, moment(1)).await.unwrap();
            times.push(begun.elapsed());
        }
        report(&format!("count, {name}"), times);
    }
}

#[expect(clippy::too_many_lines, reason = "a table of questions")]
async fn event_pages(store: &SqliteStore, ids: &[AccountId]) {
    let base = || EventQuery {
        limit: 100,
        ..EventQuery::default()
    };
    let questions = [
        ("newest", base()),
        (
            "a busy account",
            EventQuery {
                account: Some(ids[0]),
                ..base()
            },
        ),
        (
            "a quiet account",
            EventQuery {
                account: Some(ids[77]),
                ..base()
            },
        ),
        (
            "action",
            EventQuery {
                action: Some(Action::AccountLocked),
                ..base()
            },
        ),
        (
            "action never seen",
            EventQuery {
                action: Some(Action::BackupRestored),
                ..base()
            },
        ),
        (
            "outcome",
            EventQuery {
                outcome: Some(Outcome::Failed),
                ..base()
            },
        ),
        (
            "action and outcome",
            EventQuery {
                action: Some(Action::SignInPassword),
                outcome: Some(Outcome::Done),
                ..base()
            },
        ),
        (
            "address",
            EventQuery {
                address: Some("till-77".to_owned()),
                ..base()
            },
        ),
        (
            "an hour long ago",
            EventQuery {
                from: Some(moment(800_000)),
                until: Some(moment(803_600)),
                ..base()
            },
        ),
        (
            "action in an hour long ago",
            EventQuery {
                action: Some(Action::AccountLocked),
                from: Some(moment(800_000)),
                until: Some(moment(803_600)),
                ..base()
            },
        ),
        (
            "oldest first",
            EventQuery {
                oldest_first: true,
                ..base()
            },
        ),
        (
            "search \"p77@\"",
            EventQuery {
                text: Some("p77@".to_owned()),
                ..base()
            },
        ),
        (
            "search \"example\"",
            EventQuery {
                text: Some("example".to_owned()),
                ..base()
            },
        ),
        (
            "search \"nobody at all\"",
            EventQuery {
                text: Some("nobody at all".to_owned()),
                ..base()
            },
        ),
    ];
    for (name, query) in questions {
        let mut times = Vec::new();
        for round in 0..TIMES {
            let begun = Instant::now();
            store.events(&query).await.unwrap();
            if round > 0 {
                times.push(begun.elapsed());
            }
        }
        report(&format!("events, {name}"), times);
    }
}
