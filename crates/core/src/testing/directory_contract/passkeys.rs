//! A key that signs in by itself. The stories know a place on the web whose signatures are words: what is
//! signed for real is told in the stories of the pages.

use std::sync::Arc;

use super::*;
use crate::account::AccountId;
use crate::credential::PasskeyId;
use crate::directory::{Duty, Passkeys as _};
use crate::entry::EntryKind;
use crate::error::{Code, StoreError};
use crate::passkey::{Begun, Ceremony, Challenge, Claim, Made, NotProved, RelyingParty};
use crate::policy::Policy;
use crate::session::Stage;
use crate::testing::forgetful::{ForgetfulStore, Forgets};

/// A place whose challenge is a word. An answer says the word again, whose passkey it is, and its counter.
struct Words;

/// What an authenticator answers with.
fn answer(account: Option<AccountId>, id: &str, counter: u32) -> String {
    let account = account.map_or_else(String::new, |account| account.uuid().to_string());
    format!("rose {account} {} {counter}", key(id).text())
}

fn key(id: &str) -> PasskeyId {
    PasskeyId::new(id.as_bytes().to_vec()).unwrap()
}

fn parts(answer: &str) -> Option<(&str, &str, PasskeyId, u32)> {
    let mut parts = answer.split(' ');
    let (word, account) = (parts.next()?, parts.next()?);
    let (id, counter) = (PasskeyId::parse(parts.next()?)?, parts.next()?.parse().ok()?);
    Some((word, account, id, counter))
}

impl RelyingParty for Words {
    fn ask_to_make(&self, _: &Account, known: &[PasskeyId]) -> Result<Challenge, StoreError> {
        let known: Vec<_> = known.iter().map(PasskeyId::text).collect();
        Ok(Challenge {
            options: format!("make one, but none of {known:?}"),
            state: "rose".to_owned(),
        })
    }

    fn made(&self, state: &str, answer: &str) -> Result<Made, NotProved> {
        match parts(answer) {
            Some((word, _, id, counter)) if word == state => Ok(Made {
                id,
                material: counter.to_string(),
            }),
            _ => Err(NotProved::Wrong),
        }
    }

    fn ask_to_use(&self) -> Result<Challenge, StoreError> {
        Ok(Challenge {
            options: "use any".to_owned(),
            state: "rose".to_owned(),
        })
    }

    fn claim(&self, answer: &str) -> Option<Claim> {
        let (_, account, id, _) = parts(answer)?;
        let account = account.parse().ok().map(|id: uuid::Uuid| AccountId::from(id));
        Some(Claim { account, id })
    }

    fn used(&self, state: &str, answer: &str, material: &str) -> Result<String, NotProved> {
        let (word, _, _, counter) = parts(answer).ok_or(NotProved::Wrong)?;
        let before: u32 = material.parse().map_err(|_| NotProved::Wrong)?;
        if word != state {
            Err(NotProved::Wrong)
        } else if counter <= before && counter + before > 0 {
            Err(NotProved::WentBack)
        } else {
            Ok(counter.to_string())
        }
    }
}

/// The same place, which does not look at everything.
enum Careless {
    /// Not whether the counter went back.
    OfCounters,
    /// Not whether the signature is of this ceremony.
    OfCeremonies,
}

impl RelyingParty for Careless {
    fn ask_to_make(&self, account: &Account, known: &[PasskeyId]) -> Result<Challenge, StoreError> {
        Words.ask_to_make(account, known)
    }

    fn made(&self, state: &str, answer: &str) -> Result<Made, NotProved> {
        Words.made(state, answer)
    }

    fn ask_to_use(&self) -> Result<Challenge, StoreError> {
        Words.ask_to_use()
    }

    fn claim(&self, answer: &str) -> Option<Claim> {
        Words.claim(answer)
    }

