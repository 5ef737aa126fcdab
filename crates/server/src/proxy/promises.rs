//! P15 as measures over any rule that decides whose request it is, so that the same measures judge ours
//! and, in the tests, broken doubles of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::caller;
use super::tests::{CUSTOMER, LOAD_BALANCER, SECOND_PROXY, SOMEBODY_ELSE, headers, ip, proxies};

/// What is judged.
type Rule = fn(IpAddr, &HeaderMap, &[IpNet]) -> IpAddr;

/// Header sets that are tried.
const CASES: u32 = 10_000;
/// Headers that this or that program takes for the address of the caller.
const LIARS: [&str; 8] = [
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "x-originating-ip",
    "via",
];

/// Whoever spoofs headers, straight or through the proxy, is counted under their own address.
fn p15_spoofing(rule: Rule) -> Result<(), String> {
    let straight = ip(CUSTOMER);
    for liar in LIARS {
        for lie in [SOMEBODY_ELSE, LOAD_BALANCER, "127.0.0.1", "for=198.51.100.7"] {
            let lies = headers(&[(liar, lie)]);
            let decided = rule(straight, &lies, &proxies());
            if decided != straight {
                return Err(format!("{liar}: {lie} made {straight} pass for {decided}"));
            }
            let decided = rule(straight, &lies, &[]);
            if decided != straight {
                return Err(format!(
                    "without a proxy {liar}: {lie} made {straight} pass for {decided}"
                ));
            }
        }
    }
    for lie in [SOMEBODY_ELSE, SECOND_PROXY, "nonsense", "", "127.0.0.1, ::1"] {
        for (name, written) in [
            ("x-forwarded-for", format!("{lie}, {CUSTOMER}")),
            ("forwarded", format!("for=\"{lie}\", for={CUSTOMER}")),
            ("forwarded", format!("for=\", for={lie}, for={CUSTOMER}")),
        ] {
            let decided = rule(ip(LOAD_BALANCER), &headers(&[(name, &written)]), &proxies());
            if decided != ip(CUSTOMER) {
                return Err(format!("{name}: {written} made {CUSTOMER} pass for {decided}"));
            }
        }
    }
    Ok(())
}

/// One element of a header, with what it says by its making, not by reading it.
#[derive(Debug, Clone)]
enum Element {
    Address(IpAddr),
    Nonsense(String),
}

fn element() -> impl Strategy<Value = Element> {
    let nonsense = select(&[
        "",
        "unknown",
        "_x",
        "256.1.1.1",
        "1.2.3",
        "::g",
        "[::1",
        "for=",
        "\"",
        "1.1.1.1;",
        "%00",
    ]);
    prop_oneof![
        3 => any::<u8>().prop_map(|last| Element::Address(Ipv4Addr::new(10, 0, 0, last).into())),
        3 => any::<u32>().prop_map(|bits| Element::Address(Ipv4Addr::from_bits(bits).into())),
        2 => any::<u128>().prop_map(|bits| Element::Address(Ipv6Addr::from_bits(bits).into())),
        1 => any::<u32>().prop_map(|bits| {
            Element::Address(Ipv4Addr::from_bits(bits).to_ipv6_mapped().into())
        }),
        1 => nonsense.prop_map(|text| Element::Nonsense(text.to_owned())),
    ]
}

/// A request: who connects, what its headers are, and the header's elements where it was made of such.
#[derive(Debug, Clone)]
struct Request {
    peer: IpAddr,
    headers: HeaderMap,
    elements: Option<Vec<Element>>,
}

fn peer() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        2 => any::<u8>().prop_map(|last| Ipv4Addr::new(10, 0, 0, last).into()),
        1 => any::<u8>().prop_map(|last| Ipv4Addr::new(10, 0, 0, last).to_ipv6_mapped().into()),
        1 => any::<u32>().prop_map(|bits| Ipv4Addr::from_bits(bits).into()),
    ]
}

/// A header made of elements, on one line or several.
fn told() -> impl Strategy<Value = Request> {
    let elements = prop::collection::vec((element(), any::<bool>()), 0..8);
    (peer(), elements, any::<bool>()).prop_map(|(peer, elements, standard)| {
        let name = if standard { "forwarded" } else { "x-forwarded-for" };
        let written = |element: &Element| match (element, standard) {
            (Element::Address(IpAddr::V6(address)), true) => format!("for=\"[{address}]\""),
            (Element::Address(address), true) => format!("for={address};proto=https"),
            (Element::Address(address), false) => address.to_string(),
            (Element::Nonsense(text), _) => text.clone(),
        };
        let mut lines: Vec<Vec<String>> = Vec::new();
        for (element, on_a_new_line) in &elements {
            match lines.last_mut() {
                Some(line) if !on_a_new_line => line.push(written(element)),
                _ => lines.push(vec![written(element)]),
            }
        }
        let lines: Vec<_> = lines.iter().map(|line| line.join(", ")).collect();
        let lines: Vec<_> = lines.iter().map(|line| (name, line.as_str())).collect();
        Request {
            peer,
            headers: headers(&lines),
            elements: Some(elements.into_iter().map(|(element, _)| element).collect()),
        }
    })
}

