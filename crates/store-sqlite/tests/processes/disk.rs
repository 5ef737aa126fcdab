//! Stories of what the disk has when the power goes. They need `strace`, which `cargo xtask setup`
//! installs.

use std::path::Path;

use keyholder_core::audit::chain::Verdict;
use keyholder_core::store::Store as _;
use keyholder_core::testing::store_contract::material::{event, noted};
use keyholder_store_sqlite::SqliteStore;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use crate::common::{fresh, keys, place};
use crate::rounds;
use crate::writer::{Writer, saved};

/// How many events the writer said to be saved, and how often its trace says that data was brought to
/// the disk.
async fn syncs(part: &str) -> (usize, usize) {
    let (store, kept) = fresh().await;
    store.close().await.unwrap();
    let store = if part == "normal" {
        kept.path().join("mutant.db")
    } else {
        store.path().to_owned()
    };
    let trace = kept.path().join("trace");
    let strace = ["strace", "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o"];
    let wrapper = [&strace[..], &[trace.to_str().unwrap()]].concat();
    let said = Writer::within(&wrapper, part, &store).finish();
    let trace = std::fs::read_to_string(&trace).unwrap();
    let brought = |line: &&str| line.contains("sync(") && line.contains("= 0");
    (saved(&said), trace.lines().filter(brought).count())
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
    let (saved, syncs) = syncs("normal").await;
    assert_eq!(saved, 100, "it says so all the same");
    assert!(
        syncs < 100,
        "synchronous=NORMAL brings {syncs} of 100 to the disk: the measure sees it"
    );
}

/// Kills the writer somewhere behind that many acknowledgements; says how many there were.
fn killed_after(acknowledgements: usize, part: &str, store: &Path) -> usize {
    let mut writer = Writer::start(part, store);
    let heard: Vec<_> = std::iter::from_fn(|| writer.next())
        .take(acknowledgements)
        .collect();
    saved(&heard) + saved(&writer.kill())
}

#[tokio::test]
async fn p39_killed_at_any_moment_nothing_acknowledged_is_lost() {
    let (store, _kept) = fresh().await;
    store.close().await.unwrap();
    let mut acknowledged = 0;
    for round in 0..rounds(10, 200) {
        // A different moment each round, somewhere between two acknowledgements.
        acknowledged += killed_after(1 + (round as usize * 37) % 101, "burst", store.path());
        let verdict = SqliteStore::verify_file(store.path(), &keys()).await.unwrap();
        let Verdict::Whole { rows, .. } = verdict else {
            panic!("round {round}: {verdict:?}")
        };
        assert!(
            rows as usize >= acknowledged,
            "round {round}: {acknowledged} were acknowledged, {rows} are there"
        );
        acknowledged = rows as usize;
    }
}

#[tokio::test]
async fn p39_mutant_a_store_that_speaks_too_soon_is_found() {
    let (path, kept) = place();
    std::fs::create_dir(kept.path().join("rose")).unwrap();
    let acknowledged = killed_after(20, "hasty", &path);
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
        acknowledged >= 20 && there < 20,
        "{acknowledged} were said to be saved, {there} are there: the measure sees it"
    );
}

/// Writes eight events on a disk that fails so; gives what was said, and how many are there when the
/// disk works again.
async fn on_a_bad_disk(part: &str, call: &str, error: &str, when: &str) -> (Vec<String>, usize) {
    let (store, _kept) = fresh().await;
    store.close().await.unwrap();
    let trace = format!("trace={call}");
    let inject = format!("inject={call}:error={error}:when={when}");
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
    let said = Writer::within(&wrapper, part, store.path()).finish();
    let again = SqliteStore::open(store.path(), &keys()).await.unwrap();
    let Verdict::Whole { rows, .. } = again.verify_trail().await.unwrap() else {
        panic!("{inject}: the trail is broken")
    };
    again.commit(vec![noted(event(99))]).await.unwrap();
    (said, rows as usize)
}

#[tokio::test]
async fn p41_a_failing_disk_is_honest() {
    for (error, code) in [("ENOSPC", "KH-1050"), ("EIO", "KH-1054")] {
        for call in ["pwrite64", "fdatasync"] {
            for first in (1..=rounds(12, 200)).step_by(if rounds(0, 1) == 1 { 1 } else { 4 }) {
                for times in ["", "+"] {
                    let when = format!("{first}{times}");
                    let (said, rows) = on_a_bad_disk("8", call, error, &when).await;
                    let mut refusals = said.iter().filter(|line| line.starts_with("refused "));
                    assert!(
                        call != "pwrite64"
                            || refusals.all(|line| line.contains(code) || line.contains("KH-1054")),
                        "{call} {error} {when}: {said:?}"
                    );
                    assert!(
                        rows >= saved(&said),
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
        let (said, rows) = on_a_bad_disk("deaf 8", "pwrite64", "ENOSPC", &format!("{first}+")).await;
        found += usize::from(saved(&said) > rows);
    }
    assert!(
        found > 0,
        "more was said to be saved than is there: the measure sees it"
    );
}

/// A real disk of 1 MiB, in memory and in a name space of its own: no right of an administrator is needed.
#[test]
fn p41_a_full_disk_says_so_and_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().to_str().unwrap();
    let steps = "mount -t tmpfs -o size=1m none \"$0\" && \
                 head -c 262144 /dev/zero > \"$0/ballast\" && exec \"$@\"";
    let wrapper = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        steps,
        disk,
    ];
    let said = Writer::within(&wrapper, "full", &folder.path().join("shop.keyholder")).finish();
    let full = said.iter().position(|line| line.starts_with("refused "));
    let full = full.unwrap_or_else(|| panic!("the disk was never full: {said:?}"));
    assert!(full > 0, "there was room at first: {said:?}");
    assert!(
        said[full].contains("KH-1050"),
        "it says what is wrong: {}",
        said[full]
    );
    let rest: Vec<_> = said[full + 1..].iter().map(String::as_str).collect();
    assert_eq!(
        rest,
        [format!("saved {full}"), format!("rows {}", full + 1)],
        "with room again it goes on, and all that was said to be saved is there, nothing else"
    );
}
