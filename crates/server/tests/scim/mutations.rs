//! Changes, filters and names that nobody would write: the service answers each, and touches no row but
//! the one that was meant.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use keyholder_core::clock::Rng;
use keyholder_core::query::{AccountQuery, AccountSort};
use keyholder_core::testing::directory_contract::rounds;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::world::{PATCH_OP, World};

/// How many changes are tried.
const WHOLE: u32 = 10_000;

/// Every account by its id, as the store has it.
async fn rows(world: &World) -> BTreeMap<String, String> {
    let query = AccountQuery {
        filter: keyholder_core::query::AccountFilter::default(),
        sort: AccountSort::Email,
        descending: false,
        after: None,
        limit: 500,
    };
    let olga = world
        .scene
        .store
        .accounts(&query, keyholder_core::testing::directory_contract::monday())
        .await;
    let rows = olga.unwrap().rows.into_iter();
    rows.map(|row| (row.account.id.to_string(), format!("{:?}", row.account)))
        .collect()
}

fn text(rng: &mut Rng) -> String {
    let pieces = [
        "kim",
        "\"",
        "\\",
        "@shop.example",
        "u01@shop.example",
        "E-1",
        "E-2",
        "active",
        " eq ",
        " or ",
        " pr",
        "[",
        "]",
        "(",
        ")",
        "not ",
        ".value",
        "urn:ietf:params:scim:schemas:core:2.0:User:",
        "\u{202e}",
        "\0",
        "\n",
        "ß",
        "true",
        "null",
        "1e9",
        "owner",
        "userName",
        "emails",
        "members",
        "roles",
        "externalId",
        "id",
        "name.formatted",
        " ",
        "%",
        "'; DROP TABLE account; --",
    ];
    (0..rng.random_range(1..6))
        .map(|_| *pieces.choose(rng).unwrap())
        .collect()
}

fn value(rng: &mut Rng, depth: u32) -> Value {
    match rng.random_range(0..if depth > 2 { 5 } else { 8 }) {
        0 => Value::Null,
        1 => json!(rng.random::<bool>()),
        2 => json!(rng.random::<i32>()),
        3 | 4 => json!(text(rng)),
        5 => (0..rng.random_range(0..3))
            .map(|_| value(rng, depth + 1))
            .collect(),
        _ => {
            let names = [
                "value",
                "formatted",
                "userName",
                "emails",
                "roles",
                "primary",
                "externalId",
                "x",
            ];
            let pairs = (0..rng.random_range(0..3)).map(|_| {
                let name = (*names.choose(rng).unwrap()).to_owned();
                (name, value(rng, depth + 1))
            });
            Value::Object(pairs.collect())
        }
    }
}

fn operation(rng: &mut Rng) -> Value {
    let paths = [
        "userName",
        "externalId",
        "displayName",
        "name",
        "name.formatted",
        "active",
        "emails",
        "emails[primary eq true].value",
        "emails[type eq \"work\"].value",
        "roles",
        "roles[value eq \"staff\"]",
        "members",
        "id",
        "meta.version",
        "groups",
    ];
    let path = if rng.random_bool(0.7) {
        json!(paths.choose(rng).unwrap())
    } else {
        json!(text(rng))
    };
    let good = [
        json!("E-1"),
        json!("E-9"),
        json!(true),
        json!([{ "value": "staff" }]),
        json!({ "formatted": "Kim" }),
        json!("u02@shop.example"),
    ];
    let value = if rng.random_bool(0.5) {
        good.choose(rng).unwrap().clone()
    } else {
        value(rng, 0)
    };
    let op = ["add", "replace", "remove", "Add", "nonsense"]
        .choose(rng)
        .unwrap();
    let mut operation = json!({ "op": op, "value": value });
    if rng.random_bool(0.85) {
        operation["path"] = path;
    }
    operation
}

