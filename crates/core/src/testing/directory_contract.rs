//! The contract of [`Authentication`](directory::Authentication) and [`Directory`], told as stories: the same code runs over every
//! store, and on both sides of every border.
//!
//! [`directory_contract!`](crate::directory_contract) makes a test of each story; it is given an
//! expression that opens a fresh, empty store, and for a border the [`Way`] over it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "stories fail by panicking"
)]

pub mod accounts;
pub mod attack;
pub mod clocks;
pub mod counting;
pub mod faults;
pub mod files;
mod ground;
pub mod limits;
pub mod links;
pub mod owners;
pub mod passkeys;
pub mod passwords;
pub mod second_factors;
pub mod sessions;
pub mod sign_in;
pub mod tokens;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng as _;

pub use self::ground::{Ground, Way, straight};
use crate::account::{Account, Email, Name, Reason, Role};
use crate::audit::{Action, AuditEvent, Outcome, Program, Source};
use crate::breach::{BreachAnswer, BreachCheck, NotCheckedReason};
use crate::clock::{FixedClock, Rng};
use crate::directory::{
    self, Authentication as _, Directory, NewAccount, NewOwner, SignedIn, StoredAuthentication,
};
use crate::error::{Error, Refusal};
use crate::password::{Argon2Params, Hasher, Password};
use crate::query::EventQuery;
use crate::second_factor::TotpSecret;
use crate::second_factor::totp::step_at;
use crate::session::SessionToken;
use crate::store::Store;

/// The owner of every story.
pub const OLGA: &str = "olga@rose.example";
/// Somebody who works with customers.
pub const SAM: &str = "sam@rose.example";
/// Somebody who buys.
pub const CARLA: &str = "carla@mail.example";
/// A password that every rule takes.
pub const GOOD: &str = "seven quiet herons wade upstream";
/// Another one.
pub const BETTER: &str = "a lamp left burning in the orchard";
/// One that nobody has.
pub const WRONG: &str = "not the password of anybody here";

/// When every story begins.
pub fn monday() -> Timestamp {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

/// A breach check that answers what the story says.
#[derive(Clone)]
pub struct ScriptedBreach(Arc<Mutex<BreachAnswer>>);

impl Default for ScriptedBreach {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(BreachAnswer::NotChecked {
            why: NotCheckedReason::Unreachable,
        })))
    }
}

impl ScriptedBreach {
    pub fn answers(&self, answer: BreachAnswer) {
        *self.0.lock().unwrap() = answer;
    }
}

#[async_trait]
impl BreachCheck for ScriptedBreach {
    async fn check(&self, _password: &Password) -> BreachAnswer {
        self.0.lock().unwrap().clone()
    }
}

/// A shop on its first Monday: Olga owns it.
pub struct Scene {
    /// What is asked: the way in, as a console has it.
    pub auth: Arc<dyn directory::Authentication>,
    /// Who answers, for what is not asked over a border.
    pub rules: StoredAuthentication,
    pub store: Arc<dyn Store>,
    pub clock: FixedClock,
    pub breach: ScriptedBreach,
    /// Where somebody who is [`here`] comes from, as the trail has it.
    pub seen_from: &'static str,
    way: Arc<dyn Way>,
}

impl Scene {
    /// Opens a shop with its owner on an empty store.
    pub async fn open(ground: Ground) -> Self {
        let scene = Self::before(ground);
        let owner = NewOwner {
            email: email(OLGA),
            name: name("Olga"),
            password: password(GOOD),
        };
        scene
            .auth
            .set_up(name("Rose and Thorn"), owner, here())
            .await
            .unwrap();
        scene
    }

    /// Before anybody set up anything.
    pub fn before(ground: Ground) -> Self {
        Self::at(ground, FixedClock::at(monday()), ScriptedBreach::default())
    }

