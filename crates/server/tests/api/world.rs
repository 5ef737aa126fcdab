//! A shop behind the router, and what it answers.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::any;
use ipnet::IpNet;
use keyholder_core::account::{Account, Role};
use keyholder_core::audit::{Program, Source};
use keyholder_core::clock::{Clock as _, Rng};
use keyholder_core::directory::DeviceSessions;
use keyholder_core::password::Password;
use keyholder_core::session::SessionToken;
use keyholder_core::testing::MemoryStore;
use keyholder_core::testing::directory_contract::{GOOD, Ground, OLGA, Scene, here, password};
use keyholder_core::wire::{
    DeviceSecret, Operation, PROOF_HEADER, Problem, Proof, SignIn, SignInBody, Signed, SignedInBody,
    TIME_HEADER, entity_tag, to_body,
};
use keyholder_server::testing::Word;
use keyholder_server::{Endpoint, SetUpOffer, router};
use rand::SeedableRng as _;
use tower::ServiceExt as _;

use crate::doubles::{Flaw, Flawed};
use crate::log;

/// What the service says of itself.
static WORD: LazyLock<Word> = LazyLock::new(Word::new);

/// Where whoever asks comes from.
pub(crate) const PEER: &str = "192.0.2.7";

/// Olga's shop, asked over HTTP.
pub(crate) struct World {
    pub(crate) scene: Scene,
    /// The console's, with which everything is signed that is asked as it asks.
    pub(crate) device: DeviceSecret,
    router: Router,
    rng: Mutex<Rng>,
}

/// How somebody asks: with whose token, from which revision.
#[derive(Clone, Copy, Default)]
pub(crate) struct As<'a> {
    pub(crate) token: Option<&'a str>,
    pub(crate) revision: Option<u32>,
}

/// Somebody without a session.
pub(crate) const NOBODY: As<'_> = As {
    token: None,
    revision: None,
};

impl<'a> As<'a> {
    pub(crate) fn holder(token: &'a str) -> Self {
        Self {
            token: Some(token),
            revision: None,
        }
    }

    pub(crate) fn having_seen(self, revision: u32) -> Self {
        Self {
            revision: Some(revision),
            ..self
        }
    }
}

impl World {
    pub(crate) async fn open() -> Self {
        log::keep();
        let scene = Scene::open(Ground::of(Arc::new(MemoryStore::new()))).await;
        Self::around(scene, SetUpOffer::Closed)
    }

    /// Before anybody set up anything.
    pub(crate) fn before(offer: SetUpOffer) -> Self {
        log::keep();
        Self::around(Scene::before(Ground::of(Arc::new(MemoryStore::new()))), offer)
    }

    fn around(mut scene: Scene, offer: SetUpOffer) -> Self {
        let mut rng = Rng::seed_from_u64(26);
        let device = DeviceSecret::fresh(&mut rng);
        let router = router_of(Arc::new(scene.rules.clone()), &scene, &[], offer);
        // What is done beside the router is done by the same console.
        scene.auth = scene.rules.of_device(device.key());
        let rng = Mutex::new(rng);
        Self {
            scene,
            device,
            router,
            rng,
        }
    }

    /// Another node of the same shop.
    pub(crate) fn another_node(&self) -> Router {
        router_of(
            Arc::new(self.scene.rules.clone()),
            &self.scene,
            &[],
            SetUpOffer::Closed,
        )
    }

    /// The proof of a request, by that device, at this moment.
    pub(crate) fn proof(&self, signed: &Signed<'_>, device: &DeviceSecret) -> Proof {
        let mut rng = self.rng.lock().unwrap();
        Proof::of(signed, device, self.scene.clock.now(), &mut rng)
    }

    /// The same shop with something wrong at its door.
    pub(crate) fn flawed(self, flaw: Flaw) -> Self {
        let rules = Arc::new(self.scene.rules.clone());
        let way_in = Arc::new(Flawed { rules, flaw });
        let router = router_of(way_in, &self.scene, &[], SetUpOffer::Closed);
        Self { router, ..self }
    }

