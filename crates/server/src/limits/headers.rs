//! The headers of draft-ietf-httpapi-ratelimit-headers-11: `RateLimit-Policy` says how high a limit is,
//! `RateLimit` what is left of it. Both are lists of structured fields (RFC 9651).

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use keyholder_core::limit::Allowance;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// Says what is left: `q` so many within `w` seconds; `r` are left, more of them in `t` seconds.
pub(crate) fn tell(headers: &mut HeaderMap, allowance: &Allowance, now: Timestamp) {
    // Names of limits are letters, digits, - and _: nothing in them ends a string.
    let name = &allowance.limit;
    let policy = format!(r#""{name}";q={};w={}"#, allowance.count, allowance.window_secs);
    let left = format!(
        r#""{name}";r={};t={}"#,
        allowance.left,
        seconds_until(allowance.until, now)
    );
    for (header, value) in [(POLICY, policy), (LEFT, left)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(header, value);
        }
    }
}

/// Upwards: a second too early is a try for nothing.
fn seconds_until(until: Timestamp, now: Timestamp) -> u64 {
    let wait = until.duration_since(now).as_micros();
    u64::try_from(wait).unwrap_or(0).div_ceil(1_000_000)
}
