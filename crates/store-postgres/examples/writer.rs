//! Writes events into a store, as a node of its own: for the stories that kill it.
//!
//! `postgres-writer URL PART` says "saved N" for each event that was acknowledged. The parts:
//!
//! | Part | What it does |
//! | --- | --- |
//! | `burst` | writes until it is killed |
//! | `hasty` | a mutant: says "saved" before it is |
//! | a number | makes the store, where 64 callers write as many events together; says how many there were in a second |
#![expect(clippy::print_stdout, reason = "what it says is what the stories read")]

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use keyholder_core::store::Store as _;
use keyholder_core::testing::store_contract::material::{event, noted};
use keyholder_store_postgres::{PostgresStore, StoreKeys};

/// More than any story waits for.
const ENDLESS: i64 = 1_000_000;
const CALLERS: i64 = 64;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, part] = arguments.as_slice() else {
        return Err("usage: postgres-writer URL PART".into());
    };
    let keys = StoreKeys::new([0x5a; 32], [0xa5; 32]);
    if let Ok(times) = part.parse() {
        let store = PostgresStore::create(url, &keys).await?;
        return together(&Arc::new(store), times).await;
    }
    let store = PostgresStore::open(url, &keys).await?;
    match part.as_str() {
        "burst" => {
            for number in 0..ENDLESS {
                store.commit(vec![noted(event(number))]).await?;
                println!("saved {number}");
            }
        }
        "hasty" => {
            // All in one transaction, which is killed long before its end.
            for number in 0..ENDLESS {
                println!("saved {number}");
            }
            store
                .commit((0..ENDLESS).map(|number| noted(event(number))).collect())
                .await?;
        }
        _ => return Err("no such part".into()),
    }
    Ok(())
}

async fn together(store: &Arc<PostgresStore>, times: i64) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..CALLERS {
        let store = Arc::clone(store);
        callers.spawn(async move {
            for number in 0..times / CALLERS {
                store.commit(vec![noted(event(caller + number))]).await?;
            }
            Ok::<_, keyholder_core::store::CommitError>(())
        });
    }
    for done in callers.join_all().await {
        done?;
    }
    let rate = f64::from(u32::try_from(times)?) / started.elapsed().as_secs_f64();
    println!("{rate:.0} a second");
    Ok(())
}
