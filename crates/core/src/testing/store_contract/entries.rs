//! Stories of what is kept under a key.

use std::sync::Arc;

use super::material::{added, event, moment, newcomer, noted};
use crate::account::{AccountId, Role};
use crate::change::Change;
use crate::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use crate::store::{CommitError, Person, Store};

fn entry(kind: EntryKind, number: u8, at: i64) -> Entry {
    Entry::new(
        kind,
        EntryKey([number; 32]),
        moment(at),
        &format!("canary-{number}"),
    )
    .unwrap()
}

async fn put(store: &dyn Store, entry: Entry) {
    store.keep(vec![EntryWrite::Put(entry)]).await.unwrap();
}

async fn read(store: &dyn Store, entry: &Entry) -> Option<Entry> {
    store.entry(entry.kind, entry.key).await.unwrap()
}

async fn anna(store: &dyn Store, number: u64) -> AccountId {
    let anna: Person = newcomer(
        number,
        &format!("anna{number}@rose.example"),
        "Anna",
        Role::Customer,
    );
    store.commit(vec![added(&anna)]).await.unwrap();
    anna.account.id
}

pub async fn an_entry_reads_back_whole(store: Arc<dyn Store>) {
    let anna = anna(&*store, 1).await;
    for kind in EntryKind::ALL {
        let plain = entry(*kind, 1, 5);
        let full = entry(*kind, 2, 6).of(anna).until(moment(60));
        put(&*store, plain.clone()).await;
        put(&*store, full.clone()).await;
        assert_eq!(
            read(&*store, &plain).await,
            Some(plain),
            "{kind:?} with the fewest fields"
        );
        assert_eq!(
            read(&*store, &full).await,
            Some(full),
            "{kind:?} with all of them"
        );
    }
    let nothing = store.entry(EntryKind::Link, EntryKey([9; 32])).await.unwrap();
    assert_eq!(nothing, None, "what was never kept is not there");
}

pub async fn the_next_revision_takes_its_place(store: Arc<dyn Store>) {
    let first = entry(EntryKind::Limit, 1, 1);
    put(&*store, first.clone()).await;
    let second = first.next(moment(2), &"canary-b").unwrap().until(moment(9));
    put(&*store, second.clone()).await;
    assert_eq!(
        read(&*store, &first).await,
        Some(second.clone()),
        "revision 2 is what is there"
    );
    for stale in [first.clone(), second] {
        let again = store.keep(vec![EntryWrite::Put(stale)]).await;
        assert!(
            matches!(again, Err(CommitError::Conflict)),
            "whoever decided on an older state decides anew"
        );
    }
    let elsewhere = entry(EntryKind::Stranger, 1, 1);
    put(&*store, elsewhere).await;
}

pub async fn of_many_that_take_one_succeeds(store: Arc<dyn Store>) {
    let link = entry(EntryKind::Link, 1, 1);
    put(&*store, link.clone()).await;
    let mut takers = tokio::task::JoinSet::new();
    for number in 0..50 {
        let (store, link) = (Arc::clone(&store), link.clone());
        takers.spawn(async move {
            let change = Change::of(event(number)).take_entry(&link);
            match store.commit(vec![change]).await {
                Ok(()) => true,
                Err(CommitError::Conflict) => false,
                Err(other) => panic!("{other}"),
            }
        });
    }
    let taken = takers.join_all().await.into_iter().filter(|taken| *taken).count();
    assert_eq!(
        taken, 1,
        "a link that was sent works once, however many click at once"
    );
    assert_eq!(read(&*store, &link).await, None, "and is gone");
}

pub async fn an_entry_goes_with_its_change(store: Arc<dyn Store>) {
    let there = entry(EntryKind::Letter, 1, 1);
    put(&*store, there.clone()).await;
    let other = entry(EntryKind::Letter, 2, 1);
    let refused = store
        .commit(vec![
            Change::of(event(1)).put_entry(other.clone()),
            Change::of(event(2)).put_entry(there),
        ])
        .await;
    assert!(
        matches!(refused, Err(CommitError::Conflict)),
        "one of two does not fit"
    );
    assert_eq!(read(&*store, &other).await, None, "so neither is kept");
    store
        .commit(vec![Change::of(event(3)).put_entry(other.clone())])
        .await
        .unwrap();
    assert_eq!(
        read(&*store, &other).await,
        Some(other),
        "a change that fits keeps it"
    );
}

