//! Links that come by mail, as their reader sees them: whole stories, with a real mail server between.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::StatusCode;
use keyholder_core::account::{Email, Name, Role};
use keyholder_core::audit::Source;
use keyholder_core::directory::{ByMail, LinkView, NewAccount, Offers, SignedIn, StoredAuthentication};
use keyholder_core::error::{Error, Refusal, Result};
use keyholder_core::link::{LinkKey, LinkToken, Purpose};
use keyholder_core::password::{Password, Pepper};
use keyholder_core::policy::Policy;
use keyholder_core::testing::directory_contract::{BETTER, CARLA, GOOD, OLGA, SAM, email, name};
use keyholder_server::mail::Post;
use keyholder_server::pages::Colour;
use keyholder_server::settings::PublicUrl;
use mail_parser::MessageParser;
use rand::SeedableRng as _;
use serde_json::json;

use crate::mail_world::{FROM, clear};
use crate::sink::Sink;
use crate::strangers::{EVERY_KIND, a_shop_of_every_kind, alike};
use crate::world::{Browser, PUBLIC, Page, World, site_by_mail};

/// A shop that posts its letters to a mail server.
struct Posting {
    world: World,
    post: Post,
    sink: Sink,
}

fn key() -> LinkKey {
    LinkKey::of(&Pepper::new([7; 32]))
}

impl Posting {
    async fn open() -> Self {
        let (world, sink) = (World::open().await, Sink::start(json!({})).await);
        world.scene.rules.write_letters(key());
        let post = Post {
            store: Arc::clone(&world.scene.store),
            clock: Arc::new(world.scene.clock.clone()),
            smtp: clear(&sink),
            from: Email::parse(FROM).unwrap(),
            accent: Colour::default(),
            public_url: PublicUrl::parse(PUBLIC).unwrap(),
        };
        Self { world, post, sink }
    }

    /// Lets anybody register.
    async fn with_registration(self) -> Self {
        let olga = self.world.scene.olga().await;
        let shop = olga.shop().await.unwrap();
        let policy = Policy {
            registration: true,
            ..shop.policy
        };
        olga.change_policy(shop.revision, shop.name, policy)
            .await
            .unwrap();
        self
    }

    /// The letter with that subject that the mail server gets next, and the path of the link in it.
    async fn letter(&mut self, to: &str, subject: &str) -> String {
        loop {
            self.post.round().await.unwrap();
            let taken = self.sink.letter().await;
            let letter = taken.letter();
            let letter = MessageParser::new().parse(&letter).unwrap();
            if letter.subject().unwrap() != subject || taken.recipients != [to] {
                continue;
            }
            let text = letter.body_text(0).unwrap().into_owned();
            let link = text
                .lines()
                .find(|line| line.starts_with(PUBLIC))
                .unwrap_or(PUBLIC);
            return link.strip_prefix(PUBLIC).unwrap().to_owned();
        }
    }
}

/// Follows a link of a letter: the page to which it leads.
async fn follow(browser: &mut Browser<'_>, link: &str) -> Page {
    let on = browser.get(link).await;
    assert_eq!(on.status, StatusCode::SEE_OTHER, "{}", on.text());
    assert_eq!(
        on.header("referrer-policy"),
        Some("no-referrer"),
        "a link is told to nobody"
    );
    let (path, token) = link.rsplit_once('/').unwrap();
    assert_eq!(on.place(), path, "the token leaves the address");
    let page = browser.get(path).await;
    let shown = token.len() > 1 && page.body.contains(token);
    assert!(!shown, "and is on no page");
    page
}

