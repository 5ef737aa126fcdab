//! Signing in with a password.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::lockout::Locked;
use crate::testing::forgetful::{ForgetfulStore, Forgets};

pub async fn a_shop_is_set_up_once(ground: Ground) {
    let scene = Scene::before(ground);
    assert_eq!(
        scene.auth.front().await.unwrap(),
        None,
        "nobody owns an empty store"
    );
    let owner = |who| NewOwner {
        email: email(who),
        name: name("Olga"),
        password: password(GOOD),
    };
    let signed_in = scene
        .auth
        .set_up(name("Rose and Thorn"), owner(OLGA), here())
        .await
        .unwrap();
    let me = scene.auth.directory(&signed_in.token).me().await.unwrap();
    assert_eq!(me.account.role, Role::Owner, "who sets up the shop owns it");

    let again = scene.auth.set_up(name("Thistle"), owner(SAM), here()).await;
    assert_eq!(
        refusal(again),
        Refusal::AlreadySetUp,
        "a second owner would come in through the first-start screen"
    );
    assert_eq!(
        scene.trail(Action::ShopCreated).await.len(),
        1,
        "the trail begins with the shop"
    );
}

pub async fn a_password_opens_the_door(ground: Ground) {
    let scene = Scene::open(ground).await;
    let me = scene.olga().await.me().await.unwrap();
    assert_eq!(me.account.email, email(OLGA), "the session is Olga's");
    let event = scene.trail(Action::SignInPassword).await.remove(0);
    assert_eq!(event.outcome, Outcome::Done, "the trail says that she came in");
    assert_eq!(
        event.source.address.as_deref(),
        Some(scene.seen_from),
        "and from where"
    );

    let wrong = scene.sign_in(OLGA, WRONG).await;
    assert_eq!(
        refusal(wrong),
        Refusal::WrongCredentials,
        "one wrong letter is a wrong password"
    );
    assert_eq!(
        scene.failures(Action::SignInPassword).await,
        1,
        "and the trail says so"
    );
}

pub async fn an_unknown_address_answers_like_a_known_one(ground: Ground) {
    let scene = Scene::open(ground).await;
    for attempt in 1..=5 {
        let (known, unknown) = (
            scene.sign_in(OLGA, WRONG).await,
            scene.sign_in("nobody@rose.example", WRONG).await,
        );
        assert_eq!(
            refusal(known),
            refusal(unknown),
            "answer {attempt} must not tell who exists"
        );
    }
    let (known, unknown) = (
        scene.sign_in(OLGA, WRONG).await,
        scene.sign_in("NOBODY@rose.example", WRONG).await,
    );
    assert_eq!(refusal(known), refusal(unknown), "nor must being made to wait");
    let nonsense = scene.sign_in("' or 1=1 --", WRONG).await;
    assert_eq!(
        refusal(nonsense),
        Refusal::WrongCredentials,
        "what is no address is nobody's"
    );
    let trail = scene.trail(Action::SignInPassword).await;
    assert_eq!(
        trail[0].actor.label(),
        "(not an e-mail address)",
        "a password typed into the wrong field stays out of the trail"
    );
}

pub async fn a_person_who_mistypes_five_times_waits(ground: Ground) {
    let scene = Scene::open(ground).await;
    for _ in 0..5 {
        assert_eq!(
            refusal(scene.sign_in(OLGA, WRONG).await),
            Refusal::WrongCredentials,
            "four are free, the fifth costs a wait"
        );
    }
    let until = monday().saturating_add(SignedDuration::from_secs(30)).unwrap();
    let waiting = Refusal::Locked(Locked::Waiting { until, failures: 5 });
    assert_eq!(
        refusal(scene.sign_in(OLGA, GOOD).await),
        waiting,
        "even the right password waits 30 seconds"
    );
    assert_eq!(
        scene.failures(Action::SignInPassword).await,
        5,
        "what was not evaluated does not count"
    );
    scene.wait(30);
    assert!(
        scene.sign_in(OLGA, GOOD).await.is_ok(),
        "after the wait she is in"
    );
    assert_eq!(
        refusal(scene.sign_in(OLGA, WRONG).await),
        Refusal::WrongCredentials,
        "and the count starts anew"
    );
}

