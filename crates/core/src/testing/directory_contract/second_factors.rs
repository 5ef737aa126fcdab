//! Codes from the phone, and the sheet for the day it is gone.

use std::sync::Arc;

use super::*;
use crate::audit::Actor;
use crate::directory::Duty;
use crate::error::Code;
use crate::policy::Policy;
use crate::session::Stage;

pub async fn a_code_is_asked_after_the_password(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (secret, codes) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    assert_eq!(codes.len(), 8, "eight codes for the day the phone is gone");
    scene.wait(60);

    let half = scene.sign_in(OLGA, GOOD).await.unwrap();
    assert_eq!(
        half.stage,
        Stage::SecondFactor,
        "the password alone opens nothing any more"
    );
    let me = scene.auth.directory(&half.token).me().await;
    assert_eq!(
        refusal(me),
        Refusal::SecondFactorNeeded,
        "not even one's own name"
    );
    let wrong = scene.auth.second_factor(&half.token, "000 000").await;
    assert_eq!(refusal(wrong), Refusal::WrongCredentials, "a guess is a failure");
    assert_eq!(scene.failures(Action::SignInCode).await, 1, "and is in the trail");
    let whole = scene
        .auth
        .second_factor(&half.token, &scene.code(&secret))
        .await
        .unwrap();
    assert_eq!(whole.stage, Stage::Open, "with the code she is in");
    let old = scene.auth.directory(&half.token).me().await;
    assert_eq!(
        refusal(old),
        Refusal::SessionEnded,
        "the token from before the code has no power after it"
    );
}

pub async fn p19_a_code_works_once(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (secret, _) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    let confirmed_with = scene.code(&secret);
    let half = scene.sign_in(OLGA, GOOD).await.unwrap();
    let replayed = scene.auth.second_factor(&half.token, &confirmed_with).await;
    assert_eq!(
        refusal(replayed),
        Refusal::CodeReplayed,
        "the code of the set-up is used up"
    );
    scene.wait(30);
    let code = scene.code(&secret);
    scene.auth.second_factor(&half.token, &code).await.unwrap();
    for again in [scene.auth.clone(), scene.restarted()] {
        let half = scene.sign_in(OLGA, GOOD).await.unwrap();
        let answer = again.second_factor(&half.token, &code).await;
        assert_eq!(
            refusal(answer),
            Refusal::CodeReplayed,
            "neither a new sign-in nor a restart makes it new"
        );
    }
}

pub async fn the_trail_says_what_was_wrong_with_a_code(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (secret, _) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    scene.wait(300);
    let half = scene.sign_in(OLGA, GOOD).await.unwrap();
    let (kept, used) = (scene.code(&secret), {
        scene.wait(60);
        scene.code(&secret)
    });
    scene.auth.second_factor(&half.token, &used).await.unwrap();
    let half = scene.sign_in(OLGA, GOOD).await.unwrap();
    let tried = async |code: &str| {
        let answer = refusal(scene.auth.second_factor(&half.token, code).await);
        (answer, scene.trail(Action::SignInCode).await.remove(0).code)
    };
    assert_eq!(
        tried(&used).await,
        (Refusal::CodeReplayed, Some(Code::CodeReplayed)),
        "used is not the same as wrong"
    );
    assert_eq!(
        tried("123456").await,
        (Refusal::WrongCredentials, Some(Code::WrongCredentials)),
        "a guess is a guess"
    );
    scene.wait(30);
    let early = secret.code_at(step_at(monday()) + 15).digits().to_owned();
    assert_eq!(
        tried(&early).await,
        (Refusal::WrongCredentials, Some(Code::CodeOutOfTime)),
        "a clock is off: the trail says it, and whoever guesses learns nothing"
    );
    assert_eq!(
        tried(&kept).await,
        (Refusal::CodeReplayed, Some(Code::CodeReplayed)),
        "one from before the last that was taken is as good as used"
    );
}