    /// The same shop, where somebody has put a route before the border.
    pub(crate) fn with_a_route_beside_the_border(self, path: &str) -> Self {
        let beside = Router::new().route(path, any(async || "7"));
        Self {
            router: beside.fallback_service(self.router),
            ..self
        }
    }

    /// The same shop where everybody is believed about whom they ask for.
    pub(crate) fn believing_everybody(self) -> Self {
        let everybody = ["0.0.0.0/0".parse().unwrap()];
        let way_in = Arc::new(self.scene.rules.clone());
        let router = router_of(way_in, &self.scene, &everybody, SetUpOffer::Closed);
        Self { router, ..self }
    }

    /// The same shop as a service has it: each address comes only so often. These are believed about whom
    /// they ask for.
    pub(crate) fn limited(self, proxies: &[IpNet]) -> Self {
        let rules = Arc::new(self.scene.rules.clone().limited_by_address());
        let endpoint = endpoint_of(rules.clone(), &self.scene, proxies, SetUpOffer::Closed);
        Self {
            router: router(endpoint.limited_by(rules)),
            ..self
        }
    }

    /// Asks an operation as the console does.
    pub(crate) async fn ask<O: Operation>(
        &self,
        who: As<'_>,
        place: &O::Place,
        query: &O::Query,
        body: &O::Body,
    ) -> Told {
        self.ask_from::<O>(&self.device, who, place, query, body).await
    }

    /// The same from that device.
    pub(crate) async fn ask_from<O: Operation>(
        &self,
        device: &DeviceSecret,
        who: As<'_>,
        place: &O::Place,
        query: &O::Query,
        body: &O::Body,
    ) -> Told {
        let request = self.request_from::<O>(device, who, place, query, body);
        self.send(request).await
    }

    /// The request by which an operation is asked.
    pub(crate) fn request<O: Operation>(
        &self,
        who: As<'_>,
        place: &O::Place,
        query: &O::Query,
        body: &O::Body,
    ) -> Request<Body> {
        self.request_from::<O>(&self.device, who, place, query, body)
    }

    fn request_from<O: Operation>(
        &self,
        device: &DeviceSecret,
        who: As<'_>,
        place: &O::Place,
        query: &O::Query,
        body: &O::Body,
    ) -> Request<Body> {
        let query = serde_urlencoded::to_string(query).unwrap();
        let path = O::path(place);
        let uri = if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        };
        let body = to_body(body).unwrap();
        let token = who.token.and_then(SessionToken::parse);
        let signed = Signed {
            method: O::DESCRIPTION.method.as_str(),
            target: &uri,
            body: body.as_deref().unwrap_or_default(),
            token: token.as_ref(),
        };
        let proof = self.proof(&signed, device).to_string();
        let mut request = Request::builder()
            .method(O::DESCRIPTION.method.as_str())
            .uri(&uri)
            .header(PROOF_HEADER, proof);
        if let Some(token) = who.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(revision) = who.revision {
            request = request.header(header::IF_MATCH, entity_tag(revision));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, Body::from);
        request.body(body).unwrap()
    }

    /// Sends any request, from [`PEER`].
    pub(crate) async fn send(&self, request: Request<Body>) -> Told {
        self.send_from(PEER, request).await
    }

    /// Sends any request, from that peer.
    pub(crate) async fn send_from(&self, peer: &str, request: Request<Body>) -> Told {
        Self::send_to(self.router.clone(), peer, request).await
    }

    /// The same, to that node.
    pub(crate) async fn send_to(node: Router, peer: &str, mut request: Request<Body>) -> Told {
        let peer = SocketAddr::new(peer.parse().unwrap(), 50_000);
        request.extensions_mut().insert(ConnectInfo(peer));
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let response = node.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let told = Told {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, 1 << 24).await.unwrap().to_vec(),
        };
        let word = WORD.answered(&method, &uri, told.status, &told.headers, &told.body);
        assert_eq!(word, Ok(()), "{method} {uri} is answered as the document says");
        told
    }

    pub(crate) async fn sign_in(&self, who: &str, secret: &str) -> Told {
        self.sign_in_with(who, &password(secret)).await
    }

    pub(crate) async fn sign_in_with(&self, who: &str, secret: &Password) -> Told {
        let body = SignInBody::new(who, secret, &here());
        self.ask::<SignIn>(NOBODY, &(), &(), &body).await
    }

    /// The token of somebody who signs in with [`GOOD`].
    pub(crate) async fn token(&self, who: &str) -> String {
        self.sign_in(who, GOOD).await.token()
    }

    /// The token of Olga's session in a program of the shop's, which signs nothing.
    pub(crate) async fn token_of_a_program(&self) -> String {
        let body = SignInBody::new(OLGA, &password(GOOD), &program());
        self.ask::<SignIn>(NOBODY, &(), &(), &body).await.token()
    }

    pub(crate) async fn olga(&self) -> String {
        self.token(OLGA).await
    }

    /// Somebody who has enrolled with [`GOOD`].
    pub(crate) async fn enrolled(&self, who: &str, role: Role) -> Account {
        self.scene.enrolled(who, role).await
    }
}

