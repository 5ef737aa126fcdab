//! What lies in the outbox, and what becomes of it.

use std::sync::Arc;

use jiff::SignedDuration;
use keyholder_core::account::Email;
use keyholder_core::audit::{Action, AuditEvent};
use keyholder_core::clock::{Clock as _, FixedClock};
use keyholder_core::entry::{Entry, EntryKind, EntryWrite};
use keyholder_core::letter::{Letter, Link, Waiting};
use keyholder_core::query::EventQuery;
use keyholder_core::store::Store;
use keyholder_core::testing::MemoryStore;
use keyholder_server::mail::{Post, Smtp};
use keyholder_server::pages::Colour;
use keyholder_server::settings::PublicUrl;
use mail_parser::MessageParser;
use serde_json::json;
use uuid::Uuid;

use crate::sink::Sink;
use crate::world::{FROM, TO, at, clear};

/// A shop with an outbox.
struct Shop {
    store: Arc<MemoryStore>,
    clock: FixedClock,
}

impl Shop {
    fn new() -> Self {
        Self {
            store: Arc::new(MemoryStore::new()),
            clock: FixedClock::at(at()),
        }
    }

    /// One of its nodes, with that way to a mail server.
    fn node(&self, smtp: Smtp) -> Post {
        Post {
            store: self.store.clone(),
            clock: Arc::new(self.clock.clone()),
            smtp,
            from: Email::parse(FROM).unwrap(),
            accent: Colour::default(),
            public_url: PublicUrl::parse("https://keys.cornerbooks.example").unwrap(),
        }
    }

    /// Puts a letter into the outbox. Its number is its name.
    async fn write(&self, number: u128, to: &str, letter: Letter) {
        let to = Email::parse(to).unwrap();
        let waiting = Waiting::new(Uuid::from_u128(number), to, letter, self.clock.now());
        let entry = waiting.entry(None);
        self.store.keep(vec![EntryWrite::Put(entry)]).await.unwrap();
    }

    async fn outbox(&self) -> Vec<Entry> {
        let ever = "9999-01-01T00:00:00Z".parse().unwrap();
        self.store.entries(EntryKind::Letter, ever, 1_000).await.unwrap()
    }

    async fn trail(&self) -> Vec<AuditEvent> {
        let page = self.store.events(&EventQuery::default()).await.unwrap();
        page.rows.into_iter().map(|row| row.event).collect()
    }
}

/// The number of the next letter that arrives.
async fn arrives(sink: &mut Sink) -> u128 {
    let letter = sink.letter().await.letter();
    let letter = MessageParser::new().parse(&letter).unwrap();
    let (id, _) = letter.message_id().unwrap().split_once('@').unwrap();
    id.parse::<Uuid>().unwrap().as_u128()
}

#[tokio::test]
async fn what_lies_in_the_outbox_is_sent_once() {
    let (shop, mut sink) = (Shop::new(), Sink::start(json!({})).await);
    let node = shop.node(clear(&sink));
    shop.write(1, TO, Letter::AddressTaken).await;
    node.round().await.unwrap();
    assert_eq!(arrives(&mut sink).await, 1);
    assert!(shop.outbox().await.is_empty(), "it is on its way");
    node.round().await.unwrap();
    assert!(sink.has_taken_none().await, "and is not sent again");
}

#[tokio::test]
async fn of_several_nodes_one_sends_each_letter() {
    let (shop, mut sink) = (Shop::new(), Sink::start(json!({})).await);
    for number in 0..12 {
        shop.write(
            number,
            &format!("somebody{number}@cornerbooks.example"),
            Letter::AddressTaken,
        )
        .await;
    }
    let [one, two, three] = [(); 3].map(|()| shop.node(clear(&sink)));
    let rounds = async { tokio::join!(one.round(), two.round(), three.round()) };
    // Read as they come: the mail server tells of them through a pipe, which holds only so many.
    let arriving = async {
        let mut arrived = Vec::new();
        for _ in 0..12 {
            arrived.push(arrives(&mut sink).await);
        }
        arrived
    };
    let (rounds, mut arrived) = tokio::join!(rounds, arriving);
    rounds.0.and(rounds.1).and(rounds.2).unwrap();
    arrived.sort_unstable();
    assert_eq!(arrived, (0..12).collect::<Vec<_>>(), "each came");
    assert!(sink.has_taken_none().await, "none came twice");
    assert!(shop.outbox().await.is_empty(), "and none is left");
}

