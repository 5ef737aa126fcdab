//! Stories of the file: who may open it, what is refused, copies.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "stories fail by panicking"
)]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{fresh, keys, place};
use keyholder_core::audit::chain::Verdict;
use keyholder_core::error::{Code, StoreError};
use keyholder_core::store::Store;
use keyholder_core::testing::store_contract::material::{added, event, noted, set_up, shop, veteran};
use keyholder_store_sqlite::{SqliteStore, StoreKeys, versions};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, SqliteConnection};
use tempfile::TempDir;

fn code<T>(answer: Result<T, StoreError>) -> Code {
    answer.map(|_| ()).expect_err("it must be refused").code
}

/// A connection past the store, as somebody has it who has the key.
async fn behind(path: &Path) -> SqliteConnection {
    let key = format!("\"x'{}'\"", "5a".repeat(32));
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .pragma("key", key)
        .connect()
        .await
        .unwrap()
}

async fn run(conn: &mut SqliteConnection, sql: &str) -> Result<(), sqlx::Error> {
    conn.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())))
        .await
        .map(|_| ())
}

#[tokio::test]
async fn what_was_saved_is_there_after_a_restart() {
    let (store, kept) = fresh().await;
    let anna = veteran(1, "anna@rose.example");
    store.commit(vec![set_up(shop()), added(&anna)]).await.unwrap();
    let before = store.verify_trail().await.unwrap();
    store.close().await.unwrap();
    store.close().await.unwrap();
    let path = store.path().to_owned();
    assert!(
        !kept.path().join("rose/shop.keyholder-wal").exists(),
        "closed, everything is in the one file"
    );
    let store = SqliteStore::open(&path, &keys()).await.unwrap();
    assert_eq!(store.shop().await.unwrap(), Some(shop()), "the shop is there");
    assert_eq!(
        store.person(anna.account.id).await.unwrap().unwrap().account,
        anna.account,
        "Anna is there"
    );
    assert_eq!(
        store.verify_trail().await.unwrap(),
        before,
        "the chain is the same"
    );
    store.commit(vec![noted(event(9))]).await.unwrap();
    assert!(
        matches!(
            store.verify_trail().await.unwrap(),
            Verdict::Whole { rows: 3, .. }
        ),
        "and goes on"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (store, kept) = fresh().await;
    store.commit(vec![noted(event(1))]).await.unwrap();
    store
        .backup(&kept.path().join("rose/copy.keyholder"))
        .await
        .unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        mode(&kept.path().join("rose")),
        0o700,
        "the directory is its owner's alone"
    );
    for file in std::fs::read_dir(kept.path().join("rose")).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{} is its owner's alone", path.display());
    }
}

