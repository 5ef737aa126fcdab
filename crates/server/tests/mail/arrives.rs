//! A letter that is taken is the letter that was sent.

use keyholder_server::mail::Answer;
use mail_parser::MessageParser;
use serde_json::json;

use crate::sink::Sink;
use crate::world::{FROM, TO, clear, letter, send};

#[tokio::test]
async fn a_letter_arrives_with_both_its_parts() {
    let mut sink = Sink::start(json!({})).await;
    assert_eq!(send(&clear(&sink)).await, Answer::Taken);
    let taken = sink.letter().await;
    assert_eq!(
        (taken.sender.as_str(), taken.recipients.as_slice()),
        (FROM, &[TO.to_owned()][..])
    );
    assert_eq!(taken.hello, "[127.0.0.1]", "the service says where it is");
    let bytes = taken.letter();
    let read = MessageParser::new().parse(&bytes).unwrap();
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n\n{}",
        read.subject().unwrap(),
        read.message_id().unwrap(),
        read.date().unwrap().to_rfc3339(),
        read.body_text(0).unwrap().replace("\r\n", "\n"),
    ), @r#"
    A new password for Corner Books
    00000000-0000-0000-0000-000000000007@cornerbooks.example
    2026-11-23T17:44:09Z

    Set a new password

    Somebody, most likely you, asked for a new password for your account at
    Corner Books.

    Set a new password:
    https://keys.cornerbooks.example/reset/Zk1vQ0NhbmFyeS1zaW5ncw

    The link works once, for 30 minutes: until Monday, 23 November 2026,
    18:14 UTC.

    If you did not ask for it, leave this letter: your password stays as it
    is. Give the link in it to nobody, whoever asks.

    -- 
    Corner Books sends this because an account there has this address.
    Answers to it are not read.
    "#);
    let html = read.body_html(0).unwrap();
    assert!(
        html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"),
        "the other part is whole: {html}"
    );
}

#[tokio::test]
async fn names_of_every_script_arrive_byte_by_byte() {
    let mut sink = Sink::start(json!({})).await;
    let way = clear(&sink);
    for shop in [
        "Zoë's Bücher & Söhne",
        "李小龍的書店",
        "مكتبة الزاوية",
        "👩‍🌾 Farm",
        "=?utf-8?q?=0ABcc?=",
        ".",
    ] {
        let letter = letter(shop, TO);
        assert_eq!(way.send(&letter).await, Answer::Taken, "{shop}");
        let bytes = sink.letter().await.letter();
        let sent = letter.bytes();
        assert_eq!(
            String::from_utf8_lossy(bytes.trim_ascii_end()),
            String::from_utf8_lossy(sent.trim_ascii_end()),
            "{shop}: nobody on the way has a reason to change it"
        );
        let read = MessageParser::new().parse(&bytes).unwrap();
        let from = read.from().and_then(mail_parser::Address::first).unwrap();
        assert_eq!(from.name(), Some(shop), "the shop is named as it is called");
    }
}

#[tokio::test]
async fn addresses_in_unicode_go_where_servers_know_them() {
    let (umlaut, domain) = ("zoë@bücher.example", "zoe@bücher.example");
    let mut sink = Sink::start(json!({})).await;
    let answer = clear(&sink).send(&letter("Corner Books", umlaut)).await;
    assert!(
        matches!(answer, Answer::Never(_)),
        "a server without SMTPUTF8 never takes it: {answer:?}"
    );
    assert_eq!(
        clear(&sink).send(&letter("Corner Books", domain)).await,
        Answer::Taken
    );
    assert_eq!(
        sink.letter().await.recipients,
        ["zoe@xn--bcher-kva.example"],
        "a domain alone is written in ASCII"
    );
    let mut sink = Sink::start(json!({ "unicode": true })).await;
    assert_eq!(
        clear(&sink).send(&letter("Corner Books", umlaut)).await,
        Answer::Taken
    );
    assert_eq!(sink.letter().await.recipients, [umlaut]);
}
