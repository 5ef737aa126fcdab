//! In, and out again.

use axum::http::StatusCode;
use keyholder_core::account::Role;
use keyholder_core::audit::Action;
use keyholder_core::directory::NewAccount;
use keyholder_core::testing::directory_contract::{
    BETTER, CARLA, GOOD, OLGA, SAM, WRONG, email, name, reason,
};

use crate::world::{OFFICE, PEER, World};

#[tokio::test]
async fn somebody_signs_in_and_out() {
    let world = World::open().await;
    let mut browser = world.browser();
    assert_eq!(
        browser.get("/").await.place(),
        "/auth/account",
        "the start is one's own account"
    );
    assert_eq!(
        browser.get("/auth/account").await.place(),
        "/auth/sign-in",
        "for whoever is signed in"
    );
    insta::assert_snapshot!(browser.get("/auth/sign-in").await.text(), @"
    Sign in to Rose and Thorn
    E-mail address
    Password
    Keep me signed in for 7 days
    Only on a computer or phone that is yours.
    Sign in
    Sign in with a passkey
    I have an enrolment code
    ");
    let page = browser.sign_in(OLGA, GOOD).await;
    assert_eq!(
        (page.status, page.place()),
        (StatusCode::SEE_OTHER, "/auth/account"),
        "the password is right"
    );
    let page = browser.get("/auth/account").await;
    assert!(
        page.text().contains("olga@rose.example"),
        "her account: {}",
        page.text()
    );
    assert_eq!(
        browser.get("/auth/sign-in").await.place(),
        "/auth/account",
        "nobody signs in twice"
    );
    let event = world.scene.trail(Action::SignInPassword).await.remove(0);
    assert_eq!(
        event.source.address.as_deref(),
        Some(PEER),
        "the trail has from where"
    );

    let before = browser.clone();
    let page = browser.fill("/auth/sign-out", &[]).await;
    assert_eq!(page.place(), "/auth/signed-out", "out");
    insta::assert_snapshot!(browser.get("/auth/signed-out").await.text(), @"
    You are signed out
    Whoever uses this device next has to sign in again.
    Sign in again
    ");
    assert!(!before.is_in().await, "the session opens nothing any more");
}

#[tokio::test]
async fn a_wrong_password_is_told_and_the_rest_stays_filled_in() {
    let world = World::open().await;
    let mut browser = world.browser();
    let page = browser.sign_in(OLGA, WRONG).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "not in");
    assert_eq!(page.field("email"), None, "fields have more than a name");
    assert!(
        page.body.contains("value=\"olga@rose.example\""),
        "the address stays"
    );
    assert!(!page.body.contains(WRONG), "the password does not");
    insta::assert_snapshot!(page.text().lines().take(4).collect::<Vec<_>>().join("\n"), @"
    Sign in to Rose and Thorn
    That did not work
    This e-mail address and password do not belong together. Check both and try again.
    E-mail address
    ");
}

#[tokio::test]
async fn too_many_wrong_tries_wait_and_are_told_how_long() {
    let world = World::open().await;
    let mut browser = world.browser();
    for _ in 0..5 {
        browser.sign_in(OLGA, WRONG).await;
    }
    let page = browser.sign_in(OLGA, GOOD).await;
    assert_eq!(
        (page.status, page.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, Some("30")),
        "also with the right one"
    );
    insta::assert_snapshot!(page.text(), @"
    Please wait a little
    There were too many wrong tries. Try again in 30 seconds.
    To the start
    ");
    world.scene.wait(30);
    assert_eq!(
        browser.sign_in(OLGA, GOOD).await.place(),
        "/auth/account",
        "and then it is open"
    );
}

#[tokio::test]
async fn who_is_barred_learns_it_with_the_right_password_alone() {
    let world = World::open().await;
    let olga = world.scene.olga().await;
    let (carla, sam) = (
        world.enrolled(CARLA, Role::Customer).await,
        world.enrolled(SAM, Role::Staff).await,
    );
    olga.disable(carla.id, reason("left")).await.unwrap();
    olga.lock_account(sam.id, reason("strange calls")).await.unwrap();
    let mut browser = world.browser();
    let page = browser.sign_in(CARLA, GOOD).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "disabled");
    insta::assert_snapshot!(page.text(), @"
    Your account is disabled
    Your password is right, but the shop has disabled this account. Only the shop can enable it again.
    To the start
    ");
    let page = browser.sign_in(SAM, GOOD).await;
    assert_eq!(page.status, StatusCode::LOCKED, "locked");
    insta::assert_snapshot!(page.text(), @"
    Your account is locked
    Your password is right, but somebody who looks after the accounts has locked this one. Ask the shop to unlock it.
    To the start
    ");
}

#[tokio::test]
async fn the_code_from_the_phone_comes_second() {
    let world = World::open().await;
    let (phone, _) = world.with_phone(CARLA, Role::Customer).await;
    world.scene.wait(60);
    let mut browser = world.browser();
    let page = browser.sign_in(CARLA, GOOD).await;
    assert_eq!(
        page.place(),
        "/auth/sign-in/code",
        "the password alone opens nothing"
    );
    assert_eq!(
        browser.get("/auth/account").await.place(),
        "/auth/sign-in/code",
        "not even by its address"
    );
    insta::assert_snapshot!(browser.get("/auth/sign-in/code").await.text(), @"
    Now the code from your phone
    Open your authenticator app and type the six digits it shows.
    Code
    Continue
    Use a recovery code
    Use a passkey
    Sign in as somebody else
    ");
    let page = browser.fill("/auth/sign-in/code", &[("code", "000000")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "a guess");
    assert!(page.text().contains("This code is not right."), "{}", page.text());
    let half_in = browser.clone();
    let code = browser.code(&phone);
    let page = browser.fill("/auth/sign-in/code", &[("code", &code)]).await;
    assert_eq!(page.place(), "/auth/account", "both were right");
    assert!(browser.is_in().await, "in");
    assert!(!half_in.is_in().await, "the first step's session is no key");
}

#[tokio::test]
async fn a_recovery_code_leads_to_a_new_phone() {
    let world = World::open().await;
    let (_, codes) = world.with_phone(CARLA, Role::Customer).await;
    let mut browser = world.browser();
    browser.sign_in(CARLA, GOOD).await;
    browser.get("/auth/sign-in/recovery-code").await;
    let path = "/auth/sign-in/recovery-code?return_to=%2Forders";
    let wrong = browser.fill(path, &[("code", "AAAAA-AAAAA-AAAAA")]).await;
    assert!(
        wrong.text().contains("This recovery code is not right"),
        "{}",
        wrong.text()
    );
    let page = browser.fill(path, &[("code", &codes[0].to_lowercase())]).await;
    assert_eq!(
        page.place(),
        "/auth/account/second-factor?return_to=%2Forders",
        "nothing else is open before"
    );
    assert_eq!(
        browser.get("/auth/account").await.place(),
        "/auth/account/second-factor",
        "wherever one goes"
    );
}

#[tokio::test]
async fn an_enrolment_code_leads_to_a_password_of_ones_own() {
    let world = World::open().await;
    let olga = world.scene.olga().await;
    let new = NewAccount {
        email: email(CARLA),
        name: name("Carla"),
        role: Role::Customer,
    };
    let created = olga.create(new).await.unwrap();
    let code = created.enrolment.code.printed();
    let mut browser = world.browser();
    insta::assert_snapshot!(browser.get("/auth/welcome").await.text(), @"
    Welcome to Rose and Thorn
    Type the enrolment code you were given and choose a password of your own.
    E-mail address
    Enrolment code
    Capitals, spaces and dashes do not matter.
    New password
    At least 15 characters. A few words that do not belong together work best.
    Choose this password
    I have a password
    ");
    let fill = |secret| [("email", CARLA), ("code", code.as_str()), ("password", secret)];
    let page = browser.fill("/auth/welcome", &fill("carla carla carla")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "too weak");
    assert!(
        page.text().contains("This password is not taken"),
        "and why: {}",
        page.text()
    );
    let page = browser.fill("/auth/welcome", &fill(BETTER)).await;
    assert_eq!(page.place(), "/auth/account", "in");
    let page = world.browser().sign_in(CARLA, BETTER).await;
    assert_eq!(page.place(), "/auth/account", "with it she comes back");
}

#[tokio::test]
async fn a_forced_change_comes_first() {
    let world = World::open().await;
    let carla = world.enrolled(CARLA, Role::Customer).await;
    let olga = world.scene.olga().await;
    olga.force_password_change(carla.id, reason("seen on a note"))
        .await
        .unwrap();
    let mut browser = world.browser();
    browser.get("/auth/sign-in?return_to=/orders").await;
    let fields = [("email", CARLA), ("password", GOOD)];
    let page = browser.fill("/auth/sign-in?return_to=/orders", &fields).await;
    let place = page.place().to_owned();
    assert_eq!(
        place, "/auth/account/password?return_to=%2Forders",
        "the change before the way"
    );
    let page = browser.get(&place).await;
    assert!(
        page.text().contains("Until then nothing else is open."),
        "{}",
        page.text()
    );
    let fields = [("present", GOOD), ("password", BETTER)];
    let page = browser.fill(&place, &fields).await;
    assert_eq!(page.place(), "/orders", "and then on");
}

#[tokio::test]
async fn somebody_comes_back_to_where_they_wanted_to_go() {
    let world = World::open().await;
    let (phone, _) = world.with_phone(CARLA, Role::Customer).await;
    world.scene.wait(60);
    for (asked, reached) in [
        ("/orders?open=1%262", "/orders?open=1%262"),
        (
            "https://office.rose.example/till",
            "https://office.rose.example/till",
        ),
        ("https://evil.example/", "/auth/account"),
        ("//evil.example", "/auth/account"),
        ("javascript:alert(1)", "/auth/account"),
    ] {
        let query: String = form_urlencoded::byte_serialize(asked.as_bytes()).collect();
        let path = format!("/auth/sign-in?return_to={query}");
        let mut browser = world.browser();
        let page = browser.get(&path).await;
        assert!(
            !page.body.contains("evil"),
            "no place that is not ours is passed on"
        );
        let fields = [("email", CARLA), ("password", GOOD)];
        let step = browser.fill(&path, &fields).await.place().to_owned();
        browser.get(&step).await;
        let code = browser.code(&phone);
        let page = browser.fill(&step, &[("code", &code)]).await;
        assert_eq!(page.place(), reached, "asked for {asked}");
        world.scene.wait(60);
    }
    assert!(
        OFFICE.starts_with("https://office"),
        "the one that the settings name"
    );
}
