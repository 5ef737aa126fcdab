//! How a request proves whose it is: here and nowhere else.

use jiff::Timestamp;
use keyholder_core::clock::entropy;
use keyholder_core::error::{Code, RemoteError};
use keyholder_core::session::SessionToken;
use keyholder_core::wire::{BEARER, DeviceSecret, PROOF_HEADER, Proof, Signed};
use reqwest::header::{AUTHORIZATION, HeaderValue, InvalidHeaderValue};
use reqwest::{Request, RequestBuilder};
use zeroize::Zeroizing;

use super::failure;

/// The request as one of the session of `token` (RFC 6750, section 2.1). The header is marked, so that
/// no log shows it.
pub(super) fn with_token(
    request: RequestBuilder,
    token: &SessionToken,
) -> Result<RequestBuilder, InvalidHeaderValue> {
    let text = Zeroizing::new(format!("{BEARER} {}", *token.text()));
    let mut value = HeaderValue::from_str(&text)?;
    value.set_sensitive(true);
    Ok(request.header(AUTHORIZATION, value))
}

/// Signs a request as it will be sent at that time of the service's clock, in place of an older signature.
pub(super) fn sign(
    request: &mut Request,
    token: Option<&SessionToken>,
    secret: &DeviceSecret,
    at: Timestamp,
) -> Result<(), RemoteError> {
    let mut rng = entropy().map_err(|cause| failure::of(Code::Broken, cause))?;
    let url = request.url();
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let signed = Signed {
        method: request.method().as_str(),
        target: &target,
        body: request
            .body()
            .and_then(|body| body.as_bytes())
            .unwrap_or_default(),
        token,
    };
    let proof = Proof::of(&signed, secret, at, &mut rng).to_string();
    let proof = HeaderValue::from_str(&proof).map_err(|cause| failure::of(Code::Broken, cause))?;
    request.headers_mut().insert(PROOF_HEADER, proof);
    Ok(())
}
