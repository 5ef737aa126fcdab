//! A shop with pages, and browsers that look at them.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use ipnet::IpNet;
use keyholder_core::account::{Account, Role};
use keyholder_core::clock::Rng;
use keyholder_core::directory::{ByMail, DeviceSessions};
use keyholder_core::password::Pepper;
use keyholder_core::second_factor::TotpSecret;
use keyholder_core::session::SessionToken;
use keyholder_core::testing::MemoryStore;
use keyholder_core::testing::directory_contract::{GOOD, Ground, OLGA, Scene};
use keyholder_server::pages::{Look, PageRules, Pages, site};
use keyholder_server::settings::PublicUrl;
use keyholder_server::{Endpoint, SetUpOffer};
use rand::SeedableRng as _;
use tower::ServiceExt as _;

use crate::doubles::{Flaw, Flawed};

/// Where browsers come from.
pub(crate) const PEER: &str = "192.0.2.7";
/// What browsers say of themselves.
pub(crate) const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// How people reach the shop.
pub(crate) const PUBLIC: &str = "https://keys.rose.example";
/// Where else they may be sent.
pub(crate) const OFFICE: &str = "https://office.rose.example";

/// Olga's shop, with its pages.
pub(crate) struct World {
    pub(crate) scene: Scene,
    pub(crate) site: Router,
}

impl World {
    pub(crate) async fn open() -> Self {
        let scene = Scene::open(Ground::of(Arc::new(MemoryStore::new()))).await;
        let site = site_of(Arc::new(scene.rules.clone()), &scene, PUBLIC);
        Self { scene, site }
    }

    /// The same shop, reached over http on this machine.
    pub(crate) fn in_the_clear(self) -> Self {
        self.at("http://localhost:8700")
    }

    /// The same shop, reached there.
    pub(crate) fn at(self, public: &str) -> Self {
        let site = site_of(Arc::new(self.scene.rules.clone()), &self.scene, public);
        Self { site, ..self }
    }

    /// The same shop, whose settings name the browsers' address as a proxy.
    pub(crate) fn behind_a_proxy(self) -> Self {
        let way_in = Arc::new(self.scene.rules.clone());
        let proxy = [PEER.parse::<IpAddr>().unwrap().into()];
        let site = site_behind(way_in, &self.scene, PUBLIC, &proxy);
        Self { site, ..self }
    }

    /// The same shop with something wrong.
    pub(crate) fn flawed(self, flaw: Flaw) -> Self {
        let way_in = Flawed {
            rules: self.scene.rules.clone(),
            flaw,
        };
        let site = site_of(Arc::new(way_in), &self.scene, PUBLIC);
        Self { site, ..self }
    }

    /// The same shop after a restart.
    pub(crate) fn restarted(self) -> Self {
        let site = site_of(Arc::new(self.scene.restarted_rules()), &self.scene, PUBLIC);
        Self { site, ..self }
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser {
            site: self.site.clone(),
            world: self,
            cookies: BTreeMap::new(),
            word: String::new(),
        }
    }

    /// Olga's browser, signed in.
    pub(crate) async fn olga(&self) -> Browser<'_> {
        self.signed_in(OLGA).await
    }

    /// The browser of somebody who has [`GOOD`] and no second factor.
    pub(crate) async fn signed_in(&self, who: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let page = browser.sign_in(who, GOOD).await;
        assert_eq!(page.place(), "/auth/account", "{who} is in: {}", page.text());
        browser
    }

    /// Somebody who has enrolled with [`GOOD`].
    pub(crate) async fn enrolled(&self, who: &str, role: Role) -> Account {
        self.scene.enrolled(who, role).await
    }

    /// Somebody with a phone: its secret, and the recovery codes.
    pub(crate) async fn with_phone(&self, who: &str, role: Role) -> (TotpSecret, Vec<String>) {
        self.enrolled(who, role).await;
        let token = self.scene.sign_in(who, GOOD).await.unwrap().token;
        self.scene.bind(&token).await
    }
}

fn site_of(way_in: Arc<dyn DeviceSessions>, scene: &Scene, public: &str) -> Router {
    site_behind(way_in, scene, public, &[])
}

pub(crate) fn site_behind(
    way_in: Arc<dyn DeviceSessions>,
    scene: &Scene,
    public: &str,
    proxies: &[IpNet],
) -> Router {
    made(way_in, Arc::new(scene.rules.clone()), scene, public, proxies)
}

/// The pages with another answer to whoever asks for letters.
pub(crate) fn site_by_mail(scene: &Scene, by_mail: Arc<dyn ByMail>) -> Router {
    made(Arc::new(scene.rules.clone()), by_mail, scene, PUBLIC, &[])
}