    fn at(Ground { store, way }: Ground, clock: FixedClock, breach: ScriptedBreach) -> Self {
        let rules = Self::rules(Arc::clone(&store), usual_line(), &clock, &breach);
        Self {
            auth: way.to(rules.clone(), &clock),
            // Sessions from beyond a border are shown by the device that they are bound to.
            rules: match way.device() {
                Some(key) => rules.on_device(key),
                None => rules,
            },
            store,
            clock,
            breach,
            seen_from: way.seen_from(),
            way,
        }
    }

    /// Another program over the same store, as after a restart.
    pub fn restarted(&self) -> Arc<dyn directory::Authentication> {
        self.with_line(Arc::clone(&self.store), usual_line())
    }

    /// The same, beside every border.
    pub fn restarted_rules(&self) -> StoredAuthentication {
        Self::rules(Arc::clone(&self.store), usual_line(), &self.clock, &self.breach)
    }

    /// The same shop as seen through a store that lies or fails.
    #[must_use]
    pub fn through(&self, store: Arc<dyn Store>) -> Self {
        let ground = Ground::beyond(store, Arc::clone(&self.way));
        Self::at(ground, self.clock.clone(), self.breach.clone())
    }

    /// The same shop with another line for hashes.
    pub fn with_line(&self, store: Arc<dyn Store>, hasher: Hasher) -> Arc<dyn directory::Authentication> {
        let rules = Self::rules(store, hasher, &self.clock, &self.breach);
        self.way.to(rules, &self.clock)
    }

    fn rules(
        store: Arc<dyn Store>,
        hasher: Hasher,
        clock: &FixedClock,
        breach: &ScriptedBreach,
    ) -> StoredAuthentication {
        let clock = Arc::new(clock.clone());
        StoredAuthentication::new(
            store,
            hasher,
            clock,
            Arc::new(breach.clone()),
            Rng::seed_from_u64(7),
        )
    }

    pub async fn sign_in(&self, who: &str, secret: &str) -> Result<SignedIn, Error> {
        self.auth.sign_in(who, &password(secret), here()).await
    }

    /// Olga, signed in.
    pub async fn olga(&self) -> Box<dyn Directory> {
        self.inside(OLGA, GOOD).await
    }

    pub async fn inside(&self, who: &str, secret: &str) -> Box<dyn Directory> {
        self.auth
            .directory(&self.sign_in(who, secret).await.unwrap().token)
    }

    /// Somebody whom Olga made and who has enrolled with [`GOOD`].
    pub async fn enrolled(&self, who: &str, role: Role) -> Account {
        let new = NewAccount {
            email: email(who),
            name: name("Somebody"),
            role,
        };
        let created = self.olga().await.create(new).await.unwrap();
        let code = created.enrolment.code.printed();
        self.auth
            .enrol(who, &code, &password(GOOD), here())
            .await
            .unwrap();
        created.account
    }

    /// Sets up a second factor and gives its secret with the recovery codes.
    pub async fn bind(&self, token: &SessionToken) -> (TotpSecret, Vec<String>) {
        let inside = self.auth.directory(token);
        let begun = inside.begin_second_factor().await.unwrap();
        let codes = inside
            .confirm_second_factor(&self.code(&begun.secret))
            .await
            .unwrap();
        (
            begun.secret,
            codes.iter().map(|code| code.printed().to_string()).collect(),
        )
    }

    /// The code that the phone shows now.
    pub fn code(&self, secret: &TotpSecret) -> String {
        use crate::clock::Clock as _;
        secret.code_at(step_at(self.clock.now())).digits().to_owned()
    }

    /// What the clock of the story says.
    pub fn rules_now(&self) -> Timestamp {
        use crate::clock::Clock as _;
        self.clock.now()
    }

    pub fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// Events of that action, the newest first.
    pub async fn trail(&self, action: Action) -> Vec<AuditEvent> {
        let query = EventQuery {
            action: Some(action),
            limit: 500,
            ..EventQuery::default()
        };
        let page = self.store.events(&query).await.unwrap();
        page.rows.into_iter().map(|row| row.event).collect()
    }

