//! How often an address may come, over nodes and restarts, and who is not held up.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::*;
use crate::directory::Limits as _;
use crate::limit::{Allowance, LimitName, NamedLimit};
use crate::lockout::DeviceId;
use crate::testing::forgetful::{ForgetfulStore, Forgets};

/// Where whoever attacks comes from; Olga's colleagues do too.
const OFFICE: &str = "203.0.113.7";
/// Somewhere else.
const HOME: &str = "2001:db8:1:2::7";

fn from(address: &str) -> Source {
    Source {
        address: Some(address.to_owned()),
        ..here()
    }
}

fn on(device: DeviceId, address: &str) -> Source {
    Source {
        device: Some(device),
        ..from(address)
    }
}

/// A node of a service over that store, as after a restart.
fn node(scene: &Scene, store: &Arc<dyn Store>) -> StoredAuthentication {
    Scene::rules(Arc::clone(store), usual_line(), &scene.clock, &scene.breach).limited_by_address()
}

/// Wrong passwords for many names at once, at three nodes; how many of them were evaluated.
async fn evaluated(scene: &Scene, store: &Arc<dyn Store>, tries: u32, round: &str) -> usize {
    let before = scene.failures(Action::SignInPassword).await;
    let nodes = [node(scene, store), node(scene, store), node(scene, store)];
    let mut at_once = JoinSet::new();
    for turn in 0..tries {
        let node = nodes[turn as usize % nodes.len()].clone();
        let name = format!("{round}{turn}@mail.example");
        at_once.spawn(async move { node.sign_in(&name, &password(WRONG), from(OFFICE)).await.is_ok() });
    }
    let let_in = at_once.join_all().await.into_iter().filter(|ok| *ok).count();
    assert_eq!(let_in, 0, "a wrong password opens nothing");
    scene.failures(Action::SignInPassword).await - before
}

pub async fn p10_a_limit_is_exact_over_nodes_and_restarts(ground: Ground) {
    let scene = Scene::open(ground).await;
    let store = Arc::clone(&scene.store);
    let tries = rounds(30, 300);
    assert_eq!(
        evaluated(&scene, &store, tries, "a").await,
        5,
        "five a minute, wherever they are asked"
    );
    assert_eq!(
        evaluated(&scene, &store, tries, "b").await,
        0,
        "a restart gives none back"
    );
    assert_eq!(
        scene.trail(Action::LimitReached).await.len(),
        1,
        "the trail has it once, not once for each try"
    );
    scene.wait(12);
    assert_eq!(
        evaluated(&scene, &store, tries, "c").await,
        1,
        "one comes back each twelve seconds"
    );
    scene.wait(-3_600);
    assert_eq!(
        evaluated(&scene, &store, tries, "d").await,
        0,
        "a clock that is set back gives none"
    );
    scene.wait(12);
    assert_eq!(
        evaluated(&scene, &store, tries, "e").await,
        1,
        "and keeps nobody waiting for the hour"
    );
}

pub async fn p10_mutant_a_limit_that_is_not_kept_is_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let forgetful = ForgetfulStore::new(Arc::clone(&scene.store), Forgets::Entries);
    let store: Arc<dyn Store> = Arc::new(forgetful);
    assert!(
        evaluated(&scene, &store, 30, "a").await > 5,
        "a limit that nobody remembers is none"
    );
}

/// Whether somebody in the office waits who owns the account and comes from that device, while somebody
/// attacks from the same address for a day.
async fn waits_in_the_office(scene: &Scene, device: DeviceId, steps: u32) -> bool {
    let service = node(scene, &scene.store);
    for step in 0..steps {
        scene.wait(600);
        loop {
            let name = format!("spray{step}@mail.example");
            let tried = service.sign_in(&name, &password(WRONG), from(OFFICE)).await;
            if matches!(refusal(tried), Refusal::LimitReached(_)) {
                break;
            }
        }
        if service
            .sign_in(OLGA, &password(GOOD), on(device, OFFICE))
            .await
            .is_err()
        {
            return true;
        }
    }
    false
}

pub async fn p14_an_attacker_at_the_same_address_keeps_no_known_device_out(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.enrolled(CARLA, Role::Customer).await;
    let before = scene.store.person(carla.id).await.unwrap().unwrap();
    let device = DeviceId::fresh(&mut Rng::seed_from_u64(3));
    let service = node(&scene, &scene.store);
    service
        .sign_in(OLGA, &password(GOOD), on(device, OFFICE))
        .await
        .unwrap();
    // A day in steps of ten minutes.
    let waits = waits_in_the_office(&scene, device, rounds(12, 144)).await;
    assert!(
        !waits,
        "whoever has signed in there before is let in at once, all day long"
    );
    let elsewhere = service.sign_in(OLGA, &password(GOOD), from(HOME)).await;
    assert!(elsewhere.is_ok(), "and from elsewhere with any device");
    let after = scene.store.person(carla.id).await.unwrap().unwrap();
    assert_eq!(after.account, before.account, "no other account changes");
    assert_eq!(
        after.credential.budgets, before.credential.budgets,
        "and nothing is counted for it"
    );
}

