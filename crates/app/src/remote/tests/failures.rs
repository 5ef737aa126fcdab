//! What a person is told when the service does not answer as it should, and that nothing is done twice.

use keyholder_core::account::{AccountId, Reason};
use keyholder_core::clock::Rng;
use keyholder_core::directory::{Authentication as _, Directory};
use keyholder_core::error::{Code, Error};
use keyholder_core::query::AccountFilter;
use keyholder_core::session::SessionToken;
use keyholder_core::testing::directory_contract::{GOOD, OLGA, here, monday, password};
use keyholder_core::wire::{Method, VERSION};
use rand::SeedableRng as _;

use super::super::{Address, RemoteAuthentication, Trust};
use super::line::{Line, Reply, answer, connection, of_version};

fn token() -> SessionToken {
    SessionToken::fresh(&mut Rng::seed_from_u64(1))
}

fn somebody() -> AccountId {
    AccountId::fresh(monday(), &mut Rng::seed_from_u64(2))
}

/// What comes of a question that changes nothing, asked of a service that replies so, and how often it
/// was asked.
async fn reading(replies: Vec<Reply>) -> (Code, usize) {
    let line = Line::of(replies).await;
    let me = line.console(Trust::System).directory(&token()).me().await;
    (code(me), line.requests().len())
}

/// The same of an act.
async fn acting(replies: Vec<Reply>) -> (Code, usize) {
    let line = Line::of(replies).await;
    let inside = line.console(Trust::System).directory(&token());
    (act(&*inside).await, line.requests().len())
}

async fn act(inside: &dyn Directory) -> Code {
    let reason = Reason::parse("rang up and asked").unwrap();
    code(inside.unlock_account(somebody(), reason).await)
}

fn code<T>(answer: Result<T, Error>) -> Code {
    answer.err().expect("nothing here is answered").code()
}

/// Every way in which a line can be lost once a question is on it.
fn lost() -> Vec<(&'static str, Reply)> {
    let begun = b"HTTP/1.1 200 OK\r\nkeyholder-version: 1\r\ncontent-length: 4000\r\n\r\n{".to_vec();
    vec![
        ("it hangs up", Reply::SayAndHangUp(Vec::new())),
        ("it hangs up in the middle", Reply::SayAndHangUp(begun.clone())),
        ("it never answers", Reply::SayAndStall(Vec::new())),
        ("it stops in the middle", Reply::SayAndStall(begun)),
        (
            "it speaks another language",
            Reply::SayAndHangUp(b"220 mail.rose.example ESMTP\r\n".to_vec()),
        ),
    ]
}

#[tokio::test]
async fn what_changes_something_is_sent_once_whatever_becomes_of_it() {
    for (how, reply) in lost() {
        assert_eq!(
            acting(vec![reply]).await,
            (Code::OutcomeUnknown, 1),
            "{how}: nobody knows whether it was done, and nobody does it again"
        );
    }
}

#[tokio::test]
async fn a_sign_in_is_not_tried_twice_by_itself() {
    for (how, reply) in lost() {
        let line = Line::of(vec![reply]).await;
        let signed_in = line
            .console(Trust::System)
            .sign_in(OLGA, &password(GOOD), here())
            .await;
        assert_eq!(
            (code(signed_in), line.requests().len()),
            (Code::OutcomeUnknown, 1),
            "{how}: each try is counted"
        );
    }
}

#[tokio::test]
async fn an_act_on_a_line_that_was_good_before_is_not_repeated_either() {
    let me = Reply::Say(answer("401 Unauthorized", "{}"));
    let line = Line::of(vec![me, Reply::SayAndHangUp(Vec::new())]).await;
    let inside = line.console(Trust::System).directory(&token());
    assert!(inside.me().await.is_err(), "the line is there, and kept");
    assert_eq!(act(&*inside).await, Code::OutcomeUnknown, "then it is cut");
    assert_eq!(
        (line.requests().len(), line.connections()),
        (2, 1),
        "one question, one act, on one line"
    );
}

#[tokio::test]
async fn an_act_that_meets_a_closing_line_comes_at_most_once() {
    for round in 0..50 {
        let me = Reply::SayAndHangUp(answer("401 Unauthorized", "{}"));
        let line = Line::of(vec![me, Reply::SayAndHangUp(Vec::new())]).await;
        let inside = line.console(Trust::System).directory(&token());
        assert!(inside.me().await.is_err(), "the line was there");
        assert_eq!(act(&*inside).await, Code::OutcomeUnknown, "round {round}");
        let acts = line
            .requests()
            .iter()
            .filter(|asked| asked.starts_with("POST"))
            .count();
        assert!(
            acts <= 1,
            "round {round}: whoever closes first, it came {acts} times"
        );
    }
}

/// An act, sent by a console that repeats as often as it is told; how often it came.
async fn came(repeats: fn(Method) -> bool) -> usize {
    let line = Line::of(vec![Reply::SayAndHangUp(Vec::new())]).await;
    let connection = line.connection(Trust::System).repeating(repeats);
    let inside = RemoteAuthentication::over(connection).directory(&token());
    assert_eq!(act(&*inside).await, Code::OutcomeUnknown, "nobody answers");
    line.requests().len()
}