#[tokio::test]
async fn somebody_forgot_the_password() {
    let mut shop = Posting::open().await;
    let link = {
        let mut browser = shop.world.browser();
        let door = browser.get("/auth/sign-in").await;
        assert!(
            door.body.contains("href=\"/auth/forgot\""),
            "the way is at the door: {}",
            door.text()
        );
        let asked = browser.get("/auth/forgot").await;
        assert!(asked.text().contains("30 minutes"), "{}", asked.text());
        let sent = browser.fill("/auth/forgot", &[("email", OLGA)]).await;
        assert_eq!(sent.place(), "/auth/sent");
        let sent = browser.get("/auth/sent").await;
        assert!(sent.text().contains("Look into your mailbox"), "{}", sent.text());
        shop.letter(OLGA, "A new password for Rose and Thorn").await
    };
    let mut scanner = shop.world.browser();
    for _ in 0..3 {
        scanner.get(&link).await;
        scanner.get("/auth/reset").await;
    }
    let mut browser = shop.world.browser();
    let page = follow(&mut browser, &link).await;
    assert!(
        page.text().contains(OLGA),
        "whose password it is: {}",
        page.text()
    );
    let weak = browser
        .fill("/auth/reset", &[("password", "rose and thorn")])
        .await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", weak.text());
    let done = browser.fill("/auth/reset", &[("password", BETTER)]).await;
    assert_eq!(done.place(), "/auth/account", "{}", done.text());
    assert!(browser.is_in().await, "and in");
    assert!(
        shop.world.scene.sign_in(OLGA, BETTER).await.is_ok(),
        "with the new one"
    );
    let mut late = shop.world.browser();
    let over = follow(&mut late, &link).await;
    assert_eq!(over.status, StatusCode::GONE);
    assert!(
        over.text().contains("This link does not work any more"),
        "one sentence, and the way on: {}",
        over.text()
    );
    assert!(
        !over.text().contains("quote"),
        "nobody need ask for help: {}",
        over.text()
    );
    shop.letter(OLGA, "Your password for Rose and Thorn was changed")
        .await;
}

#[tokio::test]
async fn somebody_signs_in_by_a_letter() {
    let mut shop = Posting::open().await;
    let link = {
        let mut browser = shop.world.browser();
        browser.get("/auth/link").await;
        browser.fill("/auth/link", &[("email", OLGA)]).await;
        shop.letter(OLGA, "Your way into Rose and Thorn").await
    };
    let mut browser = shop.world.browser();
    let page = follow(&mut browser, &link).await;
    assert!(page.text().contains(OLGA), "into whose account: {}", page.text());
    assert!(!browser.is_in().await, "to look signs nobody in");
    let done = browser.fill("/auth/sign-in-link", &[]).await;
    assert_eq!(done.place(), "/auth/account", "{}", done.text());
    assert!(browser.is_in().await, "the button does");
}

#[tokio::test]
async fn somebody_is_invited_and_comes_in() {
    let mut shop = Posting::open().await;
    let olga = shop.world.scene.olga().await;
    let new = NewAccount {
        email: email(SAM),
        name: name("Sam"),
        role: Role::Staff,
    };
    let sam = olga.create(new).await.unwrap().account;
    olga.invite(sam.id, None).await.unwrap();
    let link = shop.letter(SAM, "Your account at Rose and Thorn").await;
    let mut browser = shop.world.browser();
    let page = follow(&mut browser, &link).await;
    assert!(
        page.text().contains("Welcome to Rose and Thorn"),
        "{}",
        page.text()
    );
    let done = browser.fill("/auth/invitation", &[("password", GOOD)]).await;
    assert_eq!(done.place(), "/auth/account", "{}", done.text());
    assert!(browser.is_in().await, "with a password of his own");
}

#[tokio::test]
async fn somebody_makes_an_account() {
    let mut shop = Posting::open().await.with_registration().await;
    let link = {
        let mut browser = shop.world.browser();
        let door = browser.get("/auth/sign-in").await;
        assert!(door.body.contains("href=\"/auth/register\""), "{}", door.text());
        browser.get("/auth/register").await;
        let odd = browser.fill("/auth/register", &[("email", "no address")]).await;
        assert!(odd.text().contains("not an e-mail address"), "{}", odd.text());
        let sent = browser.fill("/auth/register", &[("email", CARLA)]).await;
        assert_eq!(sent.place(), "/auth/sent");
        shop.letter(CARLA, "Confirm your address for Rose and Thorn")
            .await
    };
    let mut browser = shop.world.browser();
    follow(&mut browser, &link).await;
    let done = browser
        .fill("/auth/registration", &[("name", "Carla"), ("password", GOOD)])
        .await;
    assert_eq!(done.place(), "/auth/account", "{}", done.text());
    let page = browser.get("/auth/account").await;
    assert!(page.body.contains("Carla"), "under her name: {}", page.text());
    browser.get("/auth/register").await;
    let again = browser.fill("/auth/register", &[("email", CARLA)]).await;
    assert_eq!(again.place(), "/auth/sent", "told the same");
    shop.letter(CARLA, "You have an account at Rose and Thorn already")
        .await;
}

