//! Promises that only a whole session in the real window can keep or break.

use std::fs;

use data_encoding::{BASE32_NOPAD, BASE64};
use keyholder_breach::testing::{Behaviour, RangeServer};
use keyholder_tests::desk::Desk;
use keyholder_tests::leaks::{Canary, leaks};
use keyholder_tests::story::{PATIENCE, Told, within};

use crate::shop::{self, EMAIL, OWNER_MENU, PASSWORD};

#[tokio::test]
async fn p07_no_secret_is_written_anywhere() -> Told {
    const WRONG: &str = "a canary that sang the wrong song";
    const CHECKED: &str = "a canary that was only looked up";
    const CHOSEN: &str = "a canary in the cage of the staff";

    let server = RangeServer::start(Behaviour::Honest(Vec::new())).await?;
    let desk = Desk::new("p07")?
        .with("KEYHOLDER_RANGE_URL", server.base_url())
        .with("KEYHOLDER_LOG", "trace");
    let window = desk.open(&[]).await?;
    shop::name_the_shop(&window).await?;
    let (mut phone, codes) = shop::add_the_phone(&window).await?;
    shop::keep_the_codes(&window).await?;
    let key = shop::keep_the_recovery_key(&window).await?.join("-");
    let enrolment = shop::create(&window, "ben@larch.example", "Ben Adler", "Staff").await?;
    window.press("Breach check").await?;
    window.fill("Password to check", CHECKED).await?;
    window.press("Check").await?;
    window.see("Not on the breach list of").await?;
    window.press("Lock").await?;
    window.screen("locked").await?;
    window.fill("Password", WRONG).await?;
    window.press("Unlock").await?;
    window.see("That did not match").await?;
    window.fill("Password", PASSWORD).await?;
    window.press("Unlock").await?;
    window.screen("breach").await?;
    shop::sign_out(&window, OWNER_MENU).await?;
    shop::give_password(&window, EMAIL, WRONG).await?;
    window.see("That did not match").await?;
    shop::give_password(&window, EMAIL, PASSWORD).await?;
    window.screen("second-factor").await?;
    let code = phone.code().await?;
    window.fill("Code", &code).await?;
    window.screen("accounts").await?;
    shop::sign_out(&window, OWNER_MENU).await?;
    shop::redeem(&window, "ben@larch.example", &enrolment, CHOSEN).await?;
    window.see_no_more("Enrolment code").await?;

    let mut secrets = vec![
        Canary::text("the password", PASSWORD),
        Canary::text("a wrong password", WRONG),
        Canary::text("a password that was checked", CHECKED),
        Canary::text("a password that was chosen", CHOSEN),
        Canary::text("the enrolment code", &enrolment),
        Canary::text("the recovery key", &key),
        Canary::text("the second factor", phone.secret()?)
            .or_bytes(&BASE32_NOPAD.decode(phone.secret()?.as_bytes())?),
    ];
    secrets.extend(codes.iter().map(|code| Canary::text("a recovery code", code)));
    let kept = desk.kept_in_keyring()?;
    assert!(!kept.is_empty(), "the keyring keeps the key of the store");
    for secret in kept {
        let text = String::from_utf8(secret)?;
        secrets.push(Canary::text("the master key", &text).or_bytes(&BASE64.decode(text.as_bytes())?));
    }

    assert_eq!(
        leaks(desk.folder(), &secrets)?,
        [""; 0],
        "found while the window is open"
    );
    drop(window);
    assert_eq!(
        leaks(desk.folder(), &secrets)?,
        [""; 0],
        "found after it was killed"
    );
    let log = fs::read_to_string(desk.folder().join("desk.log"))?;
    assert!(log.contains("TRACE"), "everything that can be logged was logged");
    assert!(desk.store().is_file(), "the store was among what was searched");
    Ok(())
}