/// Any bytes in any header that somebody might believe.
fn untold() -> impl Strategy<Value = Request> {
    let value = prop_oneof![
        "[ ,;:=\"\\[\\]0-9a-f.for]{0,60}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..60),
    ];
    let lines = prop::collection::vec((select(&LIARS), value), 0..12);
    (peer(), lines).prop_map(|(peer, lines)| {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            // What no header can hold never comes this far.
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        Request {
            peer,
            headers,
            elements: None,
        }
    })
}

/// The addresses that the answer may be: the peer, and whatever a named proxy vouched for.
fn vouched(peer: IpAddr, elements: &[Element], proxies: &[IpNet]) -> Vec<IpAddr> {
    let mut vouched = vec![peer.to_canonical()];
    for element in elements.iter().rev() {
        let last = vouched[vouched.len() - 1];
        match element {
            Element::Address(address) if proxies.iter().any(|proxy| proxy.contains(&last)) => {
                vouched.push(address.to_canonical());
            }
            _ => break,
        }
    }
    vouched
}

fn judged(rule: Rule, request: &Request) -> Result<(), TestCaseError> {
    let proxies = proxies();
    let decided = rule(request.peer, &request.headers, &proxies);
    let peer = request.peer.to_canonical();
    if let Some(elements) = &request.elements {
        let vouched = vouched(peer, elements, &proxies);
        prop_assert_eq!(Some(&decided), vouched.last(), "vouched for: {:?}", vouched);
    } else if !proxies.iter().any(|proxy| proxy.contains(&peer)) {
        prop_assert_eq!(decided, peer, "nobody named this peer");
    }
    Ok(())
}

/// 10,000 header sets, the same ones in every run: no panic, and the answer is the peer or what a named
/// proxy vouched for.
fn p15_fuzzing(rule: Rule) -> Result<(), String> {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let requests = prop_oneof![told(), untold()];
    runner
        .run(&requests, |request| judged(rule, &request))
        .map_err(|error: TestError<Request>| error.to_string())
}

fn believes_the_left_most(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let said = headers.get("x-forwarded-for").and_then(|line| line.to_str().ok());
    let left_most = said.and_then(|line| line.split(',').next()?.trim().parse().ok());
    match left_most {
        Some(address) if proxies.iter().any(|proxy| proxy.contains(&peer)) => address,
        _ => peer,
    }
}

fn believes_anybody(peer: IpAddr, headers: &HeaderMap, _: &[IpNet]) -> IpAddr {
    let everybody = ["0.0.0.0/0", "::/0"].map(|all| all.parse().unwrap());
    caller(peer, headers, &everybody)
}

fn skips_nonsense(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let mut tidied = headers.clone();
    if let Some(line) = headers.get("x-forwarded-for").and_then(|line| line.to_str().ok()) {
        let sense = |element: &&str| element.trim().parse::<IpAddr>().is_ok();
        let line: Vec<_> = line.split(',').filter(sense).collect();
        tidied.insert("x-forwarded-for", HeaderValue::from_str(&line.join(",")).unwrap());
    }
    caller(peer, &tidied, proxies)
}

#[test]
fn p15_spoofed_headers_change_nothing() {
    assert_eq!(p15_spoofing(caller), Ok(()), "an address cannot be chosen");
}

#[test]
fn p15_ten_thousand_header_sets_name_nobody_whom_no_proxy_vouched_for() {
    assert_eq!(p15_fuzzing(caller), Ok(()), "whatever the headers hold");
}

#[test]
fn p15_mutants_are_found_out() {
    assert!(
        p15_spoofing(believes_the_left_most).is_err(),
        "the left-most is the caller's own word"
    );
    assert!(p15_fuzzing(believes_the_left_most).is_err(), "by chance too");
    assert!(
        p15_spoofing(believes_anybody).is_err(),
        "anybody can write a header"
    );
    assert!(p15_fuzzing(believes_anybody).is_err(), "by chance too");
    assert!(
        p15_fuzzing(skips_nonsense).is_err(),
        "what is left of nonsense was vouched for by nobody"
    );
}
