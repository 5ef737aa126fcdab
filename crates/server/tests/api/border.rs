//! What is served, and nothing else; what every answer has in common.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use keyholder_core::audit::Action;
use keyholder_core::testing::directory_contract::{GOOD, OLGA};
use keyholder_core::wire::{Access, GetMe, GetShop, Method, OPERATIONS};
use keyholder_server::SetUpOffer;

use crate::doubles::Flaw;
use crate::world::{As, NOBODY, World};

/// Every method that HTTP knows, and one that it does not.
const METHODS: [&str; 10] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW",
];

/// The path with an id for each name in braces.
fn somewhere(path: &str) -> String {
    let id = "018f4e6a-0000-7000-8000-000000000001";
    let segments = path
        .split('/')
        .map(|part| if part.starts_with('{') { id } else { part });
    segments.collect::<Vec<_>>().join("/")
}

fn bare(method: &str, path: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn every_operation_of_the_wire_is_served_and_nothing_else() {
    let world = World::before(SetUpOffer::Open);
    let mut doors: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for operation in OPERATIONS {
        let methods = doors.entry(operation.path).or_default();
        methods.insert(operation.method.as_str());
        if operation.method == Method::Get {
            methods.insert("HEAD");
        }
    }
    for (path, served) in &doors {
        for method in METHODS {
            let told = world.send(bare(method, &somewhere(path))).await;
            if method == "OPTIONS" {
                assert_eq!(told.status, StatusCode::NO_CONTENT, "{path} says how it is asked");
            } else if served.contains(method) {
                let passed = ![StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&told.status);
                assert!(
                    passed,
                    "{method} {path} is served, and not by nobody: {}",
                    told.status
                );
                continue;
            } else {
                assert_eq!(
                    told.status,
                    StatusCode::METHOD_NOT_ALLOWED,
                    "{method} {path} is not ours"
                );
            }
            let allowed: BTreeSet<_> = told.header("allow").unwrap().split(',').collect();
            assert_eq!(&allowed, served, "{path} says what it takes");
        }
    }
    for path in [
        "/",
        "/v1",
        "/v1/",
        "/v1/owners/recover",
        "/v1/shop/",
        "/V1/shop",
        "/v1/accounts/a/b/c",
    ] {
        let told = world.send(bare("GET", path)).await;
        assert_eq!(told.status, StatusCode::NOT_FOUND, "nothing is at {path}");
    }
}

#[tokio::test]
async fn who_asks_for_nothing_of_ours_reads_why() {
    let world = World::open().await;
    insta::assert_snapshot!(world.send(bare("GET", "/v2/everything")).await.shown(), @r#"
    404 Not Found
    content-type: application/problem+json
    {
      "code": "bad_request",
      "number": "KH-1070",
      "request_id": "[id]",
      "status": 404,
      "title": "nothing is at this path",
      "type": "urn:keyholder:problem:KH-1070"
    }
    "#);
    insta::assert_snapshot!(world.send(bare("TRACE", "/v1/shop")).await.shown(), @r#"
    405 Method Not Allowed
    content-type: application/problem+json
    allow: GET,HEAD,POST
    {
      "code": "bad_request",
      "number": "KH-1070",
      "request_id": "[id]",
      "status": 405,
      "title": "this path cannot be asked with this method",
      "type": "urn:keyholder:problem:KH-1070"
    }
    "#);
}

#[tokio::test]
async fn odd_targets_are_answered_too() {
    let world = World::open().await;
    for (method, target) in [
        ("OPTIONS", "*"),
        ("CONNECT", "keyholder.example:443"),
        ("GET", "http://elsewhere.example/v1/shop"),
        ("GET", "/v1/accounts/%ff"),
        ("GET", "/v1/accounts/%2e%2e"),
        ("GET", "//v1//shop"),
    ] {
        let told = world.send(bare(method, target)).await;
        assert!(
            !told.status.is_server_error(),
            "{method} {target} breaks nothing: {}",
            told.status
        );
        assert!(
            told.header("x-request-id").is_some(),
            "{method} {target} has a number"
        );
    }
}

#[tokio::test]
async fn without_a_session_every_door_behind_the_way_in_is_shut_alike() {
    let world = World::open().await;
    let ended = world.ask::<GetMe>(NOBODY, &(), &(), &()).await.without_number();
    insta::assert_snapshot!(ended.status, @"401 Unauthorized");
    let behind = OPERATIONS
        .iter()
        .filter(|operation| operation.access == Access::Session);
    for operation in behind {
        for token in [
            None,
            Some("Bearer"),
            Some("Bearer "),
            Some("Bearer x"),
            Some("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            Some("Basic b2xnYTpoZXJvbnM="),
        ] {
            let mut request = bare(operation.method.as_str(), &somewhere(operation.path));
            if let Some(token) = token {
                let headers = request.headers_mut();
                headers.insert(header::AUTHORIZATION, token.parse().unwrap());
            }
            let known = token.is_some_and(|token| token.len() == 50);
            let told = world.send(request).await.without_number();
            let (name, status) = (operation.name, told.status);
            if known && (operation.revised || status == StatusCode::BAD_REQUEST) {
                continue; // A question that cannot be read is not asked; a token that looks like one may be.
            }
            assert_eq!(
                told, ended,
                "{name} with {token:?} tells nobody anything: {status}"
            );
        }
    }
}

#[tokio::test]
async fn two_tokens_are_no_token() {
    let world = World::open().await;
    let token = world.token_of_a_program().await;
    let mut request = bare("GET", "/v1/sessions/current");
    for _ in 0..2 {
        let headers = request.headers_mut();
        headers.append(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    }
    let told = world.send(request).await;
    assert_eq!(
        told.status,
        StatusCode::UNAUTHORIZED,
        "nobody guesses which one is meant"
    );
}

#[tokio::test]
async fn every_answer_is_ours_and_is_kept_nowhere() {
    let world = World::open().await;
    let token = world.olga().await;
    let answers = [
        world.ask::<GetShop>(NOBODY, &(), &(), &()).await,
        world.ask::<GetMe>(As::holder(&token), &(), &(), &()).await,
        world.ask::<GetMe>(NOBODY, &(), &(), &()).await,
        world.send(bare("GET", "/nowhere")).await,
        world.send(bare("OPTIONS", "/v1/shop")).await,
        world.send(bare("HEAD", "/v1/shop")).await,
    ];
    let mut numbers = BTreeSet::new();
    for told in answers {
        assert_eq!(told.header("cache-control"), Some("no-store"), "{told:?}");
        assert_eq!(told.header("x-content-type-options"), Some("nosniff"), "{told:?}");
        assert_eq!(told.header("keyholder-version"), Some("1"), "{told:?}");
        numbers.insert(told.header("x-request-id").unwrap().to_owned());
    }
    assert_eq!(numbers.len(), 6, "each request has a number of its own");
}

#[tokio::test]
async fn nobody_chooses_the_number_of_their_request() {
    let world = World::open().await;
    let mut request = bare("GET", "/nowhere");
    request
        .headers_mut()
        .insert("x-request-id", "forged".parse().unwrap());
    let told = world.send(request).await;
    assert_ne!(
        told.header("x-request-id"),
        Some("forged"),
        "or the log could be led astray"
    );
    let number = told.problem().request_id;
    assert_eq!(
        number.as_deref(),
        told.header("x-request-id"),
        "the problem names it too"
    );
}

#[tokio::test]
async fn who_asks_with_head_gets_the_head() {
    let world = World::open().await;
    let (whole, head) = (
        world.send(bare("GET", "/v1/shop")).await,
        world.send(bare("HEAD", "/v1/shop")).await,
    );
    assert_eq!(head.status, whole.status, "the same answer");
    assert!(head.body.is_empty() && !whole.body.is_empty(), "without its body");
}

#[tokio::test]
async fn a_handler_that_breaks_off_answers_and_the_next_one_works() {
    let world = World::open().await.flawed(Flaw::BreaksOff);
    let told = world.ask::<GetShop>(NOBODY, &(), &(), &()).await;
    insta::assert_snapshot!(told.shown(), @r#"
    500 Internal Server Error
    content-type: application/problem+json
    {
      "code": "broken",
      "number": "KH-1054",
      "request_id": "[id]",
      "status": 500,
      "title": "the service could not do this",
      "type": "urn:keyholder:problem:KH-1054"
    }
    "#);
    let next = world.ask::<GetShop>(NOBODY, &(), &(), &()).await;
    assert_eq!(
        next.without_number(),
        told.without_number(),
        "the service goes on"
    );
}

#[tokio::test]
async fn a_handler_that_breaks_off_does_not_say_that_nothing_was_done() {
    let world = World::open().await.flawed(Flaw::BreaksOffAfterwards);
    let before = world.scene.trail(Action::SignInPassword).await.len();
    let told = world.sign_in(OLGA, GOOD).await;
    insta::assert_snapshot!(told.shown(), @r#"
    500 Internal Server Error
    content-type: application/problem+json
    {
      "code": "outcome_unknown",
      "number": "KH-1082",
      "request_id": "[id]",
      "status": 500,
      "title": "the service broke off: this may be done or not, look before you repeat it",
      "type": "urn:keyholder:problem:KH-1082"
    }
    "#);
    let after = world.scene.trail(Action::SignInPassword).await.len();
    assert_eq!(after, before + 1, "for it was done");
}

#[tokio::test]
async fn a_busy_store_is_soon_asked_again_and_its_secrets_stay_in_the_log() {
    let world = World::open().await.flawed(Flaw::Busy);
    let told = world.ask::<GetShop>(NOBODY, &(), &(), &()).await;
    insta::assert_snapshot!(told.shown(), @r#"
    503 Service Unavailable
    content-type: application/problem+json
    retry-after: 1
    {
      "code": "busy",
      "number": "KH-1053",
      "request_id": "[id]",
      "status": 503,
      "title": "the store is busy: nothing was saved, try again",
      "type": "urn:keyholder:problem:KH-1053"
    }
    "#);
}
