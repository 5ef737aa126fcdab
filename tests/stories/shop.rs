//! The shop that most stories take place in.

use keyholder_tests::desk::Desk;
use keyholder_tests::phone::Phone;
use keyholder_tests::story::Told;
use keyholder_tests::window::Window;

pub(crate) const SHOP: &str = "Larch & Loom";
pub(crate) const OWNER: &str = "Inga Brandt";
/// The menu that bears her name.
pub(crate) const OWNER_MENU: &str = "Inga Brandt Owner";
pub(crate) const EMAIL: &str = "inga@larch.example";
pub(crate) const PASSWORD: &str = "four looms behind the larch tree";

/// The first step of the first start.
pub(crate) async fn name_the_shop(window: &Window) -> Told {
    window.screen("ways").await?;
    window.press("Set up a new shop here").await?;
    window.screen("first-start").await?;
    window.fill("Name of your shop", SHOP).await?;
    window.fill("Your name", OWNER).await?;
    window.fill("Your e-mail address", EMAIL).await?;
    window.fill("Password", PASSWORD).await?;
    window.press("Continue").await?;
    window.screen("second-factor-set-up").await
}

/// The second step: reads the picture with the phone, and keeps the recovery codes it answers.
pub(crate) async fn add_the_phone(window: &Window) -> Told<(Phone, Vec<String>)> {
    let mut phone = Phone::scan(window).await?;
    window
        .fill("Code the app shows now", &phone.last_code().await?)
        .await?;
    window.press("Confirm").await?;
    window.screen("recovery-codes").await?;
    let codes = window.list("Recovery codes for Larch & Loom").await?;
    Ok((phone, codes))
}

/// The third step: writes the recovery key down and gives back the groups that are asked for.
pub(crate) async fn keep_the_recovery_key(window: &Window) -> Told<Vec<String>> {
    window.screen("recovery-key").await?;
    let groups: Vec<String> = window
        .list("Recovery key")
        .await?
        .iter()
        .filter_map(|item| item.split(' ').next_back().map(str::to_owned))
        .collect();
    window.press("I have it safe").await?;
    window.screen("recovery-key-confirm").await?;
    for (at, group) in groups.iter().enumerate() {
        let field = format!("Group {}", at + 1);
        if window.reads(&field).await? {
            window.fill(&field, group).await?;
        }
    }
    window.press("Finish").await?;
    Ok(groups)
}

/// The recovery codes are written down.
pub(crate) async fn keep_the_codes(window: &Window) -> Told {
    window.press("I have saved them").await?;
    window.press("Done").await
}

/// A shop of one's own with nothing but its owner, who is signed in with the password alone; and its
/// recovery key.
pub(crate) async fn opened(desk: &Desk) -> Told<(Window, String)> {
    let window = desk.open(&[]).await?;
    name_the_shop(&window).await?;
    window.press("Not now, remind me later").await?;
    let key = keep_the_recovery_key(&window).await?;
    window.screen("accounts").await?;
    Ok((window, key.join("-")))
}

/// A new account; its enrolment code is shown once.
pub(crate) async fn create(window: &Window, email: &str, name: &str, role: &str) -> Told<String> {
    window.press("Accounts").await?;
    window.screen("accounts").await?;
    window.press("New account").await?;
    window.fill("E-mail address", email).await?;
    window.fill("Name", name).await?;
    window.choose("Role", role).await?;
    window.press("Create account").await?;
    window.see(&format!("Enrolment code for {name}")).await?;
    let code = window.beside("Enrolment code").await?;
    window.picture("code").await?;
    window.press("Done").await?;
    Ok(code)
}

/// The first sign-in of somebody who was given a code.
pub(crate) async fn redeem(window: &Window, email: &str, code: &str, password: &str) -> Told {
    window.screen("sign-in").await?;
    window.press("I have an enrolment code").await?;
    window.screen("enrolment").await?;
    window.fill("E-mail address", email).await?;
    window.fill("Enrolment code", code).await?;
    window.fill("New password", password).await?;
    window.press("Set my password").await
}

/// The page of an account, found in the list.
pub(crate) async fn look_up(window: &Window, email: &str) -> Told {
    window.press("Accounts").await?;
    window.screen("accounts").await?;
    window.press(email).await?;
    window.screen("account").await?;
    window.see("Can they sign in now?").await
}

/// Does something to the account that is looked at, for a reason, and waits until it is said.
pub(crate) async fn act(window: &Window, act: &str, reason: &str, said: &str) -> Told {
    window.press(act).await?;
    window.see("It goes into the audit trail.").await?;
    window.fill("Reason", reason).await?;
    window.press(act).await?;
    window.see(said).await
}

pub(crate) async fn sign_in(window: &Window, email: &str, password: &str) -> Told {
    give_password(window, email, password).await?;
    window.screen("accounts").await
}

pub(crate) async fn give_password(window: &Window, email: &str, password: &str) -> Told {
    window.screen("sign-in").await?;
    window.fill("E-mail address", email).await?;
    window.fill("Password", password).await?;
    window.press("Sign in").await
}

/// Signs out through the menu that bears the person's name and role.
pub(crate) async fn sign_out(window: &Window, person: &str) -> Told {
    window.press(person).await?;
    window.press("Sign out").await?;
    window.screen("sign-in").await
}
