//! P49, first part: what every answer carries, whatever was asked of whichever route, and however.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use keyholder_core::wire::{OPERATIONS, VERSION};

use crate::doubles::Flaw;
use crate::world::{Told, World};

/// The headers that answers must have, each with its one value; none where it is another each time.
const WANTED: [(&str, Option<&str>); 8] = [
    ("cache-control", Some("no-store")),
    ("x-content-type-options", Some("nosniff")),
    (
        "content-security-policy",
        Some("default-src 'none'; frame-ancestors 'none'"),
    ),
    ("referrer-policy", Some("no-referrer")),
    ("cross-origin-resource-policy", Some("same-origin")),
    ("x-frame-options", Some("DENY")),
    ("keyholder-version", None),
    ("x-request-id", None),
];

/// Methods that are served somewhere, and some that are served nowhere.
const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW",
];

/// What an answer lacks.
fn lacks(told: &Told) -> Option<String> {
    for (name, wanted) in WANTED {
        let values: Vec<_> = told.headers.get_all(name).iter().collect();
        match (values.as_slice(), wanted) {
            ([one], Some(wanted)) if *one == wanted => {}
            ([_], None) => {}
            (other, _) => return Some(format!("{name} is {other:?}")),
        }
    }
    let version = told.header("keyholder-version");
    if version != Some(VERSION.to_string().as_str()) {
        return Some(format!("the version is {version:?}"));
    }
    for told_too_much in [
        "server",
        "x-powered-by",
        "set-cookie",
        "access-control-allow-origin",
    ] {
        if told.headers.contains_key(told_too_much) {
            return Some(format!("{told_too_much} is there"));
        }
    }
    None
}

/// Asks everything there is in every way; says which answers lack something, and how many there were.
async fn checked(world: &World) -> (usize, Vec<String>) {
    let token = world.olga().await;
    let id = "018f4e6a-0000-7000-8000-000000000001";
    let mut paths: BTreeSet<String> = OPERATIONS
        .iter()
        .map(|operation| operation.path.replace("{id}", id).replace("{session}", id))
        .collect();
    paths.extend(["/v1/openapi.json", "/", "/v1/nowhere", "/v1/accounts/%ff"].map(str::to_owned));
    let (mut numbers, mut answers, mut bad) = (BTreeSet::new(), 0, Vec::new());
    for path in &paths {
        for method in METHODS {
            // Last what ends the session, so that what is behind it is seen too.
            for (proof, body) in [
                (None, ""),
                (None, "{"),
                (Some("x"), "{}"),
                (Some(token.as_str()), "[]"),
            ] {
                let mut request = Request::builder().method(method).uri(path);
                request = request.header(header::CONTENT_TYPE, "application/json");
                if let Some(proof) = proof {
                    request = request.header(header::AUTHORIZATION, format!("Bearer {proof}"));
                }
                let told = world.send(request.body(Body::from(body)).unwrap()).await;
                answers += 1;
                if let Some(why) = lacks(&told) {
                    bad.push(format!("{method} {path} {}: {why}", told.status));
                }
                numbers.extend(told.header("x-request-id").map(str::to_owned));
            }
        }
    }
    assert!(
        !bad.is_empty() || numbers.len() == answers,
        "each request has a number of its own"
    );
    (answers, bad)
}

#[tokio::test]
async fn p49_every_answer_of_every_route_carries_what_protects_it() {
    let world = World::open().await;
    let (answers, bad) = checked(&world).await;
    assert!(answers > 1_000, "every route is asked in every way: {answers}");
    assert_eq!(bad, [""; 0], "whatever is answered");
    let broken = World::open().await.flawed(Flaw::BreaksOff);
    let told = broken
        .send(Request::get("/v1/shop").body(Body::empty()).unwrap())
        .await;
    assert_eq!(
        told.status,
        StatusCode::INTERNAL_SERVER_ERROR,
        "also where something breaks"
    );
    assert_eq!(lacks(&told), None, "as a stranger sees it");
}

#[tokio::test]
async fn p49_mutant_a_route_beside_the_border_is_found() {
    let world = World::open().await.with_a_route_beside_the_border("/v1/nowhere");
    let (_, bad) = checked(&world).await;
    assert!(
        bad.iter().any(|bad| bad.contains("/v1/nowhere")),
        "the measure sees an answer without its headers: {bad:?}"
    );
}
