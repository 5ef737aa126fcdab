//! What is left when the store breaks down in the middle.

use std::sync::Arc;

use super::*;
use crate::account::AccountId;
use crate::directory::{AccountEdit, ImportMode, ImportRow, StoreAct};
use crate::lockout::{Factor, Scope};
use crate::policy::Policy;
use crate::query::{AccountFilter, AccountQuery, AccountSort};
use crate::second_factor::RecoverySet;
use crate::session::SessionToken;
use crate::testing::FaultyStore;
use crate::testing::forgetful::{ForgetfulStore, Forgets};

/// Tries at the password that are counted, settled or not.
async fn counted(scene: &Scene, who: &str) -> u32 {
    let person = scene.store.person_by_email(&email(who)).await.unwrap().unwrap();
    let budget = person.credential.budget(Factor::Password, Scope::Anywhere);
    budget.failures + budget.reserved
}

/// Breaks down at each call of a wrong sign-in in turn. Counts how often the password was evaluated
/// and the try was not counted.
async fn uncounted(scene: &Scene, under: &dyn Fn(Arc<dyn Store>) -> Arc<dyn Store>) -> usize {
    let mut uncounted = 0;
    for fails_at in 1.. {
        let who = format!("fault{fails_at}@rose.example");
        scene.enrolled(&who, Role::Customer).await;
        let faulty = Arc::new(FaultyStore::new(under(Arc::clone(&scene.store)), fails_at));
        let broken = scene.through(Arc::clone(&faulty) as Arc<dyn Store>);
        let answer = broken.sign_in(&who, WRONG).await;
        assert!(answer.is_err(), "a wrong password opens nothing, whatever breaks");
        if faulty.reserved() && counted(scene, &who).await == 0 {
            uncounted += 1;
        }
        if faulty.calls() < fails_at {
            assert!(fails_at > 4, "the fault was somewhere in the middle");
            break;
        }
    }
    uncounted
}

pub async fn p12_a_failure_is_counted_or_not_evaluated(ground: Ground) {
    let scene = Scene::open(ground).await;
    assert_eq!(
        uncounted(&scene, &|store| store).await,
        0,
        "a request that dies is no free guess"
    );
}

pub async fn p12_mutant_counting_after_evaluation_is_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let forgetful = |store| Arc::new(ForgetfulStore::new(store, Forgets::Reservations)) as Arc<dyn Store>;
    assert!(
        uncounted(&scene, &forgetful).await > 0,
        "counting after the evaluation must be seen by the measure"
    );
}

/// Breaks down at each call of setting up a second factor in turn. Counts how often it was then
/// neither off nor whole: with eight recovery codes, and codes from the phone that work.
async fn half_set_up(scene: &Scene, under: &dyn Fn(Arc<dyn Store>) -> Arc<dyn Store>) -> usize {
    let mut half = 0;
    for fails_at in 1.. {
        let who = format!("fault{fails_at}@rose.example");
        scene.enrolled(&who, Role::Customer).await;
        let token = scene.sign_in(&who, GOOD).await.unwrap().token;
        let faulty = Arc::new(FaultyStore::new(under(Arc::clone(&scene.store)), fails_at));
        let broken = scene
            .through(Arc::clone(&faulty) as Arc<dyn Store>)
            .auth
            .directory(&token);
        if let Ok(begun) = broken.begin_second_factor().await {
            let _ = broken.confirm_second_factor(&scene.code(&begun.secret)).await;
        }
        let person = scene.store.person_by_email(&email(&who)).await.unwrap().unwrap();
        let recovery = person.credential.recovery.as_ref();
        let codes = recovery.map_or(0, RecoverySet::left);
        let there = match person.credential.totp {
            None => codes == 0,
            Some(confirmed) => {
                scene.wait(30);
                let half = scene.sign_in(&who, GOOD).await.unwrap();
                let code = scene.code(&confirmed.totp.secret);
                codes == 8 && scene.auth.second_factor(&half.token, &code).await.is_ok()
            }
        };
        half += usize::from(!there);
        if faulty.calls() < fails_at {
            assert!(fails_at > 4, "the fault was somewhere in the middle");
            break;
        }
    }
    half
}

pub async fn p22_a_second_factor_is_off_or_whole(ground: Ground) {
    let scene = Scene::open(ground).await;
    assert_eq!(
        half_set_up(&scene, &|store| store).await,
        0,
        "off means off, and on means with its sheet and with codes that work"
    );
}

pub async fn p22_mutant_a_factor_without_its_codes_is_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let forgetful = |store| Arc::new(ForgetfulStore::new(store, Forgets::RecoveryCodes)) as Arc<dyn Store>;
    assert!(
        half_set_up(&scene, &forgetful).await > 0,
        "a factor without recovery codes must be seen by the measure"
    );
}

/// Everything that a console can do that changes something or takes something out.
const ACTS: [&str; 26] = [
    "create",
    "issue enrolment",
    "edit",
    "disable",
    "enable",
    "lock",
    "unlock",
    "force password change",
    "end sessions",
    "delete",
    "restore",
    "import",
    "export",
    "note audit export",
    "verify trail",
    "check breach",
    "change policy",
    "note store act",
    "put off second factor",
    "begin second factor",
    "confirm second factor",
    "replace recovery codes",
    "reset second factor",
    "change password",
    "lock session",
    "sign out",
];

