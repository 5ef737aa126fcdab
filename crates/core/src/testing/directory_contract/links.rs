//! Links that come by mail.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::*;
use crate::account::AccountId;
use crate::directory::{ByMail as _, LinkView, Offers};
use crate::entry::{Entry, EntryKind, EntryWrite};
use crate::error::Result;
use crate::letter::{Letter, LetterKind, Waiting};
use crate::link::{LinkKey, LinkToken, Purpose};
use crate::lockout::DeviceId;
use crate::password::Pepper;
use crate::session::Stage;
use crate::testing::forgetful::{ForgetfulStore, Forgets};

fn key() -> LinkKey {
    LinkKey::of(&Pepper::new([9; 32]))
}

/// A shop that posts letters.
async fn posting(ground: Ground) -> Scene {
    let scene = Scene::open(ground).await;
    scene.rules.write_letters(key());
    scene
}

/// The same with doors that are open to anybody.
async fn with_registration(scene: &Scene) {
    let olga = scene.olga().await;
    let shop = olga.shop().await.unwrap();
    let policy = crate::policy::Policy {
        registration: true,
        ..shop.policy
    };
    olga.change_policy(shop.revision, shop.name, policy)
        .await
        .unwrap();
}

async fn outbox(scene: &Scene) -> Vec<(Entry, Waiting)> {
    let ever = "9999-01-01T00:00:00Z".parse().unwrap();
    let entries = scene.store.entries(EntryKind::Letter, ever, 1_000).await.unwrap();
    entries
        .into_iter()
        .map(|entry| (entry.clone(), entry.read().unwrap()))
        .collect()
}

/// What somebody finds in their mailbox, in the order in which it was written. It is empty then.
async fn mail_of(scene: &Scene, who: &str) -> Vec<Letter> {
    let mut found = Vec::new();
    for (entry, waiting) in outbox(scene).await {
        if waiting.to == email(who) {
            scene.store.keep(vec![EntryWrite::take(&entry)]).await.unwrap();
            found.push(waiting.letter);
        }
    }
    found
}

fn kinds(letters: &[Letter]) -> Vec<LetterKind> {
    letters.iter().map(Letter::kind).collect()
}

/// The token in the one letter that came.
async fn token_for(scene: &Scene, who: &str, purpose: Purpose) -> String {
    let letters = mail_of(scene, who).await;
    let paths = letters
        .iter()
        .filter_map(Letter::link)
        .map(crate::letter::Link::path);
    let ours: Vec<_> = paths.filter(|path| path.starts_with(purpose.path())).collect();
    assert_eq!(ours.len(), 1, "one such link came: {letters:?}");
    let (path, token) = ours[0].rsplit_once('/').unwrap();
    assert_eq!(path, purpose.path(), "it leads to its page");
    token.to_owned()
}

async fn reset_token(scene: &Scene, who: &str) -> String {
    scene.rules.request_reset(who, here()).await.unwrap();
    token_for(scene, who, Purpose::Reset).await
}

async fn sign_in_token(scene: &Scene, who: &str) -> String {
    scene.rules.request_sign_in_link(who, here()).await.unwrap();
    token_for(scene, who, Purpose::SignIn).await
}

fn from(device: DeviceId) -> Source {
    Source {
        program: Program::Page,
        address: Some("192.0.2.7".to_owned()),
        device: Some(device),
        user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned()),
    }
}

fn a_device(number: u64) -> DeviceId {
    DeviceId::fresh(&mut Rng::seed_from_u64(number))
}