pub async fn p14_mutant_a_device_that_is_not_known_is_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let unknown = DeviceId::fresh(&mut Rng::seed_from_u64(4));
    assert!(
        waits_in_the_office(&scene, unknown, 1).await,
        "a device that only says it is known waits with the others"
    );
}

pub async fn a_hundred_wrong_passwords_and_then_one_an_hour(ground: Ground) {
    let scene = Scene::open(ground).await;
    let service = node(&scene, &scene.store);
    let mut wrong = 0;
    let held_up = loop {
        let tried = service
            .sign_in(&format!("w{wrong}@mail.example"), &password(WRONG), from(HOME))
            .await;
        match refusal(tried) {
            Refusal::LimitReached(Allowance { limit, until, .. }) if limit == "failed_sign_in" => {
                break until;
            }
            Refusal::LimitReached(_) => scene.wait(12),
            _ => wrong += 1,
        }
        assert!(wrong <= 101, "a hundred are enough");
    };
    assert!(wrong >= 100, "a hundred are evaluated, {wrong} were");
    let waits = held_up.duration_since(scene.rules_now());
    assert!(
        waits <= SignedDuration::from_hours(1),
        "then there is one more an hour: {waits}"
    );
    let right = service.sign_in(OLGA, &password(GOOD), from(HOME)).await;
    assert!(
        matches!(refusal(right), Refusal::LimitReached(_)),
        "whoever guesses right by then waits too"
    );
    scene.wait(3_600);
    for _ in 0..3 {
        let right = service
            .sign_in(OLGA, &password(GOOD), from("2001:db8:1:2::8"))
            .await;
        assert!(
            right.is_ok(),
            "a right password is no wrong one: it uses up none of them"
        );
    }
}

/// What is said of an account, and of an address nobody has, after five wrong passwords and a restart.
async fn after_a_restart(scene: &Scene, store: &Arc<dyn Store>) -> [Refusal; 2] {
    let mut said = Vec::new();
    for who in [OLGA, "nobody@mail.example"] {
        let rules = Scene::rules(Arc::clone(store), usual_line(), &scene.clock, &scene.breach);
        for _ in 0..5 {
            let wrong = refusal(rules.sign_in(who, &password(WRONG), here()).await);
            assert_eq!(wrong, Refusal::WrongCredentials, "five wrong tries are free");
        }
        let restarted = Scene::rules(Arc::clone(store), usual_line(), &scene.clock, &scene.breach);
        said.push(refusal(restarted.sign_in(who, &password(WRONG), here()).await));
    }
    said.try_into().unwrap()
}

pub async fn p16_a_restart_tells_nobody_who_exists(ground: Ground) {
    let scene = Scene::open(ground).await;
    let [account, stranger] = after_a_restart(&scene, &Arc::clone(&scene.store)).await;
    assert!(matches!(account, Refusal::Locked(_)), "an account waits");
    assert_eq!(
        stranger, account,
        "and so does an address that nobody has, on every node"
    );
}

pub async fn p16_mutant_strangers_that_are_forgotten_are_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let store = ForgetfulStore::new(Arc::clone(&scene.store), Forgets::Entries);
    let store: Arc<dyn Store> = Arc::new(store);
    let mut told = Vec::new();
    for who in [OLGA, "nobody@mail.example"] {
        let rules = Scene::rules(Arc::clone(&store), usual_line(), &scene.clock, &scene.breach);
        for _ in 0..5 {
            let _ = refusal(rules.sign_in(who, &password(WRONG), here()).await);
        }
        told.push(refusal(rules.sign_in(who, &password(WRONG), here()).await));
    }
    assert_ne!(told[0], told[1], "the difference must be seen by the measure");
}

pub async fn what_has_expired_is_swept_and_nothing_else(ground: Ground) {
    let scene = Scene::open(ground).await;
    let service = node(&scene, &scene.store);
    for _ in 0..5 {
        let wrong = service
            .sign_in("nobody@mail.example", &password(WRONG), here())
            .await;
        assert!(wrong.is_err(), "nobody is there");
    }
    for house in 0..20 {
        let visit = service
            .visit(&from(&format!("198.51.100.{house}")))
            .await
            .unwrap();
        assert_eq!(visit.unwrap().left, 59, "sixty a minute, for each address");
    }
    assert_eq!(service.sweep().await.unwrap(), 0, "all of it still counts");
    scene.wait(60);
    assert_eq!(
        service.sweep().await.unwrap(),
        20,
        "addresses that came once are forgotten"
    );
    scene.clock.set("2100-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(
        service.sweep().await.unwrap(),
        0,
        "a clock that jumped ahead is not believed"
    );
    scene.clock.set(monday());
    let again = service
        .sign_in("nobody@mail.example", &password(WRONG), here())
        .await;
    assert!(
        matches!(refusal(again), Refusal::Locked(_)),
        "who tried too often still waits"
    );
}

