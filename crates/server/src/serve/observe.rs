//! Around every request: counts it, logs it, and tells browsers to come by TLS alone.
//!
//! A line of the log has the template of the route and never the path, no query and no header: in these
//! are tokens.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::STRICT_TRANSPORT_SECURITY;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;
use keyholder_core::wire::REQUEST_ID;

use crate::metrics::Metrics;
use crate::proxy::{Chain, Scheme};
use crate::settings::Settings;

/// For a year (RFC 6797; OWASP HTTP Strict Transport Security Cheat Sheet). Other names of the shop's
/// domain are not the service's to decide about.
const BY_TLS_ALONE: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// What asked for nothing that is there.
const NOWHERE: &str = "unmatched";

/// What is known before a request comes.
#[derive(Clone)]
pub(super) struct Observer {
    metrics: Arc<Metrics>,
    proxies: Arc<[IpNet]>,
    https: bool,
    own_tls: bool,
}

impl Observer {
    pub(super) fn new(metrics: Arc<Metrics>, settings: &Settings) -> Self {
        Self {
            metrics,
            proxies: settings.proxies.as_slice().into(),
            https: settings.public_url.is_https(),
            own_tls: settings.tls.is_some(),
        }
    }

    /// Whether a browser is told to come by TLS alone: only where it came by TLS (RFC 6797, 7.2). A named
    /// proxy that does not say how it was asked was asked as the public address says.
    fn binds(&self, chain: &Chain) -> bool {
        let came_by_tls = self.own_tls || (!chain.proxies.is_empty() && chain.scheme != Some(Scheme::Http));
        self.https && came_by_tls
    }
}

/// See above.
pub(super) async fn observe(
    State(observer): State<Observer>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let chain = Chain::of(peer.ip(), request.headers(), &observer.proxies);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or(NOWHERE, MatchedPath::as_str);
    let mut response = next.run(request).await;
    if observer.binds(&chain) {
        response
            .headers_mut()
            .insert(STRICT_TRANSPORT_SECURITY, BY_TLS_ALONE);
    }
    let (status, took) = (response.status(), begun.elapsed());
    observer.metrics.answered(&method, route, status, took);
    let status = status.as_u16();
    let (caller, micros) = (chain.caller, u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    if matches!(route, "/healthz" | "/readyz") {
        tracing::debug!(%method, route, status, %caller, micros, "answered");
    } else {
        let request = text(response.headers(), REQUEST_ID);
        tracing::info!(%method, route, status, %caller, micros, request, "answered");
    }
    response
}

/// A header of ours.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