pub async fn a_forgotten_password_is_set_anew(ground: Ground) {
    let scene = posting(ground).await;
    let before = scene.olga().await;
    let token = reset_token(&scene, OLGA).await;
    let seen = scene.rules.look(Purpose::Reset, &token).await.unwrap();
    let view = LinkView {
        email: email(OLGA),
        shortest: 15,
    };
    assert_eq!(seen, view, "the page can say whose password it is");
    let weak = scene
        .rules
        .reset_password(&token, &password("rose and thorn"), here())
        .await;
    assert!(
        matches!(refusal(weak), Refusal::WeakPassword(_)),
        "checked as any other"
    );
    let signed_in = scene
        .rules
        .reset_password(&token, &password(BETTER), here())
        .await;
    let signed_in = signed_in.unwrap();
    assert_eq!(signed_in.stage, Stage::Open, "whoever has no second factor is in");
    assert_eq!(
        refusal(before.me().await),
        Refusal::SessionEnded,
        "what was open under the old password has ended"
    );
    assert_eq!(
        refusal(scene.sign_in(OLGA, GOOD).await),
        Refusal::WrongCredentials,
        "the old one is void"
    );
    assert!(scene.sign_in(OLGA, BETTER).await.is_ok(), "the new one counts");
    let again = scene.rules.reset_password(&token, &password(GOOD), here()).await;
    assert_eq!(refusal(again), Refusal::LinkRefused, "once");
    let told = mail_of(&scene, OLGA).await;
    assert!(
        kinds(&told).contains(&LetterKind::PasswordChanged),
        "its holder is told: {told:?}"
    );
    let done = scene.trail(Action::PasswordReset).await;
    assert_eq!(done.len(), 1, "and it is in the trail");
    assert_eq!(
        scene.trail(Action::PasswordResetRequested).await.len(),
        1,
        "as is that it was asked for"
    );
}

pub async fn a_second_factor_stays_asked_after_a_link(ground: Ground) {
    let scene = posting(ground).await;
    let (secret, _) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    scene.wait(60);
    mail_of(&scene, OLGA).await;
    let token = sign_in_token(&scene, OLGA).await;
    let half = scene.rules.sign_in_by_link(&token, here()).await.unwrap();
    assert_eq!(half.stage, Stage::SecondFactor, "a mailbox alone is not enough");
    assert_eq!(
        refusal(scene.rules.directory(&half.token).me().await),
        Refusal::SecondFactorNeeded,
        "nothing is open yet"
    );
    let token = reset_token(&scene, OLGA).await;
    let half = scene
        .rules
        .reset_password(&token, &password(BETTER), here())
        .await
        .unwrap();
    assert_eq!(half.stage, Stage::SecondFactor, "nor to set a new password");
    let whole = scene
        .rules
        .second_factor(&half.token, &scene.code(&secret))
        .await
        .unwrap();
    assert_eq!(whole.stage, Stage::Open, "with the phone it is");
}

pub async fn a_link_ends(ground: Ground) {
    let scene = posting(ground).await;
    let refused = |answer: Result<LinkView>, why: &str| {
        assert_eq!(refusal(answer), Refusal::LinkRefused, "{why}");
    };
    for (purpose, minutes) in [(Purpose::Reset, 30), (Purpose::SignIn, 15)] {
        let token = match purpose {
            Purpose::Reset => reset_token(&scene, OLGA).await,
            _ => sign_in_token(&scene, OLGA).await,
        };
        scene.wait(minutes * 60 - 1);
        assert!(
            scene.rules.look(purpose, &token).await.is_ok(),
            "{purpose:?} to the last second"
        );
        scene.wait(1);
        refused(scene.rules.look(purpose, &token).await, "and no longer");
    }
    let older = reset_token(&scene, OLGA).await;
    let newer = reset_token(&scene, OLGA).await;
    refused(
        scene.rules.look(Purpose::Reset, &older).await,
        "a newer one makes it void",
    );
    assert!(
        scene.rules.look(Purpose::Reset, &newer).await.is_ok(),
        "the newer one is good"
    );
    refused(
        scene.rules.look(Purpose::SignIn, &newer).await,
        "for nothing else",
    );
    let forged = LinkToken::fresh(
        Purpose::Reset,
        &LinkKey::of(&Pepper::new([8; 32])),
        &mut Rng::seed_from_u64(1),
    );
    refused(scene.rules.look(Purpose::Reset, &forged.text()).await, "made up");
    let unsent = LinkToken::fresh(Purpose::Reset, &key(), &mut Rng::seed_from_u64(2));
    refused(
        scene.rules.look(Purpose::Reset, &unsent.text()).await,
        "signed and never sent",
    );
    scene
        .olga()
        .await
        .change_password(&password(GOOD), &password(BETTER))
        .await
        .unwrap();
    refused(
        scene.rules.look(Purpose::Reset, &newer).await,
        "a new password makes it void",
    );
}

