//! How a service stops, and whom it does not wait for.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use keyholder_core::testing::MemoryStore;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::{Running, serving, settings, well};
use crate::serve::{DRAIN, HEAD};

/// Somebody asks for something slow.
struct Slow {
    running: Running,
    begun: Arc<Notify>,
    finish: Arc<Notify>,
}

fn slow() -> Slow {
    let (begun, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let handler = {
        let (begun, finish) = (Arc::clone(&begun), Arc::clone(&finish));
        move || async move {
            begun.notify_one();
            finish.notified().await;
            "done at last"
        }
    };
    let router = Router::new().route("/slow", get(handler));
    let running = serving(settings(&[]), router, Arc::new(MemoryStore::new()));
    Slow {
        running,
        begun,
        finish,
    }
}

async fn asking(running: &Running) -> TcpStream {
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream
        .write_all(b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    stream
}

#[tokio::test]
async fn whoever_is_there_is_served_before_it_stops() {
    let mut slow = slow();
    let mut asking = asking(&slow.running).await;
    slow.begun.notified().await;
    slow.running.stop();
    while TcpStream::connect(slow.running.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!slow.running.ended.is_finished(), "one is still waited for");
    slow.finish.notify_one();
    let mut answer = String::new();
    asking.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200"),
        "they get their answer: {answer}"
    );
    assert!(answer.ends_with("done at last"), "all of it: {answer}");
    assert!(slow.running.ended.await.unwrap().is_ok(), "then it ends well");
}

#[tokio::test]
async fn nobody_is_waited_for_without_end() {
    let mut slow = slow();
    let mut asking = asking(&slow.running).await;
    slow.begun.notified().await;
    // From here on time passes as soon as there is nothing else to do.
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    slow.running.stop();
    assert!(
        slow.running.ended.await.unwrap().is_ok(),
        "it was asked to end, and did"
    );
    let waited = begun.elapsed();
    assert!(
        waited >= DRAIN && waited < 2 * DRAIN,
        "its time was over: {waited:?}"
    );
    let mut answer = String::new();
    let cut = asking.read_to_string(&mut answer).await;
    assert!(
        cut.is_err() || answer.is_empty(),
        "and the connection was cut: {answer}"
    );
}

#[tokio::test]
async fn whoever_says_nothing_in_time_is_let_go() {
    for said in ["", "GET /healthz HT", "GET /healthz HTTP/1.1\r\nx-slow: "] {
        let running = well(&[]);
        let mut silent = TcpStream::connect(running.address).await.unwrap();
        silent.write_all(said.as_bytes()).await.unwrap();
        assert_eq!(
            running.get("/healthz").await.status(),
            200,
            "others are served meanwhile"
        );
        tokio::time::pause();
        let begun = tokio::time::Instant::now();
        let mut answer = String::new();
        let closed = silent.read_to_string(&mut answer).await;
        let waited = begun.elapsed();
        assert!(
            closed.is_ok() || answer.is_empty(),
            "after {said:?} it is closed: {answer}"
        );
        tokio::time::resume();
        assert!(waited <= HEAD + Duration::from_secs(5), "in time: {waited:?}");
    }
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let running = well(&[]);
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let head = format!(
        "GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n",
        "a".repeat(200_000)
    );
    // It may be let go before it has said everything.
    let _ = stream.write_all(head.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "and never served: {answer}"
    );
    assert_eq!(
        running.get("/healthz").await.status(),
        200,
        "others are served as before"
    );
}
