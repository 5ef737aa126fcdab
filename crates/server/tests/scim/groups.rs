//! Groups are roles.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn who_is_in_a_group_has_its_role() {
    let world = World::open().await;
    let token = world.provisioner().await;
    let kim = world
        .user(&token, &json!({ "userName": "kim@shop.example" }))
        .await
        .id();
    let lee = world
        .user(&token, &json!({ "userName": "lee@shop.example" }))
        .await
        .id();
    let list = world
        .get(&token, "/scim/v2/Groups?filter=displayName%20eq%20%22staff%22")
        .await
        .with(200);
    assert_eq!(list.body["Resources"][0]["id"], "staff", "found by its name");
    let uri = "/scim/v2/Groups/staff";
    let add = json!({ "op": "add", "path": "members", "value": [{ "value": kim }, { "value": lee }] });
    let told = world.patch(&token, uri, &add).await.with(200);
    assert_eq!(told.body["members"].as_array().unwrap().len(), 2, "both are in");
    let user = world
        .get(&token, &format!("/scim/v2/Users/{kim}"))
        .await
        .with(200);
    assert_eq!(
        user.body["roles"],
        json!([{ "value": "staff" }]),
        "and have the role"
    );
    let one = json!({ "op": "remove", "path": format!("members[value eq \"{kim}\"]") });
    let told = world.patch(&token, uri, &one).await.with(200);
    assert_eq!(told.body["members"][0]["value"], lee.as_str(), "one goes");
    let put = json!({ "displayName": "Staff", "members": [{ "value": kim }] });
    let told = world.ask(&token, ("PUT", uri), &[], Some(&put)).await.with(200);
    assert_eq!(told.body["members"][0]["value"], kim.as_str(), "all are replaced");
    let user = world
        .get(&token, &format!("/scim/v2/Users/{lee}"))
        .await
        .with(200);
    assert_eq!(user.body.get("roles"), None, "a customer has no role");
}

#[tokio::test]
async fn the_owners_group_is_nobodys_to_change() {
    let world = World::open().await;
    let token = world.provisioner().await;
    let kim = world
        .user(&token, &json!({ "userName": "kim@shop.example" }))
        .await
        .id();
    let uri = "/scim/v2/Groups/owner";
    let owners = world.get(&token, uri).await.with(200);
    let olga = owners.body["members"][0]["value"].as_str().unwrap().to_owned();
    let add = json!({ "op": "add", "path": "members", "value": [{ "value": kim }] });
    world.patch(&token, uri, &add).await.with(403);
    world
        .patch(&token, uri, &json!({ "op": "remove", "path": "members" }))
        .await
        .with(403);
    let down = json!({ "op": "add", "path": "members", "value": [{ "value": olga }] });
    world
        .patch(&token, "/scim/v2/Groups/staff", &down)
        .await
        .with(403);
    let nobody = json!({ "op": "add", "path": "members", "value": [{ "value": "x" }] });
    world
        .patch(&token, "/scim/v2/Groups/staff", &nobody)
        .await
        .with(400);
    world
        .patch(
            &token,
            "/scim/v2/Groups/staff",
            &json!({ "op": "replace", "path": "displayName", "value": "Team" }),
        )
        .await
        .with(400);
    world.get(&token, "/scim/v2/Groups/customer").await.with(404);
}
