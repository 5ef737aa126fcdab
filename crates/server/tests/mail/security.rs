//! Letters and passwords travel where nobody reads along.

use std::time::Duration;

use keyholder_server::mail::Answer;
use serde_json::json;

use crate::sink::Sink;
use crate::world::{PASSWORD, clear, send, starttls, way};

#[tokio::test]
async fn a_letter_goes_by_starttls_with_a_user() {
    let mut sink = Sink::start(json!({ "tls": "starttls", "password": PASSWORD })).await;
    let way = starttls(&sink, &[("smtp-user", "keyholder")]);
    assert_eq!(send(&way).await, Answer::Taken);
    let taken = sink.letter().await;
    assert!(taken.tls, "encrypted");
    assert_eq!(taken.user.as_deref(), Some("keyholder"), "and signed in");
}

#[tokio::test]
async fn a_letter_goes_by_tls_from_the_first_byte() {
    let mut sink = Sink::start(json!({ "tls": "at once" })).await;
    let way = way(
        &format!("smtps://127.0.0.1:{}", sink.port),
        &[("smtp-ca", &sink.certificate())],
    );
    assert_eq!(send(&way).await, Answer::Taken);
    assert_eq!(sink.letter().await.sender, crate::world::FROM);
}

#[tokio::test]
async fn nothing_is_told_to_a_server_without_encryption_where_there_must_be_some() {
    let other = Sink::start(json!({ "tls": "starttls" })).await;
    let mut sink = Sink::start(json!({ "password": PASSWORD })).await;
    let certificate = other.certificate();
    let way = way(
        &format!("smtp://127.0.0.1:{}", sink.port),
        &[("smtp-ca", &certificate), ("smtp-user", "keyholder")],
    );
    let answer = send(&way).await;
    assert_eq!(
        answer,
        Answer::Later("internal client error: STARTTLS is not supported on this server".to_owned())
    );
    assert!(
        sink.has_taken_none().await,
        "whoever takes STARTTLS out of the line gets nothing"
    );
}

#[tokio::test]
async fn nothing_is_told_to_a_server_with_a_certificate_of_somebody_else() {
    let other = Sink::start(json!({ "tls": "starttls" })).await;
    for (tls, scheme) in [("starttls", "smtp"), ("at once", "smtps")] {
        let mut sink = Sink::start(json!({ "tls": tls })).await;
        let url = format!("{scheme}://127.0.0.1:{}", sink.port);
        let answer = send(&way(&url, &[("smtp-ca", &other.certificate())])).await;
        let Answer::Later(why) = answer else {
            panic!("{tls}: {answer:?}");
        };
        assert!(why.contains("certificate"), "{tls}: {why}");
        assert!(sink.has_taken_none().await, "{tls}: and has no letter");
    }
    let mut sink = Sink::start(json!({ "tls": "at once" })).await;
    let url = format!("smtps://127.0.0.1:{}", sink.port);
    let answer = send(&way(&url, &[])).await;
    assert!(
        matches!(&answer, Answer::Later(why) if why.contains("certificate")),
        "the system knows nothing of it: {answer:?}"
    );
    assert!(sink.has_taken_none().await, "and has no letter");
}

#[tokio::test]
async fn a_wrong_password_is_no_fault_of_the_letter_and_told_to_nobody() {
    let sink = Sink::start(json!({ "tls": "starttls", "password": "another" })).await;
    let way = starttls(&sink, &[("smtp-user", "keyholder")]);
    let answer = send(&way).await;
    let Answer::Later(why) = &answer else {
        panic!("it is mended in the settings, and then sent: {answer:?}");
    };
    assert!(why.contains("535") && !why.contains(PASSWORD), "{why}");
    assert!(!format!("{way:?}").contains(PASSWORD), "nor in a line of the log");
}

#[tokio::test]
async fn a_server_that_wants_encryption_gets_none_from_who_was_told_of_none() {
    let sink = Sink::start(json!({ "tls": "starttls" })).await;
    let answer = send(&clear(&sink).within(Duration::from_secs(10))).await;
    let Answer::Later(why) = answer else {
        panic!("that is no fault of the letter: {answer:?}");
    };
    assert!(why.contains("530"), "its words say what is missing: {why}");
}
