//! What every answer has in common: a number, a version, no place in a cache; and if something was not
//! done, the problem in words.

use std::any::Any;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use keyholder_core::error::{Code, Error, StoreError};
use keyholder_core::wire::{BEARER, PROBLEM_JSON, REQUEST_ID, TIME_HEADER, VERSION, VERSION_HEADER};

use crate::answer::Failure;
use crate::endpoint::Endpoint;

/// Numbers a request, and completes its answer.
pub(crate) async fn border(State(endpoint): State<Endpoint>, request: Request, next: Next) -> Response {
    let id = endpoint.request_id();
    let asked = Door::of(&request);
    let mut response = next.run(request).await;
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        asked.log(&failure, &id);
        write(failure, &id, &endpoint, &mut response);
    }
    let headers = response.headers_mut();
    // Answers hold what is nobody else's business, and a problem of a minute ago is no problem now.
    put(headers, header::CACHE_CONTROL, "no-store");
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // No answer is a page: whoever opens one as such sees text, alone, and hands nothing on (OWASP, REST
    // Security Cheat Sheet).
    put(
        headers,
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    );
    put(headers, header::X_FRAME_OPTIONS, "DENY");
    put(headers, header::REFERRER_POLICY, "no-referrer");
    let same_origin = HeaderName::from_static("cross-origin-resource-policy");
    put(headers, same_origin, "same-origin");
    put(headers, HeaderName::from_static(REQUEST_ID), &id);
    // By which a console with another clock signs what it asks.
    let now = endpoint.clock.now().as_second();
    headers.insert(HeaderName::from_static(TIME_HEADER), HeaderValue::from(now));
    headers.insert(
        HeaderName::from_static(VERSION_HEADER),
        HeaderValue::from(VERSION),
    );
    response
}

/// What was asked, as the log may say it: never an id, a query or a header of the caller.
struct Door {
    method: Method,
    path: Option<MatchedPath>,
}

impl Door {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            path: request.extensions().get().cloned(),
        }
    }

    fn log(&self, failure: &Failure, id: &str) {
        let path = self.path.as_ref().map_or("nowhere", MatchedPath::as_str);
        let (method, number) = (&self.method, &failure.problem.number);
        if let Some(cause) = &failure.cause {
            tracing::error!(%method, path, %number, request = id, "{cause}");
        } else {
            tracing::debug!(%method, path, %number, request = id, "not done");
        }
    }
}

/// Writes what was not done as `application/problem+json`.
fn write(failure: Failure, id: &str, endpoint: &Endpoint, response: &mut Response) {
    let mut problem = *failure.problem;
    problem.request_id = Some(id.to_owned());
    let headers = response.headers_mut();
    put(headers, header::CONTENT_TYPE, PROBLEM_JSON);
    // The length was that of no body.
    headers.remove(header::CONTENT_LENGTH);
    if let Some(seconds) = problem.retry_after(endpoint.clock.now()) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if problem.status == StatusCode::UNAUTHORIZED.as_u16() {
        put(headers, header::WWW_AUTHENTICATE, BEARER);
    }
    // A problem holds nothing that JSON cannot say; without its words, the status says enough.
    *response.body_mut() = Body::from(serde_json::to_vec(&problem).unwrap_or_default());
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Nothing of ours is at that path.
pub(crate) async fn nowhere() -> Failure {
    Failure::nowhere()
}

/// Something of ours is at that path, but cannot be asked so. The router says in `Allow` what can.
pub(crate) async fn not_so(method: Method) -> Response {
    if method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Failure::bad_request(status, "this path cannot be asked with this method").into_response()
    }
}

/// A handler broke off: nobody else's request does. What it said may hold what somebody typed, so it
/// is not repeated.
pub(crate) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    let context = "a handler panicked".to_owned();
    let code = Code::Broken;
    Failure::from(Error::Broken(StoreError { code, context })).into_response()
}

/// The same of something that changes something: it may have been done by then.
pub(crate) fn broke_off(_: Box<dyn Any + Send + 'static>) -> Response {
    Failure::unknown("a handler panicked").into_response()
}
