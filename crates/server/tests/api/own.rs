//! What somebody does to their own account.

use axum::http::StatusCode;
use keyholder_core::directory::SecondFactorBegun;
use keyholder_core::error::{Code, Refusal};
use keyholder_core::testing::directory_contract::{BETTER, GOOD, OLGA, WRONG, password};
use keyholder_core::wire::{
    BeginSecondFactor, ChangePassword, ChangePasswordBody, CodeBody, ConfirmSecondFactor, GetMe,
    PasswordBody, PutOffSecondFactor, RemoveSecondFactor, ReplaceRecoveryCodes,
};

use crate::world::{As, World};

#[tokio::test]
async fn a_new_password_needs_the_present_one() {
    let world = World::open().await;
    let (token, other) = (world.olga().await, world.olga().await);
    let holder = As::holder(&token);
    let guessed = ChangePasswordBody::new(&password(WRONG), &password(BETTER));
    let told = world.ask::<ChangePassword>(holder, &(), &(), &guessed).await;
    assert_eq!(
        told.problem().code,
        Code::WrongCredentials,
        "a chair left alone is no proof"
    );

    let weak = ChangePasswordBody::new(&password(GOOD), &password("password"));
    let told = world.ask::<ChangePassword>(holder, &(), &(), &weak).await;
    assert_eq!(
        told.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "not every password is taken"
    );
    let refusal = told.problem().refusal;
    assert!(
        matches!(&refusal, Some(Refusal::WeakPassword(why)) if !why.is_empty()),
        "the reasons come along: {refusal:?}"
    );

    let body = ChangePasswordBody::new(&password(GOOD), &password(BETTER));
    world
        .ask::<ChangePassword>(holder, &(), &(), &body)
        .await
        .done::<ChangePassword>();
    let elsewhere = world.ask::<GetMe>(As::holder(&other), &(), &(), &()).await;
    assert_eq!(elsewhere.status, StatusCode::UNAUTHORIZED, "other sessions end");
    let told = world.sign_in(OLGA, BETTER).await;
    assert_eq!(told.status, StatusCode::CREATED, "the new one opens");
}

#[tokio::test]
async fn a_second_factor_is_begun_confirmed_and_removed() {
    let world = World::open().await;
    let token = world.olga().await;
    let holder = As::holder(&token);
    let early = world
        .ask::<ConfirmSecondFactor>(holder, &(), &(), &CodeBody::from("123456"))
        .await;
    assert_eq!(
        early.problem().code,
        Code::NothingBegun,
        "one thing after the other"
    );

    let begun = world.ask::<BeginSecondFactor>(holder, &(), &(), &()).await;
    let begun: SecondFactorBegun = begun.done::<BeginSecondFactor>().try_into().unwrap();
    let code = CodeBody::from(world.scene.code(&begun.secret).as_str());
    let codes = world.ask::<ConfirmSecondFactor>(holder, &(), &(), &code).await;
    assert_eq!(
        codes.done::<ConfirmSecondFactor>().codes.len(),
        8,
        "a sheet for the drawer"
    );

    let body = PasswordBody::from(&password(GOOD));
    let sheet = world.ask::<ReplaceRecoveryCodes>(holder, &(), &(), &body).await;
    assert_ne!(sheet.body, codes.body, "another sheet, and the first one is void");
    sheet.done::<ReplaceRecoveryCodes>();
    world
        .ask::<RemoveSecondFactor>(holder, &(), &(), &body)
        .await
        .done::<RemoveSecondFactor>();
    let me = world.ask::<GetMe>(holder, &(), &(), &()).await.done::<GetMe>();
    assert!(!me.second_factor, "the shop does not require one");
}

#[tokio::test]
async fn a_second_factor_can_be_put_off() {
    let world = World::open().await;
    let token = world.olga().await;
    let holder = As::holder(&token);
    let duties = world
        .ask::<GetMe>(holder, &(), &(), &())
        .await
        .done::<GetMe>()
        .duties;
    world
        .ask::<PutOffSecondFactor>(holder, &(), &(), &())
        .await
        .done::<PutOffSecondFactor>();
    let later = world
        .ask::<GetMe>(holder, &(), &(), &())
        .await
        .done::<GetMe>()
        .duties;
    assert_eq!(later.len() + 1, duties.len(), "one offer less: {later:?}");
}
