//! A form that somebody filled in: taken only from a page of ours, and read into words.
//!
//! Three things must hold (OWASP, Cross-Site Request Forgery Prevention Cheat Sheet): the browser says that
//! the request comes from this site (`Sec-Fetch-Site`, or `Origin` where it does not say so), and the form
//! has the word that only our page could put there, which is bound to this browser and to this session.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use data_encoding::BASE64URL_NOPAD;
use keyholder_core::error::Refusal;
use keyholder_core::password::Password;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::Pages;
use super::cookies::Cookies;
use super::keys::Keys;
use super::trouble::Trouble;

/// The longest wait for a form.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest form, in bytes: two passwords of 4,096 bytes, percent-encoded, and what goes with them.
const LARGEST: usize = 32 * 1024;
/// The field of the word that binds a form.
pub(super) const WORD: &str = "form";
/// What browsers call such a body.
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// The fields of a form.
#[derive(Default)]
pub(super) struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    /// A field as it was typed; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(field, _)| field == name);
        field.map_or("", |(_, value)| value.as_str())
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A password as it was typed.
    pub(super) fn password(&self, name: &str) -> Result<Password, Refusal> {
        Password::new(self.text(name).to_owned()).map_err(|_| Refusal::PasswordTooLong)
    }

    fn read(body: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(body);
        let fields = pairs.map(|(name, value)| (name.into_owned(), Zeroizing::new(value.into_owned())));
        Self(fields.collect())
    }
}

impl FromRequest<Pages> for Form {
    type Rejection = Trouble;

    async fn from_request(request: Request, pages: &Pages) -> Result<Self, Trouble> {
        let headers = request.headers();
        if !is_form(headers) {
            return Err(Trouble::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let from_here = came_from_here(headers, &pages.hosts(&request));
        let cookies = pages.cookies(headers);
        let taking = axum::body::to_bytes(request.into_body(), LARGEST);
        let too_slow = |_| Trouble::Status(StatusCode::REQUEST_TIMEOUT);
        let body: Bytes = tokio::time::timeout(PATIENCE, taking)
            .await
            .map_err(too_slow)?
            .map_err(|_| Trouble::Status(StatusCode::PAYLOAD_TOO_LARGE))?;
        let form = Self::read(&body);
        if from_here && has_word(&form, &cookies, pages.keys()) {
            Ok(form)
        } else {
            Err(Trouble::Stale)
        }
    }
}

/// The word that a form of this browser and session needs; none where the browser has kept nothing.
pub(super) fn word(cookies: &Cookies, keys: &Keys) -> Option<String> {
    let word = match cookies.session() {
        Some(held) => keys.form([b"session", &held.nonce]),
        None => keys.form([b"browser", &cookies.nonce()?]),
    };
    Some(BASE64URL_NOPAD.encode(&word))
}

fn has_word(form: &Form, cookies: &Cookies, keys: &Keys) -> bool {
    let Some(word) = word(cookies, keys) else {
        return false;
    };
    word.as_bytes().ct_eq(form.text(WORD).as_bytes()).into()
}

/// Whether the browser says that a page of this host sent the request. One that says nothing of it is
/// older than 2020, and the word alone decides.
fn came_from_here(headers: &HeaderMap, hosts: &[String]) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let place = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    place.is_some_and(|place| hosts.iter().any(|host| place.eq_ignore_ascii_case(host)))
}

fn is_form(headers: &HeaderMap) -> bool {
    let written = headers.get(header::CONTENT_TYPE);
    let written = written.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = written.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(URLENCODED)
}
