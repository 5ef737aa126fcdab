//! My account.

use axum::http::StatusCode;
use keyholder_core::account::Role;
use keyholder_core::audit::Action;
use keyholder_core::policy::Policy;
use keyholder_core::second_factor::TotpSecret;
use keyholder_core::testing::directory_contract::{BETTER, CARLA, GOOD, WRONG, reason};

use crate::world::{Browser, Page, World};

/// Sets up a second factor on the pages; gives the phone and the sheet.
async fn set_up(browser: &mut Browser<'_>) -> (TotpSecret, Page) {
    browser.get("/auth/account/second-factor").await;
    let page = browser.fill("/auth/account/second-factor", &[]).await;
    let secret = page.field("secret").unwrap();
    let phone = TotpSecret::from_base32(&secret).unwrap();
    let code = browser.code(&phone);
    let fields = [("secret", secret.as_str()), ("code", &code)];
    let sheet = browser.fill("/auth/account/second-factor/confirm", &fields).await;
    (phone, sheet)
}

fn codes_of(sheet: &Page) -> Vec<String> {
    let codes = sheet.body.split("<code>").skip(1);
    codes
        .map(|rest| rest.split_once('<').unwrap().0.to_owned())
        .collect()
}

#[tokio::test]
async fn everybody_says_how_they_are_called() {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let mut browser = world.signed_in(CARLA).await;
    let page = browser.get("/auth/account").await;
    let revision = page.field("revision").unwrap();
    let named = |name| [("name", name), ("revision", revision.as_str())];
    let page = browser
        .fill("/auth/account/name", &named("Carla \u{202e}Clark"))
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing unseen");
    let page = browser.fill("/auth/account/name", &named("Carla Clark")).await;
    assert_eq!(page.place(), "/auth/account?done=name", "taken");
    let page = browser.get("/auth/account?done=name").await;
    assert!(page.text().contains("Your name is changed."), "{}", page.text());
    assert!(page.body.contains("value=\"Carla Clark\""), "and shown");
    let event = world.scene.trail(Action::AccountEdited).await.remove(0);
    assert_eq!(event.actor.label(), CARLA, "the trail has who");
}

#[tokio::test]
async fn a_new_password_ends_other_sessions() {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let (mut here, there) = (world.signed_in(CARLA).await, world.signed_in(CARLA).await);
    let path = "/auth/account/password";
    here.get(path).await;
    let page = here.fill(path, &[("present", WRONG), ("password", BETTER)]).await;
    assert!(
        page.text().contains("This is not your current password."),
        "{}",
        page.text()
    );
    let page = here.fill(path, &[("present", GOOD), ("password", "short")]).await;
    assert!(page.text().contains("needs at least 15"), "{}", page.text());
    let page = here.fill(path, &[("present", GOOD), ("password", BETTER)]).await;
    assert_eq!(page.place(), "/auth/account?done=password", "taken");
    assert!(here.is_in().await, "this browser stays in");
    assert!(!there.is_in().await, "others do not");
}

