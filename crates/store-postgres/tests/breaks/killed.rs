//! A node that is killed in the middle.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use keyholder_store_postgres::testing::{Database, fresh_store};

use super::{events, rounds};

/// Kills a node once it has said "saved" so often, and gives how often it had said so by then.
fn killed_after(saved: usize, database: &Database, part: &str) -> usize {
    let mut node = Command::new(program())
        .args([&database.url(), part])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(node.stdout.take().unwrap()).lines();
    let before = lines.by_ref().take(saved).count();
    node.kill().unwrap();
    // What it had said and nobody had read yet was said as well.
    let after = lines.map_while(Result::ok).count();
    node.wait().unwrap();
    before + after
}

/// Where cargo puts examples: beside the folder of the tests.
fn program() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let built = this.parent().and_then(Path::parent).unwrap();
    let program = built.join("examples").join("postgres-writer");
    assert!(
        program.is_file(),
        "{} is built by cargo build -p keyholder-store-postgres --examples",
        program.display()
    );
    program
}

/// How many events that a node had called saved were not there after it was killed.
async fn lost(part: &str, rounds: u32) -> usize {
    let (store, database) = fresh_store().await;
    let mut lost = 0;
    for round in 0..rounds {
        let before = events(&*store).await;
        let saved = killed_after(1 + round as usize * 7 % 40, &database, part);
        let there = (events(&*store).await - before) as usize;
        assert!(
            there <= saved + 1 || part == "hasty",
            "at most one was under way: {there} are there, {saved} were said to be"
        );
        lost += saved.saturating_sub(there);
    }
    lost
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p39_a_killed_node_loses_nothing_that_was_called_saved() {
    assert_eq!(
        lost("burst", rounds(8, 200)).await,
        0,
        "the next node finds all of it, and a whole trail"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p39_mutant_a_node_that_says_saved_too_soon_is_found() {
    assert!(
        lost("hasty", 1).await > 0,
        "events that were never committed must be seen to be missing"
    );
}