/// Asks all of it. Says what was found that must not be, if anything.
async fn fuzzed(world: &World, changes: u32) -> Result<(), String> {
    let hr = world.provisioner().await;
    let (_, crm) = world.token(&[], Some("crm")).await;
    let mut ids = Vec::new();
    for n in 0..8 {
        let user = json!({ "userName": format!("u{n:02}@shop.example"), "externalId": format!("E-{n}") });
        ids.push(world.user(if n < 4 { &hr } else { &crm }, &user).await.id());
    }
    let mut rng = Rng::seed_from_u64(49);
    let mut done = 0;
    for round in 0..changes {
        let before = rows(world).await;
        let target = ids.choose(&mut rng).unwrap().clone();
        let told = match rng.random_range(0..10) {
            0 => world.found(&hr, &text(&mut rng)).await,
            1 => {
                // By a name that both gave, or that only the other did.
                let name = format!("E-{}", rng.random_range(0..9));
                let told = world.found(&hr, &format!("externalId eq \"{name}\"")).await;
                for found in told.body["Resources"].as_array().into_iter().flatten() {
                    if found["externalId"] != name.as_str() {
                        return Err(format!("round {round}: {name} found {found}"));
                    }
                    let id = found["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
                    let (kind, ids) = (keyholder_core::entry::EntryKind::ExternalId, [id.into()]);
                    let whose = world.scene.store.entries_of(kind, &ids).await.unwrap();
                    let kept: Vec<String> = whose
                        .iter()
                        .map(|entry| String::from_utf8(entry.body.to_vec()).unwrap())
                        .collect();
                    if !kept.iter().any(|kept| kept.contains("\"hr\"")) {
                        return Err(format!("round {round}: {name} is another's: {kept:?}"));
                    }
                }
                told
            }
            2 => {
                let mut user = value(&mut rng, 0);
                if let Value::Object(user) = &mut user {
                    user.insert("userName".to_owned(), value(&mut rng, 2));
                }
                world
                    .ask(
                        &hr,
                        ("PUT", &format!("/scim/v2/Users/{target}")),
                        &[],
                        Some(&user),
                    )
                    .await
            }
            _ => {
                let all: Vec<Value> = (0..rng.random_range(1..3)).map(|_| operation(&mut rng)).collect();
                let body = json!({ "schemas": [PATCH_OP], "Operations": all });
                world
                    .ask(
                        &hr,
                        ("PATCH", &format!("/scim/v2/Users/{target}")),
                        &[],
                        Some(&body),
                    )
                    .await
            }
        };
        if told.status.is_server_error() {
            return Err(format!("round {round}: {told:?}"));
        }
        done += u32::from(told.status.is_success());
        let after = rows(world).await;
        for (id, row) in &before {
            if *id != target && after.get(id) != Some(row) {
                return Err(format!(
                    "round {round} changed another row: {row} into {:?}",
                    after.get(id)
                ));
            }
        }
    }
    if done < changes / 20 {
        return Err(format!(
            "only {done} of {changes} were taken: that measures nothing"
        ));
    }
    Ok(())
}

#[tokio::test]
async fn p49_no_change_breaks_the_service_or_touches_another_row() {
    let world = World::open().await;
    assert_eq!(
        fuzzed(&world, rounds(400, WHOLE)).await,
        Ok(()),
        "0 5xx, 0 other rows"
    );
}

/// The same shop where every change is made to the user that was changed first.
fn confused(world: World) -> World {
    let (inner, first) = (world.router.clone(), Arc::new(OnceLock::new()));
    let router = Router::new().fallback(move |mut request: Request| {
        let (inner, first) = (inner.clone(), Arc::clone(&first));
        async move {
            if request.method() == Method::PATCH {
                *request.uri_mut() = first.get_or_init(|| request.uri().clone()).clone();
            }
            inner.oneshot(request).await.unwrap()
        }
    });
    World { router, ..world }
}

#[tokio::test]
async fn p49_mutant_a_service_that_takes_one_user_for_another_is_found() {
    let world = confused(World::open().await);
    let found = fuzzed(&world, rounds(400, WHOLE)).await;
    assert!(
        found.is_err_and(|found| found.contains("another row")),
        "the measure sees it"
    );
}
