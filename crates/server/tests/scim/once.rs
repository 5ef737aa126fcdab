//! Sent twice, done once.

use std::sync::Arc;

use jiff::SignedDuration;
use keyholder_core::api_token::TokenScope;
use keyholder_core::testing::directory_contract::{GOOD, OLGA, rounds};
use serde_json::json;

use crate::world::World;

const EVENTS: &str = "/v1/audit/events";

#[tokio::test]
async fn the_second_is_answered_as_the_first_was() {
    let world = World::open().await;
    let (id, token) = world.token(&[TokenScope::WriteEvents], None).await;
    let key = [("idempotency-key", "\"order-7\"")];
    let body = json!({ "events": [{ "kind": "order", "what": "paid" }] });
    let send = async |body| world.ask(&token, ("POST", EVENTS), &key, Some(body)).await;
    let first = send(&body).await.with(201);
    let again = send(&body).await.with(201);
    assert_eq!(first.body, again.body, "the same number in the trail");
    assert_eq!(
        u64::from(world.scene.events().await),
        first.body["last"].as_u64().unwrap(),
        "and no other"
    );
    let other = json!({ "events": [{ "kind": "order", "what": "refunded" }] });
    send(&other).await.with(422);
    let (_, another) = world.token(&[TokenScope::WriteEvents], None).await;
    let told = world
        .ask(&another, ("POST", EVENTS), &key, Some(&body))
        .await
        .with(201);
    assert_ne!(told.body, first.body, "a key is its maker's");
    world.scene.clock.advance(SignedDuration::from_hours(24));
    let told = send(&body).await.with(201);
    assert_ne!(told.body, first.body, "kept for a day");
    world.scene.olga().await.revoke_api_token(id).await.unwrap();
    send(&body).await.with(401);
}

#[tokio::test]
async fn what_was_refused_can_be_asked_again() {
    let world = World::open().await;
    let (_, token) = world.token(&[TokenScope::WriteEvents], None).await;
    let key = [("idempotency-key", "k")];
    let bad = json!({ "events": [] });
    world
        .ask(&token, ("POST", EVENTS), &key, Some(&bad))
        .await
        .with(422);
    let good = json!({ "events": [{ "kind": "order", "what": "paid" }] });
    world
        .ask(&token, ("POST", EVENTS), &key, Some(&good))
        .await
        .with(201);
    let long = "k".repeat(256);
    for name in ["", long.as_str()] {
        let told = world
            .ask(
                &token,
                ("POST", EVENTS),
                &[("idempotency-key", name)],
                Some(&good),
            )
            .await;
        told.with(400);
    }
}

#[tokio::test]
async fn a_session_has_keys_too_and_a_way_in_has_none() {
    let world = World::open().await;
    let olga = world
        .scene
        .sign_in(OLGA, GOOD)
        .await
        .unwrap()
        .token
        .text()
        .to_string();
    let key = [("idempotency-key", "k")];
    let body = json!({ "email": "new@shop.example", "name": "", "role": "customer" });
    let ask = async || {
        world
            .ask(&olga, ("POST", "/v1/accounts"), &key, Some(&body))
            .await
    };
    let first = ask().await.with(201);
    assert_eq!(
        ask().await.with(201).body,
        first.body,
        "one account, not a second that is refused"
    );
    let told = world
        .ask(&olga, ("POST", "/v1/sessions"), &key, Some(&json!({})))
        .await;
    assert_eq!(told.status, 400, "what opens a session is kept nowhere");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_one_is_done() {
    let world = Arc::new(World::open().await);
    let (_, token) = world.token(&[TokenScope::WriteEvents], None).await;
    for round in 0..rounds(5, 200) {
        let before = world.scene.events().await;
        let asking = (0..16).map(|_| {
            let (world, token) = (Arc::clone(&world), token.clone());
            tokio::spawn(async move {
                let name = format!("round-{round}");
                let body = json!({ "events": [{ "kind": "order", "what": "paid" }] });
                let key = [("idempotency-key", name.as_str())];
                world.ask(&token, ("POST", EVENTS), &key, Some(&body)).await
            })
        });
        for told in asking.collect::<Vec<_>>() {
            let told = told.await.unwrap();
            match told.status.as_u16() {
                201 => assert_eq!(told.body["first"], before + 1, "the one that was done"),
                409 => {}
                other => panic!("{other}: {told:?}"),
            }
        }
        assert_eq!(
            world.scene.events().await,
            before + 1,
            "done once, however often it was sent"
        );
    }
}
