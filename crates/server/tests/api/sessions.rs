//! Signing in step by step, and the session that comes of it.

use axum::http::StatusCode;
use keyholder_core::account::Role;
use keyholder_core::audit::Action;
use keyholder_core::directory::NewAccount;
use keyholder_core::error::Code;
use keyholder_core::session::{SessionToken, Stage};
use keyholder_core::testing::directory_contract::{
    BETTER, GOOD, OLGA, SAM, WRONG, email, here, name, password,
};
use keyholder_core::wire::{
    CodeBody, Enrol, EnrolBody, GetMe, GiveCode, GiveRecoveryCode, Lock, PasswordBody, SignOut, Touch, Unlock,
};

use crate::world::{As, NOBODY, PEER, World};

#[tokio::test]
async fn a_password_opens_a_session() {
    let world = World::open().await;
    let told = world.sign_in(OLGA, GOOD).await;
    assert_eq!(told.status, StatusCode::CREATED, "a session was made");
    assert_eq!(told.signed_in().stage, Stage::Open, "and is open");
    let me = world
        .ask::<GetMe>(As::holder(&told.token()), &(), &(), &())
        .await
        .done::<GetMe>();
    assert_eq!(me.account.email.as_str(), OLGA, "it is hers");
    let event = world.scene.trail(Action::SignInPassword).await.remove(0);
    assert_eq!(
        event.source.address.as_deref(),
        Some(PEER),
        "the trail has the address that is seen"
    );
    assert_eq!(
        event.source.program,
        here().program,
        "and the program that was named"
    );
}

