//! What a token opens, and when it opens nothing.

use jiff::SignedDuration;
use keyholder_core::account::Role;
use keyholder_core::api_token::{NewApiToken, TokenDays, TokenScope};
use keyholder_core::audit::Action;
use keyholder_core::error::{Code, Refusal};
use keyholder_core::testing::directory_contract::{GOOD, WRONG, name, password, refusal, rounds};
use serde_json::json;

use crate::world::World;

const DOORS: [(&str, &str, TokenScope); 4] = [
    ("GET", "/v1/accounts", TokenScope::ReadAccounts),
    ("GET", "/v1/accounts/count", TokenScope::ReadAccounts),
    ("GET", "/v1/audit/events", TokenScope::ReadAudit),
    ("POST", "/v1/audit/events", TokenScope::WriteEvents),
];

#[tokio::test]
async fn a_token_opens_what_it_was_made_for_and_nothing_else() {
    let world = World::open().await;
    for scope in TokenScope::ALL {
        let (_, token) = world.token(&[scope], None).await;
        for (method, path, needed) in DOORS {
            let body = json!({ "events": [{ "kind": "other", "what": "x" }] });
            let body = (method == "POST").then_some(&body);
            let told = world.ask(&token, (method, path), &[], body).await;
            let wanted = if scope != needed {
                403
            } else if method == "POST" {
                201
            } else {
                200
            };
            assert_eq!(told.status, wanted, "{scope:?} at {method} {path}: {told:?}");
        }
        let told = world.get(&token, "/scim/v2/Users").await;
        assert_eq!(told.status, 403, "{scope:?} makes no provisioner");
        let told = world.get(&token, "/v1/sessions/current").await;
        assert_eq!(told.status, 401, "a token of a program is nobody's session");
    }
}

#[tokio::test]
async fn p25_a_revoked_token_opens_nothing_at_once() {
    let world = World::open().await;
    let olga = world.scene.olga().await;
    for _ in 0..rounds(20, 1_000) {
        let (id, token) = world.token(&[TokenScope::ReadAccounts], Some("hr")).await;
        world.get(&token, "/v1/accounts").await.with(200);
        // Its use was noted since the list was read.
        olga.revoke_api_token(id).await.unwrap();
        for path in ["/v1/accounts", "/scim/v2/Users", "/scim/v2/ServiceProviderConfig"] {
            assert_eq!(world.get(&token, path).await.status, 401, "revoked, at {path}");
        }
    }
    let gone = olga
        .revoke_api_token(world.token(&[TokenScope::Limits], None).await.0)
        .await;
    assert!(gone.is_ok(), "each is revoked once");
}

#[tokio::test]
async fn p24_a_token_ends_when_it_said() {
    let world = World::open().await;
    let (_, token) = world.token(&[TokenScope::ReadAccounts], None).await;
    world
        .scene
        .clock
        .advance(SignedDuration::from_hours(24 * 90) - SignedDuration::from_secs(1));
    world.get(&token, "/v1/accounts").await.with(200);
    world.scene.wait(1);
    world.get(&token, "/v1/accounts").await.with(401);
    world.scene.clock.advance(SignedDuration::from_hours(-24 * 92));
    let told = world.get(&token, "/v1/accounts").await;
    assert_eq!(
        told.status, 401,
        "a clock that was set back gives it no more time"
    );
}

#[tokio::test]
async fn only_an_owner_makes_tokens_and_only_with_the_password() {
    let world = World::open().await;
    let new = NewApiToken {
        name: name("till"),
        scopes: vec![TokenScope::Limits],
        provisioner: None,
        days: TokenDays::default(),
    };
    let olga = world.scene.olga().await;
    let wrong = olga.create_api_token(new.clone(), &password(WRONG)).await;
    assert_eq!(
        refusal(wrong),
        Refusal::WrongCredentials,
        "an open window is not enough"
    );
    world.scene.enrolled("sam@shop.example", Role::Support).await;
    let sam = world.scene.inside("sam@shop.example", GOOD).await;
    let refused = refusal(sam.create_api_token(new.clone(), &password(GOOD)).await);
    assert_eq!(refused.code(), Code::NotAllowed, "nor is to help people");
    assert_eq!(
        refusal(sam.api_tokens().await).code(),
        Code::NotAllowed,
        "nor are they listed"
    );

    let issued = olga.create_api_token(new, &password(GOOD)).await.unwrap();
    let text = issued.token.text();
    let rows = olga.api_tokens().await.unwrap();
    assert_eq!(rows, std::slice::from_ref(&issued.row), "the list has it");
    assert!(
        !format!("{rows:?}").contains(&text[4..20]),
        "and never the token itself"
    );
    let outcomes: Vec<_> = world
        .scene
        .trail(Action::ApiTokenCreated)
        .await
        .iter()
        .map(|event| (event.actor.label().to_owned(), event.code))
        .collect();
    assert_eq!(outcomes.len(), 3, "each try is in the trail: {outcomes:?}");
    let shown = format!("{:?}", world.scene.trail(Action::ApiTokenCreated).await);
    assert!(!shown.contains(&text[4..20]), "without the token");
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() {
    let world = World::open().await;
    let (_, token) = world.token(&[TokenScope::ReadAccounts], None).await;
    let olga = world.scene.olga().await;
    let used = async || olga.api_tokens().await.unwrap()[0].last_used_at;
    assert_eq!(used().await, None, "never so far");
    world.get(&token, "/v1/accounts").await.with(200);
    let first = used().await;
    assert!(first.is_some(), "noted");
    world.scene.wait(59);
    world.get(&token, "/v1/accounts").await.with(200);
    assert_eq!(used().await, first, "a write for every request would be waste");
    world.scene.wait(1);
    world.get(&token, "/v1/accounts").await.with(200);
    assert_ne!(used().await, first, "a minute later it is");
}
