//! Writes events into a store, as a process of its own: for the stories that starve, watch or kill it.
//!
//! `writer STORE PART` says "saved N" for each event that was acknowledged and "refused CODE" for what
//! was not. The parts:
//!
//! | Part | What it does |
//! | --- | --- |
//! | a number | writes as many events and ends |
//! | `burst` | writes until it is killed |
//! | `hold` | writes one event and keeps the store open until its input ends |
//! | `orphan` | writes one event, waits for a line of input, writes another |
//! | `full` | makes the store and fills the disk; removes `ballast` beside it and goes on; says "rows N" |
//! | `deaf PART` | a mutant: says "saved" whatever the store says |
//! | `lockless` | a mutant: writes the store without asking who has it open |
//! | `normal` | a mutant: a store that does not wait for the disk |
//! | `hasty` | a mutant: a store that says "saved" before it is |
#![expect(clippy::print_stdout, reason = "what it says is what the stories read")]

#[path = "../tests/common/keys.rs"]
mod keys;

use std::error::Error;
use std::io::BufRead as _;
use std::path::Path;

use keyholder_core::audit::chain::Verdict;
use keyholder_core::store::Store as _;
use keyholder_core::testing::store_contract::material::{event, noted};
use keyholder_store_sqlite::SqliteStore;
use keys::keys;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

type Outcome = Result<(), Box<dyn Error>>;

/// More than any story waits for.
const ENDLESS: i64 = 100_000;

#[tokio::main]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, part] = arguments.as_slice() else {
        return Err("usage: writer STORE PART".into());
    };
    let path = Path::new(path);
    match part.as_str() {
        "normal" => return without_waiting(path).await,
        "hasty" => return too_soon(path).await,
        "full" => return until_full(path).await,
        "lockless" => return unasked(path).await,
        _ => {}
    }
    let store = match SqliteStore::open(path, &keys()).await {
        Ok(store) => store,
        Err(error) => {
            println!("refused {error}");
            return Ok(());
        }
    };
    let (deaf, part) = match part.strip_prefix("deaf ") {
        Some(part) => (true, part),
        None => (false, part.as_str()),
    };
    let desk = Desk { store, deaf };
    let mut input = std::io::stdin().lock();
    match part {
        "hold" => {
            desk.write(0).await;
            while input.read_line(&mut String::new())? > 0 {}
        }
        "orphan" => {
            desk.write(0).await;
            input.read_line(&mut String::new())?;
            desk.write(1).await;
        }
        "burst" => desk.several(ENDLESS).await,
        times => desk.several(times.parse()?).await,
    }
    Ok(())
}

/// Who writes, and whether they listen to what the store says.
struct Desk {
    store: SqliteStore,
    deaf: bool,
}

impl Desk {
    async fn several(&self, times: i64) {
        for number in 0..times {
            self.write(number).await;
        }
    }

    /// Whether it was saved.
    async fn write(&self, number: i64) -> bool {
        let done = self.store.commit(vec![noted(event(number))]).await;
        match &done {
            Err(error) if !self.deaf => println!("refused {error}"),
            _ => println!("saved {number}"),
        }
        done.is_ok()
    }
}

/// What a person does whose disk is full: they make room and go on.
async fn until_full(path: &Path) -> Outcome {
    let store = SqliteStore::create(path, &keys()).await?;
    let desk = Desk { store, deaf: false };
    let mut number = 0;
    while number < ENDLESS && desk.write(number).await {
        number += 1;
    }
    std::fs::remove_file(path.with_file_name("ballast"))?;
    desk.write(number).await;
    if let Verdict::Whole { rows, .. } = desk.store.verify_trail().await? {
        println!("rows {rows}");
    }
    desk.store.close().await?;
    Ok(())
}

async fn unasked(path: &Path) -> Outcome {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .pragma("key", format!("\"x'{}'\"", "5a".repeat(32)));
    let mut conn = options.connect().await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS event (number)")
        .execute(&mut conn)
        .await?;
    insert(&mut conn, 0).await
}

async fn without_waiting(path: &Path) -> Outcome {
    let mut conn = plain(path, "NORMAL").await?;
    for number in 0..100 {
        insert(&mut conn, number).await?;
    }
    Ok(())
}

async fn too_soon(path: &Path) -> Outcome {
    let mut conn = plain(path, "FULL").await?;
    // Never committed: it is killed long before its last number.
    sqlx::query("BEGIN").execute(&mut conn).await?;
    for number in 0..ENDLESS * 10 {
        insert(&mut conn, number).await?;
    }
    Ok(())
}

async fn plain(path: &Path, synchronous: &'static str) -> sqlx::Result<sqlx::SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .pragma("journal_mode", "WAL")
        .pragma("synchronous", synchronous);
    let mut conn = options.connect().await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS event (number)")
        .execute(&mut conn)
        .await?;
    Ok(conn)
}

async fn insert(conn: &mut sqlx::SqliteConnection, number: i64) -> Outcome {
    sqlx::query("INSERT INTO event VALUES (?)")
        .bind(number)
        .execute(conn)
        .await?;
    println!("saved {number}");
    Ok(())
}
