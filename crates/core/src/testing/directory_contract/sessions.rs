//! Sessions lock, end, and are seen.

use std::sync::Arc;

use super::*;
use crate::directory::{AccountEdit, PageSessions as _};
use crate::testing::forgetful::{ForgetfulStore, Forgets};

const MINUTE: i64 = 60;

pub async fn idle_sessions_lock(ground: Ground) {
    let scene = Scene::open(ground).await;
    let inside = scene.olga().await;
    scene.wait(14 * MINUTE);
    inside.touch().await.unwrap();
    scene.wait(14 * MINUTE);
    assert!(inside.me().await.is_ok(), "who does something stays in");
    scene.wait(MINUTE);
    assert_eq!(
        refusal(inside.me().await),
        Refusal::SessionLocked,
        "after 15 minutes without a touch it locks"
    );
    assert_eq!(
        refusal(inside.find(&email(OLGA)).await),
        Refusal::SessionLocked,
        "locked means locked, for every question"
    );
    assert_eq!(
        refusal(inside.touch().await),
        Refusal::SessionLocked,
        "a touch does not unlock"
    );
}

pub async fn a_session_ends_after_twelve_hours(ground: Ground) {
    let scene = Scene::open(ground).await;
    let signed_in = scene.sign_in(OLGA, GOOD).await.unwrap();
    let inside = scene.auth.directory(&signed_in.token);
    for _ in 0..71 {
        scene.wait(10 * MINUTE);
        inside.touch().await.unwrap();
    }
    scene.wait(10 * MINUTE);
    assert_eq!(
        refusal(inside.me().await),
        Refusal::SessionEnded,
        "twelve hours are the end however busy one is"
    );
    let unlock = scene.auth.unlock(&signed_in.token, &password(GOOD)).await;
    assert_eq!(
        refusal(unlock),
        Refusal::SessionEnded,
        "an ended session is not unlocked"
    );
}

pub async fn a_locked_session_opens_with_its_password(ground: Ground) {
    let scene = Scene::open(ground).await;
    let signed_in = scene.sign_in(OLGA, GOOD).await.unwrap();
    let inside = scene.auth.directory(&signed_in.token);
    inside.lock().await.unwrap();
    assert_eq!(
        refusal(inside.me().await),
        Refusal::SessionLocked,
        "locked by hand"
    );
    let restarted = scene.restarted();
    assert_eq!(
        refusal(restarted.directory(&signed_in.token).me().await),
        Refusal::SessionLocked,
        "also after a restart"
    );
    let wrong = scene.auth.unlock(&signed_in.token, &password(WRONG)).await;
    assert_eq!(
        refusal(wrong),
        Refusal::WrongCredentials,
        "a wrong password leaves it locked"
    );
    assert_eq!(scene.failures(Action::SessionUnlocked).await, 1, "and counts");
    let open = scene
        .auth
        .unlock(&signed_in.token, &password(GOOD))
        .await
        .unwrap();
    assert!(
        scene.auth.directory(&open.token).me().await.is_ok(),
        "the right one opens it"
    );
    assert_eq!(
        refusal(inside.me().await),
        Refusal::SessionEnded,
        "under a new token"
    );
}

pub async fn sessions_are_listed_and_ended(ground: Ground) {
    let scene = Scene::open(ground).await;
    let sam = scene.enrolled(SAM, Role::Support).await;
    let first = scene.inside(SAM, GOOD).await;
    scene.wait(MINUTE);
    let second = scene.inside(SAM, GOOD).await;
    let listed = second.sessions(sam.id).await.unwrap();
    assert_eq!(listed.len(), 3, "enrolling, and two sign-ins");
    assert!(listed[0].current, "the newest comes first and is this one");
    second.end_session(sam.id, listed[1].id).await.unwrap();
    assert_eq!(refusal(first.me().await), Refusal::SessionEnded, "ended is ended");
    scene
        .olga()
        .await
        .end_sessions(sam.id, Some(reason("till was left open")))
        .await
        .unwrap();
    assert_eq!(
        refusal(second.me().await),
        Refusal::SessionEnded,
        "by the owner, all of them"
    );
    let event = scene.trail(Action::SessionsEnded).await.remove(0);
    assert_eq!(
        event.reason,
        Some(reason("till was left open")),
        "the trail says why"
    );
    let third = scene.inside(SAM, GOOD).await;
    third.sign_out().await.unwrap();
    assert_eq!(
        refusal(third.me().await),
        Refusal::SessionEnded,
        "signed out is signed out"
    );
}

pub async fn a_role_change_ends_sessions(ground: Ground) {
    let scene = Scene::open(ground).await;
    let sam = scene.enrolled(SAM, Role::Support).await;
    let inside = scene.inside(SAM, GOOD).await;
    let edit = AccountEdit {
        email: sam.email,
        name: sam.name,
        role: Role::Staff,
    };
    scene.olga().await.edit(sam.id, sam.revision, edit).await.unwrap();
    assert_eq!(
        refusal(inside.me().await),
        Refusal::SessionEnded,
        "rights that were taken away are gone at once"
    );
}