#[tokio::test]
async fn somebody_takes_another_address() {
    const NEW: &str = "olga@thorn.example";
    let mut shop = Posting::open().await;
    let link = {
        let mut browser = shop.world.olga().await;
        let account = browser.get("/auth/account").await;
        assert!(
            account.body.contains("/auth/account/address"),
            "{}",
            account.text()
        );
        browser.get("/auth/account/address").await;
        let same = browser
            .fill("/auth/account/address", &[("email", OLGA), ("password", GOOD)])
            .await;
        assert!(same.text().contains("your address already"), "{}", same.text());
        let sent = browser
            .fill("/auth/account/address", &[("email", NEW), ("password", GOOD)])
            .await;
        assert_eq!(sent.place(), "/auth/sent", "{}", sent.text());
        shop.letter(NEW, "Confirm your address for Rose and Thorn").await
    };
    let mut browser = shop.world.browser();
    follow(&mut browser, &link).await;
    let done = browser.fill("/auth/confirm", &[]).await;
    assert!(done.text().contains("Your address is changed"), "{}", done.text());
    assert!(
        shop.world.scene.sign_in(NEW, GOOD).await.is_ok(),
        "she signs in with it"
    );
    shop.letter(OLGA, "Your address at Rose and Thorn was changed")
        .await;
}

#[tokio::test]
async fn somebody_else_signed_in() {
    let mut shop = Posting::open().await;
    let link = {
        // The second sign-in, and from a browser that is not known.
        shop.world.signed_in(OLGA).await;
        shop.letter(OLGA, "A new sign-in to Rose and Thorn").await
    };
    let mut browser = shop.world.browser();
    let page = follow(&mut browser, &link).await;
    assert!(
        page.text().contains("locks the account"),
        "what it does is said: {}",
        page.text()
    );
    let done = browser.fill("/auth/not-me", &[]).await;
    assert!(done.text().contains("The account is locked"), "{}", done.text());
    let shut = shop.world.browser().sign_in(OLGA, GOOD).await;
    assert_eq!(shut.status, StatusCode::LOCKED, "{}", shut.text());
}

#[tokio::test]
async fn a_link_that_is_no_good_says_so_and_leads_on() {
    let shop = Posting::open().await.with_registration().await;
    let mut rng = keyholder_core::clock::Rng::seed_from_u64(3);
    let other = LinkKey::of(&Pepper::new([8; 32]));
    for purpose in Purpose::ALL {
        let forged = LinkToken::fresh(purpose, &other, &mut rng).text().to_string();
        let unsent = LinkToken::fresh(purpose, &key(), &mut rng).text().to_string();
        let mut pages = Vec::new();
        for token in ["x", &"A".repeat(64), &forged, &unsent] {
            let mut browser = shop.world.browser();
            let page = follow(&mut browser, &format!("{}/{token}", purpose.path())).await;
            assert_eq!(page.status, StatusCode::GONE, "{purpose:?} {token}");
            assert!(
                page.body.contains("class=\"button\""),
                "there is a way on: {}",
                page.text()
            );
            pages.push((token.to_owned(), page.but_for("nothing")));
        }
        let pages: Vec<_> = pages
            .iter()
            .map(|(token, page)| (token.as_str(), page.clone()))
            .collect();
        assert_eq!(
            alike(&pages),
            Ok(()),
            "{purpose:?}: nobody learns how near they came"
        );
    }
}

