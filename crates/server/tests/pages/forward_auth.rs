//! A proxy asks who somebody is, as its own words are read.

use axum::body::Body;
use axum::http::{HeaderName, Request, StatusCode};
use keyholder_core::account::Role;
use keyholder_core::directory::Authentication as _;
use keyholder_core::testing::directory_contract::{CARLA, GOOD, OLGA};

use crate::world::{Browser, Page, World};

const PATH: &str = "/v1/forward-auth";

async fn asked(browser: &mut Browser<'_>, headers: &[(&str, &str)]) -> Page {
    let mut request = Request::get(PATH).body(Body::empty()).unwrap();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    browser.send(request).await
}

const PAGE: (&str, &str) = ("accept", "text/html,application/xhtml+xml");

#[tokio::test]
async fn who_is_signed_in_is_named() {
    let world = World::open().await.behind_a_proxy();
    let mut browser = world.olga().await;
    let page = asked(&mut browser, &[]).await;
    assert_eq!(page.status, StatusCode::OK, "let through");
    let id = world
        .scene
        .olga()
        .await
        .me()
        .await
        .unwrap()
        .account
        .id
        .to_string();
    let named: Vec<_> = ["remote-user", "remote-email", "remote-name", "remote-role"]
        .iter()
        .map(|name| page.header(name).unwrap().to_owned())
        .collect();
    assert_eq!(named, [id.as_str(), OLGA, "Olga", "owner"], "as who she is");
    assert_eq!(page.header("cache-control"), Some("no-store"), "this time");
    assert!(page.body.is_empty(), "and nothing else");
}

#[tokio::test]
async fn a_program_shows_the_token_of_its_session() {
    let world = World::open().await.behind_a_proxy();
    let token = crate::world::token_of(&world, OLGA).await;
    let shown = format!("Bearer {}", *token.text());
    let page = asked(&mut world.browser(), &[("authorization", &shown)]).await;
    assert_eq!(
        (page.status, page.header("remote-email")),
        (StatusCode::OK, Some(OLGA)),
        "as a browser its cookie"
    );
    for other in ["Bearer x", "Basic b2xnYTp4", "Bearer", ""] {
        let page = asked(&mut world.browser(), &[("authorization", other)]).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{other:?} is none");
    }
    world.scene.rules.directory(&token).sign_out().await.unwrap();
    let page = asked(&mut world.browser(), &[("authorization", &shown)]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "and no longer than that");
}

#[tokio::test]
async fn nobody_names_themselves() {
    let world = World::open().await.behind_a_proxy();
    world.enrolled(CARLA, Role::Customer).await;
    let lies = [
        ("remote-user", "1"),
        ("remote-role", "owner"),
        ("remote-email", OLGA),
    ];
    let page = asked(&mut world.browser(), &lies).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "headers open nothing");
    let page = asked(&mut world.signed_in(CARLA).await, &lies).await;
    assert_eq!(page.header("remote-role"), Some("customer"), "and change nothing");
    assert_eq!(page.header("remote-email"), Some(CARLA), "nor whom");
}

#[tokio::test]
async fn a_browser_is_sent_to_sign_in_and_a_program_refused() {
    let world = World::open().await.behind_a_proxy();
    let uri = ("x-forwarded-uri", "/orders?open=1&by=day");
    let back = Some("/auth/sign-in?return_to=%2Forders%3Fopen%3D1%26by%3Dday");
    for (said, status, place) in [
        (vec![PAGE, uri], StatusCode::FOUND, back),
        (
            vec![PAGE, uri, ("x-forwarded-method", "HEAD")],
            StatusCode::FOUND,
            back,
        ),
        (
            vec![PAGE, uri, ("x-forwarded-method", "POST")],
            StatusCode::UNAUTHORIZED,
            None,
        ),
        (
            vec![uri, ("accept", "application/json")],
            StatusCode::UNAUTHORIZED,
            None,
        ),
        (vec![uri], StatusCode::UNAUTHORIZED, None),
        (vec![PAGE], StatusCode::UNAUTHORIZED, None),
        (
            vec![PAGE, ("x-original-uri", "/orders?open=1&by=day")],
            StatusCode::UNAUTHORIZED,
            back,
        ),
        (
            vec![PAGE, ("x-forwarded-uri", "//evil.example/")],
            StatusCode::FOUND,
            Some("/auth/sign-in"),
        ),
        (
            vec![PAGE, ("x-forwarded-uri", "https://evil.example/")],
            StatusCode::FOUND,
            Some("/auth/sign-in"),
        ),
    ] {
        let page = asked(&mut world.browser(), &said).await;
        assert_eq!(
            (page.status, page.header("location")),
            (status, place),
            "said {said:?}"
        );
        assert_eq!(
            page.header("www-authenticate").is_some(),
            status == StatusCode::UNAUTHORIZED,
            "as HTTP has it"
        );
    }
}

#[tokio::test]
async fn who_is_no_proxy_is_not_believed() {
    let world = World::open().await;
    let page = asked(&mut world.browser(), &[PAGE, ("x-forwarded-uri", "/orders")]).await;
    assert_eq!(
        (page.status, page.header("location")),
        (StatusCode::UNAUTHORIZED, None),
        "nobody named that address"
    );
}

#[tokio::test]
async fn who_has_not_come_all_the_way_in_is_led_on() {
    let world = World::open().await.behind_a_proxy();
    world.with_phone(CARLA, Role::Customer).await;
    let mut browser = world.browser();
    browser.sign_in(CARLA, GOOD).await;
    let page = asked(&mut browser, &[PAGE, ("x-forwarded-uri", "/orders")]).await;
    assert_eq!(
        (page.status, page.header("location")),
        (StatusCode::FOUND, Some("/auth/sign-in/code?return_to=%2Forders")),
        "a password alone opens nothing"
    );
}

#[tokio::test]
async fn being_there_keeps_a_session_open() {
    let world = World::open().await.behind_a_proxy();
    let mut browser = world.olga().await;
    for _ in 0..3 {
        world.scene.wait(29 * 60);
        assert_eq!(
            asked(&mut browser, &[]).await.status,
            StatusCode::OK,
            "she is there"
        );
    }
    world.scene.wait(30 * 60);
    assert_eq!(
        asked(&mut browser, &[]).await.status,
        StatusCode::UNAUTHORIZED,
        "and no longer"
    );
}