pub async fn p23_a_clock_that_is_set_back_gives_a_link_no_time(ground: Ground) {
    let scene = posting(ground).await;
    for back in [3_600, 86_400, 365 * 86_400] {
        let token = reset_token(&scene, OLGA).await;
        scene.wait(-back);
        let seen = scene.rules.look(Purpose::Reset, &token).await;
        assert_eq!(refusal(seen), Refusal::LinkRefused, "{back} s back");
        scene.wait(back);
    }
}

/// A link used many times at once; how often it opened something.
async fn uses_of(scene: &Scene, rules: &StoredAuthentication, tries: u32) -> usize {
    let token = sign_in_token(scene, OLGA).await;
    let mut at_once = JoinSet::new();
    for _ in 0..tries {
        let (rules, token) = (rules.clone(), token.clone());
        at_once.spawn(async move { rules.sign_in_by_link(&token, here()).await.is_ok() });
    }
    at_once.join_all().await.into_iter().filter(|ok| *ok).count()
}

pub async fn a_link_that_is_used_by_many_at_once_works_once(ground: Ground) {
    let scene = posting(ground).await;
    let uses = uses_of(&scene, &scene.rules, 500).await;
    assert_eq!(uses, 1, "one link, one session");
    assert_eq!(scene.trail(Action::SignInLink).await.len(), 1, "and one event");
}

/// The same measure over a store that leaves there what is taken must see more.
pub async fn mutant_a_link_that_is_not_taken_is_found(ground: Ground) {
    let scene = posting(ground).await;
    let forgetful = scene.through(Arc::new(ForgetfulStore::new(
        Arc::clone(&scene.store),
        Forgets::TakenEntries,
    )));
    forgetful.rules.write_letters(key());
    let uses = uses_of(&scene, &forgetful.rules, 20).await;
    assert!(uses > 1, "used {uses} times");
}

pub async fn somebody_is_invited_by_mail(ground: Ground) {
    let scene = posting(ground).await;
    let olga = scene.olga().await;
    let new = NewAccount {
        email: email(SAM),
        name: name("Sam"),
        role: Role::Staff,
    };
    let sam = olga.create(new).await.unwrap().account;
    let sent = olga.invite(sam.id, None).await.unwrap();
    assert_eq!(sent.to, email(SAM), "whoever invited sees where it went");
    let older = token_for(&scene, SAM, Purpose::Invitation).await;
    olga.invite(sam.id, Some(reason("lost the letter")))
        .await
        .unwrap();
    let token = token_for(&scene, SAM, Purpose::Invitation).await;
    let first = scene
        .rules
        .accept_invitation(&older, &password(GOOD), here())
        .await;
    assert_eq!(refusal(first), Refusal::LinkRefused, "only the last one counts");
    let inside = scene
        .rules
        .accept_invitation(&token, &password(GOOD), here())
        .await
        .unwrap();
    assert_eq!(inside.stage, Stage::Open, "in at once");
    assert_eq!(inside.account.id, sam.id, "as Sam");
    assert!(
        scene.sign_in(SAM, GOOD).await.is_ok(),
        "with a password of his own"
    );
    assert_eq!(
        refusal(olga.invite(sam.id, None).await),
        Refusal::Unchanged,
        "he has come in"
    );
    let events = scene.trail(Action::AccountInvited).await;
    assert_eq!(events.len(), 3, "two sent, one refused: {events:?}");
    mail_of(&scene, SAM).await;
    let anew = olga.send_reset(sam.id, Some(reason("forgot it"))).await.unwrap();
    assert_eq!(anew.to, email(SAM), "a new password he can be sent");
    let token = token_for(&scene, SAM, Purpose::Reset).await;
    let sams = scene.rules.directory(&inside.token);
    assert_eq!(
        refusal(sams.send_reset(sam.id, None).await),
        Refusal::NotAllowed(crate::rights::Right::CreateAccounts),
        "not everybody may send letters"
    );
    assert!(
        scene
            .rules
            .reset_password(&token, &password(BETTER), here())
            .await
            .is_ok(),
        "and used"
    );
}

