//! What somebody writes who means ill, and what becomes of it.

use keyholder_core::account::{Email, Name};
use keyholder_core::letter::{Letter, Link};
use mail_parser::{MessageParser, MimeHeaders as _};
use proptest::prelude::*;
use uuid::Uuid;

use super::{head, letters, link, now, rendered};
use crate::mail::{Addressed, Written};

/// What somebody with bad intent calls a shop or themselves: all of it are names that may be given.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</title></style><style>*{display:none}</style>",
    "x' style='background:url(//evil.example)",
    "Corner\" <boss@bank.example>, \"Books",
    "boss@bank.example",
    "a,b;c:d<e>[f]\\g(h)",
    "=?utf-8?q?Bcc=3A_evil=40evil.example?=",
    "Bcc: evil@evil.example",
    "{{ words.subject }}{% include \"/etc/passwd\" %}",
    "%0d%0aBcc: evil@evil.example",
    "مكتبة الزاوية",
    "李小龍的書店",
    "Zoë's Bücher & Söhne",
    "👩‍🌾 Farm",
    ".",
];

fn written(letter: &Letter, shop: &str) -> Vec<u8> {
    let email = |text| Email::parse(text).unwrap();
    let addressed = Addressed {
        to: &email("bruno@cornerbooks.example"),
        from: &email("keys@cornerbooks.example"),
        id: Uuid::from_u128(7),
        at: now(),
    };
    Written::new(letter, &head(shop), addressed).unwrap().bytes()
}

/// Whether the letter that arrives is the one that was sent: its headers, both parts, and nobody added.
fn arrives(letter: &Letter, shop: &str) -> Result<(), String> {
    let bytes = written(letter, shop);
    let expected = rendered(letter, shop);
    let told = |what: &str| Err(format!("{what}\n{}", String::from_utf8_lossy(&bytes)));
    if !bytes.is_ascii() {
        return told("not in ASCII: not every server takes that");
    }
    let lines: Vec<_> = bytes.split(|byte| *byte == b'\n').collect();
    // RFC 5322, 2.1.1: a line has 998 characters at most, and should have no more than 78. What a person
    // reads keeps to the latter; a name without a space in it cannot be folded.
    let body = lines
        .iter()
        .position(|line| line.trim_ascii().is_empty())
        .unwrap_or_default();
    let long =
        |(place, line): &(usize, &&[u8])| line.trim_ascii_end().len() > if *place < body { 998 } else { 78 };
    if let Some((_, long)) = lines.iter().enumerate().find(long) {
        return told(&format!("a long line: {}", String::from_utf8_lossy(long)));
    }
    if lines[..lines.len() - 1].iter().any(|line| !line.ends_with(b"\r")) {
        return told("a line does not end as lines of letters do");
    }
    let Some(message) = MessageParser::new().parse(&bytes) else {
        return told("cannot be read");
    };
    let names: Vec<_> = message.headers().iter().map(mail_parser::Header::name).collect();
    let usual = [
        "Message-ID",
        "Date",
        "From",
        "To",
        "Subject",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    ];
    if names.iter().any(|name| !usual.contains(name)) || names.len() != usual.len() {
        return told(&format!("other headers: {names:?}"));
    }
    let from = message
        .from()
        .and_then(mail_parser::Address::as_list)
        .unwrap_or_default();
    let [from] = from else { return told("not from one") };
    if from.address() != Some("keys@cornerbooks.example") || from.name() != Some(shop) {
        return told(&format!("from {from:?}"));
    }
    let to = message
        .to()
        .and_then(mail_parser::Address::as_list)
        .unwrap_or_default();
    if to.iter().map(mail_parser::Addr::address).collect::<Vec<_>>() != [Some("bruno@cornerbooks.example")] {
        return told(&format!("to {to:?}"));
    }
    if message.subject() != Some(&expected.subject) {
        return told(&format!("subject {:?}", message.subject()));
    }
    let bodies = [
        message.body_text(0).map(|text| text.replace("\r\n", "\n")),
        message.body_html(0).map(|html| html.replace("\r\n", "\n")),
    ];
    if bodies != [Some(expected.text), Some(expected.html)] {
        return told("another body");
    }
    if message.attachment_count() > 0 || message.parts.iter().any(|part| part.attachment_name().is_some()) {
        return told("something hangs on it");
    }
    Ok(())
}

#[test]
fn every_letter_arrives_as_it_was_written() {
    for letter in letters("Ada") {
        for shop in HOSTILE
            .iter()
            .chain(&["Corner Books", &"W".repeat(200), &"書".repeat(200)])
        {
            assert_eq!(arrives(&letter, shop), Ok(()), "{:?} of {shop}", letter.kind());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn p47_no_name_adds_a_header_or_a_recipient(shop in "\\PC{1,200}", by in "\\PC{0,200}") {
        let (Ok(shop), Ok(_)) = (Name::parse(&shop), Name::parse(&by)) else { return Ok(()) };
        // Spaces at the ends, and several of them, mean nothing in a name that is quoted.
        let shop = shop.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assume!(!shop.is_empty());
        prop_assert_eq!(arrives(&letters(&by)[0], &shop), Ok(()));
    }
}

#[test]
fn p47_what_would_begin_a_line_is_no_name_at_all() {
    for name in [
        "Corner\r\nBcc: evil@evil.example",
        "Corner\u{202e}skooB",
        "Corner\u{0}",
        "a\u{2028}b",
    ] {
        assert!(Name::parse(name).is_err(), "{name:?} comes into no letter");
        let json = serde_json::json!({ "kind": "invitation", "by": name, "link": link("/i", 1) });
        assert!(
            serde_json::from_value::<Letter>(json).is_err(),
            "{name:?} comes out of no outbox either"
        );
    }
}

/// Elements and attributes of HTML, as a browser counts them.
fn structure(html: &str) -> (usize, usize) {
    (html.matches('<').count(), html.matches("=\"").count())
}

#[test]
fn p30_a_hostile_name_is_only_text() {
    for letter in letters("Ada") {
        let calm = structure(&rendered(&letter, "Corner Books").html);
        for hostile in HOSTILE {
            let html = rendered(&letter, hostile).html;
            assert_eq!(
                structure(&html),
                calm,
                "{:?}: {hostile} adds no element",
                letter.kind()
            );
        }
    }
    for hostile in HOSTILE {
        let [calm, with] =
            ["Ada", hostile].map(|by| structure(&rendered(&letters(by)[0], "Corner Books").html));
        assert_eq!(with, calm, "{hostile} adds no element");
    }
}

#[test]
fn p30_mutant_a_name_that_is_not_escaped_is_found_out() {
    let calm = rendered(&Letter::AddressTaken, "Corner Books").html;
    let raw = calm.replace("Corner Books", HOSTILE[0]);
    assert_ne!(
        structure(&raw),
        structure(&calm),
        "the measure sees an element more"
    );
}

#[test]
fn a_link_leads_to_the_service_and_nowhere_else() {
    for path in [
        "",
        "reset/token",
        "//evil.example/reset",
        "/reset token",
        "/reset\r\nBcc: x",
        "/reset\\..",
        "/\"onclick=",
        "https://evil.example",
        "/ü",
        &format!("/{}", "a".repeat(512)),
    ] {
        assert!(Link::new(path, now()).is_err(), "{path:?} is refused");
    }
}
