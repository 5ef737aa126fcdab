//! Bodies and queries that no console sends.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use http_body::Frame;
use keyholder_core::testing::directory_contract::{GOOD, OLGA};
use keyholder_core::wire::{BODY_MAX, STRANGERS_BODY_MAX};

use crate::world::{Told, World};

async fn signing_in(world: &World, media: &str, body: impl Into<Body>) -> Told {
    let request = Request::post("/v1/sessions")
        .header(header::CONTENT_TYPE, media)
        .body(body.into())
        .unwrap();
    world.send(request).await
}

async fn json(world: &World, body: impl Into<Body>) -> Told {
    signing_in(world, "application/json", body).await
}

/// With something between the braces.
fn body(more: &str) -> String {
    format!(r#"{{"email": "{OLGA}", "password": "{GOOD}", "origin": {{"program": "api"}}{more}}}"#)
}

#[tokio::test]
async fn what_is_no_question_is_refused_before_anything_is_done() {
    let world = World::open().await;
    let before = world.scene.events().await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let nested = body(&format!(r#", "more": {deep}"#));
    let long = body(&format!(r#", "more": "{}""#, "x".repeat(STRANGERS_BODY_MAX)));
    for (why, sent, status) in [
        ("nothing", String::new(), StatusCode::BAD_REQUEST),
        ("no JSON", "email=a".to_owned(), StatusCode::BAD_REQUEST),
        ("another type", "[]".to_owned(), StatusCode::BAD_REQUEST),
        ("a field missing", "{}".to_owned(), StatusCode::BAD_REQUEST),
        (
            "a field that nobody knows",
            body(r#", "admin": true"#),
            StatusCode::BAD_REQUEST,
        ),
        (
            "a field twice",
            body(r#", "email": "eve@mail.example""#),
            StatusCode::BAD_REQUEST,
        ),
        (
            "something after the end",
            format!("{} {{}}", body("")),
            StatusCode::BAD_REQUEST,
        ),
        ("half of it", body("")[..30].to_owned(), StatusCode::BAD_REQUEST),
        ("arrays without end", deep, StatusCode::BAD_REQUEST),
        ("arrays without end in a field", nested, StatusCode::BAD_REQUEST),
        (
            "half of a character",
            body(r#", "x": "\ud800""#),
            StatusCode::BAD_REQUEST,
        ),
        ("more than fits", long, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let told = json(&world, sent).await;
        assert_eq!(told.status, status, "{why}: {}", told.shown());
        assert!(
            !told.shown().contains("heron"),
            "no word of a password comes back: {why}"
        );
        told.problem();
    }
    let told = json(&world, vec![b'{', 0xff, 0xfe, b'}']).await;
    assert_eq!(told.status, StatusCode::BAD_REQUEST, "what is no UTF-8");
    assert_eq!(world.scene.events().await, before, "nobody tried anything");
}

#[tokio::test]
async fn a_field_that_nobody_knows_is_named() {
    let world = World::open().await;
    insta::assert_snapshot!(json(&world, body(r#", "admin": true"#)).await.shown(), @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "bad_request",
      "number": "KH-1070",
      "request_id": "[id]",
      "status": 400,
      "title": "the body has a field that this operation does not know: admin",
      "type": "urn:keyholder:problem:KH-1070"
    }
    "#);
}

#[tokio::test]
async fn only_json_is_read() {
    let world = World::open().await;
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "application/jsonp",
        "multipart/form-data",
    ] {
        let told = signing_in(&world, media, body("")).await;
        assert_eq!(
            told.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{media} could come from any page"
        );
    }
    let told = signing_in(&world, "Application/JSON; charset=utf-8", body("")).await;
    assert_eq!(told.status, StatusCode::CREATED, "however it is written");
}

#[tokio::test]
async fn a_query_that_nobody_knows_is_refused() {
    let world = World::open().await;
    let token = world.token_of_a_program().await;
    for (query, status) in [
        ("limit=3", StatusCode::OK),
        ("limit=3&limit=4", StatusCode::BAD_REQUEST),
        ("limit=-1", StatusCode::BAD_REQUEST),
        ("limit=three", StatusCode::BAD_REQUEST),
        ("offset=3", StatusCode::BAD_REQUEST),
        ("sort=password_hash", StatusCode::BAD_REQUEST),
        ("role=root", StatusCode::BAD_REQUEST),
        ("after=%00%ff'--", StatusCode::OK),
        ("text=%25%27%22%5c", StatusCode::OK),
        ("limit=4294967295", StatusCode::OK),
    ] {
        let request = Request::get(format!("/v1/accounts?{query}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        assert_eq!(world.send(request).await.status, status, "?{query}");
    }
}

#[tokio::test]
async fn a_question_without_a_body_takes_none() {
    let world = World::open().await;
    let token = world.token_of_a_program().await;
    let request = Request::post("/v1/sessions/current/lock")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"until": "noon"}"#))
        .unwrap();
    let told = world.send(request).await;
    assert_eq!(
        told.status,
        StatusCode::BAD_REQUEST,
        "an order that would not be carried out"
    );
}

#[tokio::test]
async fn who_has_a_session_may_say_more_and_not_without_end() {
    let world = World::open().await;
    let token = world.token_of_a_program().await;
    for (size, status) in [
        (BODY_MAX, StatusCode::BAD_REQUEST),
        (BODY_MAX + 1, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let request = Request::post("/v1/accounts/import")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(" ".repeat(size)))
            .unwrap();
        let told = world.send(request).await;
        assert_eq!(told.status, status, "{size} bytes are read, or not taken in");
    }
}

#[tokio::test]
async fn a_password_without_end_is_refused_alike_for_everybody() {
    let world = World::open().await;
    let with = |who: &str| {
        let password = "x".repeat(4_097);
        format!(r#"{{"email": "{who}", "password": "{password}", "origin": {{"program": "api"}}}}"#)
    };
    let known = json(&world, with(OLGA)).await.without_number();
    let unknown = json(&world, with("nobody@rose.example")).await.without_number();
    assert_eq!(
        known.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "4,096 bytes and no more"
    );
    assert_eq!(known, unknown, "whoever asks");
}

/// A body of which nothing ever comes.
struct Never;

impl http_body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_comes_is_not_waited_for() {
    let world = World::open().await;
    let told = json(&world, Body::new(Never)).await;
    assert_eq!(told.status, StatusCode::REQUEST_TIMEOUT, "the line goes on");
}
