//! What every page has in common: headers that let a browser do nothing but show it, and, where something
//! kept it from being shown, a page that says so.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use keyholder_core::wire::REQUEST_ID;

use super::Pages;
use super::links::Unreferred;
use super::trouble::Trouble;
use super::views::Message;
use crate::answer::Failure;
use crate::limits::told_of;

/// What programs ask is below this: it has a border of its own.
const PROGRAMS: &str = "/v1";

/// Completes what is answered to people.
pub(super) async fn border(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == PROGRAMS || path.starts_with("/v1/") {
        return next.run(request).await;
    }
    let id = pages.endpoint().request_id();
    let mut response = next.run(request).await;
    if let Some(trouble) = trouble(&mut response) {
        log(&trouble, &id);
        tell(&trouble, &id, &pages, &mut response).await;
    }
    complete(response.headers_mut(), &pages, &id);
    if response.extensions().get::<Unreferred>().is_some() {
        put(response.headers_mut(), REFERRER_POLICY, "no-referrer");
    }
    response
}

/// What kept a page from being shown, if something did.
fn trouble(response: &mut Response) -> Option<Trouble> {
    if let Some(trouble) = response.extensions_mut().remove::<Trouble>() {
        return Some(trouble);
    }
    let failure = response.extensions_mut().remove::<Failure>();
    let status = response.status();
    if let Some(cause) = failure.and_then(|failure| failure.cause) {
        tracing::error!("{cause}");
    }
    let wrong = status.is_client_error() || status.is_server_error();
    (wrong && !is_page(response.headers())).then_some(Trouble::Status(status))
}

fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn log(trouble: &Trouble, id: &str) {
    match trouble {
        Trouble::Error(error) if trouble.status().is_server_error() => {
            tracing::error!(request = id, "{error}");
        }
        _ => tracing::debug!(request = id, status = trouble.status().as_u16(), "no page"),
    }
}

/// Makes a page of it. Where the shop's name cannot be had, it is Keyholder that speaks.
async fn tell(trouble: &Trouble, id: &str, pages: &Pages, response: &mut Response) {
    let shop = if trouble.status().is_server_error() {
        // What is broken is not asked again.
        None
    } else {
        pages.endpoint().way_in.front().await.ok().flatten()
    };
    let shop = shop.as_ref().map_or("Keyholder", |front| front.name.as_str());
    let now = pages.endpoint().clock.now();
    let (page, wait) = Message::of(trouble, id, now, pages, shop);
    let headers = response.headers_mut();
    if let Trouble::Error(error) = trouble {
        told_of(headers, error, pages.endpoint());
    }
    headers.remove(CONTENT_LENGTH);
    put(headers, CONTENT_TYPE, "text/html; charset=utf-8");
    if let Some(seconds) = wait {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    let html = askama::Template::render(&page).unwrap_or_else(|_| page.title().to_owned());
    *response.body_mut() = Body::from(html);
    *response.status_mut() = trouble.status();
    if response.status() == StatusCode::UNAUTHORIZED {
        // There is nothing that a browser could put into a header.
        *response.status_mut() = StatusCode::FORBIDDEN;
    }
}

fn complete(headers: &mut HeaderMap, pages: &Pages, id: &str) {
    if !headers.contains_key(CACHE_CONTROL) {
        put(headers, CACHE_CONTROL, "no-store");
    }
    // A page that takes the place of an answer to a program has the policy of pages.
    if is_page(headers) || !headers.contains_key(CONTENT_SECURITY_POLICY) {
        put(headers, CONTENT_SECURITY_POLICY, &policy(pages));
    }
    put(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    // With "no-referrer" a browser would not say where a form comes from either.
    put(headers, REFERRER_POLICY, "same-origin");
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", PERMISSIONS),
        (REQUEST_ID, id),
    ] {
        put(headers, HeaderName::from_static(name), value);
    }
}

/// What a page may use of a browser: nothing of its senses.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), \
                           gyroscope=(), microphone=(), midi=(), payment=(), usb=()";

/// Style, pictures and the one script of ours, forms to us, no frames. A form may lead on to where the settings
/// let somebody go who has signed in: browsers hold redirects to it too.
fn policy(pages: &Pages) -> String {
    let scripts = if pages.place().is_ok() {
        "script-src 'self'; "
    } else {
        ""
    };
    let mut policy = format!(
        "default-src 'none'; {scripts}style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
         form-action 'self'",
    );
    for origin in pages.named() {
        policy.push(' ');
        policy.push_str(&origin.ascii_serialization());
    }
    policy
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
