//! Pages of 100 out of 100,000 accounts.

use std::time::Instant;

use keyholder_core::account::Role;
use keyholder_core::query::{AccountFilter, AccountQuery, AccountSort, Cursor, PAGE_MAX, Standing};
use keyholder_core::store::Store as _;
use keyholder_store_sqlite::SqliteStore;

use crate::Result;
use crate::figure::{Figure, Kind, Samples};
use crate::stores::{ACCOUNTS, ADDRESS_DIGITS, RARE, now};

const LIMIT: u32 = 100;

const SORTS: [AccountSort; 5] = [
    AccountSort::Email,
    AccountSort::Name,
    AccountSort::Role,
    AccountSort::CreatedAt,
    AccountSort::LastSignInAt,
];

/// Every order, there and back.
fn orders_of() -> impl Iterator<Item = AccountQuery> {
    let both = |sort| [false, true].map(|descending| (sort, descending));
    SORTS
        .into_iter()
        .flat_map(both)
        .map(|(sort, descending)| AccountQuery {
            filter: AccountFilter::default(),
            sort,
            descending,
            after: None,
            limit: LIMIT,
        })
}

/// Asks for a page, notes how long that took, and gives how many rows came.
async fn ask(store: &SqliteStore, query: &AccountQuery, samples: &mut Samples) -> Result<usize> {
    let begun = Instant::now();
    let page = store.accounts(query, now()).await?;
    samples.add(begun.elapsed());
    Ok(page.rows.len())
}

/// The first, the middle and the last page in every order.
pub(crate) async fn orders(store: &SqliteStore) -> Result<Figure> {
    let mut kinds = Vec::new();
    for order in orders_of() {
        let way = if order.descending {
            "descending"
        } else {
            "ascending"
        };
        let cursors = walk(store, &order).await?;
        let (middle, last) = (cursors.len() / 2, cursors.len() - 1);
        for (place, after) in [
            ("first", None),
            ("middle", Some(&cursors[middle])),
            ("last", Some(&cursors[last])),
        ] {
            let query = AccountQuery {
                after: after.cloned(),
                ..order.clone()
            };
            let mut samples = Samples::default();
            for _ in 0..50 {
                if ask(store, &query, &mut samples).await? == 0 {
                    return Err(format!("the {place} page by {:?} is empty", order.sort).into());
                }
            }
            kinds.push(Kind {
                name: format!("{:?} {way}, {place} page", order.sort),
                samples,
            });
        }
    }
    Ok(Figure::pages(
        "accounts: first, middle and last page of every order",
        kinds,
    ))
}

/// Where each of the longest pages begins, to the end.
async fn walk(store: &SqliteStore, order: &AccountQuery) -> Result<Vec<Cursor>> {
    let mut query = AccountQuery {
        limit: PAGE_MAX,
        ..order.clone()
    };
    let mut cursors = Vec::new();
    while let Some(next) = store.accounts(&query, now()).await?.next {
        query.after = Some(next.clone());
        cursors.push(next);
    }
    Ok(cursors)
}

/// Every combination of filters in every order. A kind is a combination: an order that is slow with it
/// is a tenth of its requests and seen in their 95th percentile.
pub(crate) async fn filters(store: &SqliteStore) -> Result<Figure> {
    let roles = [None].into_iter().chain(Role::ALL.into_iter().map(Some));
    let standings = [
        None,
        Some(Standing::Active),
        Some(Standing::Invited),
        Some(Standing::Locked),
        Some(Standing::Disabled),
        Some(Standing::Deleted),
    ];
    let mut kinds = Vec::new();
    for role in roles {
        for standing in standings {
            for second_factor in [None, Some(true), Some(false)] {
                let filter = AccountFilter {
                    text: None,
                    role,
                    standing,
                    second_factor,
                };
                let name = format!("role {role:?}, standing {standing:?}, second factor {second_factor:?}");
                let mut samples = Samples::default();
                for order in orders_of() {
                    let query = AccountQuery {
                        filter: filter.clone(),
                        ..order
                    };
                    for _ in 0..10 {
                        ask(store, &query, &mut samples).await?;
                    }
                }
                kinds.push(Kind { name, samples });
            }
        }
    }
    Ok(Figure::pages(
        "accounts: first page of every filter in every order",
        kinds,
    ))
}

/// What is searched for, and what is known about it.
struct Needles {
    name: &'static str,
    texts: Vec<String>,
    found: bool,
}

/// The first page of searches in every order, by length.
pub(crate) async fn searches(store: &SqliteStore) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for length in [1, 2, 3, 8] {
        let mut kinds = Vec::new();
        for Needles { name, texts, found } in needles(length) {
            let mut samples = Samples::default();
            for order in orders_of() {
                for text in &texts {
                    let query = AccountQuery {
                        filter: AccountFilter {
                            text: Some(text.clone()),
                            ..AccountFilter::default()
                        },
                        ..order.clone()
                    };
                    if (ask(store, &query, &mut samples).await? > 0) != found {
                        return Err(format!("a search for {text:?} was to be {name}").into());
                    }
                }
            }
            kinds.push(Kind {
                name: name.to_owned(),
                samples,
            });
        }
        let what = format!("accounts: first page of a search for {length} characters");
        figures.push(Figure::pages(&what, kinds));
    }
    Ok(figures)
}

/// Texts of so many characters, from what everybody has to what nobody has.
fn needles(length: usize) -> [Needles; 4] {
    let cut = |text: &str, begin: usize| -> String { text.chars().skip(begin).take(length).collect() };
    let every = |turn: usize| cut("mail.example", turn % (13 - length));
    // By name and by address they stand together, at one end of the list.
    let many = |turn: usize| match length {
        8 => ["valentin", "hoffmann"][turn % 2].to_owned(),
        _ => cut(["zora", "yasmin", "zeman"][turn % 3], 0),
    };
    let few = |turn: usize| match length {
        // The number in one account's address.
        8 => format!(".{:0ADDRESS_DIGITS$}@m", (turn * 4_711 + 13) % ACCOUNTS),
        _ => cut(RARE, turn % (5 - length)),
    };
    let none = |turn: usize| match length {
        // Every letter of the alphabet is in somebody's name.
        1 => cut("§¤¬¶øðþß", turn % 8),
        _ => "qxjzvkwy".chars().cycle().skip(turn % 8).take(length).collect(),
    };
    let kind = |name, found, text: &dyn Fn(usize) -> String| Needles {
        name,
        texts: (0..20).map(text).collect(),
        found,
    };
    [
        kind("found everywhere", true, &every),
        kind("found in thousands", true, &many),
        kind("found in a few", true, &few),
        kind("not found", false, &none),
    ]
}