    fn used(&self, state: &str, answer: &str, material: &str) -> Result<String, NotProved> {
        match self {
            Self::OfCounters => Words.used(state, answer, "0"),
            Self::OfCeremonies => {
                let word = answer.split(' ').next().unwrap_or_default();
                Words.used(word, answer, material)
            }
        }
    }
}

/// Whether a copy whose counter lags behind comes in.
async fn a_copy_comes_in(scene: &Scene, party: &dyn RelyingParty, id: AccountId) -> bool {
    let mut came_in = false;
    for counter in [900, 899] {
        let ceremony = scene.ask(None).await;
        let answer = answer(Some(id), "ring", counter);
        let tried = scene.rules.sign_in_by_passkey(party, &ceremony, &answer, here());
        came_in = tried.await.is_ok();
    }
    came_in
}

/// Whether what was signed for another ceremony comes in.
async fn a_stolen_signature_comes_in(scene: &Scene, party: &dyn RelyingParty, id: AccountId) -> bool {
    let ceremony = scene.ask(None).await;
    let stolen = answer(Some(id), "ring", 1_000).replace("rose", "thorn");
    let tried = scene.rules.sign_in_by_passkey(party, &ceremony, &stolen, here());
    tried.await.is_ok()
}

pub async fn mutant_a_place_that_does_not_look_is_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let id = scene.with_passkey(CARLA, Role::Customer, "ring").await.id;
    assert!(!a_copy_comes_in(&scene, &Words, id).await, "a copy is kept out");
    let careless = Careless::OfCounters;
    assert!(
        a_copy_comes_in(&scene, &careless, id).await,
        "and the measure sees it where nobody counts"
    );
    assert!(
        !a_stolen_signature_comes_in(&scene, &Words, id).await,
        "a signature is of its ceremony"
    );
    let careless = Careless::OfCeremonies;
    assert!(
        a_stolen_signature_comes_in(&scene, &careless, id).await,
        "and the measure sees it where nobody compares"
    );
}

impl Scene {
    /// Adds a passkey to the account of whoever is signed in.
    async fn add(&self, token: &SessionToken, id: &str) -> Result<(), Error> {
        let begun = self.begin(token, id).await?;
        let made = answer(None, id, 0);
        self.rules
            .add_passkey(&Words, token, &begun.ceremony, &made)
            .await
    }

    async fn begin(&self, token: &SessionToken, id: &str) -> Result<Begun, Error> {
        let password = password(GOOD);
        self.rules
            .begin_passkey(&Words, token, &name(id), &password)
            .await
    }

    async fn ask(&self, email: Option<&str>) -> Ceremony {
        self.rules.ask_for_passkey(&Words, email).await.unwrap().ceremony
    }

    async fn enter(&self, ceremony: &Ceremony, answer: &str) -> Result<SignedIn, Error> {
        self.rules
            .sign_in_by_passkey(&Words, ceremony, answer, here())
            .await
    }

    /// Whoever has an enrolled account, with a passkey of that name.
    async fn with_passkey(&self, who: &str, role: Role, id: &str) -> Account {
        let account = self.enrolled(who, role).await;
        let token = self.sign_in(who, GOOD).await.unwrap().token;
        self.add(&token, id).await.unwrap();
        account
    }
}