#[tokio::test]
async fn p40_a_second_opening_is_refused_by_name_and_changes_nothing() {
    let (store, _kept) = fresh().await;
    store.commit(vec![noted(event(1))]).await.unwrap();
    let before = std::fs::read(store.path()).unwrap();
    let asked = Instant::now();
    assert_eq!(
        code(SqliteStore::open(store.path(), &keys()).await),
        Code::InUse,
        "refused by name"
    );
    assert_eq!(
        code(SqliteStore::restore(store.path(), store.path(), &keys()).await),
        Code::InUse,
        "nor is it replaced"
    );
    assert!(asked.elapsed() < Duration::from_secs(1), "nobody waits for it");
    assert_eq!(
        std::fs::read(store.path()).unwrap(),
        before,
        "the file is as it was"
    );
    store.commit(vec![noted(event(2))]).await.unwrap();
    store.close().await.unwrap();
    SqliteStore::open(store.path(), &keys()).await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_store_is_refused_and_left_untouched() {
    let (path, kept) = place();
    assert_eq!(
        code(SqliteStore::open(&path, &keys()).await),
        Code::NoStore,
        "there is nothing"
    );
    assert!(!kept.path().join("rose").exists(), "and nothing was made");
    std::fs::create_dir(kept.path().join("rose")).unwrap();
    let mut plain = SqliteConnectOptions::new()
        .filename(kept.path().join("plain"))
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    run(&mut plain, "CREATE TABLE t (x); INSERT INTO t VALUES (1)")
        .await
        .unwrap();
    plain.close().await.unwrap();
    let files: [(&str, Vec<u8>); 4] = [
        (
            "a plain database",
            std::fs::read(kept.path().join("plain")).unwrap(),
        ),
        ("an empty file", Vec::new()),
        ("a short text", b"hello".to_vec()),
        ("a picture", [0x89, b'P', b'N', b'G'].repeat(5_000)),
    ];
    for (what, bytes) in files {
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(
            code(SqliteStore::open(&path, &keys()).await),
            Code::Foreign,
            "{what} is not ours"
        );
        assert_eq!(
            code(SqliteStore::create(&path, &keys()).await),
            Code::AlreadySetUp,
            "{what} is not written over"
        );
        assert_eq!(
            std::fs::read(&path).unwrap(),
            bytes,
            "{what} is as it was, byte for byte"
        );
    }
    assert_eq!(
        code(SqliteStore::open(kept.path(), &keys()).await),
        Code::Foreign,
        "nor is a directory a store"
    );
}

#[tokio::test]
async fn another_key_opens_nothing_and_changes_nothing() {
    let (store, _kept) = fresh().await;
    store.commit(vec![noted(event(1))]).await.unwrap();
    store.close().await.unwrap();
    let before = std::fs::read(store.path()).unwrap();
    let other = StoreKeys::new([1; 32], [2; 32]);
    assert_eq!(
        code(SqliteStore::open(store.path(), &other).await),
        Code::WrongKey,
        "the key is not this store's"
    );
    assert_eq!(
        code(SqliteStore::verify_file(store.path(), &other).await),
        Code::WrongKey,
        "nor to check it"
    );
    assert_eq!(
        std::fs::read(store.path()).unwrap(),
        before,
        "the file is as it was"
    );
    assert!(
        !format!("{:?} {store:?}", keys()).contains("90, 90"),
        "Debug must not print a key"
    );
}

#[tokio::test]
async fn a_newer_store_and_another_program_s_are_told_apart() {
    for (change, expected) in [
        ("PRAGMA user_version = 99", Code::Newer),
        ("PRAGMA application_id = 7", Code::Foreign),
    ] {
        let (store, _kept) = fresh().await;
        store.close().await.unwrap();
        let mut conn = behind(store.path()).await;
        run(&mut conn, change).await.unwrap();
        conn.close().await.unwrap();
        let before = std::fs::read(store.path()).unwrap();
        assert_eq!(
            code(SqliteStore::open(store.path(), &keys()).await),
            expected,
            "{change}"
        );
        assert_eq!(
            std::fs::read(store.path()).unwrap(),
            before,
            "{change}: the file is as it was"
        );
    }
}

#[tokio::test]
async fn damage_is_found() {
    let (store, _kept) = fresh().await;
    let people: Vec<_> = (0..50)
        .map(|number| added(&veteran(number, &format!("p{number}@rose.example"))))
        .collect();
    store.commit(people).await.unwrap();
    store.close().await.unwrap();
    let mut bytes = std::fs::read(store.path()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(store.path(), &bytes).unwrap();
    let error = SqliteStore::verify_file(store.path(), &keys()).await.unwrap_err();
    assert_eq!(error.code, Code::Damaged, "one bit in the middle: {error}");
}

#[tokio::test]
async fn a_backup_is_whole_and_can_be_put_back() {
    let (store, kept) = fresh().await;
    let (anna, ben) = (veteran(1, "anna@rose.example"), veteran(2, "ben@rose.example"));
    store.commit(vec![set_up(shop()), added(&anna)]).await.unwrap();
    let copy = kept.path().join("copy.keyholder");
    let verdict = store.backup(&copy).await.unwrap();
    assert!(
        matches!(verdict, Verdict::Whole { rows: 2, .. }),
        "the copy holds all that was acknowledged"
    );
    assert_eq!(
        code(store.backup(&copy).await),
        Code::AlreadySetUp,
        "a backup is never written over"
    );
    store.commit(vec![added(&ben)]).await.unwrap();
    store.close().await.unwrap();
    assert_eq!(
        SqliteStore::restore(&copy, store.path(), &keys()).await.unwrap(),
        verdict,
        "what was put back is what was checked"
    );
    let back = SqliteStore::open(store.path(), &keys()).await.unwrap();
    assert!(
        back.person(anna.account.id).await.unwrap().is_some(),
        "who was in the backup is there"
    );
    assert!(
        back.person(ben.account.id).await.unwrap().is_none(),
        "who came later is not"
    );
    let aside = kept.path().join("rose/shop.keyholder.replaced");
    let verdict = SqliteStore::verify_file(&aside, &keys()).await.unwrap();
    assert!(
        matches!(verdict, Verdict::Whole { rows: 3, .. }),
        "the old store is kept beside it, whole"
    );
}

#[tokio::test]
async fn a_broken_backup_is_not_put_back() {
    let (store, kept) = fresh().await;
    store
        .commit(vec![noted(event(1)), noted(event(2))])
        .await
        .unwrap();
    let copy = kept.path().join("copy.keyholder");
    store.backup(&copy).await.unwrap();
    store.close().await.unwrap();
    let mut conn = behind(&copy).await;
    run(
        &mut conn,
        "DROP TRIGGER audit_no_update; UPDATE audit SET action = 'account.deleted' WHERE seq = 1",
    )
    .await
    .unwrap();
    conn.close().await.unwrap();
    let before = std::fs::read(store.path()).unwrap();
    assert_eq!(
        code(SqliteStore::restore(&copy, store.path(), &keys()).await),
        Code::Damaged,
        "its trail was changed"
    );
    assert_eq!(
        std::fs::read(store.path()).unwrap(),
        before,
        "the store is as it was"
    );
}

#[tokio::test]
async fn the_trail_is_append_only_and_what_is_done_behind_it_is_found() {
    let (store, _kept) = fresh().await;
    store
        .commit((0..9).map(|second| noted(event(second))).collect())
        .await
        .unwrap();
    store.close().await.unwrap();
    let mut conn = behind(store.path()).await;
    for forbidden in [
        "UPDATE audit SET at = 0",
        "DELETE FROM audit WHERE seq = 9",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 5",
        "INSERT INTO audit SELECT seq + 10, at, actor_id, subject_id, action, outcome, address, text, payload, salt, commitment, prev, hash, mac FROM audit WHERE seq = 9",
    ] {
        let refused = run(&mut conn, forbidden).await.unwrap_err().to_string();
        assert!(refused.contains("the audit trail is"), "{forbidden}: {refused}");
    }
    // Mutant: the triggers are gone, which whoever has the key can do. Then the chain tells.
    run(
        &mut conn,
        "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete",
    )
    .await
    .unwrap();
    for (change, undo) in [
        (
            "UPDATE audit SET at = at + 1 WHERE seq = 4",
            "UPDATE audit SET at = at - 1 WHERE seq = 4",
        ),
        (
            "UPDATE audit SET text = 'x' || text WHERE seq = 4",
            "UPDATE audit SET text = substr(text, 2) WHERE seq = 4",
        ),
        (
            "UPDATE audit SET subject_id = payload WHERE seq = 4",
            "UPDATE audit SET subject_id = NULL WHERE seq = 4",
        ),
        (
            "UPDATE audit SET mac = zeroblob(32) WHERE seq = 4",
            "DELETE FROM audit WHERE seq = 4",
        ),
    ] {
        run(&mut conn, change).await.unwrap();
        let verdict = SqliteStore::verify_file(store.path(), &keys()).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Broken { first_bad_seq: 4, .. }),
            "{change}: {verdict:?}"
        );
        run(&mut conn, undo).await.unwrap();
    }
    let verdict = SqliteStore::verify_file(store.path(), &keys()).await.unwrap();
    assert!(
        matches!(verdict, Verdict::Broken { first_bad_seq: 4, .. }),
        "a row that is gone: {verdict:?}"
    );
}

