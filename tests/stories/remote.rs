//! A shop that is kept elsewhere: the real window on a desk, the real service as a program of its own.

use keyholder_core::account::{Email, Name, Role};
use keyholder_core::directory::AccountEdit;
use keyholder_tests::desk::Desk;
use keyholder_tests::leaks::{Canary, leaks};
use keyholder_tests::service::{Owner, Service, same_fingerprint};
use keyholder_tests::story::Told;
use keyholder_tests::window::Window;

use crate::shop;

const FERN: Owner<'_> = Owner {
    shop: "Fern & Slate",
    name: "Nora Quist",
    email: "nora@fern.example",
    password: "nine slates under the fern",
};
/// The menu that bears her name.
const NORA: &str = "Nora Quist Owner";
const BEN: &str = "ben@fern.example";
const BENS_PASSWORD: &str = "a kettle sings to nobody at six";

/// Types an address where a person does.
async fn give_address(window: &Window, address: &str) -> Told {
    window.screen("connect").await?;
    window.fill("Address of the service", address).await?;
    window.press("Connect").await
}

/// The first start of a desk that is connected to that service and nothing else.
async fn connected(desk: &Desk, service: &Service) -> Told<Window> {
    let window = desk.open(&[]).await?;
    window.screen("ways").await?;
    window.press("Connect to a service").await?;
    give_address(&window, &service.address()).await?;
    window.screen("sign-in").await?;
    Ok(window)
}

async fn signed_in(desk: &Desk, service: &Service) -> Told<Window> {
    let window = connected(desk, service).await?;
    shop::sign_in(&window, FERN.email, FERN.password).await?;
    Ok(window)
}

/// Ben, who has locked himself out.
async fn with_ben_locked(window: &Window) -> Told {
    shop::create(window, BEN, "Ben Adler", "Staff").await?;
    shop::look_up(window, BEN).await?;
    shop::act(
        window,
        "Lock account",
        "Lost the shop's tablet",
        "Ben Adler is locked.",
    )
    .await
}

/// Addresses that lead nowhere, each with its own reason.
async fn mistyped(window: &Window) -> Told {
    give_address(window, "nobody@keys.example.com").await?;
    window.see("This is not an address.").await?;
    give_address(window, "http://keys.example.com").await?;
    window
        .see("An address that begins with http:// is not encrypted")
        .await?;
    give_address(window, "localhost:1").await?;
    window.see("Nobody answers at this address").await?;
    window.see("KH-1080").await?;
    window.picture("2-wrong-address").await?;
    Ok(())
}

/// The fingerprint is compared with what the keeper of the service reads, and confirmed.
async fn compared(window: &Window, service: &Service) -> Told {
    give_address(window, &service.address()).await?;
    window.screen("certificate").await?;
    window.see("Is this the right service?").await?;
    let shown = window
        .list("Fingerprint of its certificate (SHA-256)")
        .await?
        .concat();
    assert!(
        same_fingerprint(&shown, service.fingerprint()),
        "two people compare the same: {shown} and {}",
        service.fingerprint()
    );
    assert_eq!(
        window.why_not("Confirm and connect").await?,
        "Compare the fingerprint first.",
        "nobody trusts by reflex"
    );
    window.picture("3-certificate").await?;
    window
        .press("I have compared every group, and they are the same")
        .await?;
    window.press("Confirm and connect").await?;
    Ok(())
}