pub async fn a_passkey_opens_the_door_by_itself(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.with_passkey(CARLA, Role::Customer, "ring").await;
    assert_eq!(
        scene.trail(Action::PasskeyAdded).await.len(),
        1,
        "the trail knows that it was added"
    );
    for email in [None, Some(CARLA)] {
        scene.wait(60);
        let ceremony = scene.ask(email).await;
        let counter = if email.is_some() { 2 } else { 1 };
        let signed_in = scene
            .enter(&ceremony, &answer(Some(carla.id), "ring", counter))
            .await
            .unwrap();
        assert_eq!(signed_in.stage, Stage::Open, "it is both factors in one");
        let me = scene.rules.directory(&signed_in.token).me().await.unwrap();
        assert_eq!(me.account.id, carla.id, "and it is Carla who is in");
    }
    let event = scene.trail(Action::SignInPasskey).await.remove(0);
    assert_eq!(
        (event.outcome, event.actor.account(), event.subject),
        (Outcome::Done, Some(carla.id), Some(carla.id)),
        "the trail knows who came in, and how"
    );
    let page = scene.olga().await.account(carla.id).await.unwrap().unwrap();
    assert_eq!(page.passkeys.len(), 1, "the shop sees her passkeys");
    assert_eq!(page.passkeys[0].name, name("ring"), "by name");
    assert_eq!(
        page.passkeys[0].last_used_at, page.last_sign_in_at,
        "and when one was last used"
    );
}

pub async fn a_ceremony_is_used_up(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.with_passkey(CARLA, Role::Customer, "ring").await;
    let ceremony = scene.ask(None).await;
    let good = answer(Some(carla.id), "ring", 1);
    scene.enter(&ceremony, &good).await.unwrap();
    for again in [good, answer(Some(carla.id), "ring", 2)] {
        assert_eq!(
            refusal(scene.enter(&ceremony, &again).await),
            Refusal::WrongCredentials,
            "what was used opens nothing, whatever is signed"
        );
    }
    let ceremony = scene.ask(None).await;
    let wrong = scene.enter(&ceremony, "thorn - - -").await;
    assert_eq!(refusal(wrong), Refusal::WrongCredentials, "this is no answer");
    let late = scene.enter(&ceremony, &answer(Some(carla.id), "ring", 3)).await;
    assert_eq!(
        refusal(late),
        Refusal::WrongCredentials,
        "a wrong answer uses it up too"
    );
    let ceremony = scene.ask(None).await;
    scene.wait(5 * 60);
    let late = scene.enter(&ceremony, &answer(Some(carla.id), "ring", 4)).await;
    assert_eq!(
        refusal(late),
        Refusal::WrongCredentials,
        "after five minutes it is over"
    );
    let ceremony = scene.ask(None).await;
    scene.wait(-3600);
    let early = scene.enter(&ceremony, &answer(Some(carla.id), "ring", 5)).await;
    assert_eq!(
        refusal(early),
        Refusal::WrongCredentials,
        "a clock that is set back gives it no time"
    );
}

/// A hundred go on with one ceremony at once; says how many came in.
async fn many_at_once(scene: &Scene, id: AccountId) -> usize {
    let ceremony = scene.ask(None).await;
    let tries = (1..=100).map(|_| {
        let (rules, ceremony) = (scene.rules.clone(), ceremony.clone());
        tokio::spawn(async move {
            // An authenticator that does not count.
            let answer = answer(Some(id), "ring", 0);
            rules
                .sign_in_by_passkey(&Words, &ceremony, &answer, here())
                .await
                .is_ok()
        })
    });
    let mut came_in = 0;
    for tried in tries.collect::<Vec<_>>() {
        came_in += usize::from(tried.await.unwrap());
    }
    came_in
}

pub async fn a_hundred_uses_of_one_ceremony_open_one_session(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.with_passkey(CARLA, Role::Customer, "ring").await;
    assert_eq!(
        many_at_once(&scene, carla.id).await,
        1,
        "one of them, and no more"
    );
}

pub async fn mutant_a_ceremony_that_is_not_taken_is_found(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.with_passkey(CARLA, Role::Customer, "ring").await;
    let store = ForgetfulStore::new(Arc::clone(&scene.store), Forgets::TakenEntries);
    let lying = scene.through(Arc::new(store));
    assert!(
        many_at_once(&lying, carla.id).await > 1,
        "the measure sees it where ceremonies stay"
    );
}

