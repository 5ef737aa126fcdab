//! P25 where answers are remembered: nothing is open from the moment on in which it is said to be ended.

use std::sync::Arc;

use async_trait::async_trait;
use keyholder_core::account::Role;
use keyholder_core::audit::{Program, Source};
use keyholder_core::clock::Clock;
use keyholder_core::directory::{Authentication as _, Directory, Holder, PageSessions, SignedIn};
use keyholder_core::error::{Error, Result};
use keyholder_core::session::SessionToken;
use keyholder_core::store::Store;
use keyholder_core::testing::MemoryStore;
use keyholder_core::testing::directory_contract::{
    CARLA, GOOD, Ground, Scene, here, password, reason, rounds,
};
use keyholder_server::forward_auth::Remembered;
use keyholder_server::metrics::{Counted, Metrics};
use std::sync::atomic::{AtomicU32, Ordering};

/// The rules, and how often they were asked.
struct Asked {
    rules: keyholder_core::directory::StoredAuthentication,
    times: Arc<AtomicU32>,
}

#[async_trait]
impl PageSessions for Asked {
    async fn renew(&self, token: &SessionToken, keep: bool) -> Result<SignedIn> {
        self.rules.renew(token, keep).await
    }

    async fn holder(&self, token: &SessionToken) -> Result<Holder> {
        self.times.fetch_add(1, Ordering::SeqCst);
        self.rules.holder(token).await
    }
}

/// A shop whose holders are remembered; with a count of changes that is that of its store, or of another.
async fn shop(heard: bool) -> (Scene, Arc<Remembered>, Arc<AtomicU32>) {
    let counted = Counted::new(Arc::new(MemoryStore::new()), Arc::new(Metrics::new()));
    let elsewhere = Counted::new(Arc::new(MemoryStore::new()), Arc::new(Metrics::new()));
    let changes = if heard {
        counted.changes()
    } else {
        elsewhere.changes()
    };
    let store: Arc<dyn Store> = Arc::new(counted);
    let scene = Scene::open(Ground::of(store)).await;
    let times = Arc::new(AtomicU32::new(0));
    let asked = Asked {
        rules: scene.rules.clone(),
        times: Arc::clone(&times),
    };
    let clock = Arc::new(scene.clock.clone());
    let remembered = Arc::new(Remembered::new(Arc::new(asked), changes, clock));
    (scene, remembered, times)
}

async fn page_session(scene: &Scene) -> SessionToken {
    let source = Source {
        program: Program::Page,
        ..here()
    };
    let signed_in = scene.rules.sign_in(CARLA, &password(GOOD), source).await;
    signed_in.unwrap().token
}

/// A thousand sessions, each asked for by several at once while it is ended in one of five ways: who asks
/// after that was said is refused.
async fn p25_ended_is_ended(heard: bool) -> std::result::Result<(), String> {
    let (scene, remembered, _) = shop(heard).await;
    let carla = scene.enrolled(CARLA, Role::Customer).await;
    let olga: Arc<dyn Directory> = Arc::from(scene.olga().await);
    for round in 0..rounds(100, 1_000) {
        let token = page_session(&scene).await;
        let asking: Vec<_> = (0..4)
            .map(|_| {
                let (remembered, token) = (Arc::clone(&remembered), token.clone());
                tokio::spawn(async move {
                    for _ in 0..20 {
                        // Open or not: it is what comes after the end that counts.
                        drop(remembered.holder(&token).await);
                    }
                })
            })
            .collect();
        remembered
            .holder(&token)
            .await
            .map_err(|error| error.to_string())?;
        match round % 4 {
            0 => scene.rules.directory(&token).sign_out().await.unwrap(),
            1 => olga.end_sessions(carla.id, None).await.unwrap(),
            2 => drop(olga.disable(carla.id, reason("left")).await.unwrap()),
            _ => drop(olga.delete(carla.id, None).await.unwrap()),
        }
        for _ in 0..10 {
            if remembered.holder(&token).await.is_ok() {
                return Err(format!("open after its end in round {round}"));
            }
            tokio::task::yield_now().await;
        }
        for asker in asking {
            asker.await.unwrap();
        }
        if remembered.holder(&token).await.is_ok() {
            return Err(format!("open again in round {round}"));
        }
        match round % 4 {
            2 => drop(olga.enable(carla.id, None).await.unwrap()),
            3 => drop(olga.restore(carla.id).await.unwrap()),
            _ => {}
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p25_who_was_let_through_is_not_once_it_is_ended() {
    assert_eq!(p25_ended_is_ended(true).await, Ok(()), "in every round");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p25_mutant_a_memory_that_hears_of_no_change_is_found() {
    assert!(
        p25_ended_is_ended(false).await.is_err(),
        "the measure sees what is open"
    );
}

#[tokio::test]
async fn what_has_not_changed_is_asked_once() {
    let (scene, remembered, times) = shop(true).await;
    scene.enrolled(CARLA, Role::Customer).await;
    let token = page_session(&scene).await;
    for _ in 0..100 {
        remembered.holder(&token).await.unwrap();
    }
    assert_eq!(times.load(Ordering::SeqCst), 1, "a hundred pictures of a page");
    scene.wait(10);
    remembered.holder(&token).await.unwrap();
    assert_eq!(times.load(Ordering::SeqCst), 2, "not for ever");
    scene.wait(30 * 60);
    let ended: std::result::Result<Holder, Error> = remembered.holder(&token).await;
    assert!(ended.is_err(), "nobody was there: {}", scene.clock.now());
}
