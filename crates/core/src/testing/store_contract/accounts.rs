//! Stories of lists of accounts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::material::{added, edited, event, mark, moment, newcomer, password, set_up, shop, veteran};
use crate::account::{AccountId, Role};
use crate::change::Change;
use crate::credential::standing;
use crate::lockout::{Budget, Factor, Scope};
use crate::policy::Number;
use crate::query::{AccountFilter, AccountQuery, AccountRow, AccountSort, Cursor, Standing, folded};
use crate::store::{Person, Store};

const SORTS: [AccountSort; 5] = [
    AccountSort::Email,
    AccountSort::Name,
    AccountSort::Role,
    AccountSort::CreatedAt,
    AccountSort::LastSignInAt,
];

/// A shop with people in every standing; several share a name, a role or a time.
async fn village(store: &dyn Store) -> Vec<Person> {
    store.commit(vec![set_up(shop())]).await.unwrap();
    let names = [
        "Zoë",
        "anna",
        "Anna",
        "",
        "Ömer Ünal",
        "李小龍",
        "O'Brien \"Bob\"",
    ];
    let mut people = Vec::new();
    for number in 0..42_u64 {
        let index = usize::try_from(number).unwrap();
        let name = names[index % names.len()];
        let mut person = newcomer(
            number / 2,
            &format!("p{}@{}.example", (number * 29) % 42, ["rose", "thorn"][index % 2]),
            name,
            Role::ALL[index % 5],
        );
        // Two people may share a moment, never an id.
        person.account.id = AccountId::fresh(
            person.account.created_at,
            &mut super::material::rng(1_000 + number),
        );
        person.credential.account = person.account.id;
        if number % 3 > 0 {
            person.credential.password = Some(password());
            person.credential.last_sign_in_at =
                (number % 4 > 0).then(|| moment(i64::try_from(number / 4).unwrap()));
        }
        if number % 5 == 1 {
            person.credential.totp = veteran(number, "v@rose.example").credential.totp;
        }
        match number % 11 {
            1 => person.account.disabled = Some(mark(1)),
            2 => person.account.locked = Some(mark(2)),
            3 => person.account.deleted = Some(mark(3)),
            4 => drop(
                person
                    .credential
                    .budgets
                    .insert((Factor::Password, Scope::Anywhere), failed(6, 100)),
            ),
            5 => drop(
                person
                    .credential
                    .budgets
                    .insert((Factor::Totp, Scope::Anywhere), failed(100, 100)),
            ),
            _ => {}
        }
        people.push(person);
    }
    store.commit(people.iter().map(added).collect()).await.unwrap();
    people
}

fn failed(failures: u32, until: i64) -> Budget {
    Budget {
        failures,
        wait_until: Some(moment(until)),
        last_failure: Some(moment(1)),
        ..Budget::default()
    }
}

fn query(sort: AccountSort, descending: bool, filter: AccountFilter) -> AccountQuery {
    AccountQuery {
        filter,
        sort,
        descending,
        after: None,
        limit: 5,
    }
}

/// Every page from the first to the last.
async fn all(store: &dyn Store, mut query: AccountQuery, now: i64) -> Vec<AccountRow> {
    let mut rows = Vec::new();
    loop {
        let page = store.accounts(&query, moment(now)).await.unwrap();
        assert!(
            page.rows.len() <= query.limit as usize,
            "a page has at most what was asked for"
        );
        rows.extend(page.rows);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return rows,
        }
    }
}

fn ids(rows: &[AccountRow]) -> Vec<AccountId> {
    rows.iter().map(|row| row.account.id).collect()
}

pub async fn every_order_shows_everybody_once(store: Arc<dyn Store>) {
    let people = village(&*store).await;
    for sort in SORTS {
        let mut expected: Vec<&Person> = people
            .iter()
            .filter(|person| person.account.deleted.is_none())
            .collect();
        expected.sort_by_key(|person| {
            let account = &person.account;
            let (text, number, time) = match sort {
                AccountSort::Email => (account.email.key().to_owned(), 0, None),
                AccountSort::Name => (folded(account.name.as_str()), 0, None),
                AccountSort::Role => (
                    String::new(),
                    Role::ALL.iter().position(|role| *role == account.role).unwrap(),
                    None,
                ),
                AccountSort::CreatedAt => (String::new(), 0, Some(account.created_at)),
                AccountSort::LastSignInAt => (String::new(), 0, person.credential.last_sign_in_at),
            };
            (text, number, time, account.id)
        });
        let mut expected: Vec<_> = expected.iter().map(|person| person.account.id).collect();
        let up = all(&*store, query(sort, false, AccountFilter::default()), 10).await;
        assert_eq!(
            ids(&up),
            expected,
            "{sort:?}: everybody once, in order, equal ones by id"
        );
        expected.reverse();
        let down = all(&*store, query(sort, true, AccountFilter::default()), 10).await;
        assert_eq!(ids(&down), expected, "{sort:?}, turned round");
    }
}

