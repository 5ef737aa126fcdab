//! A service on a loopback port, as browsers, proxies and collectors see it.

mod log;
mod stop;
mod tls;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use keyholder_core::password::{Argon2Params, Hasher};
use keyholder_core::store::Store;
use keyholder_core::testing::{FaultyStore, MemoryStore};
use reqwest::{Client, Response, StatusCode};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{Certificate, Listening, Service};
use crate::metrics::Metrics;
use crate::settings::{Defaults, Settings, Sources};

/// A service that runs.
struct Running {
    address: SocketAddr,
    metrics: Option<SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<io::Result<()>>,
}

/// Settings with these flags, and any free port.
fn settings(flags: &[(&'static str, &str)]) -> Settings {
    let mut given = BTreeMap::from([("listen", "127.0.0.1:0".to_owned())]);
    given.extend(flags.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let sources = Sources {
        flags: &given,
        environment: &|_| None,
        file: None,
        defaults: &Defaults {
            store: PathBuf::from("unused"),
            processors: 1,
        },
    };
    Settings::read(&sources).unwrap().0
}

/// What a shop could be asked.
fn router() -> Router {
    Router::new()
        .route("/v1/things/{id}", get(|| async { "a thing" }))
        .route(
            "/v1/broken",
            get(|| async { StatusCode::INTERNAL_SERVER_ERROR.as_u16().to_string() }),
        )
}

fn serving(settings: Settings, router: Router, store: Arc<dyn Store>) -> Running {
    let certificate = settings
        .tls
        .as_ref()
        .map(|files| Certificate::read(files).unwrap());
    let listening = Listening::at(&settings).unwrap();
    let address = listening.address().unwrap();
    let metrics = listening.metrics_address().transpose().unwrap();
    let service = Service {
        router,
        store,
        hasher: Hasher::new(Argon2Params::floor(), None, 1),
        metrics: Arc::new(Metrics::new()),
    };
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(async move {
        let stopped = async {
            // Nobody who could stop it any more stops it too.
            let _ = stopped.await;
        };
        listening.serve(service, &settings, certificate, stopped).await
    });
    Running {
        address,
        metrics,
        stop: Some(stop),
        ended,
    }
}

/// With a store that answers.
fn well(flags: &[(&'static str, &str)]) -> Running {
    serving(settings(flags), router(), Arc::new(MemoryStore::new()))
}

impl Running {
    async fn get(&self, path: &str) -> Response {
        self.get_with(path, &[]).await
    }

    async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = client().get(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// What the service tells browsers about TLS.
    async fn hsts(&self, headers: &[(&str, &str)]) -> Option<String> {
        let response = self.get_with("/v1/things/1", headers).await;
        let told = response.headers().get("strict-transport-security")?;
        Some(told.to_str().unwrap().to_owned())
    }

    /// Asks it to stop.
    fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).unwrap();
        }
    }
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

#[tokio::test]
async fn it_says_that_it_is_well_and_ready() {
    let running = well(&[]);
    let answer = running.get("/healthz").await;
    assert_eq!(answer.status(), StatusCode::OK, "the program runs");
    assert_eq!(answer.headers()["cache-control"], "no-store", "nobody keeps that");
    let answer = running.get("/readyz").await;
    assert_eq!(
        (answer.status(), answer.text().await.unwrap().as_str()),
        (StatusCode::OK, "ready\n"),
        "the store answers"
    );
    let answer = running.get("/v1/things/4711").await;
    assert_eq!(answer.text().await.unwrap(), "a thing", "and so does the router");
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_told_and_the_program_still_runs() {
    let faulty = FaultyStore::new(Arc::new(MemoryStore::new()), 1);
    let running = serving(settings(&[]), router(), Arc::new(faulty));
    let answer = running.get("/readyz").await;
    assert_eq!(
        answer.status(),
        StatusCode::SERVICE_UNAVAILABLE,
        "send nobody here"
    );
    assert_eq!(
        running.get("/healthz").await.status(),
        StatusCode::OK,
        "and restart nothing"
    );
    assert_eq!(
        running.get("/readyz").await.status(),
        StatusCode::OK,
        "it comes back by itself"
    );
}

#[tokio::test]
async fn browsers_are_told_to_come_by_tls_where_they_can() {
    const FOR_A_YEAR: Option<&str> = Some("max-age=31536000");
    let here = well(&[]);
    assert_eq!(here.hsts(&[]).await, None, "http on this machine");
    assert_eq!(
        here.hsts(&[("x-forwarded-proto", "https")]).await,
        None,
        "whoever is no proxy cannot say how they came"
    );
    let behind = well(&[("public-url", "https://keys.example"), ("proxies", "127.0.0.1")]);
    for (said, told) in [
        (&[][..], FOR_A_YEAR),
        (&[("x-forwarded-proto", "https")], FOR_A_YEAR),
        (&[("x-forwarded-proto", "http")], None),
    ] {
        assert_eq!(
            behind.hsts(said).await.as_deref(),
            told,
            "the proxy says {said:?}"
        );
    }
    let elsewhere = well(&[("public-url", "https://keys.example"), ("proxies", "192.0.2.1")]);
    assert_eq!(elsewhere.hsts(&[]).await, None, "around the proxy, in the clear");
}

#[tokio::test]
async fn metrics_have_an_address_of_their_own() {
    let running = well(&[("metrics-listen", "127.0.0.1:0")]);
    running.get("/v1/things/4711?token=canary").await;
    assert_eq!(
        running.get("/metrics").await.status(),
        StatusCode::NOT_FOUND,
        "not where strangers come"
    );
    let url = format!("http://{}/metrics", running.metrics.unwrap());
    let answer = client().get(url).send().await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(
        kind.starts_with("application/openmetrics-text"),
        "as collectors ask for: {kind}"
    );
    let text = answer.text().await.unwrap();
    assert!(
        text.contains(
            "keyholder_http_requests_total{method=\"GET\",route=\"/v1/things/{id}\",status=\"200\"} 1"
        ),
        "by route: {text}"
    );
    assert!(
        text.contains("route=\"unmatched\",status=\"404\""),
        "also what is not there: {text}"
    );
    assert!(
        !text.contains("4711") && !text.contains("canary"),
        "never by path: {text}"
    );
}

#[tokio::test]
async fn an_address_that_is_taken_is_told_by_name() {
    let running = well(&[]);
    let taken = running.address.to_string();
    let refused = Listening::at(&settings(&[("listen", &taken)])).err().unwrap();
    assert!(
        refused
            .to_string()
            .starts_with(&format!("{taken} cannot be listened at: ")),
        "{refused}"
    );
}
