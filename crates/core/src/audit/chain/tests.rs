//! Events and trails for the tests of the chain, and its stories.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use super::{AuditKey, Head, Row, Verdict, encode, link, verify};
use crate::account::Reason;
use crate::audit::{Action, Actor, AuditEvent, Details, FieldChange, Outcome, Program, Source};
use crate::error::Code;

/// Short texts, so that collisions would be met, with everything that forges lines.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab]{0,3}",
        "[\\r\\n\\x1b\u{202e}=\\x00\\\\\"]{0,3}",
        any::<String>()
    ]
}

/// Any event.
pub(super) fn event() -> impl Strategy<Value = AuditEvent> {
    let id = || any::<u8>().prop_map(|number| Uuid::from_bytes([number; 16]));
    let actor = prop_oneof![
        (id(), text()).prop_map(|(id, email)| Actor::Account { id: id.into(), email }),
        text().prop_map(|email| Actor::Unknown { email }),
        Just(Actor::Keyholder),
        Just(Actor::RecoveryKey),
        text().prop_map(|name| Actor::ApiToken { name }),
        (id(), text()).prop_map(|(id, email)| Actor::PasswordHolder { id: id.into(), email }),
    ];
    let program = select(&Program::ALL[..]);
    let source =
        (program, of(text()), of(id()), of(text())).prop_map(|(program, address, device, user_agent)| {
            Source {
                program,
                address,
                device: device.map(Into::into),
                user_agent,
            }
        });
    let change = (text(), of(text()), of(text())).prop_map(|(field, before, after)| FieldChange {
        field,
        before,
        after,
    });
    let details = (vec(change, 0..3), btree_map(text(), text(), 0..3))
        .prop_map(|(changes, facts)| Details { changes, facts });
    let at = (-3_000_000_000_i64..3_000_000_000, 0_i32..1_000_000_000)
        .prop_map(|(second, nanosecond)| Timestamp::new(second, nanosecond).unwrap());
    let words = (
        select(Action::ALL),
        select(&[Outcome::Done, Outcome::Failed, Outcome::Refused][..]),
        of(select(Code::ALL)),
        of("[a-z]{1,9}".prop_map(|text| Reason::parse(&text).unwrap())),
    );
    (at, actor, words, of(id()), of(text()), source, details).prop_map(
        |(at, actor, (action, outcome, code, reason), subject, subject_email, source, details)| AuditEvent {
            at,
            actor,
            action,
            outcome,
            code,
            subject: subject.map(Into::into),
            subject_email,
            reason,
            source,
            details,
        },
    )
}

fn plain(second: i64) -> AuditEvent {
    AuditEvent {
        at: Timestamp::from_second(second).unwrap(),
        actor: Actor::Unknown {
            email: "anna@rose.example".to_owned(),
        },
        action: Action::SignInPassword,
        outcome: Outcome::Failed,
        code: Some(Code::WrongCredentials),
        subject: None,
        subject_email: None,
        reason: None,
        source: Source {
            program: Program::Window,
            address: None,
            device: None,
            user_agent: None,
        },
        details: Details {
            changes: Vec::new(),
            facts: BTreeMap::new(),
        },
    }
}

/// A trail of so many rows.
pub(super) fn trail(key: &AuditKey, length: usize) -> Vec<Row> {
    let mut head = Head::default();
    (0_i64..)
        .take(length)
        .map(|number| {
            let salt = [u8::try_from(number % 256).unwrap(); 32];
            let row = link(head, key, salt, &plain(number)).unwrap();
            head = row.head();
            row
        })
        .collect()
}

#[test]
fn an_untouched_trail_is_whole() {
    let key = AuditKey::new([1; 32]);
    let rows = trail(&key, 100);
    let head = data_encoding::HEXLOWER.encode(&rows[99].link.hash);
    assert_eq!(
        verify(&key, &rows),
        Verdict::Whole { rows: 100, head },
        "nobody touched it"
    );
    assert!(
        matches!(
            verify(&AuditKey::new([2; 32]), &rows),
            Verdict::Broken { first_bad_seq: 1, .. }
        ),
        "another key vouches for nothing"
    );
}

#[test]
fn p47_text_that_forges_lines_is_one_event_of_its_own() {
    let hostile = [
        "x",
        "x\r\n",
        "x\n",
        "\u{1b}[31mx",
        "\u{202e}x",
        "=cmd|'/c calc'!A1",
        "x\0",
        "",
    ];
    let mut encodings: Vec<_> = hostile
        .iter()
        .flat_map(|text| {
            let email = AuditEvent {
                subject_email: Some((*text).to_owned()),
                ..plain(0)
            };
            let address = AuditEvent {
                source: Source {
                    address: Some((*text).to_owned()),
                    ..plain(0).source
                },
                ..plain(0)
            };
            let fact = AuditEvent {
                details: Details::default().fact(text, text),
                ..plain(0)
            };
            [email, address, fact].map(|event| encode(&event))
        })
        .collect();
    let all = encodings.len();
    encodings.sort();
    encodings.dedup();
    assert_eq!(
        encodings.len(),
        all,
        "each text in each field is an encoding of its own"
    );
}

#[test]
fn the_encoding_is_fixed() {
    // A trail that is ten years old must still verify: this may only change with a new version byte.
    let bytes = data_encoding::HEXLOWER.encode(&encode(&plain(1)));
    let expected = [
        "01", // version
        "0000000000000001",
        "00000000", // second, nanosecond
        "02",
        "00000011",
        "616e6e6140726f73652e6578616d706c65", // somebody unknown
        "00000010",
        "7369676e5f696e2e70617373776f7264", // sign_in.password
        "00000006",
        "6661696c6564", // failed
        "01",
        "03e9", // KH-1001
        "00",
        "00",
        "00", // no subject, no address, no reason
        "01",
        "00",
        "00", // the window, from nowhere
        "00000000",
        "00000000", // no changes, no facts
    ];
    assert_eq!(bytes, expected.concat(), "the canonical encoding, version 1");
}