/// Where a program of the shop's comes from.
pub(crate) fn program() -> Source {
    Source {
        program: Program::Api,
        ..here()
    }
}

fn router_of(way_in: Arc<dyn DeviceSessions>, scene: &Scene, proxies: &[IpNet], offer: SetUpOffer) -> Router {
    router(endpoint_of(way_in, scene, proxies, offer))
}

fn endpoint_of(
    way_in: Arc<dyn DeviceSessions>,
    scene: &Scene,
    proxies: &[IpNet],
    offer: SetUpOffer,
) -> Endpoint {
    let clock = Arc::new(scene.clock.clone());
    let rng = Rng::seed_from_u64(11);
    Endpoint::new(way_in, clock, proxies, offer, rng)
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Told {
    /// The answer of an operation that must have been done.
    pub(crate) fn done<O: Operation>(&self) -> O::Answer {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(
            self.status.as_u16(),
            O::DESCRIPTION.status,
            "{} was not done: {text}",
            O::DESCRIPTION.name
        );
        keyholder_core::wire::from_body(&self.body).unwrap()
    }

    /// The token of a step of signing in that must have been done.
    pub(crate) fn token(&self) -> String {
        self.signed_in().token.expose().to_owned()
    }

    pub(crate) fn signed_in(&self) -> SignedInBody {
        assert!(
            self.status.is_success(),
            "not signed in: {}",
            String::from_utf8_lossy(&self.body)
        );
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The problem of something that must not have been done.
    pub(crate) fn problem(&self) -> Problem {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "a problem says that it is one: {} {}",
            self.status,
            String::from_utf8_lossy(&self.body)
        );
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// But for the number of the request, which is another each time, and the time.
    pub(crate) fn without_number(mut self) -> Self {
        self.headers.remove(TIME_HEADER);
        if let Some(number) = self.headers.remove("x-request-id") {
            let text = String::from_utf8(self.body).unwrap();
            self.body = text.replace(number.to_str().unwrap(), "[id]").into();
        }
        self
    }

    /// As a person reads it who asks by hand.
    pub(crate) fn shown(&self) -> String {
        let told = self.clone().without_number();
        let mut shown = format!("{}\n", told.status);
        for name in ["content-type", "retry-after", "www-authenticate", "allow"] {
            if let Some(value) = told.header(name) {
                shown.extend([name, ": ", value, "\n"]);
            }
        }
        let json: Option<serde_json::Value> = serde_json::from_slice(&told.body).ok();
        if let Some(mut json) = json {
            // Another crate of the same build may keep the order of fields.
            json.sort_all_objects();
            shown.push_str(&serde_json::to_string_pretty(&json).unwrap());
        }
        shown
    }
}
