//! Stories of a second program on the same store: it is kept out, under whatever name it comes.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use keyholder_core::audit::chain::Verdict;
use keyholder_core::error::Code;
use keyholder_store_sqlite::SqliteStore;

use crate::common::{fresh, keys};
use crate::rounds;
use crate::writer::{Writer, saved};

/// What the same file is called elsewhere: the name itself, a detour, links to its folder and to itself.
fn names(store: &Path, elsewhere: &Path) -> Vec<PathBuf> {
    let (folder, name) = (store.parent().unwrap(), store.file_name().unwrap());
    let beside = folder.parent().unwrap();
    let (linked_folder, linked) = (elsewhere.join("folder"), elsewhere.join("linked.keyholder"));
    std::os::unix::fs::symlink(folder, &linked_folder).unwrap();
    std::os::unix::fs::symlink(store, &linked).unwrap();
    let mut names = vec![
        store.to_owned(),
        beside
            .join("..")
            .join(beside.file_name().unwrap())
            .join("rose")
            .join(name),
        linked_folder.join(name),
        linked,
    ];
    if cfg!(target_os = "linux") {
        let second_name = elsewhere.join("second-name.keyholder");
        std::fs::hard_link(store, &second_name).unwrap();
        names.push(second_name);
    }
    names
}

/// Opens the store in another process under each of its names while a first one has it open; gives
/// under which of them it was written.
fn written_by_a_second(store: &Path, elsewhere: &Path, part: &str) -> Vec<PathBuf> {
    let names = names(store, elsewhere);
    let mut first = Writer::start("hold", store);
    assert_eq!(first.next().as_deref(), Some("saved 0"), "the first has it open");
    let mut written = Vec::new();
    for name in names {
        let before = std::fs::read(store).unwrap();
        let asked = Instant::now();
        let said = Writer::start(part, &name).finish();
        let took = asked.elapsed();
        if saved(&said) > 0 || std::fs::read(store).unwrap() != before {
            written.push(name);
        } else {
            assert!(
                said.len() == 1
                    && said[0].starts_with("refused ")
                    && said[0].contains(&Code::InUse.to_string()),
                "refused by name: {said:?}"
            );
            assert!(took < Duration::from_secs(1), "nobody waits for it: {took:?}");
        }
    }
    written
}

#[tokio::test]
async fn p40_a_second_process_is_refused_under_every_name() {
    let (store, kept) = fresh().await;
    store.close().await.unwrap();
    assert_eq!(
        written_by_a_second(store.path(), kept.path(), "1"),
        Vec::<PathBuf>::new(),
        "whatever the file is called, it is the same file"
    );
    let verdict = SqliteStore::verify_file(store.path(), &keys()).await.unwrap();
    assert!(
        matches!(verdict, Verdict::Whole { rows: 1, .. }),
        "only the first has written: {verdict:?}"
    );
}

#[tokio::test]
async fn p40_mutant_a_second_process_that_minds_no_lock_is_found() {
    let (store, kept) = fresh().await;
    store.close().await.unwrap();
    let written = written_by_a_second(store.path(), kept.path(), "lockless");
    assert!(
        written.contains(&store.path().to_owned()),
        "SQLite alone lets a second writer in, and the measure sees it: {written:?}"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn p40_tidying_up_the_lock_lets_nobody_in() {
    let (store, kept) = fresh().await;
    store.close().await.unwrap();
    let mut first = Writer::start("hold", store.path());
    assert_eq!(first.next().as_deref(), Some("saved 0"), "the first has it open");
    std::fs::remove_file(kept.path().join("rose/shop.keyholder.lock")).unwrap();
    let said = Writer::start("1", store.path()).finish();
    assert!(
        said.len() == 1 && said[0].contains(&Code::InUse.to_string()),
        "the file itself is held as well: {said:?}"
    );
}

#[tokio::test]
async fn p40_the_lock_of_a_killed_process_holds_nobody_off() {
    let (store, _kept) = fresh().await;
    store.close().await.unwrap();
    let mut there = 0;
    for round in 0..rounds(3, 50) {
        let mut first = Writer::start("hold", store.path());
        assert_eq!(
            first.next().as_deref(),
            Some("saved 0"),
            "round {round}: it is open"
        );
        drop(first);
        let said = Writer::start("1", store.path()).finish();
        assert_eq!(
            saved(&said),
            1,
            "round {round}: the lock went with its process: {said:?}"
        );
        there += 2;
    }
    let verdict = SqliteStore::verify_file(store.path(), &keys()).await.unwrap();
    assert!(
        matches!(verdict, Verdict::Whole { rows, .. } if rows == there),
        "and nothing was lost over it: {verdict:?}"
    );
}