#[test]
fn p07_mutant_every_form_of_a_secret_is_found() -> Told {
    const SECRET: &str = "JBSW-Y3DP-EHPK-3PXP";
    let raw = [0x5a, 0x17, 0xc3, 0x99, 0x04, 0xee, 0x71, 0x2b];
    let secrets = [Canary::text("the canary", SECRET).or_bytes(&raw)];
    let forms: [Vec<u8>; 7] = [
        format!("a log line with {SECRET} in it").into_bytes(),
        SECRET.replace('-', "").into_bytes(),
        SECRET.to_lowercase().into_bytes(),
        SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        BASE64.encode(SECRET.as_bytes()).into_bytes(),
        [&[0, 0xff][..], &raw, &[0xff, 0]].concat(),
        BASE64.encode(&raw).into_bytes(),
    ];
    for form in forms {
        let folder = tempfile::tempdir()?;
        let deep = folder.path().join("a").join("b");
        fs::create_dir_all(&deep)?;
        assert_eq!(leaks(folder.path(), &secrets)?, [""; 0], "nothing is there yet");
        fs::write(deep.join("cache"), &form)?;
        assert_eq!(leaks(folder.path(), &secrets)?.len(), 1, "not found: {form:?}");
    }
    Ok(())
}

const HOSTILE: &str = r#"<b data-planted onclick="alert(1)">=cmd</b>"#;

#[tokio::test]
async fn p47_names_and_reasons_are_only_text() -> Told {
    let desk = Desk::new("p47")?;
    let (window, _) = shop::opened(&desk).await?;
    shop::create(&window, "ben@larch.example", HOSTILE, "Staff").await?;
    window.row(&[HOSTILE, "ben@larch.example"]).await?;
    window.picture("1-list").await?;
    shop::look_up(&window, "ben@larch.example").await?;
    shop::act(&window, "Lock account", HOSTILE, "is locked.").await?;
    window.see(&format!("By inga@larch.example: {HOSTILE}")).await?;
    window.picture("2-account").await?;
    assert_eq!(
        window.planted().await?,
        0,
        "a name or a reason became a part of the page"
    );
    // Turns the direction of writing: what follows would read as something else.
    window.press("Unlock account").await?;
    window.fill("Reason", "\u{202e}yako lla").await?;
    window.press("Unlock account").await?;
    window
        .see("There are characters in it that nobody can see.")
        .await?;
    window.press("Cancel").await?;

    window.press("Audit trail").await?;
    window.screen("audit").await?;
    window.row(&["locked ben@larch.example", HOSTILE]).await?;
    window
        .press("inga@larch.example locked ben@larch.example")
        .await?;
    window.see(&format!("Reason {HOSTILE}")).await?;
    window.picture("3-entry").await?;
    assert_eq!(window.planted().await?, 0, "the trail is only text");
    Ok(())
}

#[tokio::test]
async fn p47_mutant_a_careless_view_is_seen() -> Told {
    let desk = Desk::new("p47-mutant")?;
    let window = desk.open(&[]).await?;
    assert_eq!(window.planted().await?, 0, "nothing is planted yet");
    window.plant(HOSTILE).await?;
    assert_eq!(window.planted().await?, 1, "the text became an element");
    Ok(())
}

/// Every story ends when the page does what its policy forbids: here one does.
#[tokio::test]
async fn p28_mutant_what_the_policy_of_the_page_forbids_is_seen() -> Told {
    let desk = Desk::new("p28-mutant")?;
    let window = desk.open(&[]).await?;
    window.screen("ways").await?;
    window
        .plant(r#"<img src="https://strangers.example/pixel.png" alt="">"#)
        .await?;
    let told = within(PATIENCE, async || Ok(window.screen("ways").await.err())).await?;
    let told = told.ok_or("nobody noticed")?.to_string();
    assert!(
        told.contains("img-src https://strangers.example"),
        "says what and whence: {told}"
    );
    Ok(())
}
