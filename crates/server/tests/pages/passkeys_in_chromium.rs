//! Passkeys in Debian's Chromium, whose authenticator is a virtual one.

use keyholder_core::account::Role;
use keyholder_core::testing::directory_contract::{CARLA, GOOD};
use serde_json::{Value, json};

use crate::chromium::{Screen, Told};
use crate::world::World;

/// An authenticator as a phone has one: it keeps passkeys and verifies its holder.
async fn authenticator(screen: &Screen) -> Told<String> {
    let tools = screen.driver.cdp();
    tools.send_raw("WebAuthn.enable", json!({})).await?;
    let options = json!({ "options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
        "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true,
    }});
    let added = tools
        .send_raw("WebAuthn.addVirtualAuthenticator", options)
        .await?;
    Ok(added["authenticatorId"]
        .as_str()
        .ok_or("no authenticator")?
        .to_owned())
}

/// Whether its holder is who they say.
async fn verified(screen: &Screen, authenticator: &str, verified: bool) -> Told {
    let holder = json!({ "authenticatorId": authenticator, "isUserVerified": verified });
    let tools = screen.driver.cdp();
    tools.send_raw("WebAuthn.setUserVerified", holder).await?;
    Ok(())
}

async fn add_use_and_remove(screen: &Screen, wrong: &mut Vec<String>) -> Told {
    let device = authenticator(screen).await?;
    screen.sign_in(CARLA, GOOD).await?;
    screen.says("Your account").await?;
    screen.press("Add a passkey").await?;
    screen.says("Name of this passkey").await?;
    screen.look("passkey-add", wrong).await?;
    screen.typed("name", "My phone").await?;
    screen.typed("password", GOOD).await?;
    screen.press("Continue").await?;
    screen.says("The passkey is added.").await?;
    screen.says("My phone").await?;
    screen.look("account-with-passkey", wrong).await?;
    screen.press("Sign out").await?;
    screen.says("You are signed out").await?;

    for email in ["", CARLA] {
        screen.go("/auth/sign-in").await?;
        if !email.is_empty() {
            screen.typed("email", email).await?;
        }
        screen.press("Sign in with a passkey").await?;
        screen.says("Your account").await?;
        assert_eq!(screen.place().await?, "/auth/account", "in after {email:?}");
        screen.press("Sign out").await?;
        screen.says("You are signed out").await?;
    }

    verified(screen, &device, false).await?;
    screen.go("/auth/sign-in").await?;
    screen.look("sign-in-with-passkey", wrong).await?;
    screen.press("Sign in with a passkey").await?;
    screen.says("No passkey came from your device.").await?;
    screen.look("passkey-failed", wrong).await?;
    verified(screen, &device, true).await?;
    screen.press("Ask again").await?;
    screen.says("Your account").await?;

    let remove = "//a[@aria-label='Remove My phone']";
    let remove = screen.driver.find(thirtyfour::By::XPath(remove)).await?;
    remove.click().await?;
    screen.says("Remove the passkey My phone?").await?;
    screen.look("passkey-remove", wrong).await?;
    screen.typed("password", GOOD).await?;
    screen.press("Remove it").await?;
    screen.says("The passkey is removed.").await?;
    screen.press("Sign out").await?;
    screen.says("You are signed out").await?;
    screen.go("/auth/sign-in").await?;
    screen.press("Sign in with a passkey").await?;
    screen.says("This passkey was not taken.").await?;
    screen.look("passkey-refused", wrong).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_added_used_and_removed() -> Told {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let screen = Screen::open(&world, true).await?;
    let mut wrong = Vec::new();
    let told = add_use_and_remove(&screen, &mut wrong).await;
    screen.close().await?;
    told?;
    assert_eq!(wrong, Vec::<String>::new(), "for everybody to use");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_nothing_is_seen_of_passkeys() -> Told {
    let world = World::open().await;
    let screen = Screen::open(&world, false).await?;
    let looked = async {
        screen.go("/auth/sign-in").await?;
        screen.text().await
    };
    let looked = looked.await;
    screen.close().await?;
    let text: String = looked?;
    assert!(text.contains("E-mail address"), "the page is there: {text}");
    assert!(!text.contains("passkey"), "without what does not work: {text}");
    Ok(())
}

/// What a page could do with a script of its own, if it were let.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_script_runs_but_ours() -> Told {
    let world = World::open().await;
    let screen = Screen::open(&world, true).await?;
    let tried = async {
        screen.go("/auth/sign-in").await?;
        let inline = "const s = document.createElement('script'); s.textContent = 'window.ran = true';
                      document.body.append(s); return window.ran === true";
        let ran = screen.driver.execute(inline, vec![]).await?;
        Told::Ok(ran.json().clone())
    };
    let ran = tried.await;
    screen.close().await?;
    assert_eq!(ran?, Value::from(false), "the policy holds it back");
    Ok(())
}
