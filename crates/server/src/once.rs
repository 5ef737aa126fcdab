//! Requests that are made under a key of their maker's (`Idempotency-Key`): sent twice, they are done once,
//! on whichever node, and the second is answered as the first was.
//!
//! A request is begun, done, and its answer kept for a day, sealed like every entry. Sent again with
//! another body it is refused (422), while it is under way too (409). If a node dies in between, nobody
//! knows what became of it, and that is what is said: it is not done again.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use keyholder_core::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use keyholder_core::error::{Error, Refusal};
use keyholder_core::store::{CommitError, Store};
use keyholder_core::wire::BODY_MAX;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::answer::Failure;
use crate::asked::PATIENCE;
use crate::caller::bearer;
use crate::endpoint::Endpoint;
use crate::programs::{Program, bearer_text};
use crate::proof::Proven;

/// The header that names the key.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The most characters of a key.
const KEY_MOST: usize = 255;
/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// After how long a request that was begun is taken for one whose node died.
const GIVEN_UP: SignedDuration = SignedDuration::from_mins(2);
/// The largest answer that is kept.
const ANSWER_MOST: usize = 1 << 20;

/// What is kept of a request.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The SHA-256 of what was asked.
    asked: [u8; 32],
    answer: Option<Answer>,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    status: u16,
    content_type: Option<String>,
    body: Vec<u8>,
}

/// Does a request once that names a key.
pub(crate) async fn once(State(endpoint): State<Endpoint>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(IDEMPOTENCY_KEY) {
        return next.run(request).await;
    }
    match done_once(&endpoint, request, next).await {
        Ok(response) => response,
        Err(failure) => failure.into_response(),
    }
}

async fn done_once(endpoint: &Endpoint, request: Request, next: Next) -> Result<Response, Failure> {
    let Some(store) = request.extensions().get::<Arc<dyn Store>>().cloned() else {
        return Ok(next.run(request).await);
    };
    let (mut parts, body) = request.into_parts();
    let name = name(&parts.headers)?;
    // A way in answers with what opens a session: that is kept nowhere.
    let path = parts.uri.path();
    let opens = ["/v1/sessions", "/v1/enrolments", "/v1/shop"];
    if opens
        .iter()
        .any(|door| path == *door || path.starts_with(&format!("{door}/")))
    {
        return Err(bad(StatusCode::BAD_REQUEST, "a way in takes no Idempotency-Key"));
    }
    let Some(holder) = bearer_text(&parts.headers).map(str::to_owned) else {
        return Err(Refusal::SessionEnded.into());
    };
    // Looked at before anything is kept or repeated: what was ended opens no old answer either.
    if holder.starts_with(keyholder_core::api_token::TOKEN_PREFIX) {
        let Program(program) = Program::from_request_parts(&mut parts, endpoint).await?;
        program.me().await?;
    } else {
        let token = bearer(&parts.headers).ok_or(Refusal::SessionEnded)?;
        let mut way_in = Arc::clone(&endpoint.way_in);
        if let Some(proven) = parts.extensions.get::<Proven>() {
            way_in = way_in.of_device(proven.key);
        }
        way_in.directory(&token).me().await?;
    }
    let taking = tokio::time::timeout(PATIENCE, to_bytes(body, BODY_MAX)).await;
    let slow = |_| bad(StatusCode::REQUEST_TIMEOUT, "the body did not come in time");
    let large = |_| bad(StatusCode::PAYLOAD_TOO_LARGE, "the body could not be taken in");
    let bytes = taking.map_err(slow)?.map_err(large)?;
    let asked = Sha256::new()
        .chain_update(parts.uri.to_string())
        .chain_update([0])
        .chain_update(&bytes)
        .finalize()
        .into();
    let key = EntryKey::of(&["idempotency", &holder, &name]);
    let now = endpoint.clock.now();
    let begun = match begin(&*store, key, asked, now).await? {
        Begun::New(entry) => entry,
        Begun::Before(response) => return Ok(response),
    };
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    keep(&*store, &begun, asked, response, now).await
}

