//! An owner and the people of the shop.

use keyholder_tests::desk::Desk;
use keyholder_tests::story::Told;
use keyholder_tests::window::Key;

use crate::shop::{self, EMAIL, OWNER_MENU, PASSWORD};

const BEN: &str = "ben@larch.example";
const BENS_PASSWORD: &str = "a kettle sings to nobody at six";

#[tokio::test]
async fn somebody_new_comes_in_by_a_code_and_chooses_a_password() -> Told {
    let desk = Desk::new("enrol")?;
    let (window, _) = shop::opened(&desk).await?;
    let code = shop::create(&window, BEN, "Ben Adler", "Support").await?;
    window.row(&["Ben Adler", BEN, "Support", "Invited"]).await?;
    window.picture("2-invited").await?;

    shop::sign_out(&window, OWNER_MENU).await?;
    shop::redeem(&window, BEN, &code, BENS_PASSWORD).await?;
    window.screen("accounts").await?;
    window.see("Ben Adler Support").await?;
    window.row(&["Ben Adler", BEN, "Support", "Active"]).await?;
    window.picture("3-signed-in").await?;

    shop::sign_out(&window, "Ben Adler Support").await?;
    shop::redeem(&window, BEN, &code, "another one that was never chosen").await?;
    window
        .see("This enrolment code is wrong, used or too old")
        .await?;
    window.picture("4-used").await?;
    window.press("Back to sign-in").await?;
    shop::sign_in(&window, BEN, BENS_PASSWORD).await?;
    Ok(())
}

#[tokio::test]
async fn what_is_done_to_an_account_and_why_stands_in_the_trail() -> Told {
    let desk = Desk::new("acts")?;
    let (window, _) = shop::opened(&desk).await?;
    let code = shop::create(&window, BEN, "Ben Adler", "Staff").await?;
    shop::look_up(&window, BEN).await?;
    window.picture("1-account").await?;
    shop::act(
        &window,
        "Disable account",
        "Away until spring",
        "Ben Adler is disabled.",
    )
    .await?;
    window.see("No, Ben Adler cannot sign in.").await?;
    window.picture("2-disabled").await?;
    window.press("Enable account").await?;
    window.fill("Reason (optional)", "Back early").await?;
    window.press("Enable account").await?;
    window.see("Ben Adler is enabled again.").await?;
    shop::act(
        &window,
        "Lock account",
        "Lost the shop's tablet",
        "Ben Adler is locked.",
    )
    .await?;
    window
        .see("By inga@larch.example: Lost the shop's tablet")
        .await?;
    window.picture("3-locked").await?;
    shop::act(
        &window,
        "Unlock account",
        "Found it under the counter",
        "Ben Adler is unlocked.",
    )
    .await?;

    window.press("Audit trail").await?;
    window.screen("audit").await?;
    for words in [
        [
            "inga@larch.example disabled ben@larch.example",
            "Away until spring",
            "Done",
        ],
        [
            "inga@larch.example enabled ben@larch.example",
            "Back early",
            "Done",
        ],
        [
            "inga@larch.example locked ben@larch.example",
            "Lost the shop's tablet",
            "Done",
        ],
        [
            "inga@larch.example unlocked ben@larch.example",
            "Found it under the counter",
            "Done",
        ],
    ] {
        window.row(&words).await?;
    }
    window.picture("4-trail").await?;
    window.press("Verify the trail").await?;
    window.see("The trail is whole").await?;
    window.picture("5-verified").await?;

    shop::sign_out(&window, OWNER_MENU).await?;
    shop::redeem(&window, BEN, &code, BENS_PASSWORD).await?;
    window.screen("me").await?;
    window.picture("6-staff").await?;
    for section in ["Accounts", "Recycle bin", "Audit trail", "Breach check"] {
        assert!(!window.reads(section).await?, "{section} is nothing for staff");
    }
    Ok(())
}

#[tokio::test]
async fn the_last_owner_who_can_sign_in_cannot_go() -> Told {
    let desk = Desk::new("last-owner")?;
    let (window, _) = shop::opened(&desk).await?;
    let code = shop::create(&window, BEN, "Ben Adler", "Owner").await?;

    shop::look_up(&window, EMAIL).await?;
    for act in ["Disable account", "Lock account", "Delete account"] {
        assert_eq!(
            window.why_not(act).await?,
            "You cannot do this to your own account. Ask another owner.",
            "{act} would lock the owner out"
        );
    }
    let step_down = async || -> Told {
        window.press("Edit").await?;
        window.choose("Role", "Support").await?;
        window.press("Save").await
    };
    step_down().await?;
    window.see("This is the last owner who can sign in").await?;
    window.picture("1-last").await?;
    window.press("Cancel").await?;

    // The other owner can really sign in from here on.
    shop::sign_out(&window, OWNER_MENU).await?;
    shop::redeem(&window, BEN, &code, BENS_PASSWORD).await?;
    window.screen("accounts").await?;
    shop::look_up(&window, EMAIL).await?;
    shop::act(&window, "Disable account", "Retired", "Inga Brandt is disabled.").await?;
    shop::look_up(&window, BEN).await?;
    step_down().await?;
    window.see("This is the last owner who can sign in").await?;
    window.press("Cancel").await?;

    window.press("Audit trail").await?;
    window
        .row(&[
            "inga@larch.example tried to edit",
            "This is the last owner who can sign in",
            "Refused",
        ])
        .await?;
    window.picture("2-trail").await?;
    Ok(())
}

