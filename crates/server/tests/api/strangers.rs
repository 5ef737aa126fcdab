//! P16 and P15 as far as they can be said without a network: nobody learns who exists, and nobody
//! passes for somebody else.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode, header};
use keyholder_core::account::Role;
use keyholder_core::audit::Action;
use keyholder_core::directory::NewAccount;
use keyholder_core::session::SessionToken;
use keyholder_core::testing::directory_contract::{
    BETTER, GOOD, OLGA, WRONG, email, here, name, password, reason,
};
use keyholder_core::wire::{Enrol, EnrolBody, SignInBody, to_body};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::doubles::Flaw;
use crate::world::{NOBODY, PEER, Told, World, program};

/// One of every kind of account, all of whom somebody may try to guess at.
const EVERY_KIND: [&str; 8] = [
    OLGA,
    "disabled@rose.example",
    "locked@rose.example",
    "deleted@rose.example",
    "invited@rose.example",
    "phone@rose.example",
    "nobody@rose.example",
    "no address at all",
];

async fn a_shop_of_every_kind() -> World {
    let world = World::open().await;
    let olga = world.scene.olga().await;
    let disabled = world.enrolled(EVERY_KIND[1], Role::Customer).await;
    olga.disable(disabled.id, reason("left")).await.unwrap();
    let locked = world.enrolled(EVERY_KIND[2], Role::Customer).await;
    olga.lock_account(locked.id, reason("strange calls"))
        .await
        .unwrap();
    let deleted = world.enrolled(EVERY_KIND[3], Role::Customer).await;
    olga.delete(deleted.id, None).await.unwrap();
    let invited = NewAccount {
        email: email(EVERY_KIND[4]),
        name: name("Ida"),
        role: Role::Customer,
    };
    olga.create(invited).await.unwrap();
    world.enrolled(EVERY_KIND[5], Role::Customer).await;
    let phone = SessionToken::parse(&world.token(EVERY_KIND[5]).await).unwrap();
    world.scene.bind(&phone).await;
    world
}

/// Whether the answers to all of them are the same: status, headers, body.
fn alike(answers: &[(&str, Told)]) -> Result<(), String> {
    let (_, first) = &answers[0];
    match answers.iter().find(|(_, told)| told != first) {
        None => Ok(()),
        Some((who, told)) => Err(format!("{who} is told apart: {} {}", told.shown(), first.shown())),
    }
}

/// Five slips, then the wait: the same for everybody, at each step.
async fn p16_at_the_door(world: &World) -> Result<(), String> {
    for step in 0..7 {
        let mut answers = Vec::new();
        for who in EVERY_KIND {
            answers.push((who, world.sign_in(who, WRONG).await.without_number()));
        }
        alike(&answers)?;
        let waits = answers[0].1.status == StatusCode::TOO_MANY_REQUESTS;
        assert_eq!(waits, step >= 5, "try {step} is {}", answers[0].1.status);
    }
    Ok(())
}

#[tokio::test]
async fn p16_nobody_learns_at_the_door_who_exists() {
    let world = a_shop_of_every_kind().await;
    assert_eq!(p16_at_the_door(&world).await, Ok(()), "whoever asks");
}

#[tokio::test]
async fn p16_mutant_a_door_that_tells_is_found() {
    let world = a_shop_of_every_kind().await.flawed(Flaw::TellsWhoIsThere);
    let found = p16_at_the_door(&world).await;
    assert!(found.is_err(), "the measure sees that Olga exists");
}

#[tokio::test]
async fn p16_nobody_learns_by_an_enrolment_code_who_exists() {
    let world = a_shop_of_every_kind().await;
    for code in ["00000-00000-00000", "no code at all", ""] {
        let mut answers = Vec::new();
        for who in EVERY_KIND {
            let body = EnrolBody::new(who, code, &password(BETTER), &here());
            let told = world.ask::<Enrol>(NOBODY, &(), &(), &body).await;
            answers.push((who, told.without_number()));
        }
        assert_eq!(alike(&answers), Ok(()), "with the code {code:?}");
    }
}