pub async fn somebody_registers(ground: Ground) {
    let scene = posting(ground).await;
    let asked = scene.rules.register(&email(CARLA), here()).await;
    assert_eq!(refusal(asked), Refusal::NotOffered, "off until the shop wants it");
    with_registration(&scene).await;
    mail_of(&scene, OLGA).await;
    scene.rules.register(&email(CARLA), here()).await.unwrap();
    assert!(
        scene
            .store
            .person_by_email(&email(CARLA))
            .await
            .unwrap()
            .is_none(),
        "there is no account before its address is theirs"
    );
    let token = token_for(&scene, CARLA, Purpose::Registration).await;
    let carla = scene
        .rules
        .finish_registration(&token, name("Carla"), &password(GOOD), here())
        .await
        .unwrap();
    assert_eq!(
        (carla.stage, carla.account.role),
        (Stage::Open, Role::Customer),
        "a customer, and in"
    );
    let again = scene
        .rules
        .finish_registration(&token, name("Carla"), &password(GOOD), here())
        .await;
    assert_eq!(refusal(again), Refusal::LinkRefused, "once");
    assert!(scene.sign_in(CARLA, GOOD).await.is_ok(), "the password is hers");
    mail_of(&scene, CARLA).await;
    scene.rules.register(&email(OLGA), here()).await.unwrap();
    let told = kinds(&mail_of(&scene, OLGA).await);
    assert_eq!(
        told,
        [LetterKind::AddressTaken],
        "who has an account is told so, by mail alone"
    );
}

pub async fn somebody_moves_to_another_address(ground: Ground) {
    const NEW: &str = "olga@thorn.example";
    let scene = posting(ground).await;
    scene.enrolled(SAM, Role::Staff).await;
    let olga = scene.olga().await;
    mail_of(&scene, OLGA).await;
    let asked = olga.request_address(&email(NEW), &password(WRONG)).await;
    assert_eq!(
        refusal(asked),
        Refusal::WrongCredentials,
        "the password is asked for"
    );
    olga.request_address(&email(NEW), &password(GOOD)).await.unwrap();
    assert_eq!(
        olga.me().await.unwrap().account.email,
        email(OLGA),
        "nothing has changed yet"
    );
    let token = token_for(&scene, NEW, Purpose::Address).await;
    let reset = reset_token(&scene, OLGA).await;
    scene.rules.confirm_address(&token, here()).await.unwrap();
    assert_eq!(
        kinds(&mail_of(&scene, OLGA).await),
        [LetterKind::AddressChanged],
        "the old address is told"
    );
    assert_eq!(
        olga.me().await.unwrap().account.email,
        email(NEW),
        "she goes on under the new one"
    );
    assert_eq!(
        refusal(scene.rules.look(Purpose::Reset, &reset).await),
        Refusal::LinkRefused,
        "a link that lies in the old mailbox opens nothing any more"
    );
    assert!(scene.sign_in(NEW, GOOD).await.is_ok(), "she signs in with it");
    let again = scene.rules.confirm_address(&token, here()).await;
    assert_eq!(refusal(again), Refusal::LinkRefused, "once");
    olga.request_address(&email(SAM), &password(GOOD)).await.unwrap();
    assert_eq!(
        kinds(&mail_of(&scene, SAM).await),
        [LetterKind::AddressTaken],
        "but to whoever reads the letters there"
    );
}

async fn known_sam(scene: &Scene) -> (AccountId, DeviceId) {
    let sam = scene.enrolled(SAM, Role::Staff).await;
    let desk = a_device(1);
    scene
        .rules
        .sign_in(SAM, &password(GOOD), from(desk))
        .await
        .unwrap();
    mail_of(scene, SAM).await;
    (sam.id, desk)
}

