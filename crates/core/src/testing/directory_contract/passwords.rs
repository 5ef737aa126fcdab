//! Passwords: chosen, refused, upgraded, changed.

use super::*;
use crate::directory::{Duty, ImportMode, ImportRow};
use crate::password::{ContextKind, Weakness};
use crate::policy::Policy;
use crate::session::Stage;

pub async fn weak_passwords_are_refused_with_reasons(ground: Ground) {
    let scene = Scene::open(ground).await;
    let inside = scene.olga().await;
    let weak = |answer| match refusal(answer) {
        Refusal::WeakPassword(why) => why,
        other => panic!("a weak password was expected, {other:?} came"),
    };
    let short = weak(
        inside
            .change_password(&password(GOOD), &password("short one"))
            .await,
    );
    assert_eq!(
        short,
        [Weakness::TooShort { have: 9, need: 15 }],
        "the reason says how long it must be"
    );
    let own = weak(
        inside
            .change_password(&password(GOOD), &password("RoseandThorn2026!"))
            .await,
    );
    assert!(
        matches!(
            own[..],
            [Weakness::ContextWord {
                which: ContextKind::Shop,
                ..
            }]
        ),
        "the shop's name is the first guess, {own:?}"
    );
    scene.breach.answers(BreachAnswer::Breached { times: 42 });
    let breached = weak(inside.change_password(&password(GOOD), &password(BETTER)).await);
    assert_eq!(
        breached,
        [Weakness::Breached { times: 42 }],
        "a breached one is refused when it is set"
    );
    scene.breach.answers(BreachAnswer::NotChecked {
        why: NotCheckedReason::TimedOut,
    });
    inside
        .change_password(&password(GOOD), &password(BETTER))
        .await
        .unwrap();
}

pub async fn a_breached_password_is_noted_after_the_sign_in(ground: Ground) {
    let scene = Scene::open(ground).await;
    scene.breach.answers(BreachAnswer::Breached { times: 7 });
    let signed_in = scene.sign_in(OLGA, GOOD).await.unwrap();
    assert_eq!(
        signed_in.stage,
        Stage::Open,
        "a breach never stands in the way of a sign-in"
    );
    scene.rules.breach_checks_done().await;
    let duties = scene.auth.directory(&signed_in.token).me().await.unwrap().duties;
    assert!(
        duties.contains(&Duty::BreachedPassword { times: 7 }),
        "the next view warns her"
    );
    assert_eq!(
        scene.trail(Action::PasswordBreached).await.len(),
        1,
        "and the trail knows"
    );

    let shop = scene.olga().await.shop().await.unwrap();
    let policy = Policy {
        breach_forces_change: true,
        ..shop.policy
    };
    scene
        .olga()
        .await
        .change_policy(shop.revision, shop.name, policy)
        .await
        .unwrap();
    scene.rules.breach_checks_done().await;
    scene.sign_in(OLGA, GOOD).await.unwrap();
    scene.rules.breach_checks_done().await;
    assert_eq!(
        scene.sign_in(OLGA, GOOD).await.unwrap().stage,
        Stage::SetUp,
        "where the shop wants it, a new one must be chosen"
    );
}

pub async fn p05_an_old_hash_is_upgraded_at_the_next_sign_in(ground: Ground) {
    let scene = Scene::open(ground).await;
    // bcrypt, cost 4, of the password "seven quiet herons wade upstream".
    let old = bcrypt::hash(GOOD, 4).unwrap();
    let row = ImportRow {
        email: CARLA.to_owned(),
        name: "Carla".to_owned(),
        role: "customer".to_owned(),
        password_hash: old.into(),
        totp_secret: String::new().into(),
        created_at: String::new(),
    };
    scene
        .olga()
        .await
        .import(vec![row], ImportMode::Apply)
        .await
        .unwrap();
    let scheme = async || {
        let carla = scene.store.person_by_email(&email(CARLA)).await.unwrap().unwrap();
        carla.credential.password.unwrap().hash.as_str().to_owned()
    };
    assert!(scheme().await.starts_with("$2"), "it came in as it was");
    assert_eq!(
        refusal(scene.sign_in(CARLA, WRONG).await),
        Refusal::WrongCredentials,
        "a wrong password upgrades nothing"
    );
    assert!(scheme().await.starts_with("$2"), "still as it was");
    scene.sign_in(CARLA, GOOD).await.unwrap();
    assert!(
        scheme().await.starts_with("$argon2id$v=19$m=19456,t=2,p=1"),
        "the sign-in made it anew: {}",
        scheme().await
    );
    scene.sign_in(CARLA, GOOD).await.unwrap();
}

pub async fn a_new_password_ends_other_sessions(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (till, office) = (scene.olga().await, scene.olga().await);
    assert_eq!(
        refusal(office.change_password(&password(WRONG), &password(BETTER)).await),
        Refusal::WrongCredentials,
        "the present one is asked"
    );
    office
        .change_password(&password(GOOD), &password(BETTER))
        .await
        .unwrap();
    assert_eq!(
        refusal(till.me().await),
        Refusal::SessionEnded,
        "whoever had the old one is out"
    );
    assert!(office.me().await.is_ok(), "she herself goes on");
    assert_eq!(
        refusal(scene.sign_in(OLGA, GOOD).await),
        Refusal::WrongCredentials,
        "the old one is void"
    );
    assert!(scene.sign_in(OLGA, BETTER).await.is_ok(), "the new one opens");
}

pub async fn a_forced_change_comes_first(ground: Ground) {
    let scene = Scene::open(ground).await;
    let sam = scene.enrolled(SAM, Role::Support).await;
    scene
        .olga()
        .await
        .force_password_change(sam.id, reason("told it to a friend"))
        .await
        .unwrap();
    let signed_in = scene.sign_in(SAM, GOOD).await.unwrap();
    let inside = scene.auth.directory(&signed_in.token);
    assert_eq!(
        inside.me().await.unwrap().duties[0],
        Duty::ChangePassword { breached: None },
        "he is told first thing"
    );
    assert_eq!(
        refusal(inside.find(&email(OLGA)).await),
        Refusal::SetUpNeeded,
        "nothing else before"
    );
    inside
        .change_password(&password(GOOD), &password(BETTER))
        .await
        .unwrap();
    assert_eq!(inside.me().await.unwrap().stage, Stage::Open, "then he goes on");
}