#[tokio::test]
async fn a_sample_shop_is_full_of_people_and_says_that_it_is_one() -> Told {
    const MARK: &str = "This is a sample shop.";

    let desk = Desk::new("demo")?;
    let window = desk.open(&[]).await?;
    window.press("Look around in a sample shop first").await?;
    window.screen("accounts").await?;
    window.see(MARK).await?;
    // Two of the 500 lie in the recycle bin.
    window.see("498 accounts").await?;
    window.picture("1-accounts").await?;
    window.fill("Search accounts", "maja").await?;
    window.row(&["maja@marigold-finch.example"]).await?;
    window.see_no_more("498 accounts").await?;
    window.picture("2-found").await?;
    window.press("Clear filters").await?;
    window.see("498 accounts").await?;
    for (section, screen) in [
        ("Recycle bin", "recycle-bin"),
        ("Audit trail", "audit"),
        ("Breach check", "breach"),
        ("Settings", "settings"),
    ] {
        window.press(section).await?;
        window.screen(screen).await?;
        window.see(MARK).await?;
        window.picture(&format!("3-{screen}")).await?;
    }
    drop(window);
    assert!(!desk.store().exists(), "nothing of it stays");
    Ok(())
}

#[tokio::test]
async fn locked_means_that_nothing_is_left_on_the_screen() -> Told {
    let desk = Desk::new("locked")?;
    let (window, _) = shop::opened(&desk).await?;
    shop::create(&window, BEN, "Ben Adler", "Staff").await?;
    shop::look_up(&window, BEN).await?;
    assert!(
        window.document().await?.contains("Ben Adler"),
        "it is there to be hidden"
    );

    window.with_control('l').await?;
    window.screen("locked").await?;
    window.see("You locked it.").await?;
    let document = window.document().await?;
    for secret in ["Ben Adler", BEN, EMAIL] {
        assert!(
            !document.contains(secret),
            "{secret} can be read behind the lock: {document}"
        );
    }
    window.picture("1-locked").await?;
    for key in ["n", "f", ","] {
        window.with_control(key.chars().next().ok_or("a key")?).await?;
    }
    window.screen("locked").await?;
    window.fill("Password", "not the password of the owner").await?;
    window.press("Unlock").await?;
    window.see("That did not match").await?;
    window.picture("2-wrong").await?;

    window.fill("Password", PASSWORD).await?;
    window.press("Unlock").await?;
    window.screen("account").await?;
    window.see("Ben Adler").await?;
    Ok(())
}

#[tokio::test]
async fn somebody_is_found_and_unlocked_by_keyboard_alone() -> Told {
    let desk = Desk::new("keyboard")?;
    let (window, _) = shop::opened(&desk).await?;
    shop::create(&window, BEN, "Ben Adler", "Staff").await?;
    shop::look_up(&window, BEN).await?;
    shop::act(
        &window,
        "Lock account",
        "Lost the shop's tablet",
        "Ben Adler is locked.",
    )
    .await?;
    drop(window);

    let window = desk.open(&[]).await?;
    window.screen("sign-in").await?;
    window.tab_to("E-mail address").await?;
    window.type_keys(EMAIL).await?;
    window.tab_to("Password").await?;
    window.type_keys(PASSWORD).await?;
    window.type_keys(Key::Enter).await?;
    window.screen("accounts").await?;
    window.with_control('f').await?;
    window.type_keys("ben").await?;
    window.see_no_more(EMAIL).await?;
    window.row(&["Ben Adler", "Locked"]).await?;
    window.tab_to("Ben Adler").await?;
    window.picture("1-found").await?;
    window.type_keys(Key::Enter).await?;
    window.screen("account").await?;
    window.tab_to("Unlock account").await?;
    window.picture("2-focus").await?;
    window.type_keys(Key::Enter).await?;
    window.see("Unlock Ben Adler?").await?;
    window.tab_to("Reason").await?;
    window.type_keys("He came in person").await?;
    window.picture("3-reason").await?;
    window.type_keys(Key::Enter).await?;
    window.see("Ben Adler is unlocked.").await?;
    window.picture("4-unlocked").await?;
    Ok(())
}
