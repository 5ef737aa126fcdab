//! Passkeys on the pages, signed for real by an authenticator without a browser.

use axum::http::StatusCode;
use keyholder_core::account::Role;
use keyholder_core::audit::{Action, Outcome};
use keyholder_core::testing::directory_contract::{CARLA, GOOD, SAM, WRONG};
use serde_json::{Value, json};
use webauthn_authenticator_rs::WebauthnAuthenticator as _;
use webauthn_authenticator_rs::prelude::Url;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

use crate::world::{Browser, PUBLIC, Page, World};

const ASK: &str = "/auth/sign-in/passkey";
const USE: &str = "/auth/sign-in/passkey/use";
const ADD: &str = "/auth/account/passkeys/add";
const MADE: &str = "/auth/account/passkeys/made";
const REMOVE: &str = "/auth/account/passkeys/remove";

/// An authenticator with the part of a browser that talks to it.
struct Ring {
    soft: SoftPasskey,
    /// What it knows of the passkey that it made: its id, and whose it is.
    id: Value,
    handle: Value,
    /// Where its browser is.
    origin: String,
    /// What it is told about its holder being verified.
    verified: &'static str,
}

impl Ring {
    fn new() -> Self {
        Self {
            soft: SoftPasskey::new(true),
            id: Value::Null,
            handle: Value::Null,
            origin: PUBLIC.to_owned(),
            verified: "required",
        }
    }

    fn origin(&self) -> Url {
        Url::parse(&self.origin).unwrap()
    }

    /// Makes a passkey, and answers what the script would.
    fn make(&mut self, page: &Page) -> String {
        let mut options = options(page);
        assert_eq!(
            options["authenticatorSelection"]["residentKey"], "required",
            "it must be found without an address"
        );
        // What is known of the account is kept here and not in the authenticator.
        options["authenticatorSelection"]["requireResidentKey"] = false.into();
        self.handle = options["user"]["id"].clone();
        let asked = serde_json::from_value(json!({ "publicKey": options })).unwrap();
        let made = self.soft.do_registration(self.origin(), asked).unwrap();
        let made = serde_json::to_value(made).unwrap();
        self.id = made["rawId"].clone();
        made.to_string()
    }

    /// Signs, and answers what the script would.
    fn sign(&mut self, page: &Page) -> String {
        let mut options = options(page);
        assert_eq!(options["allowCredentials"], json!([]), "nobody is named");
        options["allowCredentials"] = json!([{ "type": "public-key", "id": self.id }]);
        options["userVerification"] = self.verified.into();
        let asked = serde_json::from_value(json!({ "publicKey": options })).unwrap();
        let signed = self.soft.do_authentication(self.origin(), asked).unwrap();
        let mut signed = serde_json::to_value(signed).unwrap();
        signed["response"]["userHandle"] = self.handle.clone();
        signed.to_string()
    }
}

/// What a page asks of an authenticator.
fn options(page: &Page) -> Value {
    let (_, rest) = page.body.split_once("data-options=\"").unwrap();
    let text = rest.split_once('"').unwrap().0;
    serde_json::from_str(&text.replace("&#34;", "\"").replace("&quot;", "\"")).unwrap()
}

impl Browser<'_> {
    /// Asks to come in by passkey.
    async fn ask(&mut self, email: &str) -> Page {
        self.get("/auth/sign-in").await;
        self.fill(ASK, &[("email", email)]).await
    }

    async fn answer(&mut self, to: &str, asked: &Page, answer: &str) -> Page {
        let ceremony = asked.field("ceremony").unwrap();
        self.fill(to, &[("ceremony", &ceremony), ("answer", answer)])
            .await
    }

    /// Comes in by passkey, or not.
    async fn come_in(&mut self, email: &str, ring: &mut Ring) -> Page {
        let asked = self.ask(email).await;
        let signed = ring.sign(&asked);
        self.answer(USE, &asked, &signed).await
    }

    /// Adds a passkey.
    async fn add(&mut self, name: &str, ring: &mut Ring) -> Page {
        self.get(ADD).await;
        let asked = self.fill(ADD, &[("name", name), ("password", GOOD)]).await;
        let made = ring.make(&asked);
        self.answer(MADE, &asked, &made).await
    }
}