pub async fn who_is_barred_learns_it_only_with_the_right_password(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.enrolled(CARLA, Role::Customer).await;
    let olga = scene.olga().await;
    olga.disable(carla.id, reason("asked for it")).await.unwrap();
    assert_eq!(
        refusal(scene.sign_in(CARLA, WRONG).await),
        Refusal::WrongCredentials,
        "a stranger learns nothing"
    );
    assert_eq!(
        refusal(scene.sign_in(CARLA, GOOD).await),
        Refusal::Disabled,
        "she herself learns why"
    );
    olga.enable(carla.id, None).await.unwrap();
    olga.lock_account(carla.id, reason("phone was stolen"))
        .await
        .unwrap();
    assert_eq!(
        refusal(scene.sign_in(CARLA, GOOD).await),
        Refusal::LockedByHand,
        "she herself learns why"
    );
    olga.delete(carla.id, None).await.unwrap();
    assert_eq!(
        refusal(scene.sign_in(CARLA, GOOD).await),
        Refusal::WrongCredentials,
        "the recycle bin is as good as gone"
    );
}

/// Tries at one person under ever new spellings; counts those that were evaluated.
async fn evaluated_under_spellings(scene: &Scene, zoe: &str) -> usize {
    let spellings = [
        "zo\u{eb}@rose.example",
        "ZO\u{cb}@ROSE.example",
        "zoe\u{308}@rose.example",
        " Zo\u{eb}@rose.example ",
        "zoE\u{308}@Rose.Example",
        "zo\u{eb}@rose.EXAMPLE",
        "Zoe\u{308}@rose.examplE",
    ];
    let mut evaluated = 0;
    for spelt in spellings {
        let came = refusal(scene.sign_in(spelt, WRONG).await);
        assert!(
            matches!(came, Refusal::WrongCredentials | Refusal::Locked(_)),
            "{spelt:?} is somebody's address: {zoe}, but {came:?} came"
        );
        evaluated += usize::from(came == Refusal::WrongCredentials);
    }
    evaluated
}

pub async fn p09_one_counter_per_person(ground: Ground) {
    let scene = Scene::open(ground).await;
    let zoe = "zo\u{eb}@rose.example";
    scene.enrolled(zoe, Role::Staff).await;
    assert_eq!(
        evaluated_under_spellings(&scene, zoe).await,
        5,
        "another spelling is no fresh count"
    );
    let code = refusal(
        scene
            .auth
            .enrol(zoe, "AAAAA-BBBBB-CCCCC", &password(GOOD), here())
            .await,
    );
    assert!(
        matches!(code, Refusal::Locked(_)),
        "another way in is no fresh count either, but {code:?} came"
    );
}

pub async fn p09_mutant_a_count_for_each_spelling_is_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let zoe = "zo\u{eb}@rose.example";
    scene.enrolled(zoe, Role::Staff).await;
    let forgets = Forgets::OtherSpellings(AtomicBool::new(false));
    let forgetful = ForgetfulStore::new(Arc::clone(&scene.store), forgets);
    let forgetful = scene.through(Arc::new(forgetful));
    assert!(
        evaluated_under_spellings(&forgetful, zoe).await > 5,
        "a fresh count must be seen by the measure"
    );
}

pub async fn p10_a_restart_does_not_help_the_attacker(ground: Ground) {
    let scene = Scene::open(ground).await;
    for round in 0..rounds(8, 100) {
        let restarted = scene.restarted();
        let answer = restarted.sign_in(OLGA, &password(WRONG), here()).await;
        let evaluated = refusal(answer) == Refusal::WrongCredentials;
        assert_eq!(
            evaluated,
            round < 5,
            "attempt {round} after a restart: the count must survive"
        );
    }
}
