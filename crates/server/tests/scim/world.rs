//! A shop that programs ask.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use keyholder_core::account::{Name, Role};
use keyholder_core::api_token::{ApiTokenId, NewApiToken, TokenDays, TokenScope};
use keyholder_core::clock::Rng;
use keyholder_core::store::Store;
use keyholder_core::testing::MemoryStore;
use keyholder_core::testing::directory_contract::{GOOD, Ground, Scene, name, password};
use keyholder_server::{Endpoint, ForPrograms, SetUpOffer, Tail, for_programs, router};
use rand::SeedableRng as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// What names the kind of a PATCH.
pub(crate) const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Olga's shop, asked by programs.
pub(crate) struct World {
    pub(crate) scene: Scene,
    pub(crate) router: Router,
    pub(crate) tail: Tail,
}

/// What was answered.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Told {
    #[track_caller]
    pub(crate) fn with(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self
    }

    pub(crate) fn id(&self) -> String {
        self.body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The userNames of a list.
    pub(crate) fn names(&self) -> Vec<&str> {
        let all = self.body["Resources"].as_array().unwrap();
        all.iter().map(|one| one["userName"].as_str().unwrap()).collect()
    }
}

impl World {
    pub(crate) async fn open() -> Self {
        Self::over(Arc::new(MemoryStore::new())).await
    }

    pub(crate) async fn over(store: Arc<dyn Store>) -> Self {
        let scene = Scene::open(Ground::of(store)).await;
        let rules = Arc::new(scene.rules.clone());
        let clock = Arc::new(scene.clock.clone());
        let endpoint = Endpoint::new(
            rules.clone(),
            clock,
            &[],
            SetUpOffer::Closed,
            Rng::seed_from_u64(11),
        );
        let tail = Tail::of(Arc::clone(&scene.store));
        let with = ForPrograms {
            rules,
            store: Arc::clone(&scene.store),
            tail: tail.clone(),
            public_url: "https://shop.example".to_owned(),
        };
        let router = for_programs(router(endpoint.clone()), &endpoint, with);
        Self { scene, router, tail }
    }

    /// A token that Olga makes.
    pub(crate) async fn token(
        &self,
        scopes: &[TokenScope],
        provisioner: Option<&str>,
    ) -> (ApiTokenId, String) {
        let new = NewApiToken {
            name: name("till"),
            scopes: scopes.to_vec(),
            provisioner: provisioner.map(|text| Name::parse(text).unwrap()),
            days: TokenDays::default(),
        };
        let olga = self.scene.olga().await;
        let issued = olga.create_api_token(new, &password(GOOD)).await.unwrap();
        (issued.row.id, issued.token.text().to_string())
    }

    /// A provisioner's token.
    pub(crate) async fn provisioner(&self) -> String {
        self.token(&[], Some("hr")).await.1
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> axum::response::Response {
        let peer = SocketAddr::new("192.0.2.7".parse().unwrap(), 50_000);
        request.extensions_mut().insert(ConnectInfo(peer));
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Asks with a token, and with further headers.
    pub(crate) async fn ask(
        &self,
        token: &str,
        (method, uri): (&str, &str),
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Told {
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self.send(request.body(body).unwrap()).await;
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.unwrap();
        Told {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    pub(crate) async fn get(&self, token: &str, uri: &str) -> Told {
        self.ask(token, ("GET", uri), &[], None).await
    }

    pub(crate) async fn post(&self, token: &str, uri: &str, body: &Value) -> Told {
        self.ask(token, ("POST", uri), &[], Some(body)).await
    }

    /// One operation of PATCH.
    pub(crate) async fn patch(&self, token: &str, uri: &str, operation: &Value) -> Told {
        let body = json!({ "schemas": [PATCH_OP], "Operations": [operation] });
        self.ask(token, ("PATCH", uri), &[], Some(&body)).await
    }

    /// A list of users that a filter finds.
    pub(crate) async fn found(&self, token: &str, filter: &str) -> Told {
        let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        self.get(token, &format!("/scim/v2/Users?filter={filter}")).await
    }

    /// A user that a provisioner makes.
    pub(crate) async fn user(&self, token: &str, more: &Value) -> Told {
        let mut body = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"] });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.post(token, "/scim/v2/Users", &body).await.with(201)
    }

    /// Somebody who has enrolled, and the token of their session.
    pub(crate) async fn signed_in(&self, who: &str, role: Role) -> String {
        self.scene.enrolled(who, role).await;
        let signed_in = self.scene.sign_in(who, GOOD).await.unwrap();
        signed_in.token.text().to_string()
    }
}
