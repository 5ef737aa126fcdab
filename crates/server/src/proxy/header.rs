//! What the headers of proxies say, read from the right and strictly: what is not wholly as it should be
//! says nothing.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;
use axum::http::uri::Authority;

use super::{Evidence, Scheme};

/// The header that tells who asked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field {
    XForwardedFor,
    Forwarded,
}

impl Field {
    /// The one that counts in this request.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        if headers.contains_key("x-forwarded-for") || !headers.contains_key("forwarded") {
            Self::XForwardedFor
        } else {
            Self::Forwarded
        }
    }

    pub(super) fn evidence(self) -> Evidence {
        match self {
            Self::XForwardedFor => Evidence::XForwardedFor,
            Self::Forwarded => Evidence::Forwarded,
        }
    }

    /// Whom each proxy spoke for, the last proxy first; none where that is no address.
    pub(super) fn addresses(self, headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
        let name = match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        };
        elements(headers, name).map(move |element| match self {
            Self::XForwardedFor => address(element),
            Self::Forwarded => address(parameter(element, "for")?),
        })
    }
}

/// How the caller asked, by the word of the last proxy.
pub(super) fn scheme(headers: &HeaderMap) -> Option<Scheme> {
    let word = last_word(headers, "x-forwarded-proto", "proto")?;
    if word.eq_ignore_ascii_case("https") {
        Some(Scheme::Https)
    } else if word.eq_ignore_ascii_case("http") {
        Some(Scheme::Http)
    } else {
        None
    }
}

/// The host that was asked for, by the word of the last proxy.
pub(super) fn host(headers: &HeaderMap) -> Option<String> {
    let host: Authority = last_word(headers, "x-forwarded-host", "host")?.parse().ok()?;
    (!host.as_str().contains('@')).then(|| host.to_string())
}

/// The last element of a header of its own, or the parameter of the last element of `Forwarded`.
fn last_word<'a>(headers: &'a HeaderMap, own: &str, name: &str) -> Option<&'a str> {
    match Field::of(headers) {
        Field::Forwarded if !headers.contains_key(own) => {
            parameter(elements(headers, "forwarded").next()?, name)
        }
        _ => elements(headers, own).next(),
    }
}

/// The elements of all lines of a header, the last one first. Commas within quotes part them too: then
/// neither part is wholly as it should be.
fn elements<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter().rev();
    // A line that is no text is one element that says nothing.
    let lines = lines.map(|line| line.to_str().unwrap_or_default());
    lines.flat_map(|line| line.rsplit(',').map(trimmed))
}

/// The value of one parameter of an element of `Forwarded`; none if it is not there, there twice, or
/// anything else in the element is not as RFC 7239 (section 4) has it.
fn parameter<'a>(element: &'a str, wanted: &str) -> Option<&'a str> {
    let mut found = None;
    for pair in element.split(';').map(trimmed).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        let value = token(value).or_else(|| quoted(value))?;
        if token(name)?.eq_ignore_ascii_case(wanted) && found.replace(value).is_some() {
            return None;
        }
    }
    found
}

/// A token (RFC 9110, section 5.6.2).
fn token(text: &str) -> Option<&str> {
    let may = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (!text.is_empty() && text.bytes().all(may)).then_some(text)
}

/// What is between quotes. No address has anything in it that would have to be escaped.
fn quoted(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inside.contains(['"', '\\'])).then_some(inside)
}

/// An address, also with a port, IPv6 also in brackets. An IPv4 address in the form of IPv6 is the same
/// address.
fn address(text: &str) -> Option<IpAddr> {
    let bracketed = || {
        text.strip_prefix('[')?
            .strip_suffix(']')?
            .parse::<Ipv6Addr>()
            .ok()
    };
    let with_port = || text.parse::<SocketAddr>().ok().filter(|_| !text.contains('%'));
    let address = text
        .parse()
        .ok()
        .or_else(|| bracketed().map(IpAddr::V6))
        .or_else(|| with_port().map(|address| address.ip()))?;
    Some(address.to_canonical())
}

/// Without optional white space (RFC 9110, section 5.6.3).
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}
