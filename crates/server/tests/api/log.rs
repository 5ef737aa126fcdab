//! What the log says of a request: enough to find it, and nothing of whoever asked.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

use axum::body::Body;
use axum::http::{Request, header};
use keyholder_core::testing::directory_contract::{GOOD, OLGA, WRONG, email};
use keyholder_core::wire::{FindAccount, FindQuery, GetMe, GetShop};
use tracing::Level;

use crate::doubles::Flaw;
use crate::world::{As, NOBODY, World};

thread_local! {
    /// The log of one story: each is told on one thread.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes to the log of the story that is told.
struct Story;

impl io::Write for Story {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// From now on every story has its log, down to the least of lines.
pub(crate) fn keep() {
    static KEPT: Once = Once::new();
    KEPT.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_ansi(false)
            .with_writer(|| Story)
            .init();
    });
}

fn log() -> String {
    LOG.with_borrow(|log| String::from_utf8(log.clone()).unwrap())
}

#[tokio::test]
async fn no_secret_and_nobody_is_in_the_log() {
    let world = World::open().await;
    world.sign_in(OLGA, WRONG).await;
    let token = world.olga().await;
    let query = FindQuery { email: email(OLGA) };
    world
        .ask::<FindAccount>(As::holder(&token), &(), &query, &())
        .await;
    let unknown = format!(r#"{{"email": "{OLGA}", "password": "{GOOD}", "origin": {{}}, "x": 1}}"#);
    let request = Request::post("/v1/sessions?next=secret-place")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", "198.51.100.66\t")
        .body(Body::from(unknown))
        .unwrap();
    world.send(request).await;
    world.ask::<GetMe>(NOBODY, &(), &(), &()).await;

    let text = log();
    assert!(text.contains("/v1/sessions/current"), "the log was kept: {text}");
    for secret in [GOOD, WRONG, token.as_str(), OLGA, "secret-place", "198.51.100.66"] {
        assert!(!text.contains(secret), "{secret} is in the log: {text}");
    }
}

#[tokio::test]
async fn what_broke_is_logged_once_and_found_by_its_number() {
    let world = World::open().await.flawed(Flaw::Busy);
    let told = world.ask::<GetShop>(NOBODY, &(), &(), &()).await;
    let number = told.header("x-request-id").unwrap();
    let text = log();
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains("lock /srv/shop"))
        .collect();
    assert_eq!(lines.len(), 1, "once: {text}");
    assert!(
        lines[0].contains("ERROR") && lines[0].contains(number),
        "loud, and by its number: {text}"
    );
}
