//! Looks at the proof that a console sends with what it asks ([`Proof`]), before anything is looked up: for
//! every route alike, so that none is forgotten. Whatever is wrong with it, the answer is that of a session
//! that has ended.
//!
//! A proof is taken once: by each node, which remembers those of the last two minutes; and where something
//! is changed in a session, by all of them, since the store remembers it too (see
//! [`Caller`](crate::caller::Caller)). To read the same once more at another node tells nobody anything who
//! had the whole request anyway, and would cost a write each time.

mod nonces;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use keyholder_core::entry::EntryKey;
use keyholder_core::error::{Code, Error, Refusal, StoreError};
use keyholder_core::session::DeviceKey;
use keyholder_core::wire::{BODY_MAX, PROOF_HEADER, Proof, Signed};

pub(crate) use self::nonces::Nonces;
use crate::answer::Failure;
use crate::asked::PATIENCE;
use crate::caller::bearer;
use crate::endpoint::Endpoint;

/// The device that has signed a request, and what is used up with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proven {
    pub(crate) key: DeviceKey,
    pub(crate) once: EntryKey,
    pub(crate) until: Timestamp,
}

/// Passes on what nobody has signed, and what was signed rightly. Without a proof no session opens that is
/// bound to a device; that is looked at with the session.
pub(crate) async fn prove(State(endpoint): State<Endpoint>, request: Request, next: Next) -> Response {
    match proven(&endpoint, request).await {
        Err(failure) => failure.into_response(),
        Ok((request, None)) => next.run(request).await,
        Ok((mut request, Some(proven))) => {
            request.extensions_mut().insert(proven);
            let response = next.run(request).await;
            // It opened nothing, so there is nothing to open again; and whoever has no session here does
            // not fill our memory.
            if response.status() == StatusCode::UNAUTHORIZED {
                endpoint.nonces.forget(proven.once);
            }
            response
        }
    }
}

async fn proven(endpoint: &Endpoint, request: Request) -> Result<(Request, Option<Proven>), Failure> {
    let proof = match written(request.headers()) {
        Written::Nothing => return Ok((request, None)),
        Written::Proof(proof) => proof,
        Written::Something => return Err(Refusal::SessionEnded.into()),
    };
    let (parts, body) = request.into_parts();
    let bytes = whole(body).await?;
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    let token = bearer(&parts.headers);
    let signed = Signed {
        method: parts.method.as_str(),
        target,
        body: &bytes,
        token: token.as_ref(),
    };
    let now = endpoint.clock.now();
    if !proof.vouches_for(&signed, now) {
        return Err(Refusal::SessionEnded.into());
    }
    let proven = Proven {
        key: proof.key(),
        once: proof.once(),
        until: proof.until(),
    };
    endpoint.nonces.take(proven.once, proven.until, now)?;
    Ok((Request::from_parts(parts, Body::from(bytes)), Some(proven)))
}

/// What stands in the header.
enum Written {
    Nothing,
    Proof(Proof),
    /// Anything else: two proofs, or none that can be read.
    Something,
}

fn written(headers: &HeaderMap) -> Written {
    let mut values = headers.get_all(PROOF_HEADER).iter();
    match (values.next(), values.next()) {
        (None, _) => Written::Nothing,
        (Some(only), None) => {
            let proof = only.to_str().ok().and_then(Proof::parse);
            proof.map_or(Written::Something, Written::Proof)
        }
        (Some(_), Some(_)) => Written::Something,
    }
}

/// The body, whose bounds for its operation are looked at where it is read.
async fn whole(body: Body) -> Result<axum::body::Bytes, Failure> {
    let refused = |status, why: &str| Failure::bad_request(status, why);
    tokio::time::timeout(PATIENCE, to_bytes(body, BODY_MAX))
        .await
        .map_err(|_| refused(StatusCode::REQUEST_TIMEOUT, "the body did not come in time"))?
        .map_err(|_| refused(StatusCode::PAYLOAD_TOO_LARGE, "the body could not be taken in"))
}

/// More is signed at this moment than can be remembered.
fn busy() -> Failure {
    Error::Broken(StoreError {
        code: Code::Busy,
        context: "remember proofs".to_owned(),
    })
    .into()
}
