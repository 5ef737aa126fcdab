//! Stories of what the disk has when the power goes: the store runs in a process of its own, which
//! is watched, starved or killed. They need `strace`, which `cargo xtask setup` installs.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "stories fail by panicking, and the writer talks"
)]

mod common;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use common::{fresh, keys, place};
use keyholder_core::audit::chain::Verdict;
use keyholder_core::store::Store;
use keyholder_core::testing::store_contract::material::{event, noted};
use keyholder_store_sqlite::SqliteStore;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

/// Names what the child does, to the child.
const PART: &str = "KEYHOLDER_STORY_PART";
/// Where its store is.
const PLACE: &str = "KEYHOLDER_STORY_PLACE";

/// This program once more, as the writer of a store.
fn writer(wrapper: &[&str], part: &str, path: &Path) -> Child {
    let this = std::env::current_exe().unwrap();
    let arguments = [
        "--exact",
        "the_writer",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ];
    let mut command = match wrapper {
        [] => Command::new(&this),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(&this);
            command
        }
    };
    command.args(arguments).env(PART, part).env(PLACE, path);
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("strace is there: cargo xtask setup")
}

/// Not a story: what the process in the stories does. It says "saved N" for each acknowledged event
/// and "refused CODE" for each that was not.
#[tokio::test]
#[ignore = "started by the stories in a process of its own"]
async fn the_writer() {
    let part = std::env::var(PART).expect("only the stories start it");
    if let Some(mutant) = part.strip_prefix("mutant ") {
        return a_bad_store(mutant).await;
    }
    let store = SqliteStore::open(Path::new(&std::env::var(PLACE).unwrap()), &keys())
        .await
        .unwrap();
    let deaf = part.starts_with("deaf ");
    let times = match part.trim_start_matches("deaf ") {
        "burst" => 100_000,
        times => times.parse().unwrap(),
    };
    for number in 0..times {
        match store.commit(vec![noted(event(number))]).await {
            Ok(()) => println!("\nsaved {number}"),
            // A mutant: it does not listen to the disk.
            Err(_) if deaf => println!("\nsaved {number}"),
            Err(error) => println!("\nrefused {error}"),
        }
    }
}

/// What the measures must find: a store that does not wait for the disk ("normal"), and one that says
/// "saved" before it is ("hasty").
async fn a_bad_store(mutant: &str) {
    let path = std::env::var(PLACE).unwrap();
    let synchronous = if mutant == "normal" { "NORMAL" } else { "FULL" };
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let options = options
        .pragma("journal_mode", "WAL")
        .pragma("synchronous", synchronous);
    let mut conn = options.connect().await.unwrap();
    sqlx::query("CREATE TABLE IF NOT EXISTS event (number)")
        .execute(&mut conn)
        .await
        .unwrap();
    let hasty = mutant == "hasty";
    if hasty {
        // Never committed: it is killed long before its last number.
        sqlx::query("BEGIN").execute(&mut conn).await.unwrap();
    }
    for number in 0..if hasty { 1_000_000_u32 } else { 100 } {
        sqlx::query("INSERT INTO event VALUES (?)")
            .bind(number)
            .execute(&mut conn)
            .await
            .unwrap();
        println!("\nsaved {number}");
    }
}

/// The numbers that the writer said are saved, up to its end.
fn saved(output: &[u8]) -> usize {
    String::from_utf8_lossy(output)
        .lines()
        .filter(|line| line.starts_with("saved "))
        .count()
}

fn rounds(short: u32, whole: u32) -> u32 {
    if std::env::var_os("KEYHOLDER_TRUST").is_some_and(|value| value == "full") {
        whole
    } else {
        short
    }
}

/// How often the writer's trace says that data was brought to the disk.
async fn syncs(part: &str) -> (usize, usize) {
    let (store, kept) = fresh().await;
    store.close().await.unwrap();
    let path = if part.starts_with("mutant ") {
        kept.path().join("mutant.db")
    } else {
        store.path().to_owned()
    };
    let trace = kept.path().join("trace");
    let wrapper = [
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=fdatasync,fsync",
        "-o",
        trace.to_str().unwrap(),
    ];
    let output = writer(&wrapper, part, &path).wait_with_output().unwrap();
    let trace = std::fs::read_to_string(&trace).unwrap();
    (
        saved(&output.stdout),
        trace
            .lines()
            .filter(|line| line.contains("sync(") && line.contains("= 0"))
            .count(),
    )
}

#[tokio::test]
async fn p38_what_is_acknowledged_is_on_disk() {
    let (saved, syncs) = syncs("100").await;
    assert_eq!(saved, 100, "all of it was acknowledged");
    assert!(
        syncs >= 100,
        "one by one, each must reach the disk before it is: {syncs} times for 100"
    );
}

