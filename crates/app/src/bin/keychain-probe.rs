//! Puts questions to the keychain, as a process of its own, and writes down what came of each: for
//! the stories about keychains in every state. It shows how long the answer took, and how long the
//! event loop beside it stood still.
//!
//! Questions: get, set, longest, too-long, delete, state, create=STORE, open=STORE,
//! recover=STORE=KEY; several are joined by commas.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use keyholder_app::keychain::{DEADLINE, Entry, Keychain, KeychainError, OsKeychain, Secret};
use keyholder_app::vault::{self, Keep, RecoveryKey};
use keyholder_core::clock::entropy;
use serde_json::json;
use uuid::Uuid;

type Outcome = Result<String, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let questions = arguments.next().ok_or("a question is missing")?;
    let deadline = arguments
        .next()
        .map_or(Ok(DEADLINE), |ms| ms.parse().map(Duration::from_millis))?;
    let keychain = OsKeychain::with_deadline(deadline);
    let mut out = std::io::stdout();
    for question in questions.split(',') {
        let begun = Instant::now();
        let (outcome, stall) = beside_an_event_loop(ask(&keychain, question)).await;
        let answer = json!({
            "words": outcome.unwrap_or_else(|error| error.to_string()),
            "took_ms": begun.elapsed().as_millis(),
            "stall_ms": stall.as_millis(),
        });
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

async fn ask(keychain: &OsKeychain, question: &str) -> Outcome {
    let entry = Entry::master_key(Uuid::nil());
    let mut parts = question.split('=');
    let (verb, store) = (parts.next(), Path::new(parts.next().unwrap_or_default()));
    let words = match verb {
        Some("get") => keychain
            .get(&entry)
            .await?
            .map_or("absent".into(), |secret| secret.expose().to_owned()),
        Some("set") => set(keychain, &entry, "a value".into()).await?,
        Some("longest") => set(keychain, &entry, "x".repeat(1_280)).await?,
        Some("too-long") => set(keychain, &entry, "x".repeat(1_281)).await?,
        Some("delete") => keychain.delete(&entry).await.map(|()| "gone".into())?,
        Some("state") => format!("{:?}", keychain.state().await),
        Some("create") => {
            let (_, recovery) = vault::create(store, Keep::Keychain(keychain), &mut entropy()?).await?;
            recovery.to_line().to_string()
        }
        Some("open") => vault::open(store, keychain).await.map(|_| "opened".into())?,
        Some("recover") => {
            let recovery: RecoveryKey = parts.next().unwrap_or_default().parse()?;
            let recovered = vault::open_with_recovery(store, &recovery, keychain).await?;
            recovered.kept.map_or_else(
                |error| format!("opened, not kept: {error}"),
                |()| "opened and kept".into(),
            )
        }
        _ => return Err(format!("no such question: {question}").into()),
    };
    Ok(words)
}

async fn set(keychain: &OsKeychain, entry: &Entry, value: String) -> Result<String, KeychainError> {
    keychain
        .set(entry, &Secret::new(value)?)
        .await
        .map(|()| "kept".into())
}

/// Lets a clock tick on the same loop while the question is open, and gives its longest pause.
async fn beside_an_event_loop<T>(question: impl Future<Output = T>) -> (T, Duration) {
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
    tokio::pin!(question);
    loop {
        tokio::select! {
            answer = &mut question => return (answer, longest.max(last.elapsed())),
            _ = ticks.tick() => {
                longest = longest.max(last.elapsed());
                last = Instant::now();
            }
        }
    }
}
