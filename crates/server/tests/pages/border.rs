//! What every page tells a browser about itself, whatever was asked.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use keyholder_core::testing::directory_contract::{GOOD, OLGA};
use keyholder_server::pages::PATHS;

use crate::doubles::Flaw;
use crate::world::{OFFICE, Page, World};

const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW",
];

/// What is wrong with the headers of a page, if something is.
fn judged(page: &Page) -> Result<(), String> {
    let asset = page.asked.contains("/auth/assets/") && page.status == StatusCode::OK;
    let held = if asset {
        "public, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    // Where a link leads is told to nobody.
    let link = page.asked.ends_with("/none") && page.status == StatusCode::SEE_OTHER;
    let referrer = if link { "no-referrer" } else { "same-origin" };
    for (name, wanted) in [
        ("cache-control", held),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", referrer),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        if page.header(name) != Some(wanted) {
            return Err(format!("{}: {name} is {:?}", page.asked, page.header(name)));
        }
    }
    let policy = page.header("content-security-policy").unwrap_or_default();
    let allowed = ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"];
    let strict = allowed.iter().all(|rule| policy.contains(rule));
    let picture = asset && policy.contains("sandbox") && policy.contains("default-src 'none'");
    if (!strict || policy.contains("unsafe")) && !picture {
        return Err(format!("{}: the policy is {policy:?}", page.asked));
    }
    if page.header("permissions-policy").is_none() || page.header("x-request-id").is_none() {
        return Err(format!("{} lacks a header", page.asked));
    }
    let wrong = page.status.is_client_error() || page.status.is_server_error();
    let bodiless = page.asked.starts_with("HEAD");
    if wrong && !bodiless && !page.body.contains("<h1>") {
        return Err(format!("{}: {} is no page", page.asked, page.status));
    }
    Ok(())
}

/// Every path with every method, from outside and inside, and some that are not there.
async fn every_answer(world: &World) -> Result<usize, String> {
    let mut seen = 0;
    let inside = world.olga().await;
    let others = [
        "/nowhere",
        "/auth",
        "/auth/",
        "/auth/sign-in/",
        "/auth/assets/none.css",
        "/favicon.ico",
    ];
    for path in PATHS.iter().chain(&others) {
        for method in METHODS {
            for mut browser in [world.browser(), inside.clone()] {
                let request = Request::builder()
                    .method(Method::from_bytes(method.as_bytes()).unwrap())
                    .uri(path.replace("{file}", "none").replace("{token}", "none"))
                    .body(Body::empty())
                    .unwrap();
                let page = browser.send(request).await;
                judged(&page)?;
                if page.status.is_server_error() {
                    return Err(format!("{} is answered {}", page.asked, page.status));
                }
                seen += 1;
            }
        }
    }
    Ok(seen)
}

#[tokio::test]
async fn every_answer_lets_a_browser_do_nothing_but_show_it() {
    let world = World::open().await;
    let seen = every_answer(&world).await;
    assert_eq!(
        seen,
        Ok((PATHS.len() + 6) * 18),
        "each path, each method, out and in"
    );
}

#[tokio::test]
async fn an_answer_that_lacks_a_header_is_found() {
    let world = World::open().await;
    let page = world.browser().get("/auth/sign-in").await;
    for name in [
        "cache-control",
        "content-security-policy",
        "x-content-type-options",
        "permissions-policy",
        "referrer-policy",
    ] {
        let mut lacking = page.clone();
        lacking.headers.remove(name);
        assert!(judged(&lacking).is_err(), "the measure misses {name}");
    }
    let mut lax = page;
    let policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'";
    lax.headers
        .insert("content-security-policy", policy.parse().unwrap());
    assert!(judged(&lax).is_err(), "and sees what is allowed too much");
}

#[tokio::test]
async fn the_policy_names_where_a_form_may_lead() {
    let world = World::open().await;
    let page = world.browser().get("/auth/sign-in").await;
    assert_eq!(
        page.header("content-security-policy"),
        Some(
            format!(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                 frame-ancestors 'none'; form-action 'self' {OFFICE}"
            )
            .as_str()
        ),
        "us, and what the settings name"
    );
}

