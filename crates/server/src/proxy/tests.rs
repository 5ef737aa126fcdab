//! What people who set up a proxy see.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;

use super::{Chain, Evidence, Scheme, caller};

pub(super) const LOAD_BALANCER: &str = "10.0.0.1";
pub(super) const SECOND_PROXY: &str = "10.0.0.2";
pub(super) const CUSTOMER: &str = "203.0.113.9";
pub(super) const SOMEBODY_ELSE: &str = "198.51.100.7";

pub(super) fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// The proxies of these stories.
pub(super) fn proxies() -> Vec<IpNet> {
    ["10.0.0.0/24", "2001:db8:ffff::/48"]
        .map(|network| network.parse().unwrap())
        .into()
}

pub(super) fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    lines
        .iter()
        .map(|(name, value)| {
            let name: HeaderName = name.parse().unwrap();
            (name, HeaderValue::from_bytes(value.as_bytes()).unwrap())
        })
        .fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name, value);
            headers
        })
}

fn called(lines: &[(&str, &str)]) -> String {
    caller(ip(LOAD_BALANCER), &headers(lines), &proxies()).to_string()
}

#[test]
fn a_named_proxy_says_who_asks() {
    for said in [
        "203.0.113.9",
        " 203.0.113.9 ",
        "203.0.113.9:51234",
        "::ffff:203.0.113.9",
        "[::ffff:203.0.113.9]:443",
    ] {
        assert_eq!(
            called(&[("x-forwarded-for", said)]),
            CUSTOMER,
            "{said:?} is one address"
        );
    }
    for said in ["2001:db8::17", "[2001:db8::17]", "[2001:db8::17]:4711"] {
        assert_eq!(
            called(&[("x-forwarded-for", said)]),
            "2001:db8::17",
            "{said:?} is one address"
        );
    }
    assert_eq!(
        called(&[]),
        LOAD_BALANCER,
        "a proxy that says nothing asks itself"
    );
}

#[test]
fn forwarded_is_read_where_it_stands_alone() {
    for said in [
        "for=203.0.113.9",
        "For=203.0.113.9;proto=https;by=10.0.0.1",
        "proto=https; for=\"203.0.113.9:51234\"",
        "for=\"[::ffff:203.0.113.9]:443\";",
    ] {
        assert_eq!(
            called(&[("forwarded", said)]),
            CUSTOMER,
            "{said:?} is one address"
        );
    }
    let both = [("forwarded", "for=198.51.100.7"), ("x-forwarded-for", CUSTOMER)];
    assert_eq!(
        called(&both),
        CUSTOMER,
        "the header that most proxies write comes first"
    );
}

#[test]
fn through_several_proxies_the_one_outside_is_the_caller() {
    let far = format!("{SOMEBODY_ELSE}, {CUSTOMER}, {SECOND_PROXY}");
    assert_eq!(
        called(&[("x-forwarded-for", &far)]),
        CUSTOMER,
        "read from the right"
    );
    let lines = [("x-forwarded-for", SOMEBODY_ELSE), ("x-forwarded-for", CUSTOMER)];
    assert_eq!(
        called(&lines),
        CUSTOMER,
        "a second line of a header goes on where the first ends"
    );
    assert_eq!(
        called(&[("x-forwarded-for", SECOND_PROXY)]),
        SECOND_PROXY,
        "a proxy that looks whether the service is well"
    );
}

#[test]
fn what_is_no_address_ends_what_is_believed() {
    for said in [
        "",
        ",",
        "unknown",
        "_hidden",
        "203.0.113.9,",
        "203.0.113.9, nobody",
        "203.0.113.009",
        "203.0.113.9:port",
        "fe80::1%eth0",
        "[fe80::1%3]:80",
        "[203.0.113.9]",
        "203.0.113.9 203.0.113.9",
        "203.0.113.9\t, \u{e9}",
    ] {
        assert_eq!(
            called(&[("x-forwarded-for", said)]),
            LOAD_BALANCER,
            "{said:?}: nobody vouches for what is left of nonsense"
        );
    }
    for said in [
        "for=unknown",
        "for=_hidden",
        "by=203.0.113.9",
        "for=203.0.113.9;for=203.0.113.9",
        "for=\"203.0.113.9",
        "for=203.0.113.9;host=\"a\\\"b\"",
        "for=203.0.113.9;host",
        "for=198.51.100.7;host=\"x, for=203.0.113.9;c=d\";proto=https",
    ] {
        assert_eq!(
            called(&[("forwarded", said)]),
            LOAD_BALANCER,
            "{said:?} is not as the standard has it"
        );
    }
}

#[test]
fn the_settings_page_tells_the_way_of_a_request() {
    let lines = [
        ("x-forwarded-for", "198.51.100.7, 203.0.113.9, 10.0.0.2"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "keys.cornerbooks.example"),
    ];
    let through = Chain::of(ip("::ffff:10.0.0.1"), &headers(&lines), &proxies());
    assert_eq!(
        through,
        Chain {
            peer: ip(LOAD_BALANCER),
            proxies: vec![ip(LOAD_BALANCER), ip(SECOND_PROXY)],
            caller: ip(CUSTOMER),
            evidence: Evidence::XForwardedFor,
            scheme: Some(Scheme::Https),
            host: Some("keys.cornerbooks.example".to_owned()),
        },
        "peer, proxies, caller, and what said so"
    );
    let straight = Chain::of(ip(CUSTOMER), &headers(&lines), &proxies());
    assert_eq!(
        straight,
        Chain {
            peer: ip(CUSTOMER),
            proxies: vec![],
            caller: ip(CUSTOMER),
            evidence: Evidence::Connection,
            scheme: None,
            host: None,
        },
        "the same headers from somebody who is no proxy say nothing"
    );
}

#[test]
fn scheme_and_host_are_the_last_proxys_word() {
    let said = |lines: &[(&str, &str)]| {
        let chain = Chain::of(ip(LOAD_BALANCER), &headers(lines), &proxies());
        (chain.scheme, chain.host)
    };
    assert_eq!(
        said(&[
            ("x-forwarded-proto", "http, HTTPS"),
            ("x-forwarded-host", "evil.example, shop.example:8443")
        ]),
        (Some(Scheme::Https), Some("shop.example:8443".to_owned())),
        "the right-most one is the proxy's own"
    );
    assert_eq!(
        said(&[("forwarded", "for=203.0.113.9;proto=http;host=shop.example")]),
        (Some(Scheme::Http), Some("shop.example".to_owned())),
        "the standard has both in one header"
    );
    for nonsense in ["", "javascript", "https, ", "https,gopher"] {
        assert_eq!(
            said(&[("x-forwarded-proto", nonsense)]).0,
            None,
            "{nonsense:?} is no scheme"
        );
    }
    for nonsense in ["", "a b", "somebody@shop.example", "shop.example/path"] {
        assert_eq!(
            said(&[("x-forwarded-host", nonsense)]).1,
            None,
            "{nonsense:?} is no host"
        );
    }
}