pub async fn the_shops_pages_ask_for_limits(ground: Ground) {
    let scene = Scene::open(ground).await;
    let olga = scene.olga().await;
    let newsletter = LimitName::parse("newsletter").unwrap();
    for left in (0..10).rev() {
        let asked = olga.ask_limit(&newsletter, "Carla@Mail.Example").await.unwrap();
        assert_eq!(
            (asked.allowed, asked.left),
            (true, left),
            "ten a minute, counted down"
        );
    }
    for spelling in ["carla@mail.example", " CARLA@mail.example"] {
        let asked = olga.ask_limit(&newsletter, spelling).await.unwrap();
        assert!(!asked.allowed, "{spelling:?} is the same person");
        let waits = asked.until.duration_since(monday());
        assert_eq!(
            waits,
            SignedDuration::from_secs(6),
            "one comes back each six seconds"
        );
    }
    let other = olga.ask_limit(&newsletter, "2001:db8:1:2::7").await.unwrap();
    assert_eq!(other.left, 9, "somebody else has ten of their own");
    let reached = scene.trail(Action::LimitReached).await;
    assert_eq!(reached.len(), 1, "the trail has it once");
    assert_eq!(reached[0].actor.label(), OLGA, "with who asked");
    assert_eq!(
        reached[0].details.facts["subject"], "carla@mail.example",
        "and for whom"
    );

    let page = olga.limits().await.unwrap();
    let held_up: Vec<_> = page
        .held_up
        .iter()
        .map(|held| (&*held.limit, &*held.subject))
        .collect();
    assert_eq!(
        held_up,
        [("newsletter", "carla@mail.example")],
        "whoever is held up is shown"
    );
    let named: Vec<_> = page
        .limits
        .iter()
        .filter(|limit| limit.named)
        .map(|limit| &*limit.limit)
        .collect();
    assert_eq!(named, ["newsletter"], "which a new shop has");

    let unknown = LimitName::parse("gift-card").unwrap();
    assert_eq!(
        refusal(olga.ask_limit(&unknown, "x").await),
        Refusal::NotFound,
        "nobody has named it"
    );
    let sign_in = LimitName::parse("sign_in").unwrap();
    assert_eq!(
        refusal(olga.ask_limit(&sign_in, "x").await),
        Refusal::NotFound,
        "ours are not asked for"
    );
    let mut shop = olga.shop().await.unwrap();
    shop.policy
        .limits
        .insert(unknown.clone(), NamedLimit::new(1, 3_600).unwrap());
    olga.change_policy(shop.revision, shop.name, shop.policy)
        .await
        .unwrap();
    assert!(
        olga.ask_limit(&unknown, "x").await.unwrap().allowed,
        "a shop names its own"
    );
    assert!(
        !olga.ask_limit(&unknown, "x").await.unwrap().allowed,
        "as high as it likes"
    );
}

pub async fn whoever_is_held_up_is_let_go_on(ground: Ground) {
    let scene = Scene::open(ground).await;
    scene.enrolled(SAM, Role::Support).await;
    scene.enrolled("ada@rose.example", Role::Auditor).await;
    let (sam, ada) = (
        scene.inside(SAM, GOOD).await,
        scene.inside("ada@rose.example", GOOD).await,
    );
    let service = node(&scene, &scene.store);
    let name = LimitName::parse("sign_in").unwrap();
    let tried = || async {
        let wrong = service
            .sign_in("x@mail.example", &password(WRONG), from("2001:db8:1:2::9"))
            .await;
        matches!(refusal(wrong), Refusal::LimitReached(_))
    };
    while !tried().await {}
    assert_eq!(
        ada.limits().await.unwrap().held_up.len(),
        1,
        "an auditor may look"
    );
    let why = reason("The shop's own tablets");
    assert_eq!(
        refusal(ada.clear_limit(&name, HOME, why.clone()).await),
        Refusal::NotAllowed(crate::rights::Right::LockAccounts),
        "but changes nothing"
    );
    sam.clear_limit(&name, HOME, why.clone()).await.unwrap();
    assert!(!tried().await, "the household goes on");
    let cleared = scene.trail(Action::LimitCleared).await;
    let told: Vec<_> = cleared
        .iter()
        .map(|event| (event.actor.label(), event.outcome))
        .collect();
    assert_eq!(
        told,
        [(SAM, Outcome::Done), ("ada@rose.example", Outcome::Refused)],
        "the trail has who did it, and who tried"
    );
    assert_eq!(cleared[0].reason, Some(why.clone()), "and why");
    let nobody = sam.clear_limit(&name, "192.0.2.1", why).await;
    assert_eq!(
        refusal(nobody),
        Refusal::Unchanged,
        "somebody who is not held up needs nothing"
    );
}