#[tokio::test]
async fn a_method_that_is_not_meant_is_told_which_are() {
    let world = World::open().await;
    let request = Request::put("/auth/sign-in").body(Body::empty()).unwrap();
    let page = world.browser().send(request).await;
    assert_eq!(
        (page.status, page.header("allow")),
        (StatusCode::METHOD_NOT_ALLOWED, Some("GET,HEAD,POST")),
        "as HTTP has it"
    );
    insta::assert_snapshot!(page.text(), @"
    That cannot be done here
    Your browser asked in a way that this page does not know. Nothing was done.
    To the start
    ");
    let page = world.browser().get("/auth/sing-in").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "mistyped");
    insta::assert_snapshot!(page.text(), @"
    There is no such page
    The address may be mistyped, or the page has moved.
    To the start
    ");
}

#[tokio::test]
async fn what_breaks_is_told_without_what_it_was() {
    let busy = World::open().await.flawed(Flaw::Busy);
    let page = busy.browser().get("/auth/sign-in").await;
    assert_eq!(
        (page.status, page.header("retry-after")),
        (StatusCode::SERVICE_UNAVAILABLE, Some("1")),
        "a moment"
    );
    assert!(
        !page.body.contains("/srv/shop"),
        "nobody learns where the store is"
    );
    assert!(page.text().contains("quote KH-1053"), "{}", page.text());
}

#[tokio::test]
async fn a_page_that_breaks_off_is_a_page_still() {
    let world = World::open().await.flawed(Flaw::BreaksOff);
    let page = world.browser().get("/auth/sign-in").await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "it broke off");
    assert_eq!(judged(&page), Ok(()), "like every other");
    assert!(!page.body.contains("out of luck"), "what it said stays here");
    assert!(
        page.text().starts_with("Something is wrong on our side"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn programs_are_answered_as_before() {
    let world = World::open().await;
    let page = world.browser().get("/v1/nowhere").await;
    assert_eq!(
        page.header("content-type"),
        Some("application/problem+json"),
        "no page for programs"
    );
    let policy = page.header("content-security-policy").unwrap_or_default();
    assert!(
        !policy.contains("form-action"),
        "nor what belongs to pages: {policy}"
    );
}

#[tokio::test]
async fn cookies_are_sealed_and_held_to_this_host() {
    let world = World::open().await;
    let mut browser = world.browser();
    let first = browser.get("/auth/sign-in").await;
    let fields = [("email", OLGA), ("password", GOOD)];
    let second = browser.fill("/auth/sign-in", &fields).await;
    let cookies = [&first, &second].map(|page| page.headers.get_all(header::SET_COOKIE));
    let cookies: Vec<_> = cookies.into_iter().flatten().collect();
    assert_eq!(cookies.len(), 3, "form, device, session");
    let token = crate::world::token_of(&world, OLGA).await;
    for cookie in cookies {
        let line = cookie.to_str().unwrap();
        assert!(line.starts_with("__Host-keyholder-"), "{line}");
        for mark in ["; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/"] {
            assert!(line.contains(mark), "{line} has {mark}");
        }
        assert!(!line.contains("Domain"), "{line}");
        assert!(!line.contains(&*token.text()), "sealed");
    }
    let world = world.in_the_clear();
    let page = world.browser().get("/auth/sign-in").await;
    let line = page.header("set-cookie").unwrap();
    assert!(
        line.starts_with("keyholder-form=") && !line.contains("Secure"),
        "over http on this machine there is no TLS to hold it to: {line}"
    );
}

#[tokio::test]
async fn a_cookie_that_somebody_changed_is_none() {
    let world = World::open().await;
    let browser = world.olga().await;
    let (session, value) = browser
        .cookies
        .iter()
        .find(|(name, _)| name.ends_with("session"))
        .unwrap();
    let device = &browser.cookies["__Host-keyholder-device"];
    let token = crate::world::token_of(&world, OLGA).await;
    let mut turned = value.clone().into_bytes();
    turned[30] ^= 1;
    let forged = [
        String::from_utf8(turned).unwrap(),
        device.clone(),
        format!("now {}", *token.text()),
        value[4..].to_owned(),
        String::new(),
    ];
    for forged in forged {
        let mut liar = browser.clone();
        liar.cookies.insert(session.clone(), forged.clone());
        assert!(!liar.is_in().await, "{forged} opens nothing");
    }
}

#[tokio::test]
async fn a_browser_stays_signed_in_over_a_restart() {
    let world = World::open().await;
    let browser = world.olga().await;
    let cookies = browser.cookies.clone();
    let world = world.restarted();
    let mut browser = world.browser();
    browser.cookies = cookies;
    assert!(browser.is_in().await, "its cookies open as before");
}