#[tokio::test]
async fn a_shop_without_mail_has_none_of_these_pages() {
    let world = World::open().await;
    let mut browser = world.olga().await;
    for path in [
        "/auth/forgot",
        "/auth/link",
        "/auth/register",
        "/auth/sent",
        "/auth/reset",
        "/auth/reset/token",
        "/auth/account/address",
        "/auth/not-me",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}: {}", page.text());
    }
    let door = world.browser().get("/auth/sign-in").await;
    let account = browser.get("/auth/account").await;
    for page in [door, account] {
        for way in [
            "/auth/forgot",
            "/auth/link",
            "/auth/register",
            "/auth/account/address",
        ] {
            assert!(!page.body.contains(way), "{} leads to {way}", page.asked);
        }
    }
}

/// Whether everybody who asks for a letter is answered alike.
async fn p16_by_mail(world: &World) -> Result<(), String> {
    let mut browser = world.browser();
    for path in ["/auth/forgot", "/auth/link", "/auth/register"] {
        let mut pages = Vec::new();
        for who in EVERY_KIND.into_iter().filter(|who| who.contains('@')) {
            browser.get(path).await;
            let page = browser.fill(path, &[("email", who)]).await;
            pages.push((who, page.but_for(who)));
        }
        alike(&pages)?;
    }
    Ok(())
}

async fn posting_to_every_kind() -> World {
    let world = a_shop_of_every_kind().await;
    world.scene.rules.write_letters(key());
    let olga = world.scene.olga().await;
    let shop = olga.shop().await.unwrap();
    let policy = Policy {
        registration: true,
        ..shop.policy
    };
    olga.change_policy(shop.revision, shop.name, policy)
        .await
        .unwrap();
    world
}

#[tokio::test]
async fn p16_nobody_learns_by_asking_for_a_letter_who_exists() {
    let world = posting_to_every_kind().await;
    assert_eq!(p16_by_mail(&world).await, Ok(()), "whoever asks");
}

#[tokio::test]
async fn p16_mutant_a_shop_that_tells_who_gets_a_letter_is_found() {
    let world = posting_to_every_kind().await;
    let telling = Arc::new(Telling(world.scene.rules.clone()));
    let site = site_by_mail(&world.scene, telling);
    let world = World { site, ..world };
    assert!(
        p16_by_mail(&world).await.is_err(),
        "the measure sees that Olga exists"
    );
}

/// Says that there is no such account, where there is none.
struct Telling(StoredAuthentication);

#[async_trait]
impl ByMail for Telling {
    async fn offers(&self) -> Result<Offers> {
        self.0.offers().await
    }

    async fn request_reset(&self, email: &str, source: Source) -> Result<()> {
        if email == OLGA {
            self.0.request_reset(email, source).await
        } else {
            Err(Error::Refused(Refusal::NotFound))
        }
    }

    async fn request_sign_in_link(&self, email: &str, source: Source) -> Result<()> {
        self.0.request_sign_in_link(email, source).await
    }

    async fn register(&self, email: &Email, source: Source) -> Result<()> {
        self.0.register(email, source).await
    }

    async fn look(&self, purpose: Purpose, token: &str) -> Result<LinkView> {
        self.0.look(purpose, token).await
    }

    async fn reset_password(&self, token: &str, password: &Password, source: Source) -> Result<SignedIn> {
        self.0.reset_password(token, password, source).await
    }

    async fn accept_invitation(&self, token: &str, password: &Password, source: Source) -> Result<SignedIn> {
        self.0.accept_invitation(token, password, source).await
    }

    async fn sign_in_by_link(&self, token: &str, source: Source) -> Result<SignedIn> {
        self.0.sign_in_by_link(token, source).await
    }

    async fn finish_registration(
        &self,
        token: &str,
        name: Name,
        password: &Password,
        source: Source,
    ) -> Result<SignedIn> {
        self.0.finish_registration(token, name, password, source).await
    }

    async fn confirm_address(&self, token: &str, source: Source) -> Result<()> {
        self.0.confirm_address(token, source).await
    }

    async fn disown(&self, token: &str, source: Source) -> Result<()> {
        self.0.disown(token, source).await
    }
}