    /// How many events there are at all.
    pub async fn events(&self) -> u32 {
        let query = EventQuery {
            limit: 1,
            ..EventQuery::default()
        };
        self.store
            .events(&query)
            .await
            .unwrap()
            .rows
            .first()
            .map_or(0, |row| row.seq)
    }

    /// How many tries at that were evaluated and wrong, at most 500.
    pub async fn failures(&self, action: Action) -> usize {
        let query = EventQuery {
            action: Some(action),
            outcome: Some(Outcome::Failed),
            limit: 500,
            ..EventQuery::default()
        };
        self.store.events(&query).await.unwrap().rows.len()
    }
}

/// Hashes as cheap as is allowed, four at a time.
fn usual_line() -> Hasher {
    Hasher::new(Argon2Params::floor(), None, 4)
}

pub fn here() -> Source {
    Source {
        program: Program::Window,
        address: Some("till-1".to_owned()),
        device: None,
        user_agent: None,
    }
}

pub fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

pub fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub fn reason(text: &str) -> Reason {
    Reason::parse(text).unwrap()
}

pub fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

/// The refusal of an answer that must be one.
pub fn refusal<T>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => panic!("refused was expected, broken came: {other}"),
        Ok(_) => panic!("refused was expected, done came"),
    }
}

/// How long a stress is: whole under `cargo xtask trust`, short in every test run.
pub fn rounds(short: u32, whole: u32) -> u32 {
    if std::env::var_os("KEYHOLDER_TRUST").is_some_and(|value| value == "full") {
        whole
    } else {
        short
    }
}