#[tokio::test]
async fn a_service_is_compared_trusted_and_worked_with_like_a_shop_on_this_computer() -> Told {
    let mut service = Service::secured(FERN)?;
    service.start()?;
    let desk = Desk::new("remote")?;
    let window = desk.open(&[]).await?;
    window.screen("ways").await?;
    window.picture("1-ways").await?;
    window.press("Connect to a service").await?;

    mistyped(&window).await?;
    compared(&window, &service).await?;

    window.screen("sign-in").await?;
    window.see("Sign in to Fern & Slate").await?;
    window.see("Encrypted, certificate confirmed by you").await?;
    window.picture("4-sign-in").await?;
    shop::sign_in(&window, FERN.email, FERN.password).await?;
    window.see("Encrypted, certificate confirmed by you").await?;
    window.row(&["Nora Quist", FERN.email, "Owner"]).await?;
    window.picture("5-accounts").await?;

    // The second factor, over the line.
    window.press("Set up").await?;
    let (mut phone, _) = set_up_phone(&window).await?;
    shop::sign_out(&window, NORA).await?;
    shop::give_password(&window, FERN.email, FERN.password).await?;
    window.screen("second-factor").await?;
    window.fill("Code", &phone.code().await?).await?;
    window.screen("accounts").await?;

    let code = shop::create(&window, BEN, "Ben Adler", "Staff").await?;
    shop::look_up(&window, BEN).await?;
    shop::act(
        &window,
        "Lock account",
        "Lost the shop's tablet",
        "Ben Adler is locked.",
    )
    .await?;
    shop::act(
        &window,
        "Unlock account",
        "Found it again",
        "Ben Adler is unlocked.",
    )
    .await?;
    window.picture("6-unlocked").await?;
    window.press("Audit trail").await?;
    window
        .row(&[
            "nora@fern.example unlocked ben@fern.example",
            "Found it again",
            "Done",
        ])
        .await?;
    window.press("Verify the trail").await?;
    window.see("The trail is whole").await?;

    window.press("Settings").await?;
    window.screen("settings").await?;
    window.see("Lock when nobody is there").await?;
    assert!(
        !window.reads("Data and backup").await?,
        "a backup is made where the store lies"
    );
    window.press("Shops").await?;
    window.see("localhost:").await?;
    window.picture("7-settings").await?;

    window.with_control('l').await?;
    window.screen("locked").await?;
    window.picture("8-locked").await?;
    window.fill("Password", FERN.password).await?;
    window.press("Unlock").await?;
    window.screen("settings").await?;

    shop::sign_out(&window, NORA).await?;
    shop::redeem(&window, BEN, &code, BENS_PASSWORD).await?;
    window.screen("me").await?;
    drop(window);

    let window = desk.open(&[]).await?;
    window.screen("sign-in").await?;
    window.see("Sign in to Fern & Slate").await?;
    window.see("Encrypted, certificate confirmed by you").await?;
    drop(window);
    let secrets = [
        Canary::text("the password", FERN.password),
        Canary::text("the enrolment code", &code),
        Canary::text("the secret of the second factor", phone.secret()?),
    ];
    assert_eq!(
        leaks(desk.folder(), &secrets)?,
        Vec::<String>::new(),
        "what is remembered of a service is no secret"
    );
    Ok(())
}

/// The dialog on one's own page, from the picture to the kept codes.
async fn set_up_phone(window: &Window) -> Told<(keyholder_tests::phone::Phone, Vec<String>)> {
    let mut phone = keyholder_tests::phone::Phone::scan(window).await?;
    window
        .fill("Code the app shows now", &phone.last_code().await?)
        .await?;
    window.press("Confirm").await?;
    let codes = window.list("Recovery codes for Fern & Slate").await?;
    shop::keep_the_codes(window).await?;
    Ok((phone, codes))
}

