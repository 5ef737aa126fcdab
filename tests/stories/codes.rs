//! The second factor on a bad day.

use keyholder_tests::desk::Desk;
use keyholder_tests::phone::Phone;
use keyholder_tests::story::Told;

use crate::shop::{self, EMAIL, OWNER_MENU, PASSWORD};

#[tokio::test]
async fn wrong_and_replayed_codes_are_refused_and_a_recovery_code_sets_up_anew() -> Told {
    let desk = Desk::new("codes")?;
    let window = desk.open(&[]).await?;
    shop::name_the_shop(&window).await?;
    let (mut phone, codes) = shop::add_the_phone(&window).await?;
    shop::keep_the_codes(&window).await?;
    shop::keep_the_recovery_key(&window).await?;

    shop::sign_out(&window, OWNER_MENU).await?;
    shop::give_password(&window, EMAIL, PASSWORD).await?;
    window.screen("second-factor").await?;
    window.fill("Code", &phone.wrong_code()?).await?;
    window.see("That did not match").await?;
    window.picture("1-wrong").await?;
    window.fill("Code", &phone.code().await?).await?;
    window.screen("accounts").await?;

    shop::sign_out(&window, OWNER_MENU).await?;
    shop::give_password(&window, EMAIL, PASSWORD).await?;
    window.screen("second-factor").await?;
    window.fill("Code", &phone.same_code()?).await?;
    window.see("This code was used already").await?;
    window.picture("2-replayed").await?;

    window.press("Use a recovery code").await?;
    window
        .fill("Recovery code", codes.first().ok_or("there are codes")?)
        .await?;
    window.picture("3-recovery-code").await?;
    window.press("Sign in").await?;
    window.screen("second-factor-set-up").await?;
    window.see("Nothing else is open until this is done.").await?;
    assert!(
        !window.reads("Not now, remind me later").await?,
        "whoever came in without the phone sets up a new one, and nothing else before"
    );
    window.picture("4-anew").await?;
    let (mut new_phone, new_codes) = shop::add_the_phone(&window).await?;
    assert_ne!(
        new_phone.secret()?,
        phone.secret()?,
        "what the lost phone knows is void"
    );
    assert!(
        new_codes.iter().all(|code| !codes.contains(code)),
        "so is the old sheet"
    );
    shop::keep_the_codes(&window).await?;
    window.screen("accounts").await?;

    shop::sign_out(&window, OWNER_MENU).await?;
    shop::give_password(&window, EMAIL, PASSWORD).await?;
    window.screen("second-factor").await?;
    window.fill("Code", &new_phone.code().await?).await?;
    window.screen("accounts").await?;

    window.press("Audit trail").await?;
    window.row(&["signed in with a recovery code", "Done"]).await?;
    let begun = window.rows(&["began to set up a second factor"]).await?;
    assert_eq!(begun.len(), 2, "one for each phone: {begun:?}");
    let wrong = window.rows(&["gave a wrong code", "Failed"]).await?;
    assert_eq!(wrong.len(), 2, "the wrong one and the used one: {wrong:?}");
    // The newest stands first.
    window.press("gave a wrong code").await?;
    window.see("This code was used already").await?;
    window.picture("5-trail").await?;
    Ok(())
}

#[tokio::test]
async fn the_picture_is_read_in_the_dark_too() -> Told {
    let desk = Desk::new("dark")?.with("GTK_THEME", "Adwaita:dark");
    let window = desk.open(&[]).await?;
    shop::name_the_shop(&window).await?;
    let phone = Phone::scan(&window).await?;
    assert!(phone.uri().contains("&digits=6&period=30"), "{}", phone.uri());
    Ok(())
}
