//! Tries are counted while their secrets are compared: what comes first all the same.

use std::sync::Arc;

use tokio::task::{JoinHandle, JoinSet};

use super::*;
use crate::session::Session;
use crate::testing::HeldStore;
use crate::testing::forgetful::{ForgetfulStore, Forgets};

/// One place in the line: whoever comes later is through later.
fn single_file() -> Hasher {
    Hasher::new(Argon2Params::floor(), None, 1)
}

type Trying = JoinHandle<Result<SignedIn, Error>>;

/// Olga comes with the right password to a store that is slow to count; gives when her password has been
/// compared and she could be let in.
async fn compared(scene: &Scene, held: &HeldStore, seen: Arc<dyn Store>) -> Trying {
    let line = single_file();
    let auth = scene.with_line(seen, line.clone());
    let trying = tokio::spawn(async move { auth.sign_in(OLGA, &password(GOOD), here()).await });
    while held.asked() == 0 && !trying.is_finished() {
        tokio::task::yield_now().await;
    }
    // The second of these stood in the line behind hers for certain.
    for _ in 0..2 {
        line.verify(None, &password(WRONG)).await.unwrap();
    }
    trying
}

async fn sessions(scene: &Scene) -> Vec<Session> {
    let olga = scene.store.person_by_email(&email(OLGA)).await.unwrap().unwrap();
    scene.store.sessions_of(olga.account.id).await.unwrap()
}

/// Whether anything came of a right password before its try was counted.
async fn let_in_uncounted(scene: &Scene, under: &dyn Fn(Arc<dyn Store>) -> Arc<dyn Store>) -> bool {
    let (events, open) = (scene.events().await, sessions(scene).await.len());
    let held = Arc::new(HeldStore::new(Arc::clone(&scene.store)));
    let trying = compared(scene, &held, under(Arc::clone(&held) as Arc<dyn Store>)).await;
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    let came = trying.is_finished() || scene.events().await > events || sessions(scene).await.len() > open;
    held.let_one_go();
    let signed_in = trying.await.unwrap();
    assert!(signed_in.is_ok(), "once it is counted she is in");
    came
}

pub async fn p12_nothing_follows_before_an_attempt_is_counted(ground: Ground) {
    let scene = Scene::open(ground).await;
    assert!(
        !let_in_uncounted(&scene, &|store| store).await,
        "a right password is worth nothing until its try is on the disk"
    );
}

pub async fn p12_mutant_a_count_that_is_not_kept_is_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let forgetful = |store| Arc::new(ForgetfulStore::new(store, Forgets::Reservations)) as Arc<dyn Store>;
    assert!(
        let_in_uncounted(&scene, &forgetful).await,
        "being let in uncounted must be seen by the measure"
    );
}

pub async fn a_try_that_cannot_be_counted_opens_nothing(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (events, open) = (scene.events().await, sessions(&scene).await.len());
    let held = Arc::new(HeldStore::new(Arc::clone(&scene.store)));
    let trying = compared(&scene, &held, Arc::clone(&held) as Arc<dyn Store>).await;
    held.break_down();
    let answer = trying.await.unwrap();
    assert!(
        matches!(answer, Err(Error::Broken(_))),
        "the password was right, and nobody learns it"
    );
    assert_eq!(sessions(&scene).await.len(), open, "no session was opened");
    assert_eq!(
        scene.events().await,
        events,
        "and nothing is said to have happened"
    );
}

pub async fn who_goes_away_is_counted(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (line, store) = (single_file(), Arc::clone(&scene.store));
    let auth = scene.with_line(store, line.clone());
    let taken = line.whole_line().await;
    for _ in 0..5 {
        let auth = auth.clone();
        let reserved = reserved(&scene).await;
        let trying = tokio::spawn(async move { auth.sign_in(OLGA, &password(WRONG), here()).await });
        while self::reserved(&scene).await == reserved {
            tokio::task::yield_now().await;
        }
        trying.abort();
        assert!(
            trying.await.is_err_and(|end| end.is_cancelled()),
            "she closed the window before an answer came"
        );
    }
    drop(taken);
    assert!(
        matches!(refusal(scene.sign_in(OLGA, WRONG).await), Refusal::Locked(_)),
        "five tries are five tries, whether somebody waited for the answer or not"
    );
}

async fn reserved(scene: &Scene) -> u32 {
    use crate::lockout::{Factor, Scope};
    let person = scene.store.person_by_email(&email(OLGA)).await.unwrap().unwrap();
    let budget = person.credential.budget(Factor::Password, Scope::Anywhere);
    budget.reserved
}

pub async fn who_is_refused_waits_for_no_hash(ground: Ground) {
    let scene = Scene::open(ground).await;
    let line = single_file();
    let taken = line.whole_line().await;
    let auth = scene.with_line(Arc::clone(&scene.store), line);
    let mut at_once = JoinSet::new();
    for _ in 0..40 {
        let auth = auth.clone();
        at_once.spawn(async move { refusal(auth.sign_in(OLGA, &password(WRONG), here()).await) });
    }
    while at_once.len() > 5 {
        let answer = at_once.join_next().await.unwrap().unwrap();
        assert!(
            matches!(answer, Refusal::Locked(_)),
            "while nobody can hash, those beyond the limit are refused, but {answer:?} came"
        );
    }
    drop(taken);
    for answer in at_once.join_all().await {
        assert_eq!(
            answer,
            Refusal::WrongCredentials,
            "the five within the limit had kept their places in the line"
        );
    }
}
