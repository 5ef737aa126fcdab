//! What a browser keeps for us: who is signed in, which installation it is, and what its forms are bound
//! to. All of it is sealed: a browser can neither read nor write it.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, CookieBuilder, CookieJar, SameSite};
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use keyholder_core::link::Purpose;
use keyholder_core::lockout::DeviceId;
use keyholder_core::session::SessionToken;
use uuid::Uuid;

use super::keys::Keys;

/// How long a browser is known: OWASP's device cookies last until they are removed, browsers keep none
/// longer than 400 days (RFC 6265bis, 5.5).
const DEVICE_DAYS: i64 = 400;
/// "Keep me signed in".
const KEPT_DAYS: i64 = 7;
/// How a session is marked that is kept so.
const KEPT: &str = "kept";
/// Bytes that a form is bound to.
pub(crate) const NONCE_BYTES: usize = 32;

/// The cookies of a request, and what of them is to change.
pub(crate) struct Cookies {
    jar: CookieJar,
    keys: Arc<Keys>,
    secure: bool,
}

/// A session as a browser holds it.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) token: SessionToken,
    /// Whether it outlives the closing of the browser.
    pub(crate) kept: bool,
    /// When it was given this token.
    pub(crate) since: Timestamp,
    /// What its forms are bound to: the same under every token.
    pub(crate) nonce: [u8; NONCE_BYTES],
}

impl Held {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (kept, since, nonce, token) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            token: SessionToken::parse(token)?,
            kept: kept == KEPT,
            since: Timestamp::from_second(since.parse().ok()?).ok()?,
            nonce: read_nonce(nonce)?,
        })
    }

    fn written(&self) -> String {
        let word = if self.kept { KEPT } else { "open" };
        let (since, nonce) = (self.since.as_second(), BASE64URL_NOPAD.encode(&self.nonce));
        format!("{word} {since} {nonce} {}", *self.token.text())
    }
}

fn read_nonce(text: &str) -> Option<[u8; NONCE_BYTES]> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// What a cookie is for.
#[derive(Clone, Copy)]
enum For {
    Session,
    Device,
    Form,
    Link,
}

impl Cookies {
    /// What came with a request.
    pub(super) fn of(headers: &HeaderMap, keys: &Arc<Keys>, secure: bool) -> Self {
        let mut jar = CookieJar::new();
        for line in headers.get_all(header::COOKIE) {
            let line = line.to_str().unwrap_or_default();
            for cookie in Cookie::split_parse(line.to_owned()).flatten() {
                jar.add_original(cookie);
            }
        }
        Self {
            jar,
            keys: Arc::clone(keys),
            secure,
        }
    }

    /// The session that the browser holds; whether it is open is not looked at.
    pub(crate) fn session(&self) -> Option<Held> {
        Held::read(&self.opened(For::Session)?)
    }

    /// Gives the browser a session.
    pub(crate) fn hold(&mut self, held: &Held) {
        let age = held.kept.then(|| Duration::days(KEPT_DAYS));
        self.seal(For::Session, held.written(), age);
    }

    /// Takes the session away.
    pub(crate) fn forget_session(&mut self) {
        if self.jar.get(self.name(For::Session)).is_some() {
            let cookie = self.built(For::Session, String::new());
            self.jar.remove(cookie);
        }
    }

    /// Which installation the browser is.
    pub(crate) fn device(&self) -> Option<DeviceId> {
        let id: Uuid = self.opened(For::Device)?.parse().ok()?;
        Some(DeviceId::from(id))
    }

    /// Lets the browser know which installation it is.
    pub(crate) fn know(&mut self, device: DeviceId) {
        let age = Some(Duration::days(DEVICE_DAYS));
        self.seal(For::Device, device.uuid().to_string(), age);
    }

    /// What forms of this browser are bound to as long as nobody is signed in.
    pub(crate) fn nonce(&self) -> Option<[u8; NONCE_BYTES]> {
        read_nonce(&self.opened(For::Form)?)
    }

    /// Binds those forms to that.
    pub(crate) fn bind(&mut self, nonce: &[u8; NONCE_BYTES]) {
        self.seal(For::Form, BASE64URL_NOPAD.encode(nonce), None);
    }

    /// Lets the browser keep the token of a link that was followed, until its page was used.
    pub(super) fn carry(&mut self, purpose: Purpose, token: &str) {
        self.seal(For::Link, format!("{} {token}", purpose.path()), None);
    }

    /// The token of the link of that purpose that was followed last.
    pub(super) fn carried(&self, purpose: Purpose) -> Option<String> {
        let text = self.opened(For::Link)?;
        let (path, token) = text.split_once(' ')?;
        (path == purpose.path()).then(|| token.to_owned())
    }

    /// Takes it away.
    pub(super) fn let_go(&mut self) {
        if self.jar.get(self.name(For::Link)).is_some() {
            let cookie = self.built(For::Link, String::new());
            self.jar.remove(cookie);
        }
    }

    /// Tells the browser what changed.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        for cookie in self.jar.delta() {
            // Sealed text is base64.
            if let Ok(line) = HeaderValue::from_str(&cookie.to_string()) {
                headers.append(header::SET_COOKIE, line);
            }
        }
    }

    fn opened(&self, what: For) -> Option<String> {
        let cookie = self.jar.private(&self.keys.cookies).get(self.name(what))?;
        Some(cookie.value().to_owned())
    }

    fn seal(&mut self, what: For, value: String, age: Option<Duration>) {
        let mut cookie = self.built(what, value);
        cookie.set_max_age(age);
        self.jar.private_mut(&self.keys.cookies).add(cookie);
    }

    /// `__Host-` holds a browser to this host, this path and TLS (RFC 6265bis, 4.1.3.2). Over http on
    /// this machine there is no TLS to hold it to, so that the name is plain.
    fn name(&self, what: For) -> &'static str {
        match (self.secure, what) {
            (true, For::Session) => "__Host-keyholder-session",
            (true, For::Device) => "__Host-keyholder-device",
            (true, For::Form) => "__Host-keyholder-form",
            (true, For::Link) => "__Host-keyholder-link",
            (false, For::Session) => "keyholder-session",
            (false, For::Device) => "keyholder-device",
            (false, For::Form) => "keyholder-form",
            (false, For::Link) => "keyholder-link",
        }
    }

    fn built(&self, what: For, value: String) -> Cookie<'static> {
        let cookie: CookieBuilder<'_> = Cookie::build((self.name(what), value));
        cookie
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .build()
    }
}
