//! Puts one question to the keychain, as its own process, and writes down what came of it: for the
//! stories about keychains in every state. It shows how long the answer took, and how long the
//! event loop beside it stood still.

use std::io::Write as _;
use std::time::{Duration, Instant};

use keyholder_app::keychain::{DEADLINE, Entry, Keychain, KeychainError, OsKeychain, Secret};
use serde_json::json;
use uuid::Uuid;

type Outcome = Result<String, KeychainError>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let questions = arguments
        .next()
        .ok_or("get, set, delete or state; several are joined by commas")?;
    let deadline = arguments
        .next()
        .map_or(Ok(DEADLINE), |ms| ms.parse().map(Duration::from_millis))?;
    let keychain = OsKeychain::with_deadline(deadline);
    let mut out = std::io::stdout();
    for question in questions.split(',') {
        let begun = Instant::now();
        let (outcome, stall) = beside_an_event_loop(ask(&keychain, question)).await;
        let (ok, words) = match outcome {
            Ok(words) => (true, words),
            Err(error) => (false, error.to_string()),
        };
        let answer = json!({
            "ok": ok,
            "words": words,
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
    match question {
        "get" => Ok(keychain
            .get(&entry)
            .await?
            .map_or("absent".into(), |secret| secret.expose().to_owned())),
        "set" => keychain
            .set(&entry, &Secret::new("a value")?)
            .await
            .map(|()| "kept".into()),
        "longest" => keychain
            .set(&entry, &Secret::new("x".repeat(1_280))?)
            .await
            .map(|()| "kept".into()),
        "too-long" => keychain
            .set(&entry, &Secret::new("x".repeat(1_281))?)
            .await
            .map(|()| "kept".into()),
        "delete" => keychain.delete(&entry).await.map(|()| "gone".into()),
        "state" => Ok(format!("{:?}", keychain.state().await)),
        other => Err(KeychainError::Refused(format!("no such question: {other}"))),
    }
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