pub async fn due_entries_come_in_order(store: Arc<dyn Store>) {
    for (number, at) in [(1, 30), (2, 10), (3, 20), (4, 40), (5, 10)] {
        put(&*store, entry(EntryKind::Letter, number, at)).await;
    }
    put(&*store, entry(EntryKind::Link, 6, 1)).await;
    let numbers = async |until, most| {
        let due = store
            .entries(EntryKind::Letter, moment(until), most)
            .await
            .unwrap();
        due.iter().map(|entry| entry.key.0[0]).collect::<Vec<_>>()
    };
    assert_eq!(
        numbers(30, 10).await,
        [2, 5, 3, 1],
        "what is due, the longest due first"
    );
    assert_eq!(numbers(30, 2).await, [2, 5], "and no more than asked for");
}

pub async fn entries_of_several_accounts(store: Arc<dyn Store>) {
    let (anna, bert, carla) = (
        anna(&*store, 1).await,
        anna(&*store, 2).await,
        anna(&*store, 3).await,
    );
    for (number, account) in [(1, anna), (2, bert), (3, bert), (4, carla)] {
        put(&*store, entry(EntryKind::ExternalId, number, 1).of(account)).await;
    }
    put(&*store, entry(EntryKind::Link, 5, 1).of(anna)).await;
    let of = async |accounts: &[AccountId]| {
        let found = store.entries_of(EntryKind::ExternalId, accounts).await.unwrap();
        let mut numbers: Vec<_> = found.iter().map(|entry| entry.key.0[0]).collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(
        of(&[anna, bert]).await,
        [1, 2, 3],
        "those of both, of that kind alone"
    );
    assert_eq!(of(&[]).await, [0_u8; 0], "nobody has none");
    store
        .commit(vec![
            Change::of(event(1)).remove_entries(EntryKind::ExternalId, bert),
        ])
        .await
        .unwrap();
    assert_eq!(
        of(&[anna, bert, carla]).await,
        [1, 4],
        "all of one account are removed together"
    );
}

pub async fn entries_go_with_their_account(store: Arc<dyn Store>) {
    let anna = anna(&*store, 1).await;
    let link = entry(EntryKind::Link, 1, 1).of(anna);
    put(&*store, link.clone()).await;
    store.commit(vec![noted(event(1)).purge(anna)]).await.unwrap();
    assert_eq!(
        read(&*store, &link).await,
        None,
        "nothing of somebody who was removed stays behind"
    );
    let late = store.keep(vec![EntryWrite::Put(link)]).await;
    assert!(
        matches!(late, Err(CommitError::Conflict)),
        "and nothing is kept for somebody who is gone"
    );
}

pub async fn what_has_expired_is_found(store: Arc<dyn Store>) {
    let over = entry(EntryKind::Link, 1, 1).until(moment(10));
    let long_over = entry(EntryKind::Limit, 4, 1).until(moment(5));
    let lasting = entry(EntryKind::ApiToken, 2, 1);
    let later = entry(EntryKind::Link, 3, 1).until(moment(11));
    for each in [&over, &long_over, &lasting, &later] {
        put(&*store, each.clone()).await;
    }
    let found = store.expired(moment(10), 9).await.unwrap();
    assert_eq!(
        found,
        [long_over.clone(), over.clone()],
        "what is over, whatever its kind"
    );
    assert_eq!(
        store.expired(moment(10), 1).await.unwrap(),
        [long_over],
        "no more than asked for"
    );
    store
        .keep(found.iter().map(EntryWrite::take).collect())
        .await
        .unwrap();
    assert_eq!(
        read(&*store, &over).await,
        None,
        "it is taken away like anything else"
    );
    assert!(read(&*store, &lasting).await.is_some(), "what has no end stays");
    assert!(
        read(&*store, &later).await.is_some(),
        "what is not over yet stays"
    );
}
