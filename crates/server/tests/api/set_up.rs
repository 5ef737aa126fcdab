//! The first owner of a shop.

use axum::http::StatusCode;
use keyholder_core::directory::NewOwner;
use keyholder_core::error::Code;
use keyholder_core::session::Stage;
use keyholder_core::testing::directory_contract::{GOOD, OLGA, email, here, name, password};
use keyholder_core::wire::{GetMe, GetPolicy, GetShop, SetUp, SetUpBody};
use keyholder_server::SetUpOffer;

use crate::world::{As, NOBODY, World};

fn rose(who: &str) -> SetUpBody {
    let owner = NewOwner {
        email: email(who),
        name: name("Olga"),
        password: password(GOOD),
    };
    SetUpBody::new(name("Rose and Thorn"), &owner, &here())
}

#[tokio::test]
async fn a_shop_is_set_up_over_http_once() {
    let world = World::before(SetUpOffer::Open);
    let none = world.ask::<GetShop>(NOBODY, &(), &(), &()).await;
    assert_eq!(none.problem().code, Code::NotSetUp, "there is no shop yet");

    let owner = world.ask::<SetUp>(NOBODY, &(), &(), &rose(OLGA)).await;
    let signed_in = owner.done::<SetUp>();
    assert_eq!(signed_in.stage, Stage::Open, "the owner is signed in at once");
    let me = world
        .ask::<GetMe>(As::holder(&owner.token()), &(), &(), &())
        .await;
    assert_eq!(me.done::<GetMe>().account.email, email(OLGA), "as herself");
    let shop = world.ask::<GetShop>(NOBODY, &(), &(), &()).await;
    assert_eq!(
        shop.done::<GetShop>().name,
        name("Rose and Thorn"),
        "whose name everybody sees"
    );

    let second = world
        .ask::<SetUp>(NOBODY, &(), &(), &rose("eve@mail.example"))
        .await;
    assert_eq!(second.status, StatusCode::CONFLICT, "nobody takes a shop over");
    assert_eq!(second.problem().code, Code::AlreadySetUp, "and learns why");
}

#[tokio::test]
async fn strangers_see_no_more_of_a_shop_than_its_front() {
    let world = World::open().await;
    insta::assert_snapshot!(world.ask::<GetShop>(NOBODY, &(), &(), &()).await.shown(), @r#"
    200 OK
    content-type: application/json
    {
      "name": "Rose and Thorn",
      "password_length": 15,
      "password_length_with_second_factor": 8,
      "second_factor_required": false
    }
    "#);
    let told = world.ask::<GetPolicy>(NOBODY, &(), &(), &()).await;
    assert_eq!(
        told.status,
        StatusCode::UNAUTHORIZED,
        "what the shop has decided is its own"
    );
    let token = world.olga().await;
    let told = world.ask::<GetPolicy>(As::holder(&token), &(), &(), &()).await;
    assert_eq!(
        told.done::<GetPolicy>().revision,
        1,
        "whoever is signed in sees it whole"
    );
}

#[tokio::test]
async fn where_set_up_is_not_offered_nobody_sets_up_a_shop() {
    let world = World::before(SetUpOffer::Closed);
    let told = world
        .ask::<SetUp>(NOBODY, &(), &(), &rose("eve@mail.example"))
        .await;
    assert_eq!(
        told.status,
        StatusCode::FORBIDDEN,
        "whoever comes first owns nothing"
    );
    assert_eq!(
        world.scene.store.shop().await.unwrap(),
        None,
        "nothing was set up"
    );
}