pub async fn a_passkey_of_somebody_else_is_refused(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.with_passkey(CARLA, Role::Customer, "ring").await;
    let sam = scene.with_passkey(SAM, Role::Staff, "phone").await;
    let stranger = AccountId::from(uuid::Uuid::from_u128(7));
    for (email, account, id) in [
        (Some(SAM), carla.id, "ring"),
        (Some("nobody@rose.example"), carla.id, "ring"),
        (None, sam.id, "ring"),
        (None, stranger, "ring"),
    ] {
        let ceremony = scene.ask(email).await;
        let tried = scene.enter(&ceremony, &answer(Some(account), id, 1)).await;
        assert_eq!(
            refusal(tried),
            Refusal::WrongCredentials,
            "after {email:?}, {id} of {account:?}: answered alike, whoever exists"
        );
    }
    assert_eq!(
        scene.failures(Action::SignInPasskey).await,
        4,
        "and each is in the trail"
    );
    let ceremony = scene.ask(None).await;
    let nameless = scene.enter(&ceremony, &answer(None, "ring", 1)).await;
    assert_eq!(refusal(nameless), Refusal::WrongCredentials, "whose, nobody says");
    let ceremony = scene.ask(Some(CARLA)).await;
    let named = scene.enter(&ceremony, &answer(None, "ring", 1)).await;
    assert_eq!(named.unwrap().account.id, carla.id, "but the address may say it");
}

pub async fn a_counter_that_went_back_is_told(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.with_passkey(CARLA, Role::Customer, "ring").await;
    let ceremony = scene.ask(None).await;
    scene
        .enter(&ceremony, &answer(Some(carla.id), "ring", 9))
        .await
        .unwrap();
    for counter in [9, 4] {
        let ceremony = scene.ask(None).await;
        let copied = scene
            .enter(&ceremony, &answer(Some(carla.id), "ring", counter))
            .await;
        assert_eq!(refusal(copied), Refusal::WrongCredentials, "{counter} after 9");
        let event = scene.trail(Action::SignInPasskey).await.remove(0);
        assert_eq!(
            (event.outcome, event.subject, event.code),
            (Outcome::Failed, Some(carla.id), Some(Code::WrongCredentials)),
            "it is in the trail"
        );
        assert_eq!(
            event.details.facts.get("counter").map(String::as_str),
            Some("went back"),
            "which says that there may be a copy"
        );
    }
}

pub async fn who_is_barred_does_not_come_in_by_passkey(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.with_passkey(CARLA, Role::Customer, "ring").await;
    let olga = scene.olga().await;
    let mut counter = 0;
    let mut tried = async || {
        counter += 1;
        let ceremony = scene.ask(None).await;
        let answer = answer(Some(carla.id), "ring", counter);
        refusal(scene.enter(&ceremony, &answer).await)
    };
    olga.disable(carla.id, reason("left")).await.unwrap();
    assert_eq!(
        tried().await,
        Refusal::Disabled,
        "said to whoever has the passkey"
    );
    olga.enable(carla.id, None).await.unwrap();
    olga.lock_account(carla.id, reason("odd orders")).await.unwrap();
    assert_eq!(tried().await, Refusal::LockedByHand, "and this");
    olga.unlock_account(carla.id, reason("all well")).await.unwrap();
    olga.delete(carla.id, None).await.unwrap();
    assert_eq!(
        tried().await,
        Refusal::WrongCredentials,
        "who lies in the recycle bin is nobody"
    );
    olga.restore(carla.id).await.unwrap();
    olga.force_password_change(carla.id, reason("seen on a note"))
        .await
        .unwrap();
    let ceremony = scene.ask(None).await;
    let answer = answer(Some(carla.id), "ring", 99);
    let signed_in = scene.enter(&ceremony, &answer).await.unwrap();
    assert_eq!(signed_in.stage, Stage::SetUp, "a duty comes first here too");
}

