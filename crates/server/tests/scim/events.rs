//! The shop tells the trail what happened in it.

use keyholder_core::account::Role;
use keyholder_core::api_token::TokenScope;
use keyholder_core::audit::{Action, Actor};
use serde_json::json;

use crate::world::World;

const EVENTS: &str = "/v1/audit/events";

#[tokio::test]
async fn the_shops_own_events_are_in_the_trail_with_their_numbers() {
    let world = World::open().await;
    let kim = world.scene.enrolled("kim@shop.example", Role::Customer).await;
    let (_, token) = world.token(&[TokenScope::WriteEvents], None).await;
    let body = json!({ "events": [
        { "kind": "order", "what": "Order 7 was paid", "who": "till 2", "account": "KIM@shop.example", "facts": { "order": "7" } },
        { "kind": "theme", "what": "The colours were changed" },
    ] });
    let told = world.post(&token, EVENTS, &body).await.with(201);
    let end = world.scene.events().await;
    assert_eq!(
        told.body,
        json!({ "first": end - 1, "last": end }),
        "saved when it is answered"
    );
    let orders = world.scene.trail(Action::ShopOrder).await;
    let order = &orders[0];
    assert_eq!(
        order.actor,
        Actor::ApiToken {
            name: "till".to_owned()
        },
        "by the program"
    );
    assert_eq!(order.subject, Some(kim.id), "about the account that was meant");
    assert_eq!(order.details.facts["who"], "till 2", "as the shop says");
    assert_eq!(
        order.reason.as_ref().unwrap().as_str(),
        "Order 7 was paid",
        "in its words"
    );
}

#[tokio::test]
async fn p47_hostile_words_stay_on_their_line() {
    let world = World::open().await;
    let (_, token) = world.token(&[TokenScope::WriteEvents], None).await;
    for hostile in [
        "a\r\nb",
        "\u{1b}[2Jx",
        "x\u{202e}y",
        "=cmd|' /C calc'!A0",
        "<script>1</script>",
    ] {
        let body = json!({ "events": [{ "kind": "page", "what": hostile, "who": hostile, "facts": { "f": hostile } }] });
        let told = world.post(&token, EVENTS, &body).await.with(201);
        assert_eq!(told.body["first"], told.body["last"], "one event: {hostile:?}");
        let event = world.scene.trail(Action::ShopPage).await.remove(0);
        let texts = [
            event.reason.unwrap().as_str().to_owned(),
            event.details.facts["f"].clone(),
        ];
        for text in texts {
            assert!(
                !text.chars().any(|c| c.is_control() || c == '\u{202e}'),
                "{text:?} is only text"
            );
        }
    }
}

#[tokio::test]
async fn a_request_is_taken_whole_or_not_at_all() {
    let world = World::open().await;
    let (_, token) = world.token(&[TokenScope::WriteEvents], None).await;
    let before = world.scene.events().await;
    let good = json!({ "kind": "other", "what": "fine" });
    for (events, status) in [
        (json!([]), 422),
        (json!([good, { "kind": "other", "what": "" }]), 422),
        (json!([good, { "kind": "other", "what": "x".repeat(501) }]), 422),
        (json!(vec![good.clone(); 1_001]), 422),
        (json!([good, { "kind": "nonsense", "what": "x" }]), 400),
        (
            json!([good, { "kind": "other", "what": "x", "colour": "red" }]),
            400,
        ),
    ] {
        world
            .post(&token, EVENTS, &json!({ "events": events }))
            .await
            .with(status);
    }
    assert_eq!(world.scene.events().await, before, "nothing of it was saved");
    let thousand = json!({ "events": vec![good; 1_000] });
    let told = world.post(&token, EVENTS, &thousand).await.with(201);
    assert_eq!(
        told.body,
        json!({ "first": before + 1, "last": before + 1_000 }),
        "side by side"
    );
}
