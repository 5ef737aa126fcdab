//! What is done to accounts, and what the trail says of it.

use super::*;
use crate::directory::{AccountEdit, Gate};
use crate::lockout::{Factor, LockState};
use crate::policy::{Number, Policy};
use crate::query::{AccountFilter, Standing};
use crate::rights::Right;

pub async fn an_enrolment_code_works_once(ground: Ground) {
    let scene = Scene::open(ground).await;
    let new = NewAccount {
        email: email(SAM),
        name: name("Sam"),
        role: Role::Support,
    };
    let created = scene.olga().await.create(new.clone()).await.unwrap();
    let code = created.enrolment.code.printed();
    let enrol = async |code: &str| scene.auth.enrol(SAM, code, &password(GOOD), here()).await;
    assert_eq!(
        refusal(enrol("AAAAA-AAAAA-AAAAA").await),
        Refusal::EnrolmentRefused,
        "a guess is refused"
    );
    let weak = scene
        .auth
        .enrol(SAM, &code, &password("sam sam sam sam"), here())
        .await;
    assert!(
        matches!(refusal(weak), Refusal::WeakPassword(_)),
        "a weak password does not use the code up"
    );
    enrol(&code).await.unwrap();
    assert_eq!(
        refusal(enrol(&code).await),
        Refusal::EnrolmentRefused,
        "a code works once"
    );

    let late = scene
        .olga()
        .await
        .issue_enrolment(created.account.id, None)
        .await
        .unwrap();
    let newer = scene
        .olga()
        .await
        .issue_enrolment(created.account.id, None)
        .await
        .unwrap();
    assert_eq!(
        refusal(enrol(&late.code.printed()).await),
        Refusal::EnrolmentRefused,
        "a newer code voids the older one"
    );
    scene.wait(48 * 3600);
    assert_eq!(
        refusal(enrol(&newer.code.printed()).await),
        Refusal::EnrolmentRefused,
        "two days are its time"
    );
    let twice = scene.olga().await.create(new).await;
    assert_eq!(
        refusal(twice.map(drop)),
        Refusal::EmailTaken,
        "one address, one account"
    );
}

pub async fn every_act_leaves_its_event(ground: Ground) {
    let scene = Scene::open(ground).await;
    let sam = scene.enrolled(SAM, Role::Support).await;
    let olga = scene.olga().await;
    let why = reason("rang up and asked");
    olga.lock_account(sam.id, why.clone()).await.unwrap();
    olga.unlock_account(sam.id, why.clone()).await.unwrap();
    olga.disable(sam.id, why.clone()).await.unwrap();
    olga.enable(sam.id, Some(why.clone())).await.unwrap();
    olga.delete(sam.id, Some(why.clone())).await.unwrap();
    olga.restore(sam.id).await.unwrap();
    for action in [
        Action::AccountLocked,
        Action::AccountUnlocked,
        Action::AccountDisabled,
        Action::AccountEnabled,
        Action::AccountDeleted,
    ] {
        let events = scene.trail(action).await;
        assert_eq!(events.len(), 1, "{action:?} leaves one event");
        assert_eq!(events[0].actor.label(), OLGA, "by Olga");
        assert_eq!(events[0].subject_email.as_deref(), Some(SAM), "about Sam");
        assert_eq!(events[0].reason.as_ref(), Some(&why), "with her words");
    }
    assert_eq!(
        scene.trail(Action::AccountRestored).await.len(),
        1,
        "and back again"
    );
    let verdict = olga.verify_trail().await.unwrap();
    assert!(
        matches!(verdict, crate::audit::chain::Verdict::Whole { .. }),
        "the chain holds: {verdict:?}"
    );
}

pub async fn p42_a_refusal_is_recorded_too(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.enrolled(CARLA, Role::Customer).await;
    scene.enrolled(SAM, Role::Auditor).await;
    let auditor = scene.inside(SAM, GOOD).await;
    let refused = auditor.disable(carla.id, reason("because I can")).await;
    assert_eq!(
        refusal(refused),
        Refusal::NotAllowed(Right::DisableAccounts),
        "an auditor changes nothing"
    );
    let event = scene.trail(Action::AccountDisabled).await.remove(0);
    assert_eq!(
        (event.outcome, event.actor.label()),
        (Outcome::Refused, SAM),
        "who tried is in the trail"
    );
}

