use std::collections::BTreeSet;

use rand::SeedableRng as _;

use super::*;
use crate::account::{EmailRefused, TextRefused};
use crate::clock::Rng;
use crate::directory::SignedIn;
use crate::limit::Allowance;
use crate::lockout::Locked;
use crate::password::Password;
use crate::policy::Number;
use crate::rights::Right;
use crate::session::SessionToken;

fn every_refusal() -> Vec<Refusal> {
    let until = "2026-03-02T08:00:30.5Z".parse().unwrap();
    vec![
        Refusal::WrongCredentials,
        Refusal::Locked(Locked::Waiting { until, failures: 5 }),
        Refusal::Locked(Locked::FactorDisabled { failures: 100 }),
        Refusal::LimitReached(Allowance {
            limit: "sign_in".to_owned(),
            count: 5,
            window_secs: 60,
            allowed: false,
            left: 0,
            until,
        }),
        Refusal::Disabled,
        Refusal::LockedByHand,
        Refusal::CodeReplayed,
        Refusal::TooManyCodes,
        Refusal::EnrolmentRefused,
        Refusal::SessionLocked,
        Refusal::SessionEnded,
        Refusal::SecondFactorNeeded,
        Refusal::SetUpNeeded,
        Refusal::WeakPassword(Vec::new()),
        Refusal::PasswordTooLong,
        Refusal::NotAllowed(Right::ReadAudit),
        Refusal::OnlyOwners,
        Refusal::OutOfScope,
        Refusal::LastOwner,
        Refusal::OwnAccount,
        Refusal::Conflict,
        Refusal::EmailTaken,
        Refusal::NotFound,
        Refusal::Unchanged,
        Refusal::InRecycleBin,
        Refusal::BadText(TextRefused::TooLong { max: 200 }),
        Refusal::BadEmail(EmailRefused::NotAnAddress),
        Refusal::OutOfBounds(Number::AuditDays),
        Refusal::NothingBegun,
        Refusal::AlreadySetUp,
        Refusal::NotSetUp,
    ]
}

#[test]
fn every_operation_has_a_name_and_a_door_of_its_own() {
    let names: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
    let doors: BTreeSet<_> = OPERATIONS
        .iter()
        .map(|operation| (operation.method.as_str(), operation.path))
        .collect();
    assert_eq!(names.len(), OPERATIONS.len(), "a log line names one operation");
    assert_eq!(doors.len(), OPERATIONS.len(), "a request asks one operation");
    for operation in OPERATIONS {
        assert!(
            operation.path.starts_with("/v1/"),
            "{} has the version in its path",
            operation.name
        );
    }
}

#[test]
fn a_path_is_its_template_with_the_ids_in_place() {
    let account = "018f4e6a-0000-7000-8000-000000000001";
    let session = "018f4e6a-0000-7000-8000-000000000002";
    let id = |text: &str| text.parse::<uuid::Uuid>().unwrap();
    let place = (id(account).into(), id(session).into());
    assert_eq!(
        EndSession::path(&place),
        format!("/v1/accounts/{account}/sessions/{session}"),
        "in the order of the template"
    );
    assert_eq!(GetMe::path(&()), "/v1/sessions/current", "nothing to fill in");
}

#[test]
fn every_refusal_comes_back_as_it_was() {
    for refusal in every_refusal() {
        let mut problem = Problem::of(&refusal.clone().into());
        problem.request_id = Some("7".to_owned());
        let bytes = serde_json::to_vec(&problem).unwrap();
        match error_of(problem.status, &bytes) {
            Error::Refused(came) => {
                assert_eq!(came, refusal, "the window shows it like one of its own store");
            }
            other => panic!("{refusal:?} came back as {other}"),
        }
        assert!(
            (400..500).contains(&problem.status),
            "{refusal:?} is no fault of the service"
        );
        assert_eq!(problem.number, refusal.code().to_string(), "what a person quotes");
    }
}

#[test]
fn every_code_of_what_broke_comes_back_and_nothing_else_does() {
    for code in Code::ALL {
        let context = "open /srv/shop.db: no space".to_owned();
        let problem = Problem::of(&Error::Broken(StoreError { code: *code, context }));
        let bytes = serde_json::to_vec(&problem).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(
            !text.contains("/srv"),
            "a stranger learns nothing of the machine: {text}"
        );
        assert_eq!(
            error_of(problem.status, &bytes).code(),
            *code,
            "the window knows what to say"
        );
    }
}