fn made(
    way_in: Arc<dyn DeviceSessions>,
    by_mail: Arc<dyn ByMail>,
    scene: &Scene,
    public: &str,
    proxies: &[IpNet],
) -> Router {
    let clock = Arc::new(scene.clock.clone());
    let rng = Rng::seed_from_u64(11);
    let endpoint = Endpoint::new(way_in, clock, proxies, SetUpOffer::Closed, rng);
    let public = PublicUrl::parse(public).unwrap();
    let office = [PublicUrl::parse(OFFICE).unwrap()];
    let pepper = Pepper::new([7; 32]);
    let look = Look::new(None, None);
    site(&Pages::new(
        endpoint,
        PageRules {
            sessions: Arc::new(scene.rules.clone()),
            by_mail,
            passkeys: Arc::new(scene.rules.clone()),
        },
        &pepper,
        look,
        public,
        &office,
        Rng::seed_from_u64(12),
    ))
}

/// A browser: it keeps cookies, and fills in the forms that it is shown.
#[derive(Clone)]
pub(crate) struct Browser<'w> {
    site: Router,
    pub(crate) world: &'w World,
    pub(crate) cookies: BTreeMap<String, String>,
    /// The word of the form that was seen last.
    pub(crate) word: String,
}

impl Browser<'_> {
    /// Looks at a page.
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = Request::get(path).header(header::ACCEPT, "text/html");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Fills in a form of the page that was seen last.
    pub(crate) async fn fill(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.filled(path, fields);
        self.send(request).await
    }

    pub(crate) fn filled(&self, path: &str, fields: &[(&str, &str)]) -> Request<Body> {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("form", &self.word);
        body.extend_pairs(fields);
        Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, PUBLIC)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.finish()))
            .unwrap()
    }

    /// Sends any request, with the cookies.
    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Page {
        let host = PUBLIC.strip_prefix("https://").unwrap().parse().unwrap();
        request.headers_mut().entry(header::HOST).or_insert(host);
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            let line = cookies.join("; ").parse().unwrap();
            request.headers_mut().insert(header::COOKIE, line);
        }
        request
            .headers_mut()
            .entry(header::USER_AGENT)
            .or_insert(FIREFOX.parse().unwrap());
        let peer = SocketAddr::new(PEER.parse().unwrap(), 50_000);
        request.extensions_mut().insert(ConnectInfo(peer));
        let asked = format!("{} {}", request.method(), request.uri());
        let head = request.method() == Method::HEAD;
        let response = self.site.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let page = Page {
            asked,
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap(),
        };
        assert!(!head || page.body.is_empty(), "HEAD has no body");
        self.keep(&page);
        page
    }

    fn keep(&mut self, page: &Page) {
        for line in page.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (cookie, marks) = line.split_once(';').unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            if marks.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some(word) = page.field("form") {
            self.word = word;
        }
    }

    /// Goes to the sign-in, and gives e-mail address and password.
    pub(crate) async fn sign_in(&mut self, who: &str, secret: &str) -> Page {
        self.get("/auth/sign-in").await;
        let fields = [("email", who), ("password", secret)];
        self.fill("/auth/sign-in", &fields).await
    }

    /// The code that the phone shows now.
    pub(crate) fn code(&self, secret: &TotpSecret) -> String {
        self.world.scene.code(secret)
    }

    /// Whether the browser holds a session that opens something.
    pub(crate) async fn is_in(&self) -> bool {
        self.clone().get("/auth/account").await.status == StatusCode::OK
    }
}

/// What a browser is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) asked: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Where it leads on to.
    pub(crate) fn place(&self) -> &str {
        self.header("location").unwrap_or("(nowhere)")
    }

    /// What a field of a form holds.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    }

    /// What a person reads: the words between the tags, a line each.
    pub(crate) fn text(&self) -> String {
        let (_, main) = self.body.split_once("<main").unwrap_or(("", &self.body));
        let mut lines = Vec::new();
        for piece in main.split('<').skip(1) {
            let (_, words) = piece.split_once('>').unwrap_or_default();
            let words = words.trim();
            if !words.is_empty() {
                lines.push(words.replace("&#39;", "'").replace("&#38;", "&"));
            }
        }
        lines.join("\n")
    }

    /// But for the number of the request, and the address that was typed.
    pub(crate) fn but_for(mut self, typed: &str) -> Self {
        self.headers.remove("x-request-id");
        assert_eq!(
            self.header("content-length"),
            Some(self.body.len().to_string().as_str()),
            "the length is that of the page"
        );
        self.body = self.body.replace(typed, "[typed]");
        let length = self.body.len().into();
        self.headers.insert(header::CONTENT_LENGTH, length);
        self
    }
}

/// A session's token, as the rules know it.
pub(crate) async fn token_of(world: &World, who: &str) -> SessionToken {
    world.scene.sign_in(who, GOOD).await.unwrap().token
}