pub async fn p25_an_unlock_does_not_outlive_the_end(ground: Ground) {
    let scene = Scene::open(ground).await;
    assert_eq!(
        outlived(&scene, rounds(8, 200)).await,
        0,
        "ended while the password was evaluated is ended"
    );
}

pub async fn p25_mutant_sessions_that_do_not_end_are_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let store = ForgetfulStore::new(Arc::clone(&scene.store), Forgets::EndedSessions);
    assert!(
        outlived(&scene.through(Arc::new(store)), 2).await > 0,
        "a store that ends no session must be seen by the measure"
    );
}

/// In how many rounds a session still opened something after an owner had ended it.
async fn outlived(scene: &Scene, rounds: u32) -> u32 {
    let sam = scene.enrolled(SAM, Role::Support).await;
    let olga = scene.olga().await;
    let mut outlived = 0;
    for _ in 0..rounds {
        let open = scene.sign_in(SAM, GOOD).await.unwrap();
        let given = password(GOOD);
        let unlocking = scene.auth.unlock(&open.token, &given);
        let (unlocked, ended) = tokio::join!(unlocking, olga.end_sessions(sam.id, None));
        ended.unwrap();
        let token = unlocked.map_or(open.token, |unlocked| unlocked.token);
        match scene.auth.directory(&token).me().await {
            Err(Error::Refused(Refusal::SessionEnded)) => {}
            Ok(_) => outlived += 1,
            Err(other) => panic!("ended or open was expected: {other}"),
        }
    }
    outlived
}

/// A source of somebody on the pages of the service.
fn on_a_page() -> Source {
    Source {
        program: Program::Page,
        ..here()
    }
}

pub async fn a_session_of_the_pages_ends_instead_of_locking(ground: Ground) {
    let scene = Scene::open(ground).await;
    let token = scene
        .rules
        .sign_in(OLGA, &password(GOOD), on_a_page())
        .await
        .unwrap()
        .token;
    for _ in 0..3 {
        scene.wait(29 * 60);
        scene.rules.directory(&token).touch().await.unwrap();
    }
    scene.wait(30 * 60 - 1);
    assert!(scene.rules.holder(&token).await.is_ok(), "for half an hour");
    scene.wait(1);
    assert_eq!(
        refusal(scene.rules.directory(&token).me().await),
        Refusal::SessionEnded,
        "and not longer: a browser has no lock"
    );
    assert_eq!(
        refusal(scene.rules.holder(&token).await),
        Refusal::SessionEnded,
        "whoever asks"
    );
    let token = scene
        .rules
        .sign_in(OLGA, &password(GOOD), on_a_page())
        .await
        .unwrap()
        .token;
    for _ in 0..24 {
        scene.rules.directory(&token).touch().await.unwrap();
        scene.wait(29 * 60);
    }
    scene.rules.directory(&token).touch().await.unwrap();
    scene.wait(24 * 60 - 1);
    assert!(
        scene.rules.holder(&token).await.is_ok(),
        "half a day for who is busy"
    );
    scene.wait(1);
    assert_eq!(
        refusal(scene.rules.holder(&token).await),
        Refusal::SessionEnded,
        "and then anew"
    );
}

pub async fn a_session_of_the_pages_is_renewed(ground: Ground) {
    let scene = Scene::open(ground).await;
    let signed_in = scene.rules.sign_in(OLGA, &password(GOOD), on_a_page()).await;
    let first = signed_in.unwrap().token;
    let second = scene.rules.renew(&first, false).await.unwrap().token;
    assert_eq!(
        refusal(scene.rules.holder(&first).await),
        Refusal::SessionEnded,
        "the old token has no power"
    );
    assert!(scene.rules.holder(&second).await.is_ok(), "the new one has");
    assert_eq!(
        scene.trail(Action::SessionRenewed).await.len(),
        1,
        "with its line in the trail"
    );
    let kept = scene.rules.renew(&second, true).await.unwrap().token;
    scene.wait(7 * 86_400 - 1);
    assert!(scene.rules.holder(&kept).await.is_ok(), "kept for a week");
    scene.wait(1);
    assert_eq!(
        refusal(scene.rules.holder(&kept).await),
        Refusal::SessionEnded,
        "and not longer"
    );
    let shop = Source {
        program: Program::Api,
        ..here()
    };
    let program = scene.rules.sign_in(OLGA, &password(GOOD), shop).await;
    let program = program.unwrap().token;
    assert_eq!(
        refusal(scene.rules.renew(&program, true).await),
        Refusal::Unchanged,
        "a program's session is not made longer"
    );
    assert!(
        scene.rules.holder(&program).await.is_ok(),
        "but it is as good as a page's"
    );
    scene.rules.directory(&program).lock().await.unwrap();
    assert_eq!(
        refusal(scene.rules.holder(&program).await),
        Refusal::SessionLocked,
        "until it is locked"
    );
}