impl World {
    /// Somebody with a passkey: the ring that it is on, and the browser where it was added.
    async fn with_ring(&self, who: &str) -> (Ring, Browser<'_>) {
        self.enrolled(who, Role::Customer).await;
        let mut browser = self.signed_in(who).await;
        let mut ring = Ring::new();
        let added = browser.add("My ring", &mut ring).await;
        assert_eq!(
            added.place(),
            "/auth/account?done=passkey-added",
            "it is added: {}",
            added.text()
        );
        (ring, browser)
    }
}

fn is_refused(page: &Page, why: &str) {
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{why}: {}", page.text());
    assert!(
        page.text().contains("This passkey was not taken."),
        "{why}: {}",
        page.text()
    );
}

#[tokio::test]
async fn a_passkey_is_added_used_and_removed() {
    let world = World::open().await;
    let (mut ring, mut carla) = world.with_ring(CARLA).await;
    let account = carla.get("/auth/account").await;
    assert!(
        account.text().contains("My ring"),
        "she sees it: {}",
        account.text()
    );

    for email in ["", CARLA] {
        let mut elsewhere = world.browser();
        let came = elsewhere.come_in(email, &mut ring).await;
        assert_eq!(came.place(), "/auth/account", "after {email:?}: {}", came.text());
        assert!(elsewhere.is_in().await, "and she is in");
    }

    let id = ring.id.as_str().unwrap().to_owned();
    let asked = carla.get(&format!("{REMOVE}?passkey={id}")).await;
    assert!(
        asked.text().contains("Remove the passkey My ring?"),
        "{}",
        asked.text()
    );
    let wrong = carla.fill(REMOVE, &[("passkey", &id), ("password", WRONG)]).await;
    assert!(
        wrong.text().contains("This is not your current password."),
        "it asks for the password: {}",
        wrong.text()
    );
    let gone = carla.fill(REMOVE, &[("passkey", &id), ("password", GOOD)]).await;
    assert_eq!(
        gone.place(),
        "/auth/account?done=passkey-removed",
        "{}",
        gone.text()
    );
    let tried = world.browser().come_in("", &mut ring).await;
    is_refused(&tried, "what was removed opens nothing");
}

#[tokio::test]
async fn a_signature_is_good_once_and_here() {
    let world = World::open().await;
    let (mut ring, _) = world.with_ring(CARLA).await;
    let mut browser = world.browser();

    let asked = browser.ask("").await;
    let signed = ring.sign(&asked);
    assert_eq!(
        browser.clone().answer(USE, &asked, &signed).await.place(),
        "/auth/account",
        "it is good"
    );
    is_refused(
        &browser.clone().answer(USE, &asked, &signed).await,
        "what was sent is sent again",
    );
    let fresh = browser.ask("").await;
    is_refused(
        &browser.answer(USE, &fresh, &signed).await,
        "in a ceremony that it was not signed for",
    );

    ring.origin = "https://shop.keys.rose.example".to_owned();
    is_refused(
        &browser.come_in("", &mut ring).await,
        "a page elsewhere asked for it",
    );
    ring.origin = PUBLIC.to_owned();
    ring.verified = "discouraged";
    is_refused(
        &browser.come_in("", &mut ring).await,
        "whoever found the ring was not verified",
    );
    ring.verified = "required";
    assert_eq!(
        browser.come_in("", &mut ring).await.place(),
        "/auth/account",
        "and all of it would have been good"
    );
}

