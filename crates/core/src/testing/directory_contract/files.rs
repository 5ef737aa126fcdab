//! Accounts that come in from a file, and go out again.

use secrecy::ExposeSecret as _;

use super::*;
use crate::directory::{ImportMode, ImportResult, ImportRow};
use crate::query::{AccountFilter, AccountQuery, AccountSort};

fn row(who: &str, hash: &str) -> ImportRow {
    ImportRow {
        email: who.to_owned(),
        name: "Somebody".to_owned(),
        role: String::new(),
        password_hash: hash.to_owned().into(),
        totp_secret: String::new().into(),
        created_at: "2024-05-01T10:00:00Z".to_owned(),
    }
}

fn all() -> AccountQuery {
    AccountQuery {
        filter: AccountFilter::default(),
        sort: AccountSort::Email,
        descending: false,
        after: None,
        limit: 100,
    }
}

pub async fn accounts_come_in_with_their_hashes(ground: Ground) {
    let scene = Scene::open(ground).await;
    let rows = vec![
        row(CARLA, &bcrypt::hash(GOOD, 4).unwrap()),
        row("not an address", ""),
        row("x@mail.example", "$unknown$1$2"),
        row("CARLA@mail.example", ""),
        row(OLGA, ""),
        ImportRow {
            role: "emperor".to_owned(),
            ..row("y@mail.example", "")
        },
        ImportRow {
            created_at: "yesterday".to_owned(),
            ..row("z@mail.example", "")
        },
    ];
    let results = scene.olga().await.import(rows, ImportMode::Apply).await.unwrap();
    let columns: Vec<_> = results
        .iter()
        .map(|result| match result {
            ImportResult::Imported { .. } => "imported",
            ImportResult::Ready => "ready",
            ImportResult::Refused { column, .. } => column,
        })
        .collect();
    assert_eq!(
        columns,
        [
            "imported",
            "email",
            "password_hash",
            "email",
            "email",
            "role",
            "created_at"
        ],
        "each row says what became of it"
    );
    let carla = scene.sign_in(CARLA, GOOD).await.unwrap().account;
    assert_eq!(carla.role, Role::Customer, "without a role one is a customer");
    assert_eq!(
        carla.created_at,
        "2024-05-01T10:00:00Z".parse().unwrap(),
        "since when she is"
    );
    assert_eq!(
        scene.trail(Action::AccountImported).await.len(),
        1,
        "one event for each account that came in"
    );
}

pub async fn a_dry_run_writes_nothing(ground: Ground) {
    let scene = Scene::open(ground).await;
    let olga = scene.olga().await;
    let before = scene.events().await;
    let results = olga
        .import(vec![row(CARLA, "")], ImportMode::DryRun)
        .await
        .unwrap();
    assert_eq!(results, [ImportResult::Ready], "the row is good");
    assert_eq!(scene.events().await, before, "and nothing was written");
    assert_eq!(olga.find(&email(CARLA)).await.unwrap(), None, "nobody came in");
}

pub async fn strict_is_all_or_nothing(ground: Ground) {
    let scene = Scene::open(ground).await;
    let olga = scene.olga().await;
    let results = olga
        .import(vec![row(CARLA, ""), row("nonsense", "")], ImportMode::Strict)
        .await
        .unwrap();
    assert_eq!(results[0], ImportResult::Ready, "a good row waits");
    assert_eq!(
        olga.find(&email(CARLA)).await.unwrap(),
        None,
        "for the bad one to be mended"
    );
    let results = olga
        .import(
            vec![row(CARLA, ""), row("d@mail.example", "")],
            ImportMode::Strict,
        )
        .await
        .unwrap();
    assert!(
        results
            .iter()
            .all(|result| matches!(result, ImportResult::Imported { .. })),
        "all good, all in"
    );
}

pub async fn accounts_go_out_again(ground: Ground) {
    let scene = Scene::open(ground).await;
    let hash = bcrypt::hash(GOOD, 4).unwrap();
    let olga = scene.olga().await;
    olga.import(vec![row(CARLA, &hash)], ImportMode::Apply)
        .await
        .unwrap();
    let page = olga.export(&all()).await.unwrap();
    let carla = page
        .rows
        .iter()
        .find(|row| row.account.email == email(CARLA))
        .unwrap();
    assert_eq!(
        carla.password_hash.expose_secret(),
        hash,
        "nobody needs a new password because of a move"
    );
    assert_eq!(
        scene.trail(Action::AccountsExported).await.len(),
        1,
        "taking everything out leaves an event"
    );
    scene.enrolled(SAM, Role::Auditor).await;
    let auditor = scene.inside(SAM, GOOD).await;
    assert!(
        matches!(refusal(auditor.export(&all()).await), Refusal::NotAllowed(_)),
        "who reads may not carry hashes away"
    );
}
