//! What a range server may do to those who ask it.

use std::time::Duration;

use data_encoding::HEXUPPER;
use sha1::{Digest as _, Sha1};

use super::http::{Request, response};

/// How many rows a padded answer has at least.
const PADDED: usize = 800;

/// Breached passwords with their counts. A count of 0 makes a padding row of the password, as if
/// padding had hit upon it.
pub type Corpus = Vec<(String, u32)>;

/// What the server does with a request. It can be changed while the server runs.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// Answers by the protocol.
    Honest(Corpus),
    /// Answers by the protocol, with this `Date`.
    Dated(String, Corpus),
    /// Answers by the protocol, after a while.
    Slow(Duration, Corpus),
    /// Takes the request and never answers.
    Stalls,
    /// Sends the head and the first rows, and then nothing more.
    StallsMidway,
    /// Answers 200 with something that is not a range.
    Garbage(Garbage),
    /// Answers 429 with this `Retry-After`, if any.
    TooMany {
        /// The header as written: seconds or a date.
        retry_after: Option<String>,
    },
    /// Nobody listens at the port.
    RefusesConnection,
    /// Takes the request and hangs up.
    HangsUp,
    /// Promises a longer body than it sends, and hangs up.
    WrongContentLength,
    /// Answers with 16 MiB of rows.
    Huge,
    /// Answers 500.
    ServerError,
    /// Sends whoever asks to this address.
    Redirects(String),
}

/// What is sent in place of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Garbage {
    /// The page of a café's network that wants to be clicked away first.
    Html,
    /// Bytes without meaning.
    Binary,
    /// No byte at all.
    Empty,
    /// Rows of another hash (NTLM: 27 characters).
    WrongLength,
    /// Rows, the last of them cut off.
    Truncated,
    /// Not even HTTP.
    NotHttp,
}

impl Garbage {
    /// Each of them.
    pub const ALL: [Self; 6] = [
        Self::Html,
        Self::Binary,
        Self::Empty,
        Self::WrongLength,
        Self::Truncated,
        Self::NotHttp,
    ];

    fn response(self) -> Vec<u8> {
        let body = match self {
            Self::Html => b"<!doctype html><title>Welcome</title><p>Accept our terms to go online.".to_vec(),
            Self::Binary => (0..4_096_u32)
                .map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()[3])
                .collect(),
            Self::Empty => Vec::new(),
            Self::WrongLength => b"0018A45C4D1DEF81644B54AB7F9:3\r\n011053FD0102E94D6AE2F8B83D7:1".to_vec(),
            Self::Truncated => b"0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n011053FD0102".to_vec(),
            Self::NotHttp => return b"220 mail.example.com ESMTP\r\n".to_vec(),
        };
        response("200 OK", &[], &body)
    }
}

/// What happens to a connection after a request.
pub(crate) enum Reply {
    /// These bytes are sent and the connection is kept.
    Keep(Vec<u8>),
    /// These bytes are sent and the connection is closed.
    Close(Vec<u8>),
    /// These bytes are sent and nothing more happens.
    Hang(Vec<u8>),
}

impl Behaviour {
    /// How long to wait before the reply.
    pub(crate) fn delay(&self) -> Duration {
        match self {
            Self::Slow(delay, _) => *delay,
            _ => Duration::ZERO,
        }
    }

    pub(crate) fn reply(&self, request: &Request) -> Reply {
        match self {
            Self::Honest(corpus) | Self::Slow(_, corpus) => Reply::Keep(honest(corpus, request, &[])),
            Self::Dated(date, corpus) => Reply::Keep(honest(corpus, request, &[("Date", date)])),
            Self::Stalls => Reply::Hang(Vec::new()),
            Self::StallsMidway => Reply::Hang(cut_short()),
            Self::Garbage(Garbage::NotHttp) => Reply::Close(Garbage::NotHttp.response()),
            Self::Garbage(garbage) => Reply::Keep(garbage.response()),
            Self::TooMany { retry_after } => {
                let header = retry_after.as_deref().map(|told| ("Retry-After", told));
                Reply::Keep(response(
                    "429 Too Many Requests",
                    header.as_slice(),
                    b"Slow down.",
                ))
            }
            Self::RefusesConnection | Self::HangsUp => Reply::Close(Vec::new()),
            Self::WrongContentLength => Reply::Close(cut_short()),
            Self::Huge => Reply::Close(response(
                "200 OK",
                &[],
                &b"0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n".repeat(16 * 1024 * 1024 / 39),
            )),
            Self::ServerError => Reply::Keep(response("500 Internal Server Error", &[], b"Oh dear.")),
            Self::Redirects(to) => Reply::Keep(response("302 Found", &[("Location", to)], b"")),
        }
    }
}

/// The head of an answer of 40,000 bytes, and one row of it.
fn cut_short() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n".to_vec()
}

/// The answer of the protocol: the range, padded if that was asked for; 400 for what is not a prefix.
fn honest(corpus: &Corpus, request: &Request, headers: &[(&str, &str)]) -> Vec<u8> {
    let Some(prefix) = request.prefix() else {
        return response(
            "400 Bad Request",
            &[],
            b"The hash prefix was not in a valid format",
        );
    };
    let prefix = prefix.to_ascii_uppercase();
    let padded = request
        .header("add-padding")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let mut rows: Vec<String> = corpus
        .iter()
        .map(|(password, count)| (sha1(password), count))
        .filter(|(hash, _)| hash.starts_with(&prefix))
        .map(|(hash, count)| format!("{}:{count}", &hash[5..]))
        .collect();
    let others = (0..500).map(|i| (format!("somebody's password {prefix} {i}"), i % 9 + 1));
    let padding = (0..PADDED).map(|i| (format!("padding {prefix} {i}"), 0));
    rows.extend(
        others
            .chain(padding.take(if padded { PADDED - 500 } else { 0 }))
            .map(|(text, count)| format!("{}:{count}", &sha1(&text)[5..])),
    );
    rows.sort_unstable();
    response("200 OK", headers, rows.join("\r\n").as_bytes())
}

/// SHA-1 as the range API writes it.
pub(crate) fn sha1(text: &str) -> String {
    HEXUPPER.encode(&Sha1::digest(text))
}