#[tokio::test]
async fn p38_mutant_a_store_that_does_not_wait_for_the_disk_is_found() {
    let (saved, syncs) = syncs("mutant normal").await;
    assert_eq!(saved, 100, "it says so all the same");
    assert!(
        syncs < 100,
        "synchronous=NORMAL brings {syncs} of 100 to the disk: the measure sees it"
    );
}

#[tokio::test]
async fn p39_mutant_a_store_that_speaks_too_soon_is_found() {
    let (path, kept) = place();
    std::fs::create_dir(kept.path().join("rose")).unwrap();
    let mut child = writer(&[], "mutant hasty", &path);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let acknowledged = lines
        .map_while(Result::ok)
        .filter(|line| line.starts_with("saved "))
        .take(20)
        .count();
    child.kill().unwrap();
    child.wait().unwrap();
    let mut conn = SqliteConnectOptions::new()
        .filename(&path)
        .connect()
        .await
        .unwrap();
    let there: i64 = sqlx::query_scalar("SELECT count(*) FROM event")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert!(
        acknowledged == 20 && there < 20,
        "{acknowledged} were said to be saved, {there} are there: the measure sees it"
    );
}

#[tokio::test]
async fn p39_killed_at_any_moment_nothing_acknowledged_is_lost() {
    let (store, _kept) = fresh().await;
    store.close().await.unwrap();
    let mut acknowledged = 0;
    for round in 0..rounds(10, 200) {
        let mut child = writer(&[], "burst", store.path());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // A different moment each round, somewhere between two acknowledgements.
        for line in lines
            .by_ref()
            .map_while(Result::ok)
            .filter(|line| line.starts_with("saved "))
            .take(1 + (round as usize * 37) % 101)
        {
            drop(line);
            acknowledged += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged += lines
            .map_while(Result::ok)
            .filter(|line| line.starts_with("saved "))
            .count();
        let verdict = SqliteStore::verify_file(store.path(), &keys()).await.unwrap();
        match verdict {
            Verdict::Whole { rows, .. } => {
                assert!(
                    rows as usize >= acknowledged,
                    "round {round}: {acknowledged} were acknowledged, {rows} are there"
                );
                acknowledged = rows as usize;
            }
            Verdict::Broken { .. } => panic!("round {round}: {verdict:?}"),
        }
    }
}

/// Writes eight events on a disk that fails so; says what was printed, and how many are there when
/// the disk works again.
async fn on_a_bad_disk(part: &str, call: &str, error: &str, when: &str) -> (Vec<u8>, usize) {
    let (store, _kept) = fresh().await;
    store.close().await.unwrap();
    let (trace, inject) = (
        format!("trace={call}"),
        format!("inject={call}:error={error}:when={when}"),
    );
    let wrapper = [
        "strace",
        "-f",
        "-qq",
        "-e",
        &trace,
        "-e",
        &inject,
        "-o",
        "/dev/null",
    ];
    let output = writer(&wrapper, part, store.path()).wait_with_output().unwrap();
    let again = SqliteStore::open(store.path(), &keys()).await.unwrap();
    let Verdict::Whole { rows, .. } = again.verify_trail().await.unwrap() else {
        panic!("{inject}: the trail is broken")
    };
    again.commit(vec![noted(event(99))]).await.unwrap();
    (output.stdout, rows as usize)
}

#[tokio::test]
async fn p41_a_full_or_failing_disk_is_honest() {
    for (error, said) in [("ENOSPC", "KH-1050"), ("EIO", "KH-1054")] {
        for call in ["pwrite64", "fdatasync"] {
            for first in (1..=rounds(12, 200)).step_by(if rounds(0, 1) == 1 { 1 } else { 4 }) {
                for times in ["", "+"] {
                    let when = format!("{first}{times}");
                    let (output, rows) = on_a_bad_disk("8", call, error, &when).await;
                    let text = String::from_utf8_lossy(&output);
                    let mut refusals = text.lines().filter(|line| line.starts_with("refused "));
                    assert!(
                        call != "pwrite64"
                            || refusals.all(|line| line.contains(said) || line.contains("KH-1054")),
                        "{call} {error} {when}: {text}"
                    );
                    assert!(
                        rows >= saved(&output),
                        "{call} {error} {when}: {rows} rows, more were said to be saved"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn p41_mutant_a_store_that_does_not_listen_to_the_disk_is_found() {
    let mut found = 0;
    for first in 1..=12 {
        let (output, rows) = on_a_bad_disk("deaf 8", "pwrite64", "ENOSPC", &format!("{first}+")).await;
        found += usize::from(saved(&output) > rows);
    }
    assert!(
        found > 0,
        "more was said to be saved than is there: the measure sees it"
    );
}