pub async fn two_windows_on_one_account(ground: Ground) {
    let scene = Scene::open(ground).await;
    let sam = scene.enrolled(SAM, Role::Support).await;
    let (one, two) = (scene.olga().await, scene.olga().await);
    let edit = |called: &str| AccountEdit {
        email: email(SAM),
        name: name(called),
        role: Role::Support,
    };
    let after = one.edit(sam.id, sam.revision, edit("Sam Field")).await.unwrap();
    let late = two.edit(sam.id, sam.revision, edit("Samuel")).await;
    assert_eq!(
        refusal(late),
        Refusal::Conflict,
        "the second window is told, nothing is overwritten"
    );
    assert_eq!(
        one.find(&email(SAM)).await.unwrap(),
        Some(after.clone()),
        "the first one's words stand"
    );
    let _ = scene.sign_in(SAM, WRONG).await;
    two.edit(sam.id, after.revision, edit("Samuel")).await.unwrap();
    let event = scene.trail(Action::AccountEdited).await.remove(0);
    assert_eq!(
        event.details.changes[0].before.as_deref(),
        Some("Sam Field"),
        "before and after are in the trail"
    );
    one.lock_account(sam.id, reason("first")).await.unwrap();
    assert_eq!(
        refusal(two.lock_account(sam.id, reason("second")).await),
        Refusal::Unchanged,
        "locking twice is nothing new"
    );
}

pub async fn the_recycle_bin_empties_itself(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.enrolled(CARLA, Role::Customer).await;
    scene.olga().await.delete(carla.id, None).await.unwrap();
    let bin = AccountFilter {
        standing: Some(Standing::Deleted),
        ..AccountFilter::default()
    };
    assert_eq!(
        scene.olga().await.count_accounts(&bin).await.unwrap(),
        1,
        "she lies in the recycle bin"
    );
    assert_eq!(
        scene
            .olga()
            .await
            .count_accounts(&AccountFilter::default())
            .await
            .unwrap(),
        1,
        "and in no other list"
    );
    scene.wait(30 * 24 * 3600 - 60);
    scene.olga().await;
    assert_eq!(
        scene.rules.empty_recycle_bin().await.unwrap(),
        0,
        "thirty days are hers"
    );
    scene.wait(120);
    assert_eq!(
        scene.rules.empty_recycle_bin().await.unwrap(),
        1,
        "then she is gone"
    );
    assert_eq!(
        scene.olga().await.find(&email(CARLA)).await.unwrap(),
        None,
        "for good"
    );
    let purged = scene.trail(Action::AccountPurged).await.remove(0);
    assert_eq!(
        purged.subject_email.as_deref(),
        Some(CARLA),
        "but not from the trail"
    );
}

pub async fn rights_are_enforced_below_the_window(ground: Ground) {
    let scene = Scene::open(ground).await;
    let olgas = scene.olga().await.me().await.unwrap().account;
    let carla = scene.enrolled(CARLA, Role::Customer).await;
    scene.enrolled(SAM, Role::Support).await;
    let sam = scene.inside(SAM, GOOD).await;
    assert!(
        sam.lock_account(carla.id, reason("asked for it")).await.is_ok(),
        "support helps customers"
    );
    assert_eq!(
        refusal(sam.lock_account(olgas.id, reason("mutiny")).await),
        Refusal::OnlyOwners,
        "nobody but an owner touches an owner"
    );
    let up = AccountEdit {
        email: carla.email.clone(),
        name: carla.name.clone(),
        role: Role::Owner,
    };
    let revision = sam.find(&email(CARLA)).await.unwrap().unwrap().revision;
    assert_eq!(
        refusal(sam.edit(carla.id, revision, up).await),
        Refusal::OnlyOwners,
        "nobody gives a role above their own"
    );
    let new = NewAccount {
        email: email("o@rose.example"),
        name: name("O"),
        role: Role::Owner,
    };
    assert_eq!(
        refusal(sam.create(new).await.map(drop)),
        Refusal::OnlyOwners,
        "nor makes one"
    );
    assert!(
        matches!(refusal(sam.delete(carla.id, None).await), Refusal::NotAllowed(_)),
        "support deletes nobody"
    );
    scene
        .olga()
        .await
        .unlock_account(carla.id, reason("done"))
        .await
        .unwrap();
    let customer = scene.inside(CARLA, GOOD).await;
    assert!(
        matches!(refusal(customer.find(&email(OLGA)).await), Refusal::NotAllowed(_)),
        "a customer sees nobody"
    );
    assert!(
        customer.account(carla.id).await.unwrap().is_some(),
        "but her own page"
    );
    let of = |account| EventQuery {
        account,
        limit: 10,
        ..EventQuery::default()
    };
    for others in [None, Some(olgas.id)] {
        assert!(
            matches!(
                refusal(customer.events(&of(others)).await),
                Refusal::NotAllowed(_)
            ),
            "a customer reads no trail"
        );
    }
    let own = customer.events(&of(Some(carla.id))).await.unwrap();
    let unlocked = own
        .rows
        .iter()
        .find(|row| row.event.action == Action::AccountUnlocked);
    let unlocked = &unlocked.unwrap().event;
    assert_eq!(
        (unlocked.actor.label(), &unlocked.reason, &unlocked.source.address),
        ("", &None, &None),
        "who in the shop did it and why stays there"
    );
    let mut edit = AccountEdit {
        email: carla.email.clone(),
        name: name("Carla Clark"),
        role: carla.role,
    };
    let revision = customer.me().await.unwrap().account.revision;
    let renamed = customer.edit(carla.id, revision, edit.clone()).await.unwrap();
    assert_eq!(renamed.name, edit.name, "everybody is called what they say");
    edit.email = email("carla@elsewhere.example");
    assert!(
        matches!(
            refusal(customer.edit(carla.id, renamed.revision, edit).await),
            Refusal::NotAllowed(_)
        ),
        "her address is more than a name"
    );
}