#[tokio::test]
async fn mutant_an_act_that_is_repeated_is_found() {
    assert_eq!(came(|_| true).await, 2, "a second time is seen by the measure");
    assert_eq!(came(|_| false).await, 1, "and so is none");
}

#[tokio::test]
async fn what_only_reads_is_asked_again_once_when_the_line_was_cut() {
    let hangs_up = Reply::SayAndHangUp(Vec::new());
    let answers = Reply::Say(answer("200 OK", r#"{"count":7}"#));
    let line = Line::of(vec![hangs_up.clone(), answers]).await;
    let inside = line.console(Trust::System).directory(&token());
    let count = inside.count_accounts(&AccountFilter::default()).await;
    assert_eq!(count.ok(), Some(7), "the second time it comes through");
    assert_eq!(
        reading(vec![hangs_up]).await,
        (Code::NoAnswer, 2),
        "and there is no third time"
    );
}

#[tokio::test]
async fn a_service_that_is_slow_is_not_asked_again() {
    assert_eq!(
        reading(vec![Reply::SayAndStall(Vec::new())]).await,
        (Code::NoAnswer, 1),
        "who waited once need not wait twice"
    );
}

#[tokio::test]
async fn nobody_there_is_nothing_sent() {
    let gone = Line::of(vec![Reply::SayAndHangUp(Vec::new())]).await.address();
    let inside = RemoteAuthentication::over(connection(gone, Trust::System)).directory(&token());
    assert_eq!(
        code(inside.me().await),
        Code::Unreachable,
        "the port is free again"
    );
    assert_eq!(
        act(&*inside).await,
        Code::Unreachable,
        "and what was not sent was not done"
    );
    let nowhere = Address::parse("https://keys.invalid").unwrap();
    let console = RemoteAuthentication::over(connection(nowhere, Trust::System));
    assert_eq!(
        code(console.front().await),
        Code::Unreachable,
        "nor is there such a name (RFC 6761, 6.4)"
    );
}

#[tokio::test]
async fn what_is_no_keyholder_is_told_from_one() {
    let page = of_version(None, "200 OK", "<!doctype html><title>Welcome</title>");
    assert_eq!(
        reading(vec![Reply::Say(page)]).await,
        (Code::NotKeyholder, 1),
        "a page of a café's network"
    );
    let elsewhere = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(
        reading(vec![Reply::Say(elsewhere.to_vec())]).await,
        (Code::NotKeyholder, 1),
        "nobody is followed elsewhere"
    );
    let older = of_version(Some(VERSION - 1), "404 Not Found", "{}");
    assert_eq!(
        reading(vec![Reply::Say(older)]).await,
        (Code::ServiceOlder, 1),
        "an older one"
    );
    let newer = of_version(Some(VERSION + 1), "200 OK", "{}");
    assert_eq!(
        reading(vec![Reply::Say(newer)]).await,
        (Code::ServiceNewer, 1),
        "a newer one"
    );
}

#[tokio::test]
async fn an_answer_that_cannot_be_understood_is_no_outcome() {
    let nonsense = || vec![Reply::Say(answer("200 OK", "[1,2"))];
    assert_eq!(
        reading(nonsense()).await,
        (Code::BadRequest, 1),
        "a question has no answer then"
    );
    assert_eq!(
        acting(nonsense()).await,
        (Code::OutcomeUnknown, 1),
        "and an act was done, or so it seems"
    );
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let promised = b"HTTP/1.1 200 OK\r\nkeyholder-version: 1\r\ncontent-length: 99999999999\r\n\r\n".to_vec();
    assert_eq!(
        reading(vec![Reply::SayAndStall(promised)]).await,
        (Code::NoAnswer, 1),
        "what is promised too large is not even begun"
    );
    let head = b"HTTP/1.1 200 OK\r\nkeyholder-version: 1\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let chunk = [b"100000\r\n".to_vec(), vec![b' '; 0x10_0000], b"\r\n".to_vec()].concat();
    let endless = [head, chunk.repeat(9)].concat();
    assert_eq!(
        reading(vec![Reply::SayAndStall(endless)]).await,
        (Code::NoAnswer, 1),
        "what grows is stopped at 8 MiB"
    );
}

#[tokio::test]
async fn a_service_that_wants_to_be_left_alone_says_until_when() {
    for (status, expected) in [
        ("429 Too Many Requests", Code::TooManyRequests),
        ("503 Service Unavailable", Code::Unavailable),
    ] {
        let busy = format!("HTTP/1.1 {status}\r\nretry-after: 30\r\ncontent-length: 0\r\n\r\n");
        let line = Line::of(vec![Reply::Say(busy.into_bytes())]).await;
        let inside = line.console(Trust::System).directory(&token());
        let Err(Error::Remote(error)) = inside.me().await else {
            panic!("{status} was expected to be told");
        };
        let until = error.until.map(|until| until.duration_since(monday()).as_secs());
        assert_eq!(
            (error.code, until),
            (expected, Some(30)),
            "by the console's clock"
        );
        assert_eq!(
            (act(&*inside).await, line.requests().len()),
            (expected, 2),
            "an act was turned away: it was not done, and it is not repeated"
        );
    }
}