#[tokio::test]
async fn a_wrong_password_is_told_in_words_and_for_programs() {
    let world = World::open().await;
    insta::assert_snapshot!(world.sign_in(OLGA, WRONG).await.shown(), @r#"
    401 Unauthorized
    content-type: application/problem+json
    www-authenticate: Bearer
    {
      "code": "wrong_credentials",
      "number": "KH-1001",
      "refusal": {
        "kind": "wrong_credentials"
      },
      "request_id": "[id]",
      "status": 401,
      "title": "this e-mail address, password or code is not right",
      "type": "urn:keyholder:problem:KH-1001"
    }
    "#);
}

#[tokio::test]
async fn who_mistypes_five_times_learns_how_long_to_wait() {
    let world = World::open().await;
    for _ in 0..5 {
        assert_eq!(
            world.sign_in(OLGA, WRONG).await.status,
            StatusCode::UNAUTHORIZED,
            "a slip"
        );
    }
    insta::assert_snapshot!(world.sign_in(OLGA, GOOD).await.shown(), @r#"
    429 Too Many Requests
    content-type: application/problem+json
    retry-after: 30
    {
      "code": "waiting",
      "number": "KH-1002",
      "refusal": {
        "data": {
          "failures": 5,
          "locked": "waiting",
          "until": "2026-03-02T08:00:30Z"
        },
        "kind": "locked"
      },
      "request_id": "[id]",
      "status": 429,
      "title": "5 failed attempts in a row; try again after 2026-03-02T08:00:30Z",
      "type": "urn:keyholder:problem:KH-1002",
      "until": "2026-03-02T08:00:30Z"
    }
    "#);
    world.scene.wait(30);
    assert_eq!(
        world.sign_in(OLGA, GOOD).await.status,
        StatusCode::CREATED,
        "then it is her turn"
    );
}

#[tokio::test]
async fn a_code_is_asked_after_the_password_and_opens_once() {
    let world = World::open().await;
    let bound = SessionToken::parse(&world.olga().await).unwrap();
    let (secret, _) = world.scene.bind(&bound).await;
    world.scene.wait(30);

    let half = world.sign_in(OLGA, GOOD).await;
    assert_eq!(
        half.signed_in().stage,
        Stage::SecondFactor,
        "the password is not enough"
    );
    let half = half.token();
    let me = world.ask::<GetMe>(As::holder(&half), &(), &(), &()).await;
    assert_eq!(me.status, StatusCode::FORBIDDEN, "and opens nothing yet");
    assert_eq!(me.problem().code, Code::SecondFactorNeeded, "as is said");

    let code = CodeBody::from(world.scene.code(&secret).as_str());
    let whole = world.ask::<GiveCode>(As::holder(&half), &(), &(), &code).await;
    assert_eq!(whole.done::<GiveCode>().stage, Stage::Open, "the code is");
    let again = world.ask::<GiveCode>(As::holder(&half), &(), &(), &code).await;
    assert_eq!(
        again.status,
        StatusCode::UNAUTHORIZED,
        "the token of the step before is void"
    );

    let half = world.sign_in(OLGA, GOOD).await.token();
    let used = world.ask::<GiveCode>(As::holder(&half), &(), &(), &code).await;
    assert_eq!(used.problem().code, Code::CodeReplayed, "and so is the code");
}

#[tokio::test]
async fn a_recovery_code_is_taken_where_the_phone_is_gone() {
    let world = World::open().await;
    let bound = SessionToken::parse(&world.olga().await).unwrap();
    let (_, codes) = world.scene.bind(&bound).await;
    let half = world.sign_in(OLGA, GOOD).await.token();
    let code = CodeBody::from(codes[0].as_str());
    let told = world
        .ask::<GiveRecoveryCode>(As::holder(&half), &(), &(), &code)
        .await;
    assert_eq!(
        told.done::<GiveRecoveryCode>().stage,
        Stage::Rebind,
        "a new second factor is set up next"
    );
}

#[tokio::test]
async fn too_many_codes_wait_for_the_next_one() {
    let world = World::open().await;
    let bound = SessionToken::parse(&world.olga().await).unwrap();
    world.scene.bind(&bound).await;
    world.scene.wait(37);
    let half = world.sign_in(OLGA, GOOD).await.token();
    let wrong = CodeBody::from("000000");
    for _ in 0..3 {
        world.ask::<GiveCode>(As::holder(&half), &(), &(), &wrong).await;
    }
    let told = world.ask::<GiveCode>(As::holder(&half), &(), &(), &wrong).await;
    assert_eq!(
        told.status,
        StatusCode::TOO_MANY_REQUESTS,
        "three in half a minute"
    );
    assert_eq!(
        told.header("retry-after"),
        Some("23"),
        "until the phone shows the next one"
    );
}

#[tokio::test]
async fn a_session_is_touched_locked_opened_and_ended() {
    let world = World::open().await;
    let token = world.olga().await;
    let holder = As::holder(&token);
    world.scene.wait(60);
    world.ask::<Touch>(holder, &(), &(), &()).await.done::<Touch>();
    world.ask::<Lock>(holder, &(), &(), &()).await.done::<Lock>();
    let locked = world.ask::<GetMe>(holder, &(), &(), &()).await;
    assert_eq!(locked.status, StatusCode::LOCKED, "the chair is empty");
    assert_eq!(locked.problem().code, Code::SessionLocked, "as is said");

    let wrong = PasswordBody::from(&password(WRONG));
    let shut = world.ask::<Unlock>(holder, &(), &(), &wrong).await;
    assert_eq!(shut.status, StatusCode::UNAUTHORIZED, "not for anybody else");
    let right = PasswordBody::from(&password(GOOD));
    let opened = world.ask::<Unlock>(holder, &(), &(), &right).await;
    opened.done::<Unlock>();
    let old = world.ask::<GetMe>(holder, &(), &(), &()).await;
    assert_eq!(
        old.status,
        StatusCode::UNAUTHORIZED,
        "the token from before is void"
    );

    let token = opened.token();
    world
        .ask::<SignOut>(As::holder(&token), &(), &(), &())
        .await
        .done::<SignOut>();
    let after = world.ask::<GetMe>(As::holder(&token), &(), &(), &()).await;
    assert_eq!(after.problem().code, Code::SessionEnded, "ended is ended");
}

#[tokio::test]
async fn an_enrolment_code_sets_the_first_password() {
    let world = World::open().await;
    let olga = world.scene.olga().await;
    let new = NewAccount {
        email: email(SAM),
        name: name("Sam"),
        role: Role::Support,
    };
    let created = olga.create(new).await.unwrap();
    let code = created.enrolment.code.printed();
    let body = EnrolBody::new(SAM, &code, &password(BETTER), &here());
    let told = world.ask::<Enrol>(NOBODY, &(), &(), &body).await;
    assert_eq!(told.done::<Enrol>().stage, Stage::Open, "Sam is in");
    let again = world.ask::<Enrol>(NOBODY, &(), &(), &body).await;
    assert_eq!(
        again.problem().code,
        Code::EnrolmentRefused,
        "the code works once"
    );
    assert_eq!(
        world.sign_in(SAM, BETTER).await.status,
        StatusCode::CREATED,
        "the password from now on"
    );
}