pub async fn every_filter_finds_what_stands_so(store: Arc<dyn Store>) {
    let people: BTreeMap<_, _> = village(&*store)
        .await
        .into_iter()
        .map(|person| (person.account.id, person))
        .collect();
    let standings = [
        Standing::Active,
        Standing::Invited,
        Standing::Locked,
        Standing::Disabled,
        Standing::Deleted,
    ];
    let policy = shop().policy.lockout();
    for wanted in standings.map(Some).into_iter().chain([None]) {
        for role in [None, Some(Role::Owner), Some(Role::Customer)] {
            for second_factor in [None, Some(true), Some(false)] {
                let filter = AccountFilter {
                    text: None,
                    role,
                    standing: wanted,
                    second_factor,
                };
                let rows = all(&*store, query(AccountSort::Name, false, filter.clone()), 10).await;
                let expected = people.values().filter(|person| {
                    let summary = person.credential.summary(&policy);
                    let stands = standing(&person.account, summary, moment(10));
                    wanted.map_or(stands != Standing::Deleted, |wanted| stands == wanted)
                        && role.is_none_or(|role| person.account.role == role)
                        && second_factor.is_none_or(|wanted| summary.second_factor == wanted)
                });
                let count = store.count_accounts(&filter, moment(10)).await.unwrap();
                assert_eq!(rows.len(), expected.count(), "{filter:?} finds all it should");
                assert_eq!(rows.len(), count as usize, "{filter:?} counts what it lists");
                for row in rows {
                    let person = &people[&row.account.id];
                    let summary = person.credential.summary(&policy);
                    assert_eq!(
                        row.standing,
                        standing(&person.account, summary, moment(10)),
                        "the list says what the rule says"
                    );
                    assert_eq!(
                        row.second_factor, summary.second_factor,
                        "whether a code is asked"
                    );
                    assert_eq!(
                        row.last_sign_in_at, summary.last_sign_in_at,
                        "when they last signed in"
                    );
                }
            }
        }
    }
}

pub async fn a_search_finds_parts_of_any_length(store: Arc<dyn Store>) {
    let people = village(&*store).await;
    let long = "x".repeat(1 << 20);
    for text in [
        "a",
        "AN",
        "ann",
        "ANNA",
        "@rose.ex",
        "ö",
        "ömer ü",
        "小龍",
        "李小龍",
        // At the very end of a name, and of an address.
        "ë",
        "龍",
        "al",
        "le",
        "O'B",
        "\"bob\"",
        "%",
        "_",
        "zzz",
        "p1",
        "a\0b",
        "a\nb",
        "NOT anna",
        &long,
    ] {
        let filter = AccountFilter {
            text: Some(text.to_owned()),
            ..AccountFilter::default()
        };
        let mut found = ids(&all(&*store, query(AccountSort::Email, false, filter.clone()), 10).await);
        found.sort_unstable();
        let needle = folded(text);
        let has = |text: &str| folded(text).contains(&needle);
        let here = people.iter().filter(|person| person.account.deleted.is_none());
        let hits =
            here.filter(|person| has(person.account.email.as_str()) || has(person.account.name.as_str()));
        let mut expected: Vec<_> = hits.map(|person| person.account.id).collect();
        expected.sort_unstable();
        let shown: String = text.chars().take(20).collect();
        assert_eq!(
            found, expected,
            "{shown:?} finds who has it in name or address, in any case"
        );
        assert_eq!(
            store.count_accounts(&filter, moment(10)).await.unwrap() as usize,
            expected.len(),
            "{shown:?} counts the same"
        );
    }
    let mut renamed = people[0].account.clone();
    renamed.name = crate::account::Name::parse("Quixote").unwrap();
    store.commit(vec![edited(renamed)]).await.unwrap();
    let filter = AccountFilter {
        text: Some("quix".to_owned()),
        ..AccountFilter::default()
    };
    assert_eq!(
        store.count_accounts(&filter, moment(10)).await.unwrap(),
        1,
        "a new name is found at once"
    );
    let nothing = AccountFilter {
        text: Some("  ".to_owned()),
        ..AccountFilter::default()
    };
    let everybody = store
        .count_accounts(&AccountFilter::default(), moment(10))
        .await
        .unwrap();
    assert_eq!(
        store.count_accounts(&nothing, moment(10)).await.unwrap(),
        everybody,
        "blanks ask for nothing"
    );
}