pub async fn the_trail_knows_a_password_from_a_person(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (secret, _) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    scene.wait(60);
    let newest = async |action| scene.trail(action).await.remove(0).actor;
    let half = scene.sign_in(OLGA, GOOD).await.unwrap();
    assert_eq!(
        newest(Action::SignInPassword).await,
        Actor::Unknown {
            email: OLGA.to_owned()
        },
        "whoever gives the password of somebody who has a phone is not yet them"
    );
    let holder = Actor::PasswordHolder {
        id: half.account.id,
        email: OLGA.to_owned(),
    };
    refusal(scene.auth.second_factor(&half.token, "123456").await);
    assert_eq!(
        newest(Action::SignInCode).await,
        holder,
        "whoever guesses a code has the password, and that is worth knowing"
    );
    let about = EventQuery {
        account: Some(half.account.id),
        limit: 1,
        ..EventQuery::default()
    };
    let about = scene.store.events(&about).await.unwrap().rows.remove(0).event;
    assert_eq!(
        (about.action, about.actor),
        (Action::SignInCode, holder),
        "it is found where the account is looked at"
    );
    scene
        .auth
        .second_factor(&half.token, &scene.code(&secret))
        .await
        .unwrap();
    assert_eq!(
        newest(Action::SignInCode).await.account(),
        Some(half.account.id),
        "with the code it is her"
    );
}

pub async fn a_recovery_code_opens_the_way_to_set_up_anew(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (_, codes) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    let half = scene.sign_in(OLGA, GOOD).await.unwrap();
    let typed = codes[2].to_lowercase().replace('-', " ");
    let rebind = scene.auth.recovery_code(&half.token, &typed).await.unwrap();
    assert_eq!(
        rebind.stage,
        Stage::Rebind,
        "the phone is gone: a new one is set up first"
    );
    let inside = scene.auth.directory(&rebind.token);
    assert_eq!(
        inside.me().await.unwrap().duties[0],
        Duty::SetUpSecondFactor,
        "and she is told so"
    );
    assert_eq!(
        refusal(inside.put_off_second_factor().await),
        Refusal::SetUpNeeded,
        "it cannot be put off"
    );
    let peek = inside.find(&email(OLGA)).await;
    assert_eq!(
        refusal(peek),
        Refusal::SetUpNeeded,
        "nothing else can be done before"
    );

    let half = scene.sign_in(OLGA, GOOD).await.unwrap();
    let again = scene.auth.recovery_code(&half.token, &codes[2]).await;
    assert_eq!(refusal(again), Refusal::WrongCredentials, "a code works once");
    let (secret, _) = scene.bind(&rebind.token).await;
    assert_eq!(
        inside.me().await.unwrap().stage,
        Stage::Open,
        "with the new phone she is in"
    );
    scene.wait(30);
    let half = scene.sign_in(OLGA, GOOD).await.unwrap();
    scene
        .auth
        .second_factor(&half.token, &scene.code(&secret))
        .await
        .unwrap();
}

pub async fn p21_new_codes_void_the_old_ones(ground: Ground) {
    let scene = Scene::open(ground).await;
    let token = scene.sign_in(OLGA, GOOD).await.unwrap().token;
    let (_, old) = scene.bind(&token).await;
    let inside = scene.auth.directory(&token);
    assert_eq!(
        refusal(inside.replace_recovery_codes(&password(WRONG)).await),
        Refusal::WrongCredentials,
        "whoever finds the desk open gets no codes"
    );
    let new: Vec<_> = inside
        .replace_recovery_codes(&password(GOOD))
        .await
        .unwrap()
        .iter()
        .map(|code| code.printed().to_string())
        .collect();
    let half = scene.sign_in(OLGA, GOOD).await.unwrap();
    assert_eq!(
        refusal(scene.auth.recovery_code(&half.token, &old[0]).await),
        Refusal::WrongCredentials,
        "the old sheet is waste paper"
    );
    assert!(
        scene.auth.recovery_code(&half.token, &new[0]).await.is_ok(),
        "the new sheet works"
    );
}

