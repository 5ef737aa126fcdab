//! What a proxy asks before it lets somebody through to a shop's back office: who is that, and may they?
//!
//! Whoever is signed in on the [pages](crate::pages) may, and so may a program with the token of a session.
//! The proxy is told who it is in headers, with which it overwrites what the browser may have sent. Anybody
//! else is sent to sign in, if they look at a page, and refused otherwise.

mod remembered;

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::SignedDuration;
use keyholder_core::account::Account;
use keyholder_core::directory::Holder;
use keyholder_core::error::{Error, Refusal, Result};
use keyholder_core::session::SessionToken;
use keyholder_core::wire::{BEARER, Problem};

pub use self::remembered::Remembered;
use crate::pages::Pages;
use crate::pages::paths;
use crate::pages::return_to::ReturnTo;
use crate::proxy::Chain;

/// Where it is asked.
pub(crate) const PATH: &str = "/v1/forward-auth";
/// How exactly it is noted that somebody is there: a write for every picture would be waste.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// 200 and who it is, or where they sign in.
pub(crate) async fn ask(
    State(pages): State<Pages>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let mut response = match holder(&pages, &headers).await {
        Ok(account) => let_through(&account),
        Err(Error::Refused(refusal)) => {
            let named = !Chain::of(peer.ip(), &headers, &pages.endpoint().proxies)
                .proxies
                .is_empty();
            refused(&refusal, named.then_some(&headers))
        }
        Err(error) => broken(&error, &pages),
    };
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}

/// Whose session the browser holds, or the program.
async fn holder(pages: &Pages, headers: &HeaderMap) -> Result<Account> {
    let held = pages.cookies(headers).session().map(|held| held.token);
    let token = held.or_else(|| bearer(headers)).ok_or(Refusal::SessionEnded)?;
    let Holder { account, seen_at, .. } = pages.sessions().holder(&token).await?;
    let now = pages.endpoint().clock.now();
    if seen_at.duration_until(now).abs() >= SEEN_EVERY {
        pages.endpoint().way_in.directory(&token).touch().await?;
    }
    Ok(account)
}

/// The token of a program (RFC 6750, 2.1).
fn bearer(headers: &HeaderMap) -> Option<SessionToken> {
    let mut written = headers.get_all(AUTHORIZATION).iter();
    let (Some(only), None) = (written.next(), written.next()) else {
        return None;
    };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    let token = scheme.eq_ignore_ascii_case(BEARER).then_some(token)?;
    SessionToken::parse(token.trim())
}

fn let_through(account: &Account) -> Response {
    let mut response = StatusCode::OK.into_response();
    for (name, value) in [
        ("remote-user", account.id.to_string()),
        ("remote-email", encoded(account.email.as_str())),
        ("remote-name", encoded(account.name.as_str())),
        ("remote-role", account.role.as_str().to_owned()),
    ] {
        // What is encoded is visible ASCII.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// A text as a header can hold it: all but visible ASCII and spaces, and the sign itself, in UTF-8
/// percent-encoded (RFC 3986, 2.1).
fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if matches!(byte, b' '..=b'~') && byte != b'%' {
            encoded.push(char::from(byte));
        } else {
            // A text takes whatever is written.
            let _written = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// What a proxy said was asked of it.
enum Asked<'a> {
    /// The proxy shows our answer to whoever asked (Caddy, Traefik).
    Shown(&'a str),
    /// The proxy takes from our answer where to go (nginx).
    Taken(&'a str),
}

impl<'a> Asked<'a> {
    /// Only of somebody who looks at a page: a program can do nothing with a form.
    fn of(headers: &'a HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let method = text("x-forwarded-method").or(text("x-original-method"));
        let looks = method.is_none_or(|method| matches!(method, "GET" | "HEAD"));
        let page = headers.get_all(ACCEPT).iter().any(|kinds| {
            let kinds = kinds.to_str().unwrap_or_default();
            kinds.contains("text/html")
        });
        if !looks || !page {
            return None;
        }
        let shown = text("x-forwarded-uri").map(Self::Shown);
        shown.or_else(|| text("x-original-uri").map(Self::Taken))
    }
}

/// To the sign-in, or nowhere. `said` are the headers of a proxy that the settings name.
fn refused(refusal: &Refusal, said: Option<&HeaderMap>) -> Response {
    let page = match refusal {
        Refusal::SecondFactorNeeded => paths::CODE,
        Refusal::SetUpNeeded => paths::ACCOUNT,
        _ => paths::SIGN_IN,
    };
    let asked = said.and_then(Asked::of);
    let (status, place) = match asked {
        Some(Asked::Shown(place)) => (StatusCode::FOUND, Some(place)),
        Some(Asked::Taken(place)) => (StatusCode::UNAUTHORIZED, Some(place)),
        None => (StatusCode::UNAUTHORIZED, None),
    };
    let mut response = status.into_response();
    if status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static(BEARER);
        response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    }
    if let Some(place) = place {
        // Where the browser is already: only its path is taken, so that it comes back to the same host.
        let back = ReturnTo::parse(place, &[]).map(|place| place.query());
        let place = format!("{page}{}", back.unwrap_or_default());
        if let Ok(place) = HeaderValue::from_str(&place) {
            response.headers_mut().insert(LOCATION, place);
        }
    }
    response
}

/// Nobody is let through because something is broken.
fn broken(error: &Error, pages: &Pages) -> Response {
    tracing::error!("{error}");
    let problem = Problem::of(error);
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = status.into_response();
    if let Some(seconds) = problem.retry_after(pages.endpoint().clock.now()) {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_every_script_go_into_headers() {
        assert_eq!(
            encoded("Olga Rose"),
            "Olga Rose",
            "as they are, where they can be"
        );
        assert_eq!(
            encoded("Jürgen 100%\r\nRemote-Role: owner"),
            "J%C3%BCrgen 100%25%0D%0ARemote-Role: owner",
            "and nothing begins another header"
        );
    }

    proptest! {
        #[test]
        fn every_name_is_a_header_and_comes_back(name: String) {
            let written = encoded(&name);
            prop_assert!(HeaderValue::from_str(&written).is_ok());
            prop_assert!(written.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            let mut bytes = Vec::new();
            let mut rest = written.as_bytes();
            while let Some((byte, after)) = rest.split_first() {
                if *byte == b'%' {
                    let digits = std::str::from_utf8(&after[..2]).unwrap();
                    bytes.push(u8::from_str_radix(digits, 16).unwrap());
                    rest = &after[2..];
                } else {
                    bytes.push(*byte);
                    rest = after;
                }
            }
            prop_assert_eq!(bytes, name.into_bytes());
        }
    }
}