pub async fn a_device_that_is_not_known_is_told(ground: Ground) {
    let scene = posting(ground).await;
    let (_, desk) = known_sam(&scene).await;
    let before = scene.trail(Action::DeviceNew).await.len();
    scene
        .rules
        .sign_in(SAM, &password(GOOD), from(desk))
        .await
        .unwrap();
    assert_eq!(
        mail_of(&scene, SAM).await,
        [],
        "a known one is not worth a letter"
    );
    scene
        .rules
        .sign_in(SAM, &password(GOOD), from(a_device(2)))
        .await
        .unwrap();
    let letters = mail_of(&scene, SAM).await;
    assert_eq!(kinds(&letters), [LetterKind::NewDevice], "another one is");
    assert_eq!(
        scene.trail(Action::DeviceNew).await.len(),
        before + 1,
        "and in the trail"
    );
    let Letter::NewDevice { visit, .. } = &letters[0] else {
        panic!("{letters:?}")
    };
    assert_eq!(
        visit.address,
        Some("192.0.2.7".parse().unwrap()),
        "with where it came from"
    );
    scene
        .rules
        .sign_in(SAM, &password(GOOD), from(a_device(2)))
        .await
        .unwrap();
    assert_eq!(mail_of(&scene, SAM).await, [], "once");
}

pub async fn that_was_not_me(ground: Ground) {
    let scene = posting(ground).await;
    let (id, desk) = known_sam(&scene).await;
    let mine = scene
        .rules
        .sign_in(SAM, &password(GOOD), from(desk))
        .await
        .unwrap();
    let thief = scene
        .rules
        .sign_in(SAM, &password(GOOD), from(a_device(2)))
        .await
        .unwrap();
    let token = token_for(&scene, SAM, Purpose::Disown).await;
    let thiefs = scene.rules.directory(&thief.token);
    thiefs
        .change_password(&password(GOOD), &password(BETTER))
        .await
        .unwrap();
    mail_of(&scene, SAM).await;
    let reset = reset_token(&scene, SAM).await;
    scene.rules.disown(&token, here()).await.unwrap();
    assert_eq!(
        refusal(thiefs.me().await),
        Refusal::SessionEnded,
        "the thief is out"
    );
    assert_eq!(
        refusal(scene.rules.directory(&mine.token).me().await),
        Refusal::SessionEnded,
        "as is everybody"
    );
    assert_eq!(
        refusal(scene.sign_in(SAM, BETTER).await),
        Refusal::LockedByHand,
        "until the shop has looked into it"
    );
    assert_eq!(
        refusal(scene.rules.look(Purpose::Reset, &reset).await),
        Refusal::LinkRefused,
        "no link opens anything"
    );
    let again = scene.rules.disown(&token, here()).await;
    assert_eq!(refusal(again), Refusal::LinkRefused, "once");
    let sam = scene.store.person(id).await.unwrap().unwrap();
    let mark = sam.account.locked.unwrap();
    assert_eq!(mark.by, "Keyholder", "whoever looks sees who locked it");
    assert!(mark.reason.is_some(), "and why");
    assert!(
        !sam.credential.known_devices.contains(&a_device(2)),
        "the thief's device is not known any more"
    );
    let events = scene.trail(Action::DeviceDisowned).await;
    assert_eq!(events.len(), 1, "it is in the trail: {events:?}");
}

pub async fn a_code_that_does_not_come_is_told_once(ground: Ground) {
    let scene = posting(ground).await;
    let (secret, _) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    scene.wait(60);
    mail_of(&scene, OLGA).await;
    let late = scene.sign_in(OLGA, GOOD).await.unwrap();
    let in_time = scene.sign_in(OLGA, GOOD).await.unwrap();
    scene
        .rules
        .second_factor(&in_time.token, &scene.code(&secret))
        .await
        .unwrap();
    mail_of(&scene, OLGA).await;
    scene.wait(179);
    assert_eq!(
        scene.rules.tell_of_missing_codes().await.unwrap(),
        0,
        "somebody may look for the phone"
    );
    // Whoever stole the password cannot hide it by going away.
    scene.rules.directory(&late.token).sign_out().await.unwrap();
    scene.wait(1);
    let (one, other) = tokio::join!(
        scene.rules.tell_of_missing_codes(),
        scene.rules.tell_of_missing_codes()
    );
    assert_eq!(one.unwrap() + other.unwrap(), 1, "two nodes tell it once");
    assert_eq!(
        scene.rules.tell_of_missing_codes().await.unwrap(),
        0,
        "and not again"
    );
    let told = kinds(&mail_of(&scene, OLGA).await);
    assert_eq!(
        told,
        [LetterKind::SecondFactorMissing],
        "of the one that was not finished"
    );
    assert_eq!(
        scene.trail(Action::SecondFactorMissing).await.len(),
        1,
        "and it is in the trail"
    );
}