async fn act(scene: &Scene, token: &SessionToken, sam: AccountId, which: &str) {
    let olga = scene.auth.directory(token);
    let why = || reason("a reason");
    let revision = scene.store.person(sam).await.unwrap().unwrap().account.revision;
    let shop = scene.rules.shop().await.unwrap().unwrap();
    let everybody = AccountQuery {
        filter: AccountFilter::default(),
        sort: AccountSort::Email,
        descending: false,
        after: None,
        limit: 10,
    };
    match which {
        "create" => drop(
            olga.create(NewAccount {
                email: email("new@rose.example"),
                name: name("New"),
                role: Role::Staff,
            })
            .await
            .unwrap(),
        ),
        "issue enrolment" => drop(olga.issue_enrolment(sam, None).await.unwrap()),
        "edit" => drop(
            olga.edit(
                sam,
                revision,
                AccountEdit {
                    email: email(SAM),
                    name: name("Samuel"),
                    role: Role::Support,
                },
            )
            .await
            .unwrap(),
        ),
        "disable" => drop(olga.disable(sam, why()).await.unwrap()),
        "enable" => drop(olga.enable(sam, None).await.unwrap()),
        "lock" => drop(olga.lock_account(sam, why()).await.unwrap()),
        "unlock" => drop(olga.unlock_account(sam, why()).await.unwrap()),
        "force password change" => drop(olga.force_password_change(sam, why()).await.unwrap()),
        "end sessions" => olga.end_sessions(sam, None).await.unwrap(),
        "delete" => drop(olga.delete(sam, None).await.unwrap()),
        "restore" => drop(olga.restore(sam).await.unwrap()),
        "import" => drop(olga.import(vec![imported()], ImportMode::Apply).await.unwrap()),
        "export" => drop(olga.export(&everybody).await.unwrap()),
        "note audit export" => olga.note_audit_export(&EventQuery::default(), 3).await.unwrap(),
        "verify trail" => drop(olga.verify_trail().await.unwrap()),
        "check breach" => drop(olga.check_breach(&password(BETTER)).await.unwrap()),
        "change policy" => {
            let policy = Policy {
                breach_check: !shop.policy.breach_check,
                ..shop.policy
            };
            drop(
                olga.change_policy(shop.revision, shop.name, policy)
                    .await
                    .unwrap(),
            );
        }
        // At the machine of the store, from wherever the rest is asked.
        "note store act" => scene
            .rules
            .directory(token)
            .note_store_act(StoreAct::RecoveryKeyConfirmed)
            .await
            .unwrap(),
        "put off second factor" => olga.put_off_second_factor().await.unwrap(),
        "begin second factor" => drop(olga.begin_second_factor().await.unwrap()),
        "confirm second factor" => {
            let begun = scene
                .store
                .person_by_email(&email(OLGA))
                .await
                .unwrap()
                .unwrap()
                .credential
                .totp_begun
                .unwrap();
            drop(olga.confirm_second_factor(&scene.code(&begun)).await.unwrap());
        }
        "replace recovery codes" => drop(olga.replace_recovery_codes(&password(GOOD)).await.unwrap()),
        "reset second factor" => {
            let sams = scene.sign_in(SAM, GOOD).await.unwrap();
            scene.bind(&sams.token).await;
            drop(olga.reset_second_factor(sam, why()).await.unwrap());
        }
        "change password" => olga
            .change_password(&password(GOOD), &password(BETTER))
            .await
            .unwrap(),
        "lock session" => olga.lock().await.unwrap(),
        "sign out" => olga.sign_out().await.unwrap(),
        other => panic!("nobody does {other}"),
    }
}

fn imported() -> ImportRow {
    ImportRow {
        email: CARLA.to_owned(),
        name: "Carla".to_owned(),
        role: "customer".to_owned(),
        password_hash: String::new().into(),
        totp_secret: String::new().into(),
        created_at: String::new(),
    }
}

/// Does everything that can be done; gives what left no event.
async fn silent(scene: &Scene) -> Vec<&'static str> {
    let sam = scene.enrolled(SAM, Role::Support).await.id;
    let token = scene.sign_in(OLGA, GOOD).await.unwrap().token;
    let mut silent = Vec::new();
    for which in ACTS {
        if which == "force password change" || which == "reset second factor" {
            // Sam must be able to sign in for what follows.
            let code = scene
                .auth
                .directory(&token)
                .issue_enrolment(sam, None)
                .await
                .unwrap()
                .code
                .printed();
            scene
                .auth
                .enrol(SAM, &code, &password(GOOD), here())
                .await
                .unwrap();
        }
        let before = scene.events().await;
        act(scene, &token, sam, which).await;
        if scene.events().await == before {
            silent.push(which);
        }
    }
    silent
}

pub async fn p42_no_act_without_its_event(ground: Ground) {
    let scene = Scene::open(ground).await;
    assert_eq!(silent(&scene).await, [""; 0], "each act leaves an event");
    let verdict = scene.store.verify_trail().await.unwrap();
    assert!(
        matches!(verdict, crate::audit::chain::Verdict::Whole { .. }),
        "and the chain holds: {verdict:?}"
    );
}

pub async fn p42_mutant_acts_that_leave_no_event_are_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let forgetful = ForgetfulStore::new(Arc::clone(&scene.store), Forgets::Events);
    assert_eq!(
        silent(&scene.through(Arc::new(forgetful))).await,
        ACTS,
        "each of them is seen by the measure"
    );
}
