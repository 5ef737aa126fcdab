//! Following the trail as it grows.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, header};
use futures_util::StreamExt as _;
use keyholder_core::account::Role;
use keyholder_core::api_token::TokenScope;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::world::World;

const DEADLINE: Duration = Duration::from_secs(20);

/// One message of a stream.
#[derive(Debug, Default, PartialEq)]
struct Message {
    id: Option<String>,
    kind: String,
    data: Value,
}

struct Stream {
    body: BodyDataStream,
    text: String,
}

impl Stream {
    async fn begin(world: &World, token: &str, uri: &str, last: Option<u32>) -> Self {
        let mut request = Request::builder()
            .uri(uri)
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200, "the stream begins");
        let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap();
        assert!(
            kind.starts_with("text/event-stream"),
            "as a browser knows it: {kind}"
        );
        Self {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// The next message; none at the end of the stream.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let rest = self.text.split_off(end + 2);
                let message = std::mem::replace(&mut self.text, rest);
                let mut read = Message::default();
                for line in message.lines() {
                    match line.split_once(": ").unwrap_or((line, "")) {
                        ("id", id) => read.id = Some(id.to_owned()),
                        ("event", kind) => kind.clone_into(&mut read.kind),
                        ("data", data) => read.data = serde_json::from_str(data).unwrap(),
                        _ => {}
                    }
                }
                if read.kind.is_empty() {
                    continue;
                }
                return Some(read);
            }
            let more = timeout(DEADLINE, self.body.next()).await.unwrap()?;
            self.text.push_str(std::str::from_utf8(&more.unwrap()).unwrap());
        }
    }
}

/// The world with somebody who looks at the end of its trail.
async fn followed() -> World {
    let world = World::open().await;
    let tail = world.tail.clone();
    tokio::spawn(async move { tail.follow().await });
    world
}

async fn tell(world: &World, kind: &str, what: &str) -> u32 {
    let (_, token) = world.token(&[TokenScope::WriteEvents], None).await;
    let body = json!({ "events": [{ "kind": kind, "what": what }] });
    let told = world.post(&token, "/v1/audit/events", &body).await.with(201);
    u32::try_from(told.body["first"].as_u64().unwrap()).unwrap()
}

#[tokio::test]
async fn events_come_as_they_happen_and_only_those_that_are_asked_for() {
    let world = followed().await;
    let (_, token) = world.token(&[TokenScope::ReadAudit], None).await;
    let mut stream = Stream::begin(&world, &token, "/v1/audit/tail?action=shop.order", None).await;
    tell(&world, "theme", "not asked for").await;
    let seq = tell(&world, "order", "paid").await;
    let message = stream.next().await.unwrap();
    assert_eq!(message.id, Some(seq.to_string()), "by its number, to go on from");
    assert_eq!(message.data["event"]["reason"], "paid", "as the list has it");
}

#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off() {
    let world = followed().await;
    let (_, token) = world.token(&[TokenScope::ReadAudit], None).await;
    let first = tell(&world, "order", "one").await;
    let mut seqs = Vec::new();
    for n in 0..150 {
        seqs.push(tell(&world, "order", &n.to_string()).await);
    }
    let mut stream = Stream::begin(&world, &token, "/v1/audit/tail?action=shop.order", Some(first)).await;
    for seq in seqs {
        let message = stream.next().await.unwrap();
        assert_eq!(
            message.id,
            Some(seq.to_string()),
            "each once, in order, none left out"
        );
    }
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_with_its_token() {
    let world = followed().await;
    let sam = world.signed_in("sam@shop.example", Role::Auditor).await;
    let (id, token) = world
        .token(&[TokenScope::ReadAudit, TokenScope::ReadAccounts], None)
        .await;
    for uri in ["/v1/audit/tail", "/v1/accounts/tail"] {
        let mut by_sam = Stream::begin(&world, &sam, uri, None).await;
        let mut by_token = Stream::begin(&world, &token, uri, None).await;
        if uri == "/v1/accounts/tail" {
            world
                .ask(&sam, ("DELETE", "/v1/sessions/current"), &[], None)
                .await
                .with(204);
            world.scene.olga().await.revoke_api_token(id).await.unwrap();
            for stream in [&mut by_sam, &mut by_token] {
                let mut last = stream.next().await.unwrap();
                while last.kind != "end" {
                    last = stream.next().await.unwrap();
                }
                assert_eq!(last.data["code"], "session_ended", "it says why");
                assert_eq!(stream.next().await, None, "and nothing more");
            }
        }
    }
}

#[tokio::test]
async fn a_list_of_accounts_hears_whose_changed() {
    let world = followed().await;
    let (_, token) = world.token(&[TokenScope::ReadAccounts], None).await;
    let mut stream = Stream::begin(&world, &token, "/v1/accounts/tail", None).await;
    let kim = world.scene.enrolled("kim@shop.example", Role::Customer).await;
    let message = stream.next().await.unwrap();
    assert_eq!(message.kind, "account", "no more than that");
    let mut told = message.data;
    while told["account"] != json!(kim.id) {
        told = stream.next().await.unwrap().data;
    }
    assert_eq!(told, json!({ "account": kim.id }), "the id alone");
}

#[tokio::test]
async fn who_may_not_read_hears_nothing() {
    let world = followed().await;
    let (_, token) = world.token(&[TokenScope::WriteEvents], None).await;
    for uri in ["/v1/audit/tail", "/v1/accounts/tail"] {
        world.get(&token, uri).await.with(403);
        world.get("nobody", uri).await.with(401);
    }
    let kim = world.signed_in("kim@shop.example", Role::Customer).await;
    world.get(&kim, "/v1/accounts/tail").await.with(403);
}

#[tokio::test]
async fn streams_end_when_the_service_stops() {
    let world = followed().await;
    let (_, token) = world.token(&[TokenScope::ReadAudit], None).await;
    let mut stream = Stream::begin(&world, &token, "/v1/audit/tail?action=shop.order", None).await;
    world.tail.end();
    assert_eq!(
        stream.next().await,
        None,
        "nobody waits for who would listen for ever"
    );
}
