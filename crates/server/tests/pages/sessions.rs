//! P24 and P25 on the pages: a session ends, and what has ended opens nothing.

use axum::http::StatusCode;
use keyholder_core::account::Role;
use keyholder_core::testing::directory_contract::{BETTER, CARLA, GOOD, OLGA, email, password, reason};
use keyholder_server::pages::PATHS;

use crate::doubles::Flaw;
use crate::world::{Browser, World, token_of};

/// What anybody may see.
const OPEN: [&str; 7] = [
    "/auth/sign-in",
    "/auth/sign-in/passkey",
    "/auth/sign-in/passkey/use",
    "/auth/welcome",
    "/auth/signed-out",
    "/auth/sign-out",
    "/auth/assets/{file}",
];

/// Whether that browser is turned away from everything that is not for everybody, looked at or filled in.
async fn turned_away(browser: &Browser<'_>) -> Result<(), String> {
    for path in PATHS.iter().filter(|path| !OPEN.contains(path)) {
        let looked = browser.clone().get(path).await;
        let filled = browser
            .clone()
            .fill(path, &[("password", GOOD), ("present", GOOD)])
            .await;
        for page in [looked, filled] {
            let away = match page.status {
                StatusCode::SEE_OTHER => ["/auth/sign-in", "/auth/account"].contains(&page.place()),
                // Where no letters are sent, what they lead to is not there; without its link it is over.
                status => matches!(
                    status,
                    StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND | StatusCode::GONE
                ),
            };
            if !away || (page.place() == "/auth/account" && *path != "/") {
                return Err(format!(
                    "{} is answered {} {}",
                    page.asked,
                    page.status,
                    page.place()
                ));
            }
        }
    }
    Ok(())
}

/// Somebody is signed in, something is done, and nothing is open any more.
async fn p25_ended_by<F: AsyncFnOnce(&World, &mut Browser<'_>)>(done: F) -> Result<(), String> {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let mut browser = world.signed_in(CARLA).await;
    browser.get("/auth/account").await;
    let before = browser.clone();
    if !before.is_in().await {
        return Err("not in to begin with".to_owned());
    }
    done(&world, &mut browser).await;
    turned_away(&before).await
}

#[tokio::test]
async fn p25_what_has_ended_opens_nothing() {
    let signed_out = p25_ended_by(async |_, browser| {
        browser.fill("/auth/sign-out", &[]).await;
    });
    assert_eq!(signed_out.await, Ok(()), "signed out");
    let disabled = p25_ended_by(async |world, _| {
        let carla = world.scene.store.person_by_email(&email(CARLA)).await;
        let id = carla.unwrap().unwrap().account.id;
        let olga = world.scene.olga().await;
        olga.disable(id, reason("left")).await.unwrap();
    });
    assert_eq!(disabled.await, Ok(()), "disabled");
    let deleted = p25_ended_by(async |world, _| {
        let carla = world.scene.store.person_by_email(&email(CARLA)).await;
        let id = carla.unwrap().unwrap().account.id;
        world.scene.olga().await.delete(id, None).await.unwrap();
    });
    assert_eq!(deleted.await, Ok(()), "deleted");
    let changed = p25_ended_by(async |world, _| {
        let elsewhere = world.scene.inside(CARLA, GOOD).await;
        let (present, new) = (password(GOOD), password(BETTER));
        elsewhere.change_password(&present, &new).await.unwrap();
    });
    assert_eq!(changed.await, Ok(()), "another password");
    let ended = p25_ended_by(async |world, _| {
        let carla = world.scene.store.person_by_email(&email(CARLA)).await;
        let id = carla.unwrap().unwrap().account.id;
        world.scene.olga().await.end_sessions(id, None).await.unwrap();
    });
    assert_eq!(ended.await, Ok(()), "ended in the console");
}