#[tokio::test]
async fn a_service_that_goes_and_comes_back_loses_nobody_their_place() -> Told {
    let mut service = Service::plain(FERN)?;
    service.start()?;
    let desk = Desk::new("remote-lost")?;
    let window = signed_in(&desk, &service).await?;
    window.see("Not encrypted, never leaves this computer").await?;
    with_ben_locked(&window).await?;

    service.cut();
    window.press("Unlock account").await?;
    window.fill("Reason", "He came in person").await?;
    window.press("Unlock account").await?;
    window.see("The shop's service cannot be reached").await?;
    window.see("What you see is as it was").await?;
    window.picture("1-lost").await?;
    window.press("Cancel").await?;
    window.see("Can they sign in now?").await?;

    service.start()?;
    window.see("The service answers again.").await?;
    window.see_no_more("What you see is as it was").await?;
    window.picture("2-back").await?;
    window.see("No, Ben Adler cannot sign in.").await?;

    // It hears the question and nobody hears its answer.
    service.hold()?;
    window.press("Unlock account").await?;
    window.fill("Reason", "He came in person").await?;
    window.press("Unlock account").await?;
    window.see("The service takes its time.").await?;
    window.picture("3-slow").await?;
    window.press("Stop waiting").await?;
    window
        .see("Look whether it was done before you do it again.")
        .await?;
    window.picture("4-unknown").await?;
    service.let_go()?;
    window.see_no_more("What you see is as it was").await?;
    window.press("I have looked").await?;
    window.see_no_more("Look whether it was done").await?;
    window.press("Audit trail").await?;
    window.row(&["nora@fern.example locked ben@fern.example"]).await?;
    let unlocked = window
        .rows(&["nora@fern.example unlocked ben@fern.example"])
        .await?;
    assert!(
        unlocked.len() <= 1,
        "it was done once or not at all, and never by itself again: {unlocked:?}"
    );
    window.picture("5-trail").await?;
    Ok(())
}

#[tokio::test]
async fn between_two_shops_nothing_is_carried_over() -> Told {
    let mut service = Service::plain(FERN)?;
    service.start()?;
    let desk = Desk::new("remote-two")?;
    let (window, _) = shop::opened(&desk).await?;
    window.row(&[shop::EMAIL]).await?;

    window
        .press("Larch & Loom, On this computer. Change the shop")
        .await?;
    window.picture("1-menu").await?;
    window.press("Add a shop…").await?;
    window.screen("ways").await?;
    assert!(
        !window.reads("Set up a new shop here").await?,
        "this computer has a shop of its own"
    );
    window.press("Connect to a service").await?;
    give_address(&window, &service.address()).await?;
    window.screen("sign-in").await?;
    window.see("Sign in to Fern & Slate").await?;
    let document = window.document().await?;
    for of_the_other in [shop::EMAIL, shop::OWNER] {
        assert!(
            !document.contains(of_the_other),
            "{of_the_other} is of the shop before: {document}"
        );
    }
    shop::sign_in(&window, FERN.email, FERN.password).await?;
    window.row(&[FERN.email]).await?;

    let place = service.address().replace("http://", "");
    let title = format!("Fern & Slate, {place} · Not encrypted, never leaves this computer. Change the shop");
    window.press(&title).await?;
    window.press("All shops…").await?;
    window.screen("connections").await?;
    window.picture("2-shops").await?;
    window.press("More for Fern & Slate").await?;
    window.press("Rename…").await?;
    window.fill("Name", "Head office").await?;
    window.press("Save").await?;
    window.see("Head office").await?;
    window.press("Open Larch & Loom").await?;
    window.screen("sign-in").await?;
    window.see("Sign in to Larch & Loom").await?;
    assert!(
        !window.document().await?.contains(FERN.email),
        "nor does anything go the other way"
    );
    shop::sign_in(&window, shop::EMAIL, shop::PASSWORD).await?;
    window.row(&[shop::EMAIL]).await?;
    assert_eq!(
        window.rows(&[FERN.email]).await?,
        Vec::<String>::new(),
        "only its own people"
    );
    window.press("Audit trail").await?;
    window.row(&["inga@larch.example signed", "out"]).await?;
    drop(window);

    // The one used last, and the way to the other while this one cannot be reached.
    let window = desk.open(&[]).await?;
    window.see("Sign in to Larch & Loom").await?;
    window
        .press("Larch & Loom, On this computer. Change the shop")
        .await?;
    window.press("Head office").await?;
    window.see("Sign in to Fern & Slate").await?;
    drop(window);
    service.cut();
    let window = desk.open(&[]).await?;
    window.screen("unusable").await?;
    window.see("The shop's service cannot be reached").await?;
    window.picture("3-unreachable").await?;
    let title = title.replace("Fern & Slate", "Head office");
    window.press(&title).await?;
    window.press("All shops…").await?;
    window.press("More for Head office").await?;
    window.press("Forget…").await?;
    window.see("The shop and its service stay as they are.").await?;
    window.press("Forget").await?;
    window.see("Head office is forgotten.").await?;
    window.press("Back").await?;
    window.see("Sign in to Larch & Loom").await?;
    window.picture("4-forgotten").await?;
    Ok(())
}

