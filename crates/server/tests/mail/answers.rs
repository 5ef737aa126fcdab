//! What a server says is told apart: taken, later, never.

use std::time::Duration;

use keyholder_server::mail::Answer;
use serde_json::json;

use crate::sink::Sink;
use crate::world::{clear, send, way};

#[tokio::test]
async fn a_server_that_says_later_is_asked_later_and_one_that_says_never_is_not() {
    for (told, answer) in [
        (
            json!({ "to": "450 4.2.1 Mailbox busy" }),
            "later: transient error (450): 4.2.1 Mailbox busy",
        ),
        (
            json!({ "letter": "451 4.7.1 Greylisted" }),
            "later: transient error (451): 4.7.1 Greylisted",
        ),
        (
            json!({ "to": "530 5.7.0 Sign in first" }),
            "later: permanent error (530): 5.7.0 Sign in first",
        ),
        (
            json!({ "to": "550 5.1.1 Nobody here" }),
            "never: permanent error (550): 5.1.1 Nobody here",
        ),
        (
            json!({ "letter": "554 5.6.0 Not wanted" }),
            "never: permanent error (554): 5.6.0 Not wanted",
        ),
        (
            json!({ "to": "550-5.1.1 Nobody\u{1b}[2J\r\n550 5.1.1 \u{7}here" }),
            "never: permanent error (550): 5.1.1 Nobody [2J here",
        ),
    ] {
        let mut sink = Sink::start(told).await;
        let said = match send(&clear(&sink)).await {
            Answer::Taken => "taken".to_owned(),
            Answer::Later(why) => format!("later: {why}"),
            Answer::Never(why) => format!("never: {why}"),
        };
        assert_eq!(said, answer);
        assert!(sink.has_taken_none().await, "and has no letter: {answer}");
    }
}

#[tokio::test]
async fn the_words_of_a_server_are_cut() {
    let sink = Sink::start(json!({ "to": format!("550 {}", "no ".repeat(150)) })).await;
    let Answer::Never(why) = send(&clear(&sink)).await else {
        panic!("it said never");
    };
    assert!(why.chars().count() <= 201, "a line of the log has an end: {why}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_in_time() {
    let sink = Sink::start(json!({ "hangs": true })).await;
    let patience = Duration::from_millis(500);
    let answer = send(&clear(&sink).within(patience)).await;
    assert_eq!(answer, Answer::Later("no answer within 0.5 s".to_owned()));
}

#[tokio::test]
async fn a_line_that_drops_before_the_answer_means_a_second_try_with_the_same_name() {
    let mut sink = Sink::start(json!({ "drops": true })).await;
    let way = clear(&sink);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let answer = send(&way).await;
        assert!(
            matches!(answer, Answer::Later(_)),
            "nobody knows whether it was taken: {answer:?}"
        );
        let letter = sink.letter().await.letter();
        let letter = mail_parser::MessageParser::new()
            .parse(&letter)
            .unwrap()
            .into_owned();
        ids.push(letter.message_id().unwrap().to_owned());
    }
    assert_eq!(ids[0], ids[1], "mail programs know it as one letter");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_asked_later() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    for url in [
        format!("smtp://127.0.0.1:{port}"),
        "smtp://mail.invalid".to_owned(),
    ] {
        let answer = send(&way(&url, &[])).await;
        assert!(matches!(answer, Answer::Later(_)), "{url}: {answer:?}");
    }
}
