use keyholder_tests::desk::Desk;
use keyholder_tests::story::Told;

use crate::shop::{self, EMAIL, OWNER, OWNER_MENU, PASSWORD, SHOP};

#[tokio::test]
async fn from_the_first_start_to_the_first_sign_in() -> Told {
    let desk = Desk::new("first-start")?;
    let window = desk.open(&[]).await?;
    window.screen("ways").await?;
    window.picture("1-ways").await?;
    shop::name_the_shop(&window).await?;
    window.picture("2-phone").await?;

    let (mut phone, codes) = shop::add_the_phone(&window).await?;
    assert!(
        phone.uri().contains("issuer=Larch%20%26%20Loom"),
        "the app on the phone shows whose code it is: {}",
        phone.uri()
    );
    window.picture("3-codes").await?;
    assert_eq!(codes.len(), 8, "a code for each day the phone is gone");
    shop::keep_the_codes(&window).await?;

    window.screen("recovery-key").await?;
    window.picture("4-key").await?;
    shop::keep_the_recovery_key(&window).await?;
    window.screen("accounts").await?;
    window.see(SHOP).await?;
    window.see(OWNER).await?;
    window.picture("5-open").await?;

    window.press("Lock").await?;
    window.screen("locked").await?;
    window.see("You locked it.").await?;
    window.picture("6-locked").await?;
    window.fill("Password", PASSWORD).await?;
    window.press("Unlock").await?;
    window.screen("accounts").await?;

    shop::sign_out(&window, OWNER_MENU).await?;
    window.picture("7-sign-in").await?;
    shop::give_password(&window, EMAIL, PASSWORD).await?;
    window.screen("second-factor").await?;
    window.picture("8-code").await?;
    window.fill("Code", &phone.code().await?).await?;
    window.screen("accounts").await?;
    Ok(())
}

#[tokio::test]
async fn a_set_up_that_was_cut_off_goes_on_where_it_was() -> Told {
    let desk = Desk::new("cut-off")?;
    let window = desk.open(&[]).await?;
    shop::name_the_shop(&window).await?;
    drop(window);

    let window = desk.open(&[]).await?;
    window.see("Sign in to Larch & Loom").await?;
    shop::give_password(&window, EMAIL, PASSWORD).await?;
    window.screen("second-factor-set-up").await?;
    window.see("Step 2 of 3").await?;
    window.picture("1-again-at-step-2").await?;
    window.press("Not now, remind me later").await?;
    window.screen("recovery-key").await?;
    drop(window);

    let window = desk.open(&[]).await?;
    shop::give_password(&window, EMAIL, PASSWORD).await?;
    window.screen("recovery-key").await?;
    window.see("Step 3 of 3").await?;
    window.picture("2-again-at-step-3").await?;
    shop::keep_the_recovery_key(&window).await?;
    window.screen("accounts").await?;
    window.row(&[EMAIL, "Owner", "Active"]).await?;
    window.picture("3-open").await?;
    Ok(())
}