#[tokio::test]
async fn two_desks_that_change_the_same_choose_line_by_line() -> Told {
    let mut service = Service::plain(FERN)?;
    service.start()?;
    let desk = Desk::new("remote-conflict")?;
    let window = signed_in(&desk, &service).await?;
    shop::create(&window, BEN, "Ben Adler", "Staff").await?;
    shop::look_up(&window, BEN).await?;
    window.press("Edit").await?;
    window.fill("Name", "Ben A. Adler").await?;
    window.choose("Role", "Support").await?;

    let other = service.from_another_desk(FERN).await?;
    let ben = other.find(&Email::parse(BEN)?).await?.ok_or("Ben is there")?;
    let edit = AccountEdit {
        email: Email::parse(BEN)?,
        name: Name::parse("Ben Adler")?,
        role: Role::Auditor,
    };
    other.edit(ben.id, ben.revision, edit).await?;

    window.press("Save").await?;
    window.see("Somebody else was quicker").await?;
    window.see("nora@fern.example changed this meanwhile.").await?;
    window.see("When you looked: Staff").await?;
    assert_eq!(
        window.why_not("Save").await?,
        "Choose for each line first.",
        "both changed the role, and nobody decides it for them"
    );
    window.picture("1-account").await?;
    window.resize(900, 600).await?;
    window.picture("2-account-small").await?;
    window.press("Yours Support").await?;
    window.press("Save").await?;
    window.see("Ben A. Adler is saved.").await?;
    window.resize(1280, 800).await?;
    window.see("Support").await?;

    window.press("Settings").await?;
    window.screen("settings").await?;
    window.fill("Name of the shop", "Fern, Slate & Moss").await?;
    let theirs = other.shop().await?;
    let name = Name::parse("Fern & Daughters")?;
    other.change_policy(theirs.revision, name, theirs.policy).await?;
    window.press("Save changes").await?;
    window.see("Somebody else was quicker").await?;
    window.see("When you looked: Fern & Slate").await?;
    window.picture("3-settings").await?;
    window.press("Now Fern & Daughters").await?;
    assert_eq!(
        window.why_not("Save changes").await?,
        "What you wanted is there already.",
        "there is nothing of one's own left to save"
    );
    window.press("Yours Fern, Slate & Moss").await?;
    window.press("Save changes").await?;
    window.see("The settings are saved.").await?;
    window.see("Fern, Slate & Moss").await?;
    Ok(())
}

#[tokio::test]
async fn everything_of_a_service_fits_a_small_window() -> Told {
    let mut service = Service::secured(FERN)?;
    service.start()?;
    let desk = Desk::new("remote-small")?.with("GTK_THEME", "Adwaita:dark");
    let window = desk.open(&[]).await?;
    window.resize(900, 600).await?;
    window.screen("ways").await?;
    window.picture("1-ways").await?;
    window.press("Connect to a service").await?;
    give_address(&window, &service.address()).await?;
    window.screen("certificate").await?;
    window.picture("2-certificate").await?;
    window
        .press("I have compared every group, and they are the same")
        .await?;
    window.press("Confirm and connect").await?;
    window.screen("sign-in").await?;
    window.picture("3-sign-in").await?;
    shop::sign_in(&window, FERN.email, FERN.password).await?;
    window.picture("4-accounts").await?;
    let place = format!("{} · Encrypted, certificate confirmed by you", service.address());
    window
        .press(&format!("Fern & Slate, {place}. Change the shop"))
        .await?;
    window.picture("5-menu").await?;
    window.press("All shops…").await?;
    window.screen("connections").await?;
    window.picture("6-shops").await?;
    window.press("Back").await?;
    window.screen("accounts").await?;
    service.cut();
    window.press("Audit trail").await?;
    window.see("What you see is as it was").await?;
    window.picture("7-lost").await?;
    Ok(())
}
