//! Forms are taken from our own pages alone.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use keyholder_core::account::Role;
use keyholder_core::testing::directory_contract::{CARLA, GOOD, OLGA};

use crate::world::{PUBLIC, World};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_without_our_word_does_nothing() {
    let world = World::open().await;
    let mut browser = world.olga().await;
    browser.get("/auth/account").await;
    let right = browser.word.clone();
    for word in ["", "x", &right[1..], &right.to_uppercase()] {
        word.clone_into(&mut browser.word);
        let page = browser.fill("/auth/sign-out", &[]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "with {word:?}");
    }
    insta::assert_snapshot!(browser.fill("/auth/sign-out", &[]).await.text(), @"
    This page was too old
    Nothing was done. It may have been open for long, or come from another site, or your browser keeps no cookies. Open it again and repeat what you did.
    To the start
    ");
    assert!(browser.is_in().await, "still in");
    browser.word = right;
    assert_eq!(
        browser.fill("/auth/sign-out", &[]).await.place(),
        "/auth/signed-out",
        "with the right one it does"
    );
}

#[tokio::test]
async fn a_form_of_another_session_or_browser_does_nothing() {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let mut before = world.browser();
    before.get("/auth/sign-in").await;
    let stranger = before.word.clone();
    let mut olga = world.olga().await;
    olga.get("/auth/account").await;
    let mut carla = world.signed_in(CARLA).await;
    carla.get("/auth/account").await;
    for word in [stranger, olga.word.clone()] {
        carla.word = word;
        let page = carla.fill("/auth/sign-out", &[]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "another's word");
    }
    // A word of the same browser from before the session was changed is as good as none.
    let old = olga.word.clone();
    olga.sign_in(OLGA, GOOD).await;
    let mut again = world.olga().await;
    again.word = old;
    let page = again.fill("/auth/sign-out", &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "of another session");
}

#[tokio::test]
async fn a_form_from_another_site_does_nothing() {
    let world = World::open().await;
    let mut browser = world.olga().await;
    browser.get("/auth/account").await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "nonsense"),
    ] {
        let mut request = browser.filled("/auth/sign-out", &[]);
        request.headers_mut().insert(name, value.parse().unwrap());
        let page = browser.send(request).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    for origin in [
        "https://evil.example",
        "null",
        "https://keys.rose.example.evil.example",
        "",
    ] {
        let mut request = browser.filled("/auth/sign-out", &[]);
        request.headers_mut().remove("sec-fetch-site");
        request
            .headers_mut()
            .insert(header::ORIGIN, origin.parse().unwrap());
        let page = browser.send(request).await;
        assert_eq!(
            page.status,
            StatusCode::FORBIDDEN,
            "an old browser from {origin:?}"
        );
    }
    let mut request = browser.filled("/auth/sign-out", &[]);
    request.headers_mut().remove("sec-fetch-site");
    request
        .headers_mut()
        .insert(header::ORIGIN, PUBLIC.parse().unwrap());
    let page = browser.send(request).await;
    assert_eq!(page.place(), "/auth/signed-out", "an old browser from here");
}

#[tokio::test]
async fn what_is_no_form_is_answered() {
    let world = World::open().await;
    let mut browser = world.olga().await;
    let big = "x".repeat(40_000);
    for (kind, body, status) in [
        ("application/json", "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            "multipart/form-data; boundary=x",
            "--x--",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        ("text/plain", "form=x", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("", "form=x", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (FORM, "", StatusCode::FORBIDDEN),
        (FORM, "%ff%fe&&&===%", StatusCode::FORBIDDEN),
        (FORM, &big, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let request = Request::post("/auth/sign-in").header(header::CONTENT_TYPE, kind);
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let page = browser.send(request).await;
        assert_eq!(page.status, status, "{kind}: {}", &body[..body.len().min(20)]);
        assert!(page.body.contains("<h1>"), "{kind}: a page");
    }
}

#[tokio::test]
async fn a_password_of_4096_bytes_fits() {
    let world = World::open().await;
    let mut browser = world.olga().await;
    let path = "/auth/account/password";
    browser.get(path).await;
    // What takes most room on the way: three characters a byte.
    let longest: String = "ä ö ü ".chars().cycle().take(2_457).collect();
    let page = browser
        .fill(path, &[("present", GOOD), ("password", longest.trim())])
        .await;
    assert_ne!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "the form is taken");
    let longer = "x".repeat(4_097);
    let page = browser
        .fill(path, &[("present", GOOD), ("password", &longer)])
        .await;
    assert_eq!(
        page.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "one byte more is too long"
    );
    assert!(page.text().contains("at most 4,096 bytes"), "{}", page.text());
}