#[tokio::test]
async fn p42_without_its_event_nothing_is_done_and_reading_goes_on() {
    let (store, _kept) = fresh().await;
    let (anna, ben) = (veteran(1, "anna@rose.example"), veteran(2, "ben@rose.example"));
    store.commit(vec![added(&anna)]).await.unwrap();
    store.close().await.unwrap();
    let mut conn = behind(store.path()).await;
    let fault =
        "CREATE TRIGGER fault BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'cannot be written'); END";
    run(&mut conn, fault).await.unwrap();
    conn.close().await.unwrap();
    let store = SqliteStore::open(store.path(), &keys()).await.unwrap();
    let refused = store.commit(vec![added(&ben)]).await.unwrap_err().to_string();
    assert!(
        refused.contains("write the audit trail"),
        "the log says what failed: {refused}"
    );
    assert!(
        store.person(ben.account.id).await.unwrap().is_none(),
        "Ben was not added without anybody knowing"
    );
    assert!(
        store.person(anna.account.id).await.unwrap().is_some(),
        "what is there can be read"
    );
}

/// A store with somebody's secrets in it, and what a thief would look for.
async fn with_canaries() -> (Arc<SqliteStore>, TempDir, Vec<Vec<u8>>) {
    let (store, kept) = fresh().await;
    let mut person = veteran(1, "canary@rose.example");
    person.account.name = keyholder_core::account::Name::parse("canary-name").unwrap();
    let mut told = event(1);
    told.source.address = Some("canary-till".to_owned());
    told.reason = Some(keyholder_core::account::Reason::parse("canary-reason").unwrap());
    store
        .commit(vec![set_up(shop()), added(&person), noted(told)])
        .await
        .unwrap();
    let secret = &person.credential.totp.as_ref().unwrap().totp.secret;
    let texts = [
        "canary-name",
        "canary@rose.example",
        "canary-till",
        "canary-reason",
        "$argon2id$",
        "SQLite format 3",
        "Rose and Thorn",
    ];
    let mut needles: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    needles.push(secret.bytes().to_vec());
    (store, kept, needles)
}