pub async fn a_lock_after_failures_ends_by_itself(store: Arc<dyn Store>) {
    let mut anna = newcomer(1, "anna@rose.example", "Anna", Role::Staff);
    anna.credential.password = Some(password());
    anna.credential
        .budgets
        .insert((Factor::Password, Scope::Anywhere), failed(6, 100));
    store.commit(vec![set_up(shop()), added(&anna)]).await.unwrap();
    let locked = AccountFilter {
        standing: Some(Standing::Locked),
        ..AccountFilter::default()
    };
    let active = AccountFilter {
        standing: Some(Standing::Active),
        ..AccountFilter::default()
    };
    assert_eq!(
        store.count_accounts(&locked, moment(99)).await.unwrap(),
        1,
        "the wait is not over"
    );
    assert_eq!(
        store.count_accounts(&locked, moment(100)).await.unwrap(),
        0,
        "it is over at that moment"
    );
    assert_eq!(
        store.count_accounts(&active, moment(100)).await.unwrap(),
        1,
        "nobody had to write anything for it"
    );
}

pub async fn new_numbers_close_and_open_at_once(store: Arc<dyn Store>) {
    let mut anna = newcomer(1, "anna@rose.example", "Anna", Role::Staff);
    anna.credential.password = Some(password());
    anna.credential
        .budgets
        .insert((Factor::Password, Scope::Anywhere), failed(20, 100));
    store.commit(vec![set_up(shop()), added(&anna)]).await.unwrap();
    let locked = AccountFilter {
        standing: Some(Standing::Locked),
        ..AccountFilter::default()
    };
    assert_eq!(
        store.count_accounts(&locked, moment(500)).await.unwrap(),
        0,
        "20 failures are under 100, the wait is over"
    );
    let mut strict = shop();
    strict.policy.numbers.insert(Number::DisableAfterFailures, 10);
    store
        .commit(vec![Change::of(event(1)).replace_shop(strict)])
        .await
        .unwrap();
    assert_eq!(
        store.count_accounts(&locked, moment(500)).await.unwrap(),
        1,
        "20 failures are over 10: it must be set anew"
    );
    let mut lenient = store.shop().await.unwrap().unwrap();
    lenient.policy.numbers.clear();
    store
        .commit(vec![Change::of(event(2)).replace_shop(lenient)])
        .await
        .unwrap();
    assert_eq!(
        store.count_accounts(&locked, moment(500)).await.unwrap(),
        0,
        "and back"
    );
}

pub async fn an_unreadable_cursor_begins_anew(store: Arc<dyn Store>) {
    village(&*store).await;
    let first = store
        .accounts(
            &query(AccountSort::Email, false, AccountFilter::default()),
            moment(10),
        )
        .await
        .unwrap();
    for cursor in [
        Cursor(String::new()),
        Cursor("'); DROP TABLE account; --".to_owned()),
        Cursor("[\"email\",7]".to_owned()),
    ] {
        let again = AccountQuery {
            after: Some(cursor),
            ..query(AccountSort::Email, false, AccountFilter::default())
        };
        assert_eq!(
            store.accounts(&again, moment(10)).await.unwrap(),
            first,
            "it begins at the first page"
        );
    }
    let other = AccountQuery {
        after: first.next,
        ..query(AccountSort::CreatedAt, false, AccountFilter::default())
    };
    let begun = store
        .accounts(
            &query(AccountSort::CreatedAt, false, AccountFilter::default()),
            moment(10),
        )
        .await
        .unwrap();
    assert_eq!(
        store.accounts(&other, moment(10)).await.unwrap(),
        begun,
        "a cursor of another order begins anew, too"
    );
    let greedy = AccountQuery {
        limit: u32::MAX,
        ..query(AccountSort::Email, false, AccountFilter::default())
    };
    assert!(
        store.accounts(&greedy, moment(10)).await.unwrap().rows.len() <= 500,
        "no page is larger than 500 rows"
    );
}

pub async fn owners_in_the_recycle_bin_are_not_counted(store: Arc<dyn Store>) {
    let (anna, mut ben) = (
        newcomer(1, "anna@rose.example", "Anna", Role::Owner),
        newcomer(2, "ben@rose.example", "Ben", Role::Owner),
    );
    ben.account.deleted = Some(mark(20));
    let carl = newcomer(3, "carl@rose.example", "Carl", Role::Staff);
    store
        .commit(vec![added(&anna), added(&ben), added(&carl)])
        .await
        .unwrap();
    let owners: Vec<_> = store
        .owners()
        .await
        .unwrap()
        .into_iter()
        .map(|person| person.account.id)
        .collect();
    assert_eq!(
        owners,
        [anna.account.id],
        "an owner in the recycle bin holds no key"
    );
    assert_eq!(
        store.deleted_before(moment(20)).await.unwrap(),
        [],
        "Ben's days are counted from the moment he was deleted"
    );
    assert_eq!(
        store.deleted_before(moment(21)).await.unwrap(),
        [ben.account.id],
        "and then they are over"
    );
}