fn name(headers: &axum::http::HeaderMap) -> Result<String, Failure> {
    let mut written = headers.get_all(IDEMPOTENCY_KEY).iter();
    let only = match (written.next(), written.next()) {
        (Some(only), None) => only.to_str().ok(),
        _ => None,
    };
    let name = only.map(|text| text.trim().trim_matches('"'));
    name.filter(|name| (1..=KEY_MOST).contains(&name.len()))
        .map(str::to_owned)
        .ok_or_else(|| {
            let why = "Idempotency-Key is one text of 1 to 255 characters";
            bad(StatusCode::BAD_REQUEST, why)
        })
}

fn bad(status: StatusCode, why: &str) -> Failure {
    Failure::bad_request(status, why)
}

enum Begun {
    New(Entry),
    Before(Response),
}

/// Begins a request, or says what became of it before.
async fn begin(store: &dyn Store, key: EntryKey, asked: [u8; 32], now: Timestamp) -> Result<Begun, Failure> {
    let broken = |error| Failure::from(Error::from(error));
    let fresh = Kept { asked, answer: None };
    // Once more for an old one that is taken away, once more for one that was quicker.
    for _ in 0..3 {
        if let Some(before) = store.entry(EntryKind::Request, key).await.map_err(broken)? {
            if before.holds(now) {
                return told(&before, asked, now).map(Begun::Before);
            }
            match store.keep(vec![EntryWrite::take(&before)]).await {
                Ok(()) | Err(CommitError::Conflict) => {}
                Err(other) => return Err(Error::from(other).into()),
            }
        }
        let entry = Entry::new(EntryKind::Request, key, now, &fresh)
            .map_err(broken)?
            .until(now.saturating_add(KEPT).unwrap_or(Timestamp::MAX));
        match store.keep(vec![EntryWrite::Put(entry.clone())]).await {
            Ok(()) => return Ok(Begun::New(entry)),
            Err(CommitError::Conflict) => {}
            Err(other) => return Err(Error::from(other).into()),
        }
    }
    Err(under_way())
}

fn under_way() -> Failure {
    bad(
        StatusCode::CONFLICT,
        "a request with this Idempotency-Key is under way",
    )
}

/// The answer to a request that was made before.
fn told(before: &Entry, asked: [u8; 32], now: Timestamp) -> Result<Response, Failure> {
    let kept: Kept = before.read().map_err(|error| Failure::from(Error::from(error)))?;
    if kept.asked != asked {
        let why = "this Idempotency-Key was used for another request";
        return Err(bad(StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    let Some(answer) = kept.answer else {
        return Err(if before.at.duration_until(now).abs() < GIVEN_UP {
            under_way()
        } else {
            Failure::unknown("the node that began this request did not end it")
        });
    };
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(Ok(kind)) = answer.content_type.map(HeaderValue::try_from) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    Ok(response)
}

/// Keeps what was done; what was not done can be asked again under the same key.
async fn keep(
    store: &dyn Store,
    begun: &Entry,
    asked: [u8; 32],
    response: Response,
    now: Timestamp,
) -> Result<Response, Failure> {
    if !response.status().is_success() {
        // What became of it may be unknown: then it stays begun, and is not done again.
        if !response.status().is_server_error() {
            let taken = store.keep(vec![EntryWrite::take(begun)]).await;
            taken.or_else(|error| match error {
                CommitError::Conflict => Ok(()),
                other => Err(Failure::from(Error::from(other))),
            })?;
        }
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    // The answers of our handlers are whole already.
    let body = to_bytes(body, ANSWER_MOST).await.map_err(Failure::unknown)?;
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let answer = Answer {
        status: parts.status.as_u16(),
        content_type: content_type.and_then(|kind| Some(kind.to_str().ok()?.to_owned())),
        body: body.to_vec(),
    };
    let kept = Kept {
        asked,
        answer: Some(answer),
    };
    let next = begun
        .next(now, &kept)
        .map_err(|error| Failure::from(Error::from(error)))?;
    // It is done: if its answer cannot be kept, it stays begun and is not done again.
    if let Err(error) = store.keep(vec![EntryWrite::Put(next)]).await {
        tracing::warn!(%error, "the answer to a request could not be kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}
