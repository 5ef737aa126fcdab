//! How a request proves whose it is: here and nowhere else.

use keyholder_core::session::SessionToken;
use keyholder_core::wire::BEARER;
use reqwest::RequestBuilder;
use reqwest::header::{AUTHORIZATION, HeaderValue, InvalidHeaderValue};
use zeroize::Zeroizing;

/// The request as one of the session of `token` (RFC 6750, section 2.1). The header is marked, so that
/// no log shows it.
pub(super) fn proven(
    request: RequestBuilder,
    token: &SessionToken,
) -> Result<RequestBuilder, InvalidHeaderValue> {
    let text = Zeroizing::new(format!("{BEARER} {}", *token.text()));
    let mut value = HeaderValue::from_str(&text)?;
    value.set_sensitive(true);
    Ok(request.header(AUTHORIZATION, value))
}