#[tokio::test]
async fn a_second_factor_is_set_up_with_a_picture() {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let mut browser = world.signed_in(CARLA).await;
    insta::assert_snapshot!(browser.get("/auth/account/second-factor").await.text(), @"
    Add your phone as a second key
    Then your password alone is of no use to a thief. You need an authenticator app, such as the one you use for your bank or e-mail.
    Show the picture
    Back to your account
    ");
    let begun = browser.fill("/auth/account/second-factor", &[]).await;
    let secret = begun.field("secret").unwrap();
    assert!(begun.body.contains("<svg"), "a picture for the app");
    assert!(
        begun.body.contains(&format!("<span>{}</span>", &secret[..4])),
        "and letters to type"
    );
    let path = "/auth/account/second-factor/confirm";
    let wrong = browser
        .fill(path, &[("secret", secret.as_str()), ("code", "000000")])
        .await;
    assert_eq!(
        wrong.field("secret"),
        Some(secret.clone()),
        "a slip leaves the picture"
    );
    assert!(
        wrong.text().contains("This code is not right."),
        "{}",
        wrong.text()
    );

    let code = browser.code(&TotpSecret::from_base32(&secret).unwrap());
    let sheet = browser
        .fill(path, &[("secret", secret.as_str()), ("code", &code)])
        .await;
    assert_eq!(codes_of(&sheet).len(), 8, "the sheet: {}", sheet.text());
    let page = browser.get("/auth/account").await;
    assert!(
        page.text().contains("8 recovery codes are left."),
        "{}",
        page.text()
    );
    assert!(
        !page.body.contains(&codes_of(&sheet)[0]) && !page.body.contains(&secret),
        "shown once"
    );
    world.scene.wait(60);
    let mut again = world.browser();
    assert_eq!(
        again.sign_in(CARLA, GOOD).await.place(),
        "/auth/sign-in/code",
        "from now on it is asked for"
    );
}

#[tokio::test]
async fn recovery_codes_are_replaced_and_the_factor_removed_with_the_password_alone() {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let mut browser = world.signed_in(CARLA).await;
    let (_, sheet) = set_up(&mut browser).await;
    let path = "/auth/account/recovery-codes";
    browser.get(path).await;
    let wrong = browser.fill(path, &[("password", WRONG)]).await;
    assert!(codes_of(&wrong).is_empty(), "not without the password");
    let new = browser.fill(path, &[("password", GOOD)]).await;
    assert_eq!(codes_of(&new).len(), 8, "a new sheet");
    assert_ne!(codes_of(&new), codes_of(&sheet), "with new codes");

    let path = "/auth/account/second-factor/remove";
    insta::assert_snapshot!(browser.get(path).await.text(), @"
    Remove the second factor?
    From then on your password alone opens your account, and your recovery codes are void.
    Current password
    Remove it
    Back to your account
    ");
    let wrong = browser.fill(path, &[("password", WRONG)]).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN, "not without the password");
    let page = browser.fill(path, &[("password", GOOD)]).await;
    assert_eq!(page.place(), "/auth/account?done=removed", "removed");
    assert_eq!(
        browser.get(path).await.place(),
        "/auth/account",
        "there is none to remove any more"
    );
}

#[tokio::test]
async fn a_shop_can_require_a_second_factor() {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let olga = world.scene.olga().await;
    let shop = olga.shop().await.unwrap();
    let policy = Policy {
        second_factor_required: [Role::Customer].into(),
        ..shop.policy
    };
    olga.change_policy(shop.revision, shop.name, policy)
        .await
        .unwrap();
    let mut browser = world.browser();
    let page = browser.sign_in(CARLA, GOOD).await;
    assert_eq!(page.place(), "/auth/account/second-factor", "nothing else before");
    let page = browser.get(page.place()).await;
    assert!(
        page.text().contains("Nothing else is open until this is done."),
        "{}",
        page.text()
    );
    let (_, sheet) = set_up(&mut browser).await;
    assert_eq!(codes_of(&sheet).len(), 8, "set up");
    let page = browser.get("/auth/account").await;
    assert!(
        page.text().contains("so it cannot be removed"),
        "it stays: {}",
        page.text()
    );
}

#[tokio::test]
async fn a_second_factor_is_offered_until_it_is_put_off() {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let mut browser = world.signed_in(CARLA).await;
    let page = browser.get("/auth/account").await;
    assert!(page.text().contains("Not now"), "offered: {}", page.text());
    let page = browser.fill("/auth/account/second-factor/later", &[]).await;
    assert_eq!(page.place(), "/auth/account?done=later", "put off");
    let page = browser.get("/auth/account").await;
    assert!(!page.text().contains("Not now"), "for a while: {}", page.text());
}

#[tokio::test]
async fn ones_own_sessions_are_listed_and_ended() {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let there = world.signed_in(CARLA).await;
    world.scene.wait(600);
    let mut here = world.signed_in(CARLA).await;
    let page = here.get("/auth/account").await;
    let (_, sessions) = page.body.split_once("sessions-title\">").unwrap();
    let (sessions, _) = sessions.split_once("</section>").unwrap();
    let text = Page {
        body: format!("<main>{sessions}"),
        ..page.clone()
    };
    insta::assert_snapshot!(text.text(), @"
    Where you are signed in
    Firefox on Linux, address 192.0.2.7
    This browser, signed in just now
    Firefox on Linux, address 192.0.2.7
    Last active 10 minutes ago, signed in 10 minutes ago
    Sign out
    The Keyholder window, address till-1
    Last active 10 minutes ago, signed in 10 minutes ago
    Sign out
    ");
    let id = page.field("session").unwrap();
    let ended = here.fill("/auth/account/sessions/end", &[("session", &id)]).await;
    assert_eq!(ended.place(), "/auth/account?done=ended", "ended");
    assert!(!there.is_in().await, "there");
    assert!(here.is_in().await, "not here");
    let olga = world.olga().await;
    let olgas = world
        .olga()
        .await
        .get("/auth/account")
        .await
        .field("session")
        .unwrap();
    here.fill("/auth/account/sessions/end", &[("session", &olgas)])
        .await;
    assert!(olga.is_in().await, "nobody else's");
    for nonsense in ["", "x", "00000000-0000-0000-0000-000000000000"] {
        let page = here
            .fill("/auth/account/sessions/end", &[("session", nonsense)])
            .await;
        assert!(!page.status.is_server_error(), "{nonsense:?}: {}", page.status);
    }
}

#[tokio::test]
async fn what_the_shop_did_is_told_without_who_and_why() {
    let world = World::open().await;
    let carla = world.enrolled(CARLA, Role::Customer).await;
    let olga = world.scene.olga().await;
    olga.force_password_change(carla.id, reason("looks like a fraud"))
        .await
        .unwrap();
    let mut browser = world.browser();
    browser.sign_in(CARLA, WRONG).await;
    browser.sign_in(CARLA, GOOD).await;
    let path = "/auth/account/password";
    browser.get(path).await;
    browser
        .fill(path, &[("present", GOOD), ("password", BETTER)])
        .await;
    let page = browser.get("/auth/account/history").await;
    assert!(
        !page.body.contains("fraud") && !page.body.contains("olga@"),
        "that is the shop's business"
    );
    insta::assert_snapshot!(page.text(), @"
    What happened to your account
    Sign-ins, changes, and what the shop did. Nobody can change a line of it. Times are in UTC.
    You chose a new password.
    2 March 2026, 08:00
    · from address 192.0.2.7
    You signed in with your password.
    2 March 2026, 08:00
    · from address 192.0.2.7
    A wrong password was given.
    2 March 2026, 08:00
    · from address 192.0.2.7
    The shop asked you for a new password.
    2 March 2026, 08:00
    You chose a password with an enrolment code.
    2 March 2026, 08:00
    · from address till-1
    The shop made an enrolment code for you.
    2 March 2026, 08:00
    The shop made your account.
    2 March 2026, 08:00
    Back to your account
    ");
}