#[tokio::test]
async fn p25_mutant_a_session_that_does_not_end_is_found() {
    let world = World::open().await;
    let token = token_of(&world, OLGA).await;
    let mut browser = world.olga().await;
    browser.get("/auth/account").await;
    let before = browser.clone();
    browser.fill("/auth/sign-out", &[]).await;
    let cookies = before.cookies.clone();
    let form = before.word.clone();
    let world = world.flawed(Flaw::OpensToAnybody(token));
    let mut browser = world.browser();
    (browser.cookies, browser.word) = (cookies, form);
    assert!(
        turned_away(&browser).await.is_err(),
        "the measure sees what is open"
    );
}

/// Half an hour without anything, half a day in all: one second before it is open, one second after
/// nothing is.
async fn p24_limits(world: &World) -> Result<(), String> {
    let mut browser = world.signed_in(OLGA).await;
    browser.get("/auth/account").await;
    world.scene.wait(30 * 60 - 1);
    if !browser.is_in().await {
        return Err("ended before half an hour".to_owned());
    }
    // The second that was too many counts from that look.
    let mut browser = world.signed_in(OLGA).await;
    browser.get("/auth/account").await;
    world.scene.wait(30 * 60 + 1);
    turned_away(&browser).await?;

    let mut busy = world.signed_in(OLGA).await;
    for _ in 0..24 {
        world.scene.wait(29 * 60);
        if busy.get("/auth/account").await.status != StatusCode::OK {
            return Err("ended although somebody was there".to_owned());
        }
    }
    world.scene.wait(24 * 60 + 1);
    turned_away(&busy).await
}

#[tokio::test]
async fn p24_a_session_ends_by_itself() {
    let world = World::open().await;
    assert_eq!(p24_limits(&world).await, Ok(()), "as is documented");
}

#[tokio::test]
async fn p24_mutant_a_session_without_end_is_found() {
    let world = World::open().await;
    // The console's session goes on as long as its idle time is not over, and is never of a page.
    let kept = token_of(&world, OLGA).await;
    let world = world.flawed(Flaw::OpensToAnybody(kept));
    let mut browser = world.olga().await;
    browser.get("/auth/account").await;
    world.scene.wait(60);
    assert!(
        turned_away(&browser).await.is_err(),
        "the measure sees what is open"
    );
}

#[tokio::test]
async fn a_session_is_kept_for_a_week_where_somebody_chooses_so() {
    let world = World::open().await;
    let mut browser = world.browser();
    browser.get("/auth/sign-in").await;
    let fields = [("email", OLGA), ("password", GOOD), ("keep", "yes")];
    let page = browser.fill("/auth/sign-in", &fields).await;
    let lines = page.headers.get_all("set-cookie").iter();
    let session = lines
        .map(|line| line.to_str().unwrap())
        .find(|line| line.contains("session"))
        .unwrap();
    assert!(
        session.contains("Max-Age=604800"),
        "it outlives the browser: {session}"
    );
    for _ in 0..6 {
        world.scene.wait(86_400);
        assert_eq!(
            browser.get("/auth/account").await.status,
            StatusCode::OK,
            "day after day"
        );
    }
    world.scene.wait(86_400 - 1);
    assert!(browser.is_in().await, "to the last second");
    world.scene.wait(1);
    assert_eq!(turned_away(&browser).await, Ok(()), "and not longer");
}

#[tokio::test]
async fn a_session_is_given_a_new_token_while_it_is_used() {
    let world = World::open().await;
    let mut browser = world.olga().await;
    browser.get("/auth/account").await;
    world.scene.wait(15 * 60);
    let old = browser.clone();
    let form = browser.word.clone();
    let page = browser.get("/auth/account").await;
    assert!(
        page.header("set-cookie")
            .is_some_and(|line| line.contains("session")),
        "after a quarter of an hour"
    );
    assert!(browser.is_in().await, "it goes on");
    assert!(!old.is_in().await, "the old token opens nothing");
    assert_eq!(browser.word, form, "a form that was open before is good still");
    let page = browser.get("/auth/account").await;
    assert_eq!(page.header("set-cookie"), None, "and not at every look");
}
