//! P16 on the pages: nobody learns who exists.

use axum::http::StatusCode;
use keyholder_core::account::Role;
use keyholder_core::directory::NewAccount;
use keyholder_core::testing::directory_contract::{BETTER, OLGA, WRONG, email, name, reason};

use crate::doubles::Flaw;
use crate::world::{Page, World};

/// One of every kind of account, all of whom somebody may try to guess at.
pub(crate) const EVERY_KIND: [&str; 8] = [
    OLGA,
    "disabled@rose.example",
    "locked@rose.example",
    "deleted@rose.example",
    "invited@rose.example",
    "phone@rose.example",
    "nobody@rose.example",
    "no address at all",
];

pub(crate) async fn a_shop_of_every_kind() -> World {
    let world = World::open().await;
    let olga = world.scene.olga().await;
    let disabled = world.enrolled(EVERY_KIND[1], Role::Customer).await;
    olga.disable(disabled.id, reason("left")).await.unwrap();
    let locked = world.enrolled(EVERY_KIND[2], Role::Customer).await;
    olga.lock_account(locked.id, reason("strange calls"))
        .await
        .unwrap();
    let deleted = world.enrolled(EVERY_KIND[3], Role::Customer).await;
    olga.delete(deleted.id, None).await.unwrap();
    let invited = NewAccount {
        email: email(EVERY_KIND[4]),
        name: name("Ida"),
        role: Role::Customer,
    };
    olga.create(invited).await.unwrap();
    world.with_phone(EVERY_KIND[5], Role::Customer).await;
    world
}

/// Whether the pages are the same: status, headers, body.
pub(crate) fn alike(pages: &[(&str, Page)]) -> Result<(), String> {
    let (_, first) = &pages[0];
    match pages.iter().find(|(_, page)| page != first) {
        None => Ok(()),
        Some((who, page)) => Err(format!("{who} is told apart: {page:?} {first:?}")),
    }
}

/// Five slips, then the wait: the same for everybody, at each step.
async fn p16_at_the_door(world: &World) -> Result<(), String> {
    let mut browser = world.browser();
    browser.get("/auth/sign-in").await;
    for step in 0..7 {
        let mut pages = Vec::new();
        for who in EVERY_KIND {
            let fields = [("email", who), ("password", WRONG)];
            let page = browser.fill("/auth/sign-in", &fields).await;
            pages.push((who, page.but_for(who)));
        }
        alike(&pages)?;
        let waits = pages[0].1.status == StatusCode::TOO_MANY_REQUESTS;
        assert_eq!(waits, step >= 5, "try {step} is {}", pages[0].1.status);
    }
    Ok(())
}

#[tokio::test]
async fn p16_nobody_learns_on_the_sign_in_page_who_exists() {
    let world = a_shop_of_every_kind().await;
    assert_eq!(p16_at_the_door(&world).await, Ok(()), "whoever asks");
}

#[tokio::test]
async fn p16_mutant_a_page_that_tells_is_found() {
    let world = a_shop_of_every_kind().await.flawed(Flaw::TellsWhoIsThere);
    let found = p16_at_the_door(&world).await;
    assert!(found.is_err(), "the measure sees that Olga exists");
}

#[tokio::test]
async fn p16_nobody_learns_by_an_enrolment_code_who_exists() {
    let world = a_shop_of_every_kind().await;
    let mut browser = world.browser();
    browser.get("/auth/welcome").await;
    for code in ["00000-00000-00000", "no code at all", ""] {
        let mut pages = Vec::new();
        for who in EVERY_KIND {
            let fields = [("email", who), ("code", code), ("password", BETTER)];
            let page = browser.fill("/auth/welcome", &fields).await;
            pages.push((who, page.but_for(who)));
        }
        assert_eq!(alike(&pages), Ok(()), "with the code {code:?}");
    }
}