pub async fn adding_and_removing_ask_for_the_password(ground: Ground) {
    let scene = Scene::open(ground).await;
    scene.enrolled(CARLA, Role::Customer).await;
    let token = scene.sign_in(CARLA, GOOD).await.unwrap().token;
    let rules = &scene.rules;
    let wrong = rules
        .begin_passkey(&Words, &token, &name("ring"), &password(WRONG))
        .await;
    assert_eq!(
        refusal(wrong),
        Refusal::WrongCredentials,
        "whoever found the browser open"
    );
    assert_eq!(scene.failures(Action::PasskeyAdded).await, 1, "is counted");
    for (called, why) in [("", "none"), (&*"x".repeat(65), "too long")] {
        let refused = rules
            .begin_passkey(&Words, &token, &name(called), &password(GOOD))
            .await;
        assert!(
            matches!(refusal(refused), Refusal::BadText(_)),
            "a name that is {why}"
        );
    }
    let begun = scene.begin(&token, "ring").await.unwrap();
    let other = scene.sign_in(CARLA, GOOD).await.unwrap().token;
    let made = answer(None, "ring", 0);
    let elsewhere = rules.add_passkey(&Words, &other, &begun.ceremony, &made).await;
    assert_eq!(
        refusal(elsewhere),
        Refusal::NothingBegun,
        "it goes on in the session where the password was given"
    );
    rules
        .add_passkey(&Words, &token, &begun.ceremony, &made)
        .await
        .unwrap();
    let again = rules
        .add_passkey(&Words, &token, &begun.ceremony, &answer(None, "two", 0))
        .await;
    assert_eq!(refusal(again), Refusal::NothingBegun, "and works once");

    let wrong = rules
        .remove_own_passkey(&token, &key("ring"), &password(WRONG))
        .await;
    assert_eq!(refusal(wrong), Refusal::WrongCredentials, "removing asks too");
    assert_eq!(scene.failures(Action::PasskeyRemoved).await, 1, "and counts");
    rules
        .remove_own_passkey(&token, &key("ring"), &password(GOOD))
        .await
        .unwrap();
    assert_eq!(
        refusal(rules.directory(&other).me().await),
        Refusal::SessionEnded,
        "what was open elsewhere ends"
    );
    assert!(rules.directory(&token).me().await.is_ok(), "and this goes on");
    assert_eq!(
        refusal(
            rules
                .remove_own_passkey(&token, &key("ring"), &password(GOOD))
                .await
        ),
        Refusal::NotFound,
        "gone is gone"
    );
}

pub async fn nobody_has_more_than_twenty(ground: Ground) {
    let scene = Scene::open(ground).await;
    let token = scene.sign_in(OLGA, GOOD).await.unwrap().token;
    let early = scene.begin(&token, "early").await.unwrap();
    for number in 1..=20 {
        scene.add(&token, &format!("key {number}")).await.unwrap();
    }
    let more = scene.begin(&token, "one more").await.map(drop);
    assert_eq!(refusal(more), Refusal::NotOffered, "twenty are enough");
    let more = scene
        .rules
        .add_passkey(&Words, &token, &early.ceremony, &answer(None, "early", 0))
        .await;
    assert_eq!(
        refusal(more),
        Refusal::NotOffered,
        "also for what was begun before"
    );
}