/// Makes a test of each story of the contract. The first expression opens a fresh, empty store as an
/// `Arc<dyn Store>`, together with what must be kept as long as the story is told, such as its folder;
/// the second, where there is one, gives the `Arc<dyn Way>` over a border. They may be awaited and may
/// borrow nothing.
#[macro_export]
macro_rules! directory_contract {
    ($store:expr) => {
        $crate::directory_contract!($store, $crate::testing::directory_contract::straight());
    };
    ($store:expr, $way:expr) => {
        $crate::directory_contract!(@stories $store, $way;
            sign_in: a_shop_is_set_up_once, a_password_opens_the_door, an_unknown_address_answers_like_a_known_one,
                a_person_who_mistypes_five_times_waits, who_is_barred_learns_it_only_with_the_right_password,
                p09_one_counter_per_person, p09_mutant_a_count_for_each_spelling_is_found,
                p10_a_restart_does_not_help_the_attacker;
            attack: p08_parallel_wrong_passwords_are_evaluated_five_times, p08_mutant_without_reservation_is_found,
                p19_parallel_codes_open_one_session, p21_parallel_recovery_codes_open_one_session;
            counting: p12_nothing_follows_before_an_attempt_is_counted, p12_mutant_a_count_that_is_not_kept_is_found,
                a_try_that_cannot_be_counted_opens_nothing, who_goes_away_is_counted, who_is_refused_waits_for_no_hash;
            second_factors: a_code_is_asked_after_the_password, p19_a_code_works_once, the_trail_says_what_was_wrong_with_a_code,
                the_trail_knows_a_password_from_a_person, a_recovery_code_opens_the_way_to_set_up_anew,
                p21_new_codes_void_the_old_ones, a_sheet_of_paper_outlives_the_cost_it_was_hashed_at, p20_three_codes_in_half_a_minute, putting_it_off_brings_a_reminder,
                a_shop_can_require_it, owners_can_turn_off_their_own;
            sessions: idle_sessions_lock, a_session_ends_after_twelve_hours, a_locked_session_opens_with_its_password,
                sessions_are_listed_and_ended, a_role_change_ends_sessions,
                p25_an_unlock_does_not_outlive_the_end, p25_mutant_sessions_that_do_not_end_are_found,
                a_session_of_the_pages_ends_instead_of_locking, a_session_of_the_pages_is_renewed;
            accounts: an_enrolment_code_works_once, every_act_leaves_its_event, p42_a_refusal_is_recorded_too,
                two_windows_on_one_account, the_recycle_bin_empties_itself, rights_are_enforced_below_the_window,
                unlocking_forgets_failures, a_page_shows_every_gate, the_shop_changes_its_numbers;
            clocks: p23_a_clock_that_jumps_opens_nothing, p23_a_clock_that_jumps_shuts_nobody_out_for_long,
                p23_a_clock_that_jumps_purges_nothing_early;
            links: a_forgotten_password_is_set_anew, a_second_factor_stays_asked_after_a_link, a_link_ends,
                p23_a_clock_that_is_set_back_gives_a_link_no_time, a_link_that_is_used_by_many_at_once_works_once,
                mutant_a_link_that_is_not_taken_is_found, somebody_is_invited_by_mail, somebody_registers,
                somebody_moves_to_another_address, a_device_that_is_not_known_is_told, that_was_not_me,
                a_code_that_does_not_come_is_told_once, a_shop_without_mail_offers_no_links,
                p16_whoever_asks_for_a_link_is_answered_alike;
            limits: p10_a_limit_is_exact_over_nodes_and_restarts, p10_mutant_a_limit_that_is_not_kept_is_found,
                p14_an_attacker_at_the_same_address_keeps_no_known_device_out, p14_mutant_a_device_that_is_not_known_is_found,
                a_hundred_wrong_passwords_and_then_one_an_hour,
                p16_a_restart_tells_nobody_who_exists, p16_mutant_strangers_that_are_forgotten_are_found,
                what_has_expired_is_swept_and_nothing_else, the_shops_pages_ask_for_limits, whoever_is_held_up_is_let_go_on;
            passkeys: a_passkey_opens_the_door_by_itself, a_ceremony_is_used_up,
                a_hundred_uses_of_one_ceremony_open_one_session, mutant_a_ceremony_that_is_not_taken_is_found,
                mutant_a_place_that_does_not_look_is_found,
                a_passkey_of_somebody_else_is_refused, a_counter_that_went_back_is_told,
                who_is_barred_does_not_come_in_by_passkey, adding_and_removing_ask_for_the_password,
                nobody_has_more_than_twenty, a_passkey_is_a_second_factor, the_shop_takes_passkeys_away,
                an_owner_with_a_passkey_can_really_sign_in;
            owners: the_last_owner_cannot_go, two_owners_cannot_remove_each_other, an_owner_is_recovered;
            passwords: weak_passwords_are_refused_with_reasons, a_breached_password_is_noted_after_the_sign_in,
                p05_an_old_hash_is_upgraded_at_the_next_sign_in, a_new_password_ends_other_sessions, a_forced_change_comes_first;
            tokens: a_token_of_a_program_opens_until_it_is_revoked, a_provisioner_knows_accounts_by_its_own_names;
            files: accounts_come_in_with_their_hashes, a_dry_run_writes_nothing, strict_is_all_or_nothing, accounts_go_out_again;
            faults: p12_a_failure_is_counted_or_not_evaluated, p12_mutant_counting_after_evaluation_is_found,
                p22_a_second_factor_is_off_or_whole, p22_mutant_a_factor_without_its_codes_is_found,
                p42_no_act_without_its_event, p42_mutant_acts_that_leave_no_event_are_found;
        );
    };
    (@stories $store:expr, $way:expr; $($room:ident: $($story:ident),+;)+) => {
        $(mod $room {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $story() {
                    let (store, _kept) = $store;
                    let ground = $crate::testing::directory_contract::Ground::beyond(store, $way);
                    $crate::testing::directory_contract::$room::$story(ground).await;
                }
            )+
        })+
    };
}
