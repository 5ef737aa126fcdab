//! An owner remains who can really sign in.

use super::*;
use crate::directory::AccountEdit;

async fn id_of(scene: &Scene, who: &str) -> Account {
    scene.olga().await.find(&email(who)).await.unwrap().unwrap()
}

pub async fn the_last_owner_cannot_go(ground: Ground) {
    let scene = Scene::open(ground).await;
    // A second owner in name alone: never enrolled.
    let new = NewAccount {
        email: email(SAM),
        name: name("Sam"),
        role: Role::Owner,
    };
    let sam = scene.olga().await.create(new).await.unwrap().account;
    let me = id_of(&scene, OLGA).await;
    let olga = scene.olga().await;
    let staff = AccountEdit {
        email: me.email.clone(),
        name: me.name.clone(),
        role: Role::Staff,
    };
    assert_eq!(
        refusal(olga.edit(me.id, me.revision, staff.clone()).await),
        Refusal::LastOwner,
        "an owner without a password is none"
    );

    let code = olga.issue_enrolment(sam.id, None).await.unwrap().code.printed();
    scene
        .auth
        .enrol(SAM, &code, &password(GOOD), here())
        .await
        .unwrap();
    olga.disable(sam.id, reason("on leave")).await.unwrap();
    assert_eq!(
        refusal(olga.edit(me.id, me.revision, staff.clone()).await),
        Refusal::LastOwner,
        "nor is a disabled one"
    );
    olga.enable(sam.id, None).await.unwrap();
    olga.edit(me.id, me.revision, staff).await.unwrap();
    let sams = scene.inside(SAM, GOOD).await;
    assert_eq!(
        sams.me().await.unwrap().account.role,
        Role::Owner,
        "with another one who can sign in, she may step back"
    );
    let refused = scene.trail(Action::AccountEdited).await;
    let refused = refused
        .iter()
        .filter(|event| event.outcome == Outcome::Refused)
        .count();
    assert_eq!(refused, 2, "the refusals are in the trail");
}

pub async fn two_owners_cannot_remove_each_other(ground: Ground) {
    let scene = Scene::open(ground).await;
    scene.enrolled(SAM, Role::Owner).await;
    for _ in 0..rounds(3, 30) {
        let (olga, sam) = (scene.olga().await, scene.inside(SAM, GOOD).await);
        let (olgas, sams) = (
            olga.me().await.unwrap().account.id,
            sam.me().await.unwrap().account.id,
        );
        let (one, two) = tokio::join!(
            olga.disable(sams, reason("first")),
            sam.disable(olgas, reason("second"))
        );
        assert!(
            one.is_err() || two.is_err(),
            "both at once would leave a shop that nobody can open"
        );
        assert!(
            [&one, &two]
                .iter()
                .all(|answer| !matches!(answer, Err(Error::Broken(_)))),
            "whoever was slower is refused, and not kept waiting for what cannot come"
        );
        let (winner, loser) = if one.is_ok() { (olga, sams) } else { (sam, olgas) };
        if one.is_ok() || two.is_ok() {
            winner.enable(loser, None).await.unwrap();
        }
    }
}

pub async fn an_owner_is_recovered(ground: Ground) {
    let scene = Scene::open(ground).await;
    scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    for _ in 0..6 {
        let _ = scene.sign_in(OLGA, WRONG).await;
    }
    let issued = scene.rules.recover_owner(None, here()).await.unwrap();
    let signed_in = scene
        .auth
        .enrol(OLGA, &issued.code.printed(), &password(BETTER), here())
        .await
        .unwrap();
    let me = scene.auth.directory(&signed_in.token).me().await.unwrap();
    assert!(!me.second_factor, "the lost phone is not asked for");
    assert_eq!(
        refusal(scene.sign_in(OLGA, GOOD).await),
        Refusal::WrongCredentials,
        "the old password is void"
    );
    let event = scene.trail(Action::OwnerRecovered).await.remove(0);
    assert_eq!(
        event.actor.label(),
        "recovery key",
        "the trail says that the recovery key was used"
    );
    let nobody = scene.rules.recover_owner(Some(&email(CARLA)), here()).await;
    assert_eq!(refusal(nobody), Refusal::NotFound, "only owners are recovered so");
}