#[tokio::test]
async fn a_signature_is_of_its_account() {
    let world = World::open().await;
    let (mut ring, _) = world.with_ring(CARLA).await;
    let (sams, _) = world.with_ring(SAM).await;
    let mut browser = world.browser();
    is_refused(
        &browser.come_in(SAM, &mut ring).await,
        "Carla's after Sam's address",
    );
    is_refused(
        &browser.come_in("nobody@rose.example", &mut ring).await,
        "and after nobody's",
    );
    ring.handle = sams.handle;
    is_refused(
        &browser.come_in("", &mut ring).await,
        "Carla's that says it were Sam's",
    );
    ring.id = sams.id;
    let asked = browser.ask("").await;
    let signed = json!({ "id": ring.id, "rawId": ring.id, "type": "public-key", "response": {
        "authenticatorData": "", "clientDataJSON": "", "signature": "", "userHandle": ring.handle } });
    is_refused(
        &browser.answer(USE, &asked, &signed.to_string()).await,
        "Sam's name without his signature",
    );
}

#[tokio::test]
async fn a_copy_of_a_passkey_is_found() {
    let world = World::open().await;
    let (mut ring, _) = world.with_ring(CARLA).await;
    let (mut here, mut there) = (world.browser(), world.browser());
    let (early, late) = (here.ask("").await, there.ask("").await);
    let (first, second) = (ring.sign(&early), ring.sign(&late));
    assert_eq!(
        there.answer(USE, &late, &second).await.place(),
        "/auth/account",
        "the later count is good"
    );
    is_refused(
        &here.answer(USE, &early, &first).await,
        "the earlier one after it is of a copy",
    );
    let event = world.scene.trail(Action::SignInPasskey).await.remove(0);
    assert_eq!(
        (
            event.outcome,
            event.details.facts.get("counter").map(String::as_str)
        ),
        (Outcome::Failed, Some("went back")),
        "and the trail says so"
    );
}

#[tokio::test]
async fn whoever_has_no_passkey_is_asked_alike() {
    let world = World::open().await;
    let (_, _) = world.with_ring(CARLA).await;
    world.enrolled(SAM, Role::Staff).await;
    let mut seen = Vec::new();
    for who in [CARLA, SAM, "nobody@rose.example", ""] {
        let mut browser = world.browser();
        let page = browser.ask(who).await;
        let mut options = options(&page);
        options["challenge"] = Value::Null;
        let ceremony = page.field("ceremony").unwrap();
        let refused = browser.answer(USE, &page, "{}").await;
        is_refused(&refused, who);
        seen.push((options, ceremony.len(), page.text(), refused.text()));
    }
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:#?}");
}

#[tokio::test]
async fn a_form_of_another_site_adds_nothing() {
    let world = World::open().await;
    let (_, mut carla) = world.with_ring(CARLA).await;
    carla.word = "made up".to_owned();
    for path in [ASK, USE, ADD, MADE, REMOVE] {
        let page = carla.fill(path, &[]).await;
        assert!(
            page.text().contains("This page was too old"),
            "{path}: {}",
            page.text()
        );
    }
}

#[tokio::test]
async fn passkeys_are_offered_where_browsers_make_them() {
    let world = World::open().await;
    let page = world.browser().get("/auth/sign-in").await;
    let (_, rest) = page.body.split_once("<script src=\"").unwrap();
    let script = rest.split_once('"').unwrap().0.to_owned();
    assert!(
        page.body.contains("data-passkey-offer hidden"),
        "without the script nothing is seen of it"
    );
    let fetched = world.browser().get(&script).await;
    assert_eq!(
        (fetched.status, fetched.header("content-type")),
        (StatusCode::OK, Some("text/javascript; charset=utf-8")),
        "the script is a file of ours"
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("script-src 'self';") && !policy.contains("unsafe"),
        "and no other runs: {policy}"
    );

    let world = world.at("http://127.0.0.1:8700");
    let page = world.browser().get("/auth/sign-in").await;
    assert!(
        !page.body.contains("passkey") && !page.body.contains("<script"),
        "at a number there are none"
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(!policy.contains("script-src"), "and no script runs: {policy}");
}