pub async fn a_sheet_of_paper_outlives_the_cost_it_was_hashed_at(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (_, codes) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    let dearer = Argon2Params::new(24_576, 3, 1).unwrap();
    let later = scene.with_line(Arc::clone(&scene.store), Hasher::new(dearer, None, 4));
    let half = later.sign_in(OLGA, &password(GOOD), here()).await.unwrap();
    assert!(
        later.recovery_code(&half.token, &codes[0]).await.is_ok(),
        "the sheet was printed when hashes cost less"
    );
}

pub async fn p20_three_codes_in_half_a_minute(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (secret, _) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    scene.wait(60);
    for attempt in 1..=3 {
        let half = scene.sign_in(OLGA, GOOD).await.unwrap();
        let answer = scene.auth.second_factor(&half.token, "123456").await;
        assert_eq!(
            refusal(answer),
            Refusal::WrongCredentials,
            "guess {attempt} is evaluated"
        );
    }
    let half = scene
        .restarted()
        .sign_in(OLGA, &password(GOOD), here())
        .await
        .unwrap();
    let answer = scene.auth.second_factor(&half.token, &scene.code(&secret)).await;
    assert_eq!(
        refusal(answer),
        Refusal::TooManyCodes,
        "a new sign-in after a restart is no fresh count"
    );
    scene.wait(30);
    assert!(
        scene
            .auth
            .second_factor(&half.token, &scene.code(&secret))
            .await
            .is_ok(),
        "half a minute later she is in"
    );
}

pub async fn putting_it_off_brings_a_reminder(ground: Ground) {
    let scene = Scene::open(ground).await;
    let inside = scene.olga().await;
    let offered = |duties: Vec<Duty>| duties.contains(&Duty::OfferSecondFactor);
    assert!(
        offered(inside.me().await.unwrap().duties),
        "a second factor is offered from the first day"
    );
    inside.put_off_second_factor().await.unwrap();
    assert!(!offered(inside.me().await.unwrap().duties), "put off is put off");
    scene.wait(7 * 24 * 3600);
    assert!(
        offered(scene.olga().await.me().await.unwrap().duties),
        "a week later she is asked again"
    );
}

pub async fn a_shop_can_require_it(ground: Ground) {
    let scene = Scene::open(ground).await;
    scene.enrolled(SAM, Role::Support).await;
    let olga = scene.olga().await;
    let shop = olga.shop().await.unwrap();
    let policy = Policy {
        second_factor_required: [Role::Support].into(),
        ..shop.policy
    };
    olga.change_policy(shop.revision, shop.name, policy)
        .await
        .unwrap();

    let sam = scene.sign_in(SAM, GOOD).await.unwrap();
    assert_eq!(sam.stage, Stage::SetUp, "Sam sets one up before anything else");
    let inside = scene.auth.directory(&sam.token);
    assert_eq!(
        refusal(inside.find(&email(OLGA)).await),
        Refusal::SetUpNeeded,
        "the way is shut until then"
    );
    scene.bind(&sam.token).await;
    assert_eq!(inside.me().await.unwrap().stage, Stage::Open, "then it opens");
    let removed = inside.remove_second_factor(&password(GOOD)).await;
    assert_eq!(
        refusal(removed),
        Refusal::SetUpNeeded,
        "what is required cannot be turned off"
    );
}

pub async fn owners_can_turn_off_their_own(ground: Ground) {
    let scene = Scene::open(ground).await;
    let token = scene.sign_in(OLGA, GOOD).await.unwrap().token;
    scene.bind(&token).await;
    let inside = scene.auth.directory(&token);
    assert_eq!(
        refusal(inside.remove_second_factor(&password(WRONG)).await),
        Refusal::WrongCredentials,
        "the password is asked again"
    );
    inside.remove_second_factor(&password(GOOD)).await.unwrap();
    assert_eq!(
        scene.sign_in(OLGA, GOOD).await.unwrap().stage,
        Stage::Open,
        "no code is asked any more"
    );
}
