//! Many tries at the same moment.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::*;
use crate::testing::forgetful::{ForgetfulStore, Forgets};

/// Wrong passwords given all at once; how many of them were evaluated.
async fn evaluated_of(scene: &Scene, who: &str, tries: u32) -> usize {
    let before = scene.failures(Action::SignInPassword).await;
    let mut at_once = JoinSet::new();
    for _ in 0..tries {
        let (auth, who) = (scene.auth.clone(), who.to_owned());
        at_once.spawn(async move { auth.sign_in(&who, &password(WRONG), here()).await.is_ok() });
    }
    let let_in = at_once.join_all().await.into_iter().filter(|ok| *ok).count();
    assert_eq!(let_in, 0, "a wrong password opens nothing");
    scene.failures(Action::SignInPassword).await - before
}

pub async fn p08_parallel_wrong_passwords_are_evaluated_five_times(ground: Ground) {
    let scene = Scene::open(ground).await;
    let tries = rounds(100, 1_000);
    for round in 0..rounds(1, 50) {
        let who = format!("round{round}@rose.example");
        scene.enrolled(&who, Role::Customer).await;
        assert_eq!(
            evaluated_of(&scene, &who, tries).await,
            5,
            "round {round}: in parallel as one by one"
        );
        let refused = scene.trail(Action::SignInPassword).await;
        let refused = refused
            .iter()
            .filter(|event| event.outcome == Outcome::Refused)
            .count();
        let shown = usize::try_from(tries).unwrap().min(500) - 5;
        assert!(
            refused >= shown.saturating_sub(5),
            "round {round}: the others are in the trail as refused, {refused} of {shown} seen"
        );
    }
}

/// The same measure over a store that forgets reservations must see more than five.
pub async fn p08_mutant_without_reservation_is_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let forgetful = scene.through(Arc::new(ForgetfulStore::new(
        Arc::clone(&scene.store),
        Forgets::Reservations,
    )));
    assert!(
        evaluated_of(&forgetful, OLGA, 30).await > 5,
        "counting after the evaluation lets parallel guesses through"
    );
}

pub async fn p19_parallel_codes_open_one_session(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (secret, _) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    scene.wait(60);
    let code = scene.code(&secret);
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(scene.sign_in(OLGA, GOOD).await.unwrap().token);
    }
    let mut at_once = JoinSet::new();
    for turn in 0..rounds(60, 500) {
        let (auth, code) = (scene.auth.clone(), code.clone());
        let token = tokens[usize::try_from(turn).unwrap() % tokens.len()].clone();
        at_once.spawn(async move { auth.second_factor(&token, &code).await.is_ok() });
    }
    let opened = at_once.join_all().await.into_iter().filter(|ok| *ok).count();
    assert_eq!(opened, 1, "one code, one session");
}

pub async fn p21_parallel_recovery_codes_open_one_session(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (_, codes) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    let token = scene.sign_in(OLGA, GOOD).await.unwrap().token;
    let mut at_once = JoinSet::new();
    for _ in 0..rounds(30, 500) {
        let (auth, token, code) = (scene.auth.clone(), token.clone(), codes[3].clone());
        at_once.spawn(async move { auth.recovery_code(&token, &code).await.is_ok() });
    }
    let opened = at_once.join_all().await.into_iter().filter(|ok| *ok).count();
    assert_eq!(opened, 1, "one recovery code, one session");
}