#[tokio::test]
async fn who_is_barred_learns_it_with_the_right_password_alone() {
    let world = a_shop_of_every_kind().await;
    let told = world.sign_in(EVERY_KIND[1], GOOD).await;
    insta::assert_snapshot!(told.shown(), @r#"
    403 Forbidden
    content-type: application/problem+json
    {
      "code": "disabled",
      "number": "KH-1004",
      "refusal": {
        "kind": "disabled"
      },
      "request_id": "[id]",
      "status": 403,
      "title": "this account is disabled: the shop's owner can enable it",
      "type": "urn:keyholder:problem:KH-1004"
    }
    "#);
}

fn signing_in(who: &str, secret: &str) -> Request<Body> {
    let body = SignInBody::new(who, &password(secret), &program());
    let body = to_body(&body).unwrap().unwrap();
    Request::post("/v1/sessions")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .unwrap()
}

/// Whether the trail has whoever connected, whatever their headers say.
async fn p15_from_where(world: &World) -> Result<(), String> {
    for liar in ["x-forwarded-for", "forwarded", "x-real-ip", "client-ip"] {
        let mut request = signing_in(OLGA, GOOD);
        let lie = "198.51.100.66".parse().unwrap();
        request.headers_mut().insert(liar, lie);
        let told = world.send(request).await;
        assert_eq!(told.status, StatusCode::CREATED, "{liar} keeps nobody out");
        let event = world.scene.trail(Action::SignInPassword).await.remove(0);
        if event.source.address.as_deref() != Some(PEER) {
            return Err(format!("{liar} made {PEER} pass for {:?}", event.source.address));
        }
    }
    Ok(())
}

#[tokio::test]
async fn p15_no_header_moves_anybody() {
    let world = World::open().await;
    assert_eq!(p15_from_where(&world).await, Ok(()), "no proxy is named");
}

#[tokio::test]
async fn p15_mutant_a_service_that_believes_everybody_is_found() {
    let world = World::open().await.believing_everybody();
    let found = p15_from_where(&world).await;
    assert!(found.is_err(), "the measure sees the lie in the trail");
}

#[tokio::test]
async fn nobody_calls_themselves_keyholder() {
    let world = World::open().await;
    let body = r#"{"email": "a@b.example", "password": "x", "origin": {"program": "keyholder"}}"#;
    let request = Request::post("/v1/sessions")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .unwrap();
    let told = world.send(request).await;
    assert_eq!(
        told.status,
        StatusCode::BAD_REQUEST,
        "the trail would name what nobody was"
    );
}

/// Headers that decide something somewhere, and some that do nowhere.
fn header_name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "authorization",
            "cookie",
            "x-forwarded-for",
            "forwarded",
            "x-user",
            "x-remote-user",
            "x-forwarded-user",
            "remote-user",
            "x-original-url",
            "x-http-method-override",
            "host",
            "content-type",
            "content-length",
            "transfer-encoding",
            "if-match",
            "expect",
            "te",
            "x-request-id",
            "keyholder-version",
            "connection",
            "upgrade",
            "range",
            "accept-encoding",
        ])
        .prop_map(str::to_owned),
        "[a-z][a-z0-9-]{0,30}",
    ]
}

fn header_value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[ -~]{0,200}".prop_map(String::into_bytes),
        "(Bearer|Basic|bearer|Negotiate) [A-Za-z0-9_=-]{0,60}".prop_map(String::into_bytes),
        // As a token is written: 256 bits.
        "Bearer [A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..200),
    ]
}

/// Whether 10,000 sets of headers are all nobody's, and leave no mark.
async fn p15_fuzzed(world: &World) -> Result<(), String> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[15; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let sets = prop::collection::vec((header_name(), header_value()), 0..12);
    let doors = [
        "/v1/sessions/current",
        "/v1/accounts?limit=3",
        "/v1/audit/events",
        "/v1/accounts/count",
    ];
    let before = world.scene.events().await;
    for case in 0..10_000 {
        let set = sets.new_tree(&mut runner).unwrap().current();
        let mut request = Request::get(doors[case % doors.len()])
            .body(Body::empty())
            .unwrap();
        for (name, value) in &set {
            let (name, value) = (HeaderName::try_from(name), HeaderValue::from_bytes(value));
            if let (Ok(name), Ok(value)) = (name, value) {
                request.headers_mut().append(name, value);
            }
        }
        let told = world.send(request).await;
        if told.status != StatusCode::UNAUTHORIZED {
            return Err(format!("{set:?} is answered {}", told.status));
        }
    }
    assert_eq!(world.scene.events().await, before, "none leaves a mark");
    Ok(())
}

#[tokio::test]
async fn p15_no_set_of_headers_opens_or_breaks_anything() {
    let world = World::open().await;
    assert_eq!(p15_fuzzed(&world).await, Ok(()), "no session, nothing broken");
}

#[tokio::test]
async fn p15_mutant_a_door_open_to_every_token_is_found() {
    let world = World::open().await;
    let token = SessionToken::parse(&world.token_of_a_program().await).unwrap();
    let world = world.flawed(Flaw::OpensToAnybody(token));
    assert!(p15_fuzzed(&world).await.is_err(), "a made-up token got in");
}