pub async fn unlocking_forgets_failures(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.enrolled(CARLA, Role::Customer).await;
    for _ in 0..5 {
        let _ = scene.sign_in(CARLA, WRONG).await;
    }
    assert!(
        matches!(refusal(scene.sign_in(CARLA, GOOD).await), Refusal::Locked(_)),
        "she waits"
    );
    let olga = scene.olga().await;
    let locked = AccountFilter {
        standing: Some(Standing::Locked),
        ..AccountFilter::default()
    };
    assert_eq!(
        olga.count_accounts(&locked).await.unwrap(),
        1,
        "and stands among the locked"
    );
    olga.unlock_account(carla.id, reason("rang up from the shop"))
        .await
        .unwrap();
    assert!(
        scene.sign_in(CARLA, GOOD).await.is_ok(),
        "unlocked, she is in at once"
    );
    let event = scene.trail(Action::AccountUnlocked).await.remove(0);
    assert_eq!(
        event.details.facts["failures_forgotten"], "5",
        "the trail says what was forgiven"
    );
}

pub async fn a_page_shows_every_gate(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.enrolled(CARLA, Role::Customer).await;
    for _ in 0..5 {
        let _ = scene.sign_in(CARLA, WRONG).await;
    }
    let page = scene.olga().await.account(carla.id).await.unwrap().unwrap();
    let shut: Vec<_> = page.gates.iter().filter(|gate| !gate.open).collect();
    let opens_at = monday().saturating_add(SignedDuration::from_secs(30)).unwrap();
    assert_eq!(shut.len(), 1, "one gate is shut");
    assert!(
        matches!(
            shut[0].gate,
            Gate::Tries {
                factor: Factor::Password,
                state: LockState::Waiting { .. },
                ..
            }
        ),
        "the tries at her password"
    );
    assert_eq!(
        shut[0].opens_at,
        Some(opens_at),
        "and it says when it opens by itself"
    );
    assert_eq!(
        page.standing,
        Standing::Locked,
        "the list says the same in a word"
    );
    assert_eq!(
        page.password.unwrap().scheme,
        "Argon2",
        "how the password is kept"
    );
}

pub async fn the_shop_changes_its_numbers(ground: Ground) {
    let scene = Scene::open(ground).await;
    let olga = scene.olga().await;
    let shop = olga.shop().await.unwrap();
    let with = |value: u32| Policy {
        numbers: [(Number::IdleMinutes, value)].into(),
        ..shop.policy.clone()
    };
    let refused = olga
        .change_policy(shop.revision, shop.name.clone(), with(600))
        .await;
    assert_eq!(
        refusal(refused),
        Refusal::OutOfBounds(Number::IdleMinutes),
        "ten hours unattended is no lock"
    );
    let after = olga
        .change_policy(shop.revision, shop.name.clone(), with(5))
        .await
        .unwrap();
    assert_eq!(after.revision, shop.revision + 1, "it is saved");
    let event = scene.trail(Action::PolicyChanged).await.remove(0);
    let change = &event.details.changes[0];
    assert_eq!(
        (
            change.field.as_str(),
            change.before.as_deref(),
            change.after.as_deref()
        ),
        ("idle_minutes", Some("15"), Some("5")),
        "before and after"
    );
    let late = olga
        .change_policy(shop.revision, shop.name.clone(), with(7))
        .await;
    assert_eq!(
        refusal(late),
        Refusal::Conflict,
        "another window's change is not overwritten"
    );
    scene.wait(301);
    assert_eq!(
        refusal(olga.me().await),
        Refusal::SessionLocked,
        "and it holds at once"
    );
}