pub async fn a_shop_without_mail_offers_no_links(ground: Ground) {
    let scene = Scene::open(ground).await;
    let nothing = Offers {
        letters: false,
        registration: false,
    };
    with_registration(&scene).await;
    assert_eq!(
        scene.rules.offers().await.unwrap(),
        nothing,
        "the pages show no way that leads nowhere"
    );
    for refused in [
        scene.rules.request_reset(OLGA, here()).await,
        scene.rules.request_sign_in_link(OLGA, here()).await,
        scene.rules.register(&email(CARLA), here()).await,
        scene
            .olga()
            .await
            .request_address(&email(CARLA), &password(GOOD))
            .await,
    ] {
        assert_eq!(refusal(refused), Refusal::NotOffered, "and none is taken");
    }
    let sam = scene.enrolled(SAM, Role::Staff).await;
    assert_eq!(
        refusal(scene.olga().await.send_reset(sam.id, None).await),
        Refusal::NotOffered,
        "from nobody"
    );
    assert_eq!(
        outbox(&scene).await.len(),
        0,
        "nothing lies where nobody fetches it"
    );
}

/// One of every kind of address that somebody may ask for.
async fn every_kind(scene: &Scene) -> Vec<String> {
    let olga = scene.olga().await;
    let mut who = vec![
        "nobody@rose.example".to_owned(),
        "no address".to_owned(),
        OLGA.to_owned(),
    ];
    for (number, state) in ["disabled", "locked", "deleted", "phone"].into_iter().enumerate() {
        let address = format!("{state}{number}@rose.example");
        let account = scene.enrolled(&address, Role::Customer).await;
        match state {
            "disabled" => drop(olga.disable(account.id, reason("left")).await.unwrap()),
            "locked" => drop(olga.lock_account(account.id, reason("calls")).await.unwrap()),
            "deleted" => drop(olga.delete(account.id, None).await.unwrap()),
            _ => drop(
                scene
                    .bind(&scene.sign_in(&address, GOOD).await.unwrap().token)
                    .await,
            ),
        }
        who.push(address);
    }
    let invited = NewAccount {
        email: email("invited@rose.example"),
        name: name("Ida"),
        role: Role::Customer,
    };
    olga.create(invited).await.unwrap();
    who.push("invited@rose.example".to_owned());
    who
}

pub async fn p16_whoever_asks_for_a_link_is_answered_alike(ground: Ground) {
    let scene = posting(ground).await;
    with_registration(&scene).await;
    for who in every_kind(&scene).await {
        let before = scene.events().await;
        assert!(
            scene.rules.request_reset(&who, here()).await.is_ok(),
            "a new password for {who}"
        );
        assert!(
            scene.rules.request_sign_in_link(&who, here()).await.is_ok(),
            "a link for {who}"
        );
        let mut asked = 2;
        if let Ok(address) = Email::parse(&who) {
            assert!(
                scene.rules.register(&address, here()).await.is_ok(),
                "an account for {who}"
            );
            asked += 1;
        }
        assert_eq!(
            scene.events().await - before,
            asked,
            "{who}: an event each, whoever it is"
        );
    }
    let letters = outbox(&scene).await;
    for shut in [
        "disabled0@rose.example",
        "locked1@rose.example",
        "deleted2@rose.example",
    ] {
        let opens = letters
            .iter()
            .any(|(_, waiting)| waiting.to == email(shut) && waiting.letter.link().is_some());
        assert!(!opens, "{shut} gets no link to what is shut");
    }
}