#[tokio::test]
async fn nobody_gets_a_third_letter_of_a_kind_within_a_minute() {
    let (shop, mut sink) = (Shop::new(), Sink::start(json!({})).await);
    let node = shop.node(clear(&sink));
    for number in 1..=3 {
        shop.write(number, TO, Letter::AddressTaken).await;
    }
    shop.write(4, TO, Letter::PasswordChanged { at: at() }).await;
    shop.write(5, "ada@cornerbooks.example", Letter::AddressTaken)
        .await;
    node.round().await.unwrap();
    let mut arrived = Vec::new();
    for _ in 0..4 {
        arrived.push(arrives(&mut sink).await);
    }
    assert!(sink.has_taken_none().await, "one was too many");
    for other in [4, 5] {
        assert!(
            arrived.contains(&other),
            "another kind, or somebody else: {arrived:?}"
        );
    }
    assert!(shop.outbox().await.is_empty(), "it does not wait either");
    let trail = shop.trail().await;
    let [event] = trail.as_slice() else {
        panic!("one event: {trail:?}")
    };
    assert_eq!(
        (event.action, event.subject_email.as_deref()),
        (Action::LetterDropped, Some(TO)),
        "the trail knows"
    );
    shop.clock.advance(SignedDuration::from_secs(60));
    shop.write(6, TO, Letter::AddressTaken).await;
    node.round().await.unwrap();
    assert_eq!(arrives(&mut sink).await, 6, "after a minute it may come");
}

#[tokio::test]
async fn a_letter_that_is_not_taken_now_waits_and_keeps_its_name() {
    let busy = Sink::start(json!({ "to": "450 4.2.1 Busy" })).await;
    let (shop, mut sink) = (Shop::new(), Sink::start(json!({})).await);
    let (before, after) = (shop.node(clear(&busy)), shop.node(clear(&sink)));
    shop.write(7, TO, Letter::AddressTaken).await;
    before.round().await.unwrap();
    shop.clock.advance(SignedDuration::from_secs(59));
    after.round().await.unwrap();
    assert!(sink.has_taken_none().await, "it waits for a minute");
    shop.clock.advance(SignedDuration::from_secs(1));
    after.round().await.unwrap();
    assert_eq!(arrives(&mut sink).await, 7, "and then goes out");
    assert!(shop.outbox().await.is_empty());
    assert!(
        shop.trail().await.is_empty(),
        "nothing that the trail should know"
    );
}

#[tokio::test]
async fn a_letter_that_is_never_taken_leaves_an_event() {
    let sink = Sink::start(json!({ "to": "550 5.1.1 Nobody\r\n550 here" })).await;
    let shop = Shop::new();
    shop.write(8, TO, Letter::AddressTaken).await;
    shop.node(clear(&sink)).round().await.unwrap();
    assert!(shop.outbox().await.is_empty(), "it is not tried again");
    let trail = shop.trail().await;
    let [event] = trail.as_slice() else {
        panic!("one event: {trail:?}")
    };
    assert_eq!(event.action, Action::LetterFailed);
    assert!(
        event.details.facts["why"].contains("Nobody"),
        "with the server's reason: {event:?}"
    );
}

#[tokio::test]
async fn a_letter_whose_link_is_dead_is_not_sent() {
    let (shop, mut sink) = (Shop::new(), Sink::start(json!({})).await);
    let link = Link::new("/reset/token", at() + SignedDuration::from_mins(30)).unwrap();
    shop.write(9, TO, Letter::PasswordReset { link }).await;
    shop.clock.advance(SignedDuration::from_mins(30));
    shop.node(clear(&sink)).round().await.unwrap();
    assert!(sink.has_taken_none().await, "it would only disappoint");
    assert_eq!(
        shop.trail().await[0].action,
        Action::LetterFailed,
        "the trail knows"
    );
}

#[tokio::test]
async fn a_letter_of_a_node_that_died_is_sent_by_another() {
    let (shop, mut sink) = (Shop::new(), Sink::start(json!({})).await);
    let hangs = Sink::start(json!({ "hangs": true })).await;
    shop.write(10, TO, Letter::AddressTaken).await;
    let dying = shop.node(clear(&hangs));
    tokio::select! {
        _ = dying.round() => panic!("the server says nothing"),
        () = leased(&shop) => {}
    }
    let other = shop.node(clear(&sink));
    other.round().await.unwrap();
    assert!(
        sink.has_taken_none().await,
        "as far as anybody knows the first is still at it"
    );
    shop.clock.advance(SignedDuration::from_mins(3));
    other.round().await.unwrap();
    assert_eq!(arrives(&mut sink).await, 10);
}

/// Waits until somebody has taken the only letter.
async fn leased(shop: &Shop) {
    while shop.outbox().await[0].revision < 2 {
        tokio::task::yield_now().await;
    }
}