pub async fn a_passkey_is_a_second_factor(ground: Ground) {
    let scene = Scene::open(ground).await;
    let sam = scene.with_passkey(SAM, Role::Staff, "phone").await;
    let olga = scene.olga().await;
    let shop = olga.shop().await.unwrap();
    let policy = Policy {
        second_factor_required: Role::ALL.iter().copied().collect(),
        ..shop.policy
    };
    olga.change_policy(shop.revision, shop.name, policy)
        .await
        .unwrap();
    let ceremony = scene.ask(None).await;
    let signed_in = scene
        .enter(&ceremony, &answer(Some(sam.id), "phone", 1))
        .await
        .unwrap();
    assert_eq!(signed_in.stage, Stage::Open, "it is all that the shop requires");
    let inside = scene.rules.directory(&signed_in.token);
    let me = inside.me().await.unwrap();
    assert!(
        !me.duties.contains(&Duty::SetUpSecondFactor) && !me.duties.contains(&Duty::OfferSecondFactor),
        "nothing more is asked: {:?}",
        me.duties
    );
    let half = scene.sign_in(SAM, GOOD).await.unwrap();
    assert_eq!(
        half.stage,
        Stage::SecondFactor,
        "the password alone opens nothing, and leads to no other second factor"
    );
    let last = scene
        .rules
        .remove_own_passkey(&signed_in.token, &key("phone"), &password(GOOD))
        .await;
    assert_eq!(refusal(last), Refusal::SetUpNeeded, "the last one stays");
}

pub async fn the_shop_takes_passkeys_away(ground: Ground) {
    let scene = Scene::open(ground).await;
    let sam = scene.with_passkey(SAM, Role::Staff, "phone").await;
    let token = scene.sign_in(SAM, GOOD).await.unwrap().token;
    scene.add(&token, "ring").await.unwrap();
    let olga = scene.olga().await;
    let by_sam = scene.auth.directory(&token);
    let olgas = olga.me().await.unwrap().account.id;
    let own = olga.remove_passkey(olgas, &key("phone"), reason("lost")).await;
    assert_eq!(
        refusal(own),
        Refusal::OwnAccount,
        "one's own asks for the password"
    );
    let not_his = by_sam.remove_passkey(olgas, &key("phone"), reason("lost")).await;
    assert!(
        matches!(refusal(not_his), Refusal::NotAllowed(_) | Refusal::OnlyOwners),
        "who has no right does not"
    );
    let unknown = olga.remove_passkey(sam.id, &key("none"), reason("lost")).await;
    assert_eq!(refusal(unknown), Refusal::NotFound, "what is not there");
    olga.remove_passkey(sam.id, &key("phone"), reason("lost"))
        .await
        .unwrap();
    let event = scene.trail(Action::PasskeyRemoved).await.remove(0);
    assert_eq!(
        (event.outcome, event.reason, event.subject),
        (Outcome::Done, Some(reason("lost")), Some(sam.id)),
        "the trail says who did it to whom, and why"
    );
    assert_eq!(
        refusal(by_sam.me().await),
        Refusal::SessionEnded,
        "Sam is signed out everywhere"
    );
    let left = olga.account(sam.id).await.unwrap().unwrap().passkeys;
    assert_eq!(left.len(), 1, "the other one stays");
    olga.reset_second_factor(sam.id, reason("starts anew"))
        .await
        .unwrap();
    let ceremony = scene.ask(None).await;
    let gone = scene.enter(&ceremony, &answer(Some(sam.id), "ring", 1)).await;
    assert_eq!(
        refusal(gone),
        Refusal::WrongCredentials,
        "until the second factors are reset"
    );
}

pub async fn an_owner_with_a_passkey_can_really_sign_in(ground: Ground) {
    let scene = Scene::open(ground).await;
    let sam = scene.with_passkey(SAM, Role::Owner, "phone").await;
    let olga = scene.olga().await;
    let olgas = olga.me().await.unwrap().account;
    for _ in 0..100 {
        let _ = scene.sign_in(SAM, WRONG).await;
        scene.wait(3600);
    }
    let by_sam = {
        let ceremony = scene.ask(None).await;
        let signed_in = scene.enter(&ceremony, &answer(Some(sam.id), "phone", 1)).await;
        scene.rules.directory(&signed_in.unwrap().token)
    };
    by_sam.disable(olgas.id, reason("sells the shop")).await.unwrap();
    let entries = scene.store.entries(EntryKind::Ceremony, Timestamp::MAX, 10).await;
    assert_eq!(entries.unwrap(), Vec::new(), "no ceremony is left behind");
}