/// How many of them are found in the files of a directory.
fn hits(directory: &Path, needles: &[Vec<u8>]) -> usize {
    let files = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file());
    let found = |text: &[u8]| {
        let seen = |needle: &&Vec<u8>| text.windows(needle.len()).any(|part| part == **needle);
        needles.iter().filter(seen).count()
    };
    files.map(|path| found(&std::fs::read(path).unwrap())).sum()
}

#[tokio::test]
async fn p37_a_stolen_file_shows_nothing() {
    let (store, kept, needles) = with_canaries().await;
    store.backup(&kept.path().join("copy.keyholder")).await.unwrap();
    let wal = std::fs::metadata(kept.path().join("rose/shop.keyholder-wal"))
        .unwrap()
        .len();
    assert!(
        wal > 0,
        "the write-ahead log is looked through while it has something in it"
    );
    let rose = kept.path().join("rose");
    assert_eq!(
        hits(&rose, &needles) + hits(kept.path(), &needles),
        0,
        "open: file, log and backup show nothing"
    );
    store.close().await.unwrap();
    assert_eq!(hits(&rose, &needles), 0, "closed, too");
}

#[tokio::test]
async fn p37_mutant_a_plain_file_is_found() {
    let (store, kept, needles) = with_canaries().await;
    store.close().await.unwrap();
    let plain = kept.path().join("plain");
    std::fs::create_dir(&plain).unwrap();
    let mut conn = behind(store.path()).await;
    let export = format!(
        "ATTACH '{}' AS plain KEY ''; SELECT sqlcipher_export('plain'); DETACH plain",
        plain.join("plain.db").display()
    );
    run(&mut conn, &export).await.unwrap();
    assert_eq!(
        hits(&plain, &needles),
        needles.len(),
        "every canary is found where nothing is encrypted"
    );
}

#[tokio::test]
async fn the_libraries_say_which_they_are() {
    let versions = versions().await.unwrap();
    assert!(
        versions.sqlite.starts_with("3.") && versions.sqlcipher.starts_with("4."),
        "{versions}"
    );
}
