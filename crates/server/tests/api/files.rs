//! Accounts that come in or go out with their hashes.

use keyholder_core::account::Role;
use keyholder_core::audit::Action;
use keyholder_core::directory::{ImportMode, ImportResult, ImportRow};
use keyholder_core::error::Code;
use keyholder_core::query::{AccountFilter, AccountQuery, AccountSort};
use keyholder_core::testing::directory_contract::{CARLA, SAM};
use keyholder_core::wire::{ExportAccounts, ImportAccounts, ImportBody};

use crate::world::{As, World};

/// Of "correct horse".
const HASH: &str = "$2b$04$KNyA4IM0uV3S1qMEXZVLSOQ1PtjfkM6LwZ8mW3ZBzEo0FfHV0OgS2";

fn row(who: &str) -> ImportRow {
    ImportRow {
        email: who.to_owned(),
        name: "Somebody".to_owned(),
        role: String::new(),
        password_hash: HASH.to_owned().into(),
        totp_secret: String::new().into(),
        created_at: String::new(),
    }
}

fn everybody() -> AccountQuery {
    AccountQuery {
        filter: AccountFilter::default(),
        sort: AccountSort::Email,
        descending: false,
        after: None,
        limit: 100,
    }
}

#[tokio::test]
async fn every_row_of_an_import_has_its_result() {
    let world = World::open().await;
    let token = world.olga().await;
    let body = ImportBody::new(vec![row(CARLA), row("no address"), row(CARLA)], ImportMode::Apply);
    let told = world
        .ask::<ImportAccounts>(As::holder(&token), &(), &(), &body)
        .await;
    let results = told.done::<ImportAccounts>();
    assert!(matches!(results[0], ImportResult::Imported { .. }), "{results:?}");
    for refused in &results[1..] {
        assert!(
            matches!(refused, ImportResult::Refused { column, .. } if column == "email"),
            "no address, and one that is there twice: {refused:?}"
        );
    }
}

#[tokio::test]
async fn accounts_go_out_with_their_hashes_to_who_may_move_them() {
    let world = World::open().await;
    let token = world.olga().await;
    let body = ImportBody::new(vec![row(CARLA)], ImportMode::Strict);
    let told = world
        .ask::<ImportAccounts>(As::holder(&token), &(), &(), &body)
        .await;
    told.done::<ImportAccounts>();
    let told = world
        .ask::<ExportAccounts>(As::holder(&token), &(), &(), &everybody().into())
        .await;
    let page = told.done::<ExportAccounts>();
    let carla = page
        .rows
        .iter()
        .find(|row| row.account.email.as_str() == CARLA)
        .unwrap();
    assert_eq!(carla.password_hash.expose(), HASH, "as it came in");
    assert_eq!(
        world.scene.trail(Action::AccountsExported).await.len(),
        1,
        "and it is noted"
    );

    world.enrolled(SAM, Role::Support).await;
    let sam = world.token(SAM).await;
    let told = world
        .ask::<ExportAccounts>(As::holder(&sam), &(), &(), &everybody().into())
        .await;
    assert_eq!(told.problem().code, Code::NotAllowed, "support sees no hash");
}
