//! Whom the console trusts, and what it says to whom.

use std::net::Ipv4Addr;

use keyholder_core::account::Email;
use keyholder_core::clock::Rng;
use keyholder_core::directory::Authentication as _;
use keyholder_core::error::Code;
use keyholder_core::query::AccountFilter;
use keyholder_core::session::SessionToken;
use keyholder_core::testing::directory_contract::{GOOD, OLGA, here, password};
use rand::SeedableRng as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::super::{Address, RemoteAuthentication, Trust, look_at};
use super::line::{Line, Reply, Shown, answer, certificate, connection, deadlines};

fn count() -> Vec<Reply> {
    vec![Reply::Say(answer("200 OK", r#"{"count":7}"#))]
}

fn token() -> SessionToken {
    SessionToken::fresh(&mut Rng::seed_from_u64(1))
}

async fn counted(line: &Line, trust: Trust) -> Result<u32, Code> {
    let inside = line.console(trust).directory(&token());
    let filter = AccountFilter::default();
    inside.count_accounts(&filter).await.map_err(|error| error.code())
}

#[tokio::test]
async fn a_certificate_is_looked_at_before_anything_is_sent() {
    let shown = certificate("Rose and Thorn\u{202e}", 2025, 2035);
    let line = Line::secured(count(), &shown).await;
    let seen = look_at(&line.address(), deadlines()).await.unwrap();
    assert_eq!(
        seen.subject, "CN=Rose and Thorn\u{fffd}",
        "whom it says it is, plainly"
    );
    assert_eq!(seen.issuer, seen.subject, "it vouches for itself");
    assert_eq!(
        seen.names,
        ["keys.rose.example", "127.0.0.1"],
        "where it is at home"
    );
    assert_eq!(
        (
            seen.not_before.to_string().as_str(),
            seen.not_after.to_string().as_str()
        ),
        ("2025-01-01T00:00:00Z", "2035-01-01T00:00:00Z"),
        "since when and until when"
    );
    assert_eq!(seen.fingerprint, line.fingerprint(), "what two people compare");
    assert_eq!(line.received(), b"", "not one byte was said to it");
}

#[tokio::test]
async fn nothing_is_seen_where_nothing_is_secret() {
    let plain = Line::of(count()).await;
    let looked = look_at(&plain.address(), deadlines()).await;
    assert_eq!(
        looked.map_err(|error| error.code),
        Err(Code::NotSecured),
        "plain http has no certificate"
    );
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_told_and_not_spoken_to() {
    let line = Line::secured(count(), &certificate("Rose and Thorn", 2025, 2999)).await;
    assert_eq!(
        counted(&line, Trust::System).await,
        Err(Code::CertificateUnknown),
        "it can be looked at, and trusted by hand"
    );
    let old = Line::secured(count(), &certificate("Rose and Thorn", 1999, 2001)).await;
    assert_eq!(
        counted(&old, Trust::System).await,
        Err(Code::CertificateOutOfDate),
        "it has run out, or the clock is wrong"
    );
    let signed_in = line
        .console(Trust::System)
        .sign_in(OLGA, &password(GOOD), here())
        .await;
    assert_eq!(
        signed_in.map(drop).map_err(|error| error.code()),
        Err(Code::CertificateUnknown),
        "nor does anybody sign in"
    );
    assert_eq!(
        (line.received(), old.received()),
        (vec![], vec![]),
        "no password, no token, not even a question"
    );
}

#[tokio::test]
async fn one_certificate_is_trusted_by_hand_and_no_other() {
    let shown = certificate("Rose and Thorn", 1999, 2001);
    let line = Line::secured(count(), &shown).await;
    let pinned = Trust::Pinned(line.fingerprint());
    assert_eq!(
        counted(&line, pinned).await,
        Ok(7),
        "it was confirmed as it is, its dates too"
    );
    let other = Line::secured(count(), &certificate("Rose and Thorn", 1999, 2001)).await;
    assert_eq!(
        counted(&other, pinned).await,
        Err(Code::CertificateChanged),
        "the same words in it are not the same key"
    );
    assert_eq!(other.received(), b"", "and nothing is said to it");
}

#[tokio::test]
async fn who_shows_the_right_certificate_without_its_key_is_found() {
    let right = certificate("Rose and Thorn", 2025, 2035);
    let stolen = Shown {
        certificate: right.certificate,
        key: certificate("Rose and Thorn", 2025, 2035).key,
    };
    let line = Line::secured(count(), &stolen).await;
    assert_eq!(
        counted(&line, Trust::Pinned(line.fingerprint())).await,
        Err(Code::NotSecured),
        "a certificate is public; its key is not"
    );
    let looked = look_at(&line.address(), deadlines()).await;
    assert_eq!(
        looked.map_err(|error| error.code),
        Err(Code::NotSecured),
        "nor is it shown to a person"
    );
    assert_eq!(line.received(), b"", "and nothing is said to it");
}

/// A service that takes no TLS: it reads a little, answers so, and hangs up.
async fn without_tls(answer: &'static [u8]) -> Result<(), Code> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = Address::parse(&format!("https://{}", listener.local_addr().unwrap())).unwrap();
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let begun = stream.read_u8().await.unwrap();
        stream.write_all(answer).await.unwrap();
        begun
    });
    let console = RemoteAuthentication::over(connection(address, Trust::System));
    let signed_in = console.sign_in(OLGA, &password(GOOD), here()).await;
    assert_eq!(
        serving.await.ok(),
        Some(22),
        "what came was a handshake of TLS (RFC 8446, 5.1), and no letter of a request"
    );
    signed_in.map(drop).map_err(|error| error.code())
}

#[tokio::test]
async fn a_service_that_does_not_speak_tls_is_not_spoken_to() {
    assert_eq!(
        without_tls(b"HTTP/1.1 400 Bad Request\r\n\r\n").await,
        Err(Code::NotSecured),
        "plain http where https was asked for"
    );
    assert_eq!(
        without_tls(b"").await,
        Err(Code::Unreachable),
        "somebody who hangs up at once"
    );
}

#[tokio::test]
async fn a_request_says_what_is_needed_and_no_more() {
    let line = Line::of(vec![Reply::Say(answer("404 Not Found", "{}"))]).await;
    let inside = line.console(Trust::System).directory(&token());
    let email = Email::parse("zo\u{eb}+a&b=c@rose.example").unwrap();
    assert!(inside.find(&email).await.is_err(), "she is not there");
    let asked = line.requests().remove(0);
    let mut lines: Vec<_> = asked.trim_end().lines().collect();
    lines[1..].sort_unstable();
    let host = format!("host: {}", line.address().as_str().trim_start_matches("http://"));
    let bearer = format!("authorization: Bearer {}", *token().text());
    let agent = concat!("user-agent: Keyholder/", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        lines,
        [
            "GET /v1/accounts/find?email=zo%C3%AB%2Ba%26b%3Dc%40rose.example HTTP/1.1",
            "accept: application/json, application/problem+json",
            &bearer,
            &host,
            agent,
        ],
        "no cookie, no referrer, no language, no other place"
    );
}
