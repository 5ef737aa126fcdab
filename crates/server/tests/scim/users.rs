//! Users: found, sorted, paged, changed, and what a provisioner may not do.

use keyholder_core::account::Role;
use keyholder_core::audit::{Action, Actor};
use keyholder_core::testing::directory_contract::{GOOD, OLGA, email};
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_user_is_made_found_changed_and_deleted() {
    let world = World::open().await;
    let token = world.provisioner().await;
    let made = world
        .user(&token, &json!({ "userName": "kim@shop.example", "externalId": "E-7", "name": { "givenName": "Kim", "familyName": "Lee" }, "roles": [{ "value": "staff" }] }))
        .await;
    let uri = format!("/scim/v2/Users/{}", made.id());
    assert_eq!(
        made.header("location"),
        format!("https://shop.example{uri}"),
        "where it is"
    );
    assert_eq!(
        made.header("content-type"),
        "application/scim+json",
        "in its own media type"
    );
    assert_eq!(made.body["displayName"], "Kim Lee", "put together of its parts");
    assert_eq!(made.body["groups"][0]["value"], "staff", "the role is a group");
    for filter in [
        r#"userName eq "KIM@shop.example""#,
        r#"externalId eq "E-7""#,
        r#"externalId eq "E-7" and active eq true"#,
        r#"emails[value co "kim"]"#,
        r#"roles eq "staff""#,
        r#"name.formatted ew "lee" and not (active eq false)"#,
    ] {
        assert_eq!(
            world.found(&token, filter).await.with(200).names(),
            ["kim@shop.example"],
            "{filter}"
        );
    }
    let none = world
        .found(&token, r#"externalId eq "E-7" and active eq false"#)
        .await
        .with(200);
    assert_eq!(none.body["totalResults"], 0, "all of a filter must hold");
    world.found(&token, "userName eq").await.with(400);

    let replace =
        json!({ "op": "replace", "value": { "userName": "lee@shop.example", "displayName": "K. Lee" } });
    let changed = world.patch(&token, &uri, &replace).await.with(200);
    assert_eq!(
        changed.body["emails"][0]["value"], "lee@shop.example",
        "the address follows its name"
    );
    assert_eq!(changed.body["name"]["formatted"], "K. Lee", "both say the same");

    world.ask(&token, ("DELETE", &uri), &[], None).await.with(204);
    world.get(&token, &uri).await.with(404);
    assert_eq!(
        world.found(&token, r#"externalId eq "E-7""#).await.body["totalResults"],
        0,
        "nor found"
    );
    let account = world
        .scene
        .olga()
        .await
        .find(&email("lee@shop.example"))
        .await
        .unwrap()
        .unwrap();
    assert!(account.deleted.is_some(), "it lies in the recycle bin");
    let made = world.scene.trail(Action::AccountCreated).await.remove(0);
    assert_eq!(
        made.actor,
        Actor::ApiToken {
            name: "till".to_owned()
        },
        "the trail knows who it was"
    );
}

#[tokio::test]
async fn p25_who_is_made_inactive_is_out_at_once() {
    let world = World::open().await;
    let token = world.provisioner().await;
    let kim = world.signed_in("kim@shop.example", Role::Staff).await;
    let me = world.get(&kim, "/v1/sessions/current").await.with(200);
    let uri = format!("/scim/v2/Users/{}", me.body["account"]["id"].as_str().unwrap());
    let off = json!({ "op": "Replace", "path": "active", "value": "False" });
    let told = world.patch(&token, &uri, &off).await.with(200);
    assert_eq!(told.body["active"], false, "as one widespread client writes it");
    world.get(&kim, "/v1/sessions/current").await.with(401);
    assert!(
        world.scene.sign_in("kim@shop.example", GOOD).await.is_err(),
        "nor in again"
    );
    let on = json!({ "op": "replace", "path": "active", "value": true });
    world.patch(&token, &uri, &on).await.with(200);
    assert!(
        world.scene.sign_in("kim@shop.example", GOOD).await.is_ok(),
        "until it is active again"
    );
}

#[tokio::test]
async fn an_owner_is_neither_made_nor_touched() {
    let world = World::open().await;
    let token = world.provisioner().await;
    let olga = world
        .found(&token, &format!("userName eq \"{OLGA}\""))
        .await
        .with(200);
    let uri = format!(
        "/scim/v2/Users/{}",
        olga.body["Resources"][0]["id"].as_str().unwrap()
    );
    for operation in [
        json!({ "op": "replace", "path": "active", "value": false }),
        json!({ "op": "replace", "path": "userName", "value": "eve@shop.example" }),
        json!({ "op": "replace", "path": "externalId", "value": "mine" }),
        json!({ "op": "remove", "path": "roles" }),
    ] {
        world.patch(&token, &uri, &operation).await.with(403);
    }
    world.ask(&token, ("DELETE", &uri), &[], None).await.with(403);
    let kim = world
        .user(&token, &json!({ "userName": "kim@shop.example" }))
        .await;
    let up = json!({ "op": "add", "path": "roles", "value": [{ "value": "owner" }] });
    world
        .patch(&token, &format!("/scim/v2/Users/{}", kim.id()), &up)
        .await
        .with(403);
    let eve = json!({ "schemas": [], "userName": "eve@shop.example", "roles": [{ "value": "owner" }] });
    world.post(&token, "/scim/v2/Users", &eve).await.with(403);
    assert!(
        world.scene.sign_in(OLGA, GOOD).await.is_ok(),
        "Olga holds her keys"
    );
}

#[tokio::test]
async fn nobody_is_found_by_anothers_name_for_them() {
    let world = World::open().await;
    let hr = world.provisioner().await;
    let (_, crm) = world.token(&[], Some("crm")).await;
    let kim = world
        .user(&hr, &json!({ "userName": "kim@shop.example", "externalId": "7" }))
        .await;
    assert_eq!(
        world.found(&crm, r#"externalId eq "7""#).await.body["totalResults"],
        0,
        "not its name"
    );
    assert_eq!(
        world.found(&crm, "externalId pr").await.body["totalResults"],
        0,
        "nor shown"
    );
    let lee = world
        .user(
            &crm,
            &json!({ "userName": "lee@shop.example", "externalId": "7" }),
        )
        .await;
    assert_eq!(
        world.found(&crm, r#"externalId eq "7""#).await.names(),
        ["lee@shop.example"],
        "its own"
    );
    assert_eq!(
        world.found(&hr, r#"externalId eq "7""#).await.names(),
        ["kim@shop.example"],
        "to each"
    );
    let taken = json!({ "op": "add", "path": "externalId", "value": "7" });
    world.user(&hr, &json!({ "userName": "max@shop.example" })).await;
    let told = world
        .patch(&hr, &format!("/scim/v2/Users/{}", lee.id()), &taken)
        .await
        .with(409);
    assert_eq!(
        told.body["scimType"], "uniqueness",
        "one provisioner calls one account so"
    );
    let again = json!({ "userName": "x@shop.example", "externalId": "7" });
    world.post(&hr, "/scim/v2/Users", &again).await.with(409);
    // A name that looks like an address finds nobody who has that address.
    let alias = json!({ "userName": "kim@shop.example", "emails": [{ "value": "eve@shop.example" }] });
    world.post(&crm, "/scim/v2/Users", &alias).await.with(409);
    world
        .get(&hr, &format!("/scim/v2/Users/{}", kim.id()))
        .await
        .with(200);
}

#[tokio::test]
async fn lists_are_sorted_and_have_windows() {
    let world = World::open().await;
    let token = world.provisioner().await;
    for n in 0..12 {
        world.user(&token, &json!({ "userName": format!("u{n:02}@shop.example"), "displayName": format!("N{:02}", 11 - n), "externalId": n.to_string() })).await;
    }
    let get = async |query: &str| {
        world
            .get(&token, &format!("/scim/v2/Users?{query}"))
            .await
            .with(200)
    };
    let told =
        get("startIndex=3&count=2&sortBy=userName&sortOrder=descending&filter=userName%20sw%20%22u%22").await;
    assert_eq!(
        told.names(),
        ["u09@shop.example", "u08@shop.example"],
        "the third and fourth from the end"
    );
    assert_eq!(told.body["totalResults"], 12, "of all");
    assert_eq!(told.body["startIndex"], 3, "where it begins");
    let told = get("sortBy=displayName&count=1&filter=externalId%20pr").await;
    assert_eq!(told.names(), ["u11@shop.example"], "by another attribute");
    assert_eq!(
        get("count=0").await.body["totalResults"],
        13,
        "how many there are"
    );
    assert_eq!(
        get("startIndex=-5&count=-1").await.body["itemsPerPage"],
        0,
        "below nothing is nothing"
    );
    assert_eq!(
        get("startIndex=13&count=500").await.body["itemsPerPage"],
        1,
        "up to the end"
    );
    assert_eq!(
        get("startIndex=99").await.body["itemsPerPage"],
        0,
        "and not beyond"
    );
    world.get(&token, "/scim/v2/Users?count=many").await.with(400);
    let told = get("attributes=userName,name.formatted&count=1&startIndex=5").await;
    let fields: Vec<_> = told.body["Resources"][0]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    for field in &fields {
        assert!(
            ["id", "schemas", "userName", "name"].contains(&field.as_str()),
            "not asked for: {field}"
        );
    }
    let told = get("excludedAttributes=emails,id&count=1").await;
    let user = told.body["Resources"][0].as_object().unwrap();
    assert!(
        !user.contains_key("emails") && user.contains_key("id"),
        "but its id: {user:?}"
    );
}

#[tokio::test]
async fn a_revision_guards_a_change() {
    let world = World::open().await;
    let token = world.provisioner().await;
    let kim = world
        .user(&token, &json!({ "userName": "kim@shop.example" }))
        .await;
    let uri = format!("/scim/v2/Users/{}", kim.id());
    let tag = kim.header("etag").to_owned();
    assert_eq!(kim.body["meta"]["version"], tag.as_str(), "said twice, the same");
    let known = [("if-none-match", tag.as_str())];
    world.ask(&token, ("GET", &uri), &known, None).await.with(304);
    let put = json!({ "userName": "kim@shop.example", "displayName": "Kim" });
    let seen = [("if-match", tag.as_str())];
    let changed = world
        .ask(&token, ("PUT", &uri), &seen, Some(&put))
        .await
        .with(200);
    assert_ne!(changed.header("etag"), tag, "a change counts");
    world
        .ask(&token, ("PUT", &uri), &seen, Some(&put))
        .await
        .with(412);
    world.ask(&token, ("DELETE", &uri), &seen, None).await.with(412);
    let any = [("if-match", "*")];
    world.ask(&token, ("DELETE", &uri), &any, None).await.with(204);
}

#[tokio::test]
async fn what_is_wrong_is_said_as_scim_says_it() {
    let world = World::open().await;
    let token = world.provisioner().await;
    for (method, uri, status) in [
        ("GET", "/scim/v2/Users/nobody", 404),
        ("GET", "/scim/v2/nothing", 404),
        ("GET", "/scim/v2/Me", 501),
        ("POST", "/scim/v2/Bulk", 501),
        ("POST", "/scim/v2/Groups", 501),
        ("DELETE", "/scim/v2/Schemas", 405),
        ("POST", "/scim/v2/Users", 415),
        ("GET", "/scim/v2/Schemas?filter=x", 403),
    ] {
        let told = world.ask(&token, (method, uri), &[], None).await.with(status);
        assert_eq!(
            told.body["status"],
            status.to_string(),
            "{method} {uri}: {told:?}"
        );
        assert_eq!(
            told.header("content-type"),
            "application/scim+json",
            "{method} {uri}"
        );
    }
    for (body, kind) in [
        (json!({ "userName": "kim" }), "invalidValue"),
        (json!({ "displayName": "kim" }), "invalidValue"),
        (
            json!({ "userName": "kim@shop.example", "active": "perhaps" }),
            "invalidValue",
        ),
        (
            json!({ "userName": "kim@shop.example", "roles": [{ "value": "king" }] }),
            "invalidValue",
        ),
    ] {
        let told = world.post(&token, "/scim/v2/Users", &body).await.with(400);
        assert_eq!(told.body["scimType"], kind, "{body}");
    }
    let told = world.get("kht_nobody", "/scim/v2/Users").await.with(401);
    assert_eq!(told.header("www-authenticate"), "Bearer", "how to be let in");
    let olga = world
        .scene
        .sign_in(OLGA, GOOD)
        .await
        .unwrap()
        .token
        .text()
        .to_string();
    world.get(&olga, "/scim/v2/Users").await.with(401);
}