#[test]
fn an_answer_of_somebody_in_between_is_told_by_its_status() {
    let code = |status| error_of(status, b"<html>Bad Gateway</html>").code();
    assert_eq!(code(502), Code::Unavailable, "a proxy whose service is away");
    assert_eq!(
        code(429),
        Code::TooManyRequests,
        "a proxy that has its own limits"
    );
    assert_eq!(code(404), Code::NotKeyholder, "no service of ours is there");
}

#[test]
fn who_must_wait_is_told_how_long() {
    let now = "2026-03-02T08:00:00Z".parse().unwrap();
    let wait = |refusal: Refusal| Problem::of(&refusal.into()).retry_after(now);
    let until = "2026-03-02T08:00:30.5Z".parse().unwrap();
    assert_eq!(
        wait(Refusal::Locked(Locked::Waiting { until, failures: 5 })),
        Some(31),
        "never a second too early"
    );
    assert_eq!(
        wait(Refusal::Locked(Locked::Waiting {
            until: now,
            failures: 5
        })),
        Some(1),
        "never at once"
    );
    assert_eq!(wait(Refusal::TooManyCodes), Some(30), "until the next code");
    assert_eq!(wait(Refusal::Disabled), None, "waiting does not help");
    let busy = Error::Broken(StoreError {
        code: Code::Busy,
        context: String::new(),
    });
    assert_eq!(
        Problem::of(&busy).retry_after(now),
        Some(1),
        "a store that is busy is soon free"
    );
}

#[test]
fn a_token_opens_the_session_on_the_other_side_of_the_wire() {
    let token = SessionToken::fresh(&mut Rng::seed_from_u64(1));
    let read = SessionToken::parse(&token.text()).unwrap();
    assert_eq!(read.digest(), token.digest(), "the same token");
    for no_token in [
        "",
        "x",
        &"A".repeat(42),
        &"A".repeat(44),
        &"=".repeat(43),
        &"A".repeat(1 << 20),
    ] {
        assert!(
            SessionToken::parse(no_token).is_none(),
            "{} characters that are no token",
            no_token.len()
        );
    }
}

#[test]
fn no_secret_is_seen_in_a_log() {
    let password = Password::new("seven quiet herons".to_owned()).unwrap();
    let source = crate::testing::directory_contract::here();
    let body = SignInBody::new("olga@rose.example", &password, &source);
    let shown = format!("{body:?}");
    assert!(!shown.contains("heron"), "Debug must not print it: {shown}");
    let sent = to_body(&body).unwrap().unwrap();
    let read: SignInBody = from_body(&sent).unwrap();
    assert_eq!(
        read.password.into_password().unwrap().expose(),
        "seven quiet herons",
        "the service reads what was typed"
    );
    let cut = from_body::<SignInBody>(br#"{"email": "a", "password": {"seven quiet herons": 1}}"#);
    let error = cut.unwrap_err().to_string();
    assert!(!error.contains("heron"), "nor must an error quote it: {error}");
}

#[test]
fn nobody_comes_over_the_wire_as_keyholder_itself() {
    for program in [crate::audit::Program::Keyholder, crate::audit::Program::Page] {
        let keep_device = false;
        let origin = Origin { program, keep_device };
        assert!(
            origin.source("192.0.2.1".to_owned(), None, None).is_err(),
            "the trail names whom nobody asked"
        );
    }
}

#[test]
fn what_is_not_agreed_is_an_error_of_its_own() {
    let answer = from_body::<SignedInBody>(b"{}").and_then(SignedIn::try_from);
    assert_eq!(
        answer.map(drop).unwrap_err().code(),
        Code::BadRequest,
        "told apart from what the store says"
    );
    assert_eq!(to_body(&()).unwrap(), None, "nothing to say, nothing sent");
    assert!(from_body::<()>(b"").is_ok(), "and nothing is read as nothing");
}

#[test]
fn a_revision_is_named_in_one_way() {
    assert_eq!(revision_of(&entity_tag(7)), Some(7), "there and back");
    for other in [
        "7",
        "\"07\"",
        "\"+7\"",
        "W/\"7\"",
        "*",
        "\"7",
        "\"\"",
        "\"99999999999\"",
    ] {
        assert_eq!(revision_of(other), None, "{other} names no revision of ours");
    }
}
