//! The console as the window lives with it: a real store in a real file, a keychain and a clock that
//! obey the test.

use std::path::PathBuf;

use jiff::SignedDuration;
use keyholder_core::account::Role;
use keyholder_core::audit::Program;
use keyholder_core::breach::NoBreachCheck;
use keyholder_core::clock::FixedClock;
use keyholder_core::directory::Duty;
use keyholder_core::query::{AccountQuery, EventQuery};
use keyholder_core::second_factor::TotpSecret;
use keyholder_core::second_factor::totp::step_at;
use tempfile::TempDir;

use super::*;
use crate::ipc::{
    KeyTrouble, PasswordContext, Phase, PlaceShown, SecondFactorShown, Secret, ShownKind, Status,
};
use crate::keychain::{KeychainError, MemoryKeychain};

const PASSWORD: &str = "four quiet herons by the weir";
const EMAIL: &str = "anna@herons.example";

/// A computer: its disk, its keychain, its clock. Consoles come and go.
struct Machine {
    dir: TempDir,
    keychain: Arc<MemoryKeychain>,
    clock: FixedClock,
}

impl Machine {
    fn new() -> Self {
        let clock = FixedClock::at("2026-11-23T12:00:00Z".parse().unwrap());
        Self {
            dir: tempfile::tempdir().unwrap(),
            keychain: Arc::default(),
            clock,
        }
    }

    fn store(&self) -> PathBuf {
        self.dir.path().join("data").join("shop.keyholder")
    }

    /// Starts the program.
    fn console(&self) -> Console {
        Console::new(Surroundings {
            place: Place::File(self.store()),
            connections: Some(self.dir.path().join("connections.json")),
            as_last: true,
            keychain: self.keychain.clone(),
            clock: Arc::new(self.clock.clone()),
            breaches: Arc::new(NoBreachCheck),
            source: Source {
                program: Program::Window,
                address: None,
                device: None,
                user_agent: None,
            },
            hashing: Argon2Params::default(),
        })
    }

    /// With a shop that was just set up.
    async fn set_up(&self) -> Console {
        let console = self.console();
        assert_eq!(console.status().await.phase, Phase::NoStore, "a fresh machine");
        console
            .set_up_shop("Herons", EMAIL, "Anna", secret(PASSWORD))
            .await
            .unwrap();
        console
    }
}

fn secret(text: &str) -> Secret {
    text.to_owned().into()
}

fn me(status: Status) -> Me {
    match status.phase {
        Phase::Open { me } | Phase::SetUp { me } => me,
        other => panic!("nobody is inside: {other:?}"),
    }
}

/// What the phone shows.
fn code(shown: &SecondFactorShown, clock: &FixedClock) -> Secret {
    let phone = TotpSecret::from_base32(&shown.groups.concat()).unwrap();
    secret(
        phone
            .code_at(step_at(keyholder_core::clock::Clock::now(clock)))
            .digits(),
    )
}

fn refused<T>(answer: Answer<T>) -> Code {
    answer.err().unwrap().code
}

#[tokio::test]
async fn first_start_to_second_sign_in_with_a_code() {
    let machine = Machine::new();
    let console = machine.set_up().await;
    let anna = me(console.status().await);
    assert_eq!(
        anna.duties,
        [Duty::OfferSecondFactor, Duty::ConfirmRecoveryKey],
        "what is left of the set-up"
    );

    let shown = console.begin_second_factor().await.unwrap();
    let sheet = console
        .confirm_second_factor(&code(&shown, &machine.clock))
        .await
        .unwrap();
    assert_eq!(sheet.codes.len(), 8, "the codes for when the phone is gone");
    let key = console.recovery_key_show().await.unwrap();
    let asked = key.asked.map(|index| secret(&key.groups[usize::from(index)]));
    let status = console.recovery_key_confirm(&asked).await.unwrap();
    assert_eq!(me(status).duties, [], "set up");

    console.sign_out().await.unwrap();
    machine.clock.advance(SignedDuration::from_mins(1));
    let status = console.sign_in(EMAIL, secret(PASSWORD)).await.unwrap();
    assert_eq!(
        status.phase,
        Phase::SecondFactor {
            email: EMAIL.to_owned()
        },
        "the password alone is not enough"
    );
    assert_eq!(
        refused(console.events(&EventQuery::default()).await),
        Code::SecondFactorNeeded,
        "nor for a command"
    );
    let status = console.give_code(&code(&shown, &machine.clock)).await.unwrap();
    assert!(matches!(status.phase, Phase::Open { .. }), "in: {status:?}");
}

#[tokio::test]
async fn locked_means_locked_for_every_command() {
    let machine = Machine::new();
    let console = machine.set_up().await;
    console.recovery_key_show().await.unwrap();
    machine.clock.advance(SignedDuration::from_mins(16));

    let locked = Phase::Locked {
        email: EMAIL.to_owned(),
        name: "Anna".to_owned(),
    };
    let query: AccountQuery = serde_json::from_value(serde_json::json!({ "limit": 10 })).unwrap();
    let codes = [
        refused(console.accounts(&query).await),
        refused(console.events(&EventQuery::default()).await),
        refused(console.touch().await),
        refused(console.begin_second_factor().await),
        refused(console.recovery_key_show().await),
        refused(console.backup_create().await),
        refused(console.store_info().await),
        refused(console.own_shop().await),
        refused(console.about("", None).await),
        refused(
            console
                .password_strength(secret("x"), &PasswordContext::default())
                .await,
        ),
        refused(console.sheet(ShownKind::RecoveryKey).await),
        refused(console.create_account("b@herons.example", "", Role::Staff).await),
    ];
    assert_eq!(
        codes,
        [Code::SessionLocked; 12],
        "fifteen idle minutes, and nothing answers"
    );
    assert_eq!(
        console.status().await.phase,
        locked,
        "locked is not signed out: it says who"
    );

    assert_eq!(
        refused(console.unlock(secret("four loud herons by the weir")).await),
        Code::WrongCredentials,
        "not by anything"
    );
    let status = console.unlock(secret(PASSWORD)).await.unwrap();
    assert!(
        matches!(status.phase, Phase::Open { .. }),
        "the password opens it: {status:?}"
    );
    assert_eq!(
        refused(console.sheet(ShownKind::RecoveryKey).await),
        Code::NotFound,
        "what was on the screen is gone"
    );
}

#[tokio::test]
async fn a_restart_in_the_middle_goes_on_with_what_is_left() {
    let machine = Machine::new();
    let console = machine.set_up().await;
    let first = console.recovery_key_show().await.unwrap();
    console.close().await;

    let console = machine.console();
    assert_eq!(
        console.status().await.phase,
        Phase::Closed { ended: false },
        "the shop is there, nobody is signed in"
    );
    let anna = me(console.sign_in(EMAIL, secret(PASSWORD)).await.unwrap());
    assert!(
        anna.duties.contains(&Duty::ConfirmRecoveryKey),
        "the key was never confirmed"
    );
    let second = console.recovery_key_show().await.unwrap();
    assert_ne!(
        first.groups, second.groups,
        "the first was shown once and is void"
    );
    let wrong = second.asked.map(|_| secret("AAAA"));
    assert_eq!(
        refused(console.recovery_key_confirm(&wrong).await),
        Code::WrongRecoveryKey,
        "guessing is no proof"
    );
    let right = second
        .asked
        .map(|index| secret(&second.groups[usize::from(index)]));
    let anna = me(console.recovery_key_confirm(&right).await.unwrap());
    assert!(!anna.duties.contains(&Duty::ConfirmRecoveryKey), "done");
}

#[tokio::test]
async fn a_keychain_that_fails_is_named_and_the_recovery_key_opens() {
    let machine = Machine::new();
    let console = machine.set_up().await;
    let key = console.recovery_key_show().await.unwrap();
    console.close().await;
    let troubles = [
        (KeychainError::Locked, KeyTrouble::Locked),
        (KeychainError::PromptUnanswered, KeyTrouble::Prompting),
        (KeychainError::NoService, KeyTrouble::NoKeychain),
        (KeychainError::NotAnswering, KeyTrouble::Silent),
    ];
    let console = machine.console();
    for (error, why) in troubles {
        machine.keychain.fail_with(Some(error));
        assert_eq!(
            console.retry_keychain().await.phase,
            Phase::KeyNeeded {
                why,
                store: machine.store().display().to_string()
            },
            "each has a way out of its own, and says where the store is"
        );
    }
    let wrong = secret("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA");
    assert_eq!(
        refused(console.open_with_recovery_key(&wrong).await),
        Code::WrongRecoveryKey,
        "not with any key"
    );
    let opened = console
        .open_with_recovery_key(&secret(&key.groups.join(" ").to_lowercase()))
        .await
        .unwrap();
    assert_eq!(
        opened.key_not_kept,
        Some(KeyTrouble::Silent),
        "a keychain that is silent keeps nothing, and that is said"
    );
    assert_eq!(opened.phase, Phase::Closed { ended: false }, "open: sign in");
}

#[tokio::test]
async fn a_key_that_the_keychain_did_not_take_is_kept_once_it_can() {
    let machine = Machine::new();
    let console = machine.set_up().await;
    let key = console.recovery_key_show().await.unwrap();
    console.close().await;
    machine.keychain.fail_with(Some(KeychainError::Locked));
    let console = machine.console();
    console.status().await;
    console
        .open_with_recovery_key(&secret(&key.groups.concat()))
        .await
        .unwrap();
    console.sign_in(EMAIL, secret(PASSWORD)).await.unwrap();
    assert_eq!(
        console.keep_key().await.unwrap().key_not_kept,
        Some(KeyTrouble::Locked),
        "still locked, and still said"
    );
    machine.keychain.fail_with(None);
    console.lock().await.unwrap();
    assert_eq!(
        refused(console.keep_key().await),
        Code::SessionLocked,
        "locked means locked"
    );
    assert_eq!(
        console.status().await.key_not_kept,
        Some(KeyTrouble::Locked),
        "nothing happens by itself"
    );
    console.unlock(secret(PASSWORD)).await.unwrap();
    assert_eq!(
        console.keep_key().await.unwrap().key_not_kept,
        None,
        "now it holds"
    );
    console.close().await;
    assert_eq!(
        machine.console().status().await.phase,
        Phase::Closed { ended: false },
        "the next start needs no recovery key"
    );
}

#[tokio::test]
async fn without_a_keychain_nothing_is_written() {
    let machine = Machine::new();
    machine.keychain.fail_with(Some(KeychainError::NoService));
    let console = machine.console();
    console.status().await;
    let answer = console
        .set_up_shop("Herons", EMAIL, "Anna", secret(PASSWORD))
        .await;
    assert_eq!(
        refused(answer),
        Code::NoKeychain,
        "there is no key in a file instead"
    );
    assert!(!machine.store().exists(), "no store that nobody could open");
    machine.keychain.fail_with(None);
    let status = console
        .set_up_shop("Herons", EMAIL, "Anna", secret(PASSWORD))
        .await
        .unwrap();
    assert_eq!(
        status.shop.as_deref(),
        Some("Herons"),
        "and once there is one, it goes on"
    );
}

#[tokio::test]
async fn a_weak_password_at_set_up_costs_only_the_step() {
    let machine = Machine::new();
    let console = machine.console();
    console.status().await;
    let answer = console
        .set_up_shop("Herons", EMAIL, "Anna", secret("herons123"))
        .await;
    assert_eq!(refused(answer), Code::WeakPassword, "refused with its reasons");
    assert_eq!(
        console.status().await.phase,
        Phase::NoStore,
        "still the first step"
    );
    assert_eq!(
        machine.console().status().await.phase,
        Phase::Unusable {
            error: Code::InUse.into()
        },
        "one program at a time"
    );
    console.close().await;
    let console = machine.set_up().await;
    let key = console.recovery_key_show().await.unwrap();
    assert_eq!(
        key.groups.len(),
        8,
        "a store that was begun earlier has a recovery key too"
    );
}

#[tokio::test]
async fn what_is_shown_can_be_saved_and_nothing_else() {
    let machine = Machine::new();
    let console = machine.set_up().await;
    let path = machine.dir.path().join("codes.txt");
    assert_eq!(
        refused(console.save_shown(ShownKind::RecoveryCodes, &path).await),
        Code::NotFound,
        "nothing is shown"
    );
    let shown = console.begin_second_factor().await.unwrap();
    let sheet = console
        .confirm_second_factor(&code(&shown, &machine.clock))
        .await
        .unwrap();
    console.save_shown(ShownKind::RecoveryCodes, &path).await.unwrap();
    let saved = std::fs::read_to_string(&path).unwrap();
    assert!(
        sheet.codes.iter().all(|code| saved.contains(code)) && saved.contains("Herons"),
        "whose and all of them: {saved}"
    );
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777,
        0o600,
        "theirs alone"
    );
    console.forget_shown(ShownKind::RecoveryCodes);
    assert_eq!(
        refused(console.sheet(ShownKind::RecoveryCodes).await),
        Code::NotFound,
        "the page is gone"
    );
}

#[tokio::test]
async fn a_backup_opens_elsewhere_with_the_recovery_key() {
    let machine = Machine::new();
    let console = machine.set_up().await;
    let key = console.recovery_key_show().await.unwrap();
    let made = console.backup_create().await.unwrap();

    let other = Machine::new();
    std::fs::create_dir_all(other.store().parent().unwrap()).unwrap();
    std::fs::copy(&made.path, other.store()).unwrap();
    std::fs::copy(
        format!("{}.key", made.path),
        format!("{}.key", other.store().display()),
    )
    .unwrap();
    let console = other.console();
    assert_eq!(
        console.status().await.phase,
        Phase::KeyNeeded {
            why: KeyTrouble::Missing,
            store: other.store().display().to_string()
        },
        "another computer"
    );
    let opened = console
        .open_with_recovery_key(&secret(&key.groups.concat()))
        .await
        .unwrap();
    assert_eq!(opened.key_not_kept, None, "from now on this computer has the key");
    let status = console.sign_in(EMAIL, secret(PASSWORD)).await.unwrap();
    assert!(
        matches!(status.phase, Phase::Open { .. }),
        "with everything in it: {status:?}"
    );
}

#[tokio::test]
async fn a_shop_in_a_file_is_opened_with_its_recovery_key_and_remembered() {
    let machine = Machine::new();
    let console = machine.set_up().await;
    let key = console.recovery_key_show().await.unwrap();
    let made = console.backup_create().await.unwrap();
    console.close().await;

    let other = Machine::new();
    let console = other.console();
    assert_eq!(console.status().await.phase, Phase::NoStore, "nothing here yet");
    let status = console.open_store(made.path.clone().into()).await.unwrap();
    assert!(
        matches!(
            status.phase,
            Phase::KeyNeeded {
                why: KeyTrouble::Missing,
                ..
            }
        ),
        "its key is on another computer: {status:?}"
    );
    let status = console
        .open_with_recovery_key(&secret(&key.groups.concat()))
        .await
        .unwrap();
    assert_eq!(status.shop.as_deref(), Some("Herons"), "whose it is");
    assert!(!other.store().exists(), "it stays where it lies");
    console.close().await;

    let console = other.console();
    let status = console.status().await;
    assert_eq!(
        status.phase,
        Phase::Closed { ended: false },
        "the next start goes there"
    );
    console.close().await;
    let aside = format!("{}.aside", made.path);
    std::fs::rename(&made.path, &aside).unwrap();
    let console = other.console();
    let gone = Phase::Unusable {
        error: Code::NoStore.into(),
    };
    assert_eq!(
        console.status().await.phase,
        gone,
        "a disk that is not connected is no reason to begin a new shop there"
    );
    std::fs::rename(&aside, &made.path).unwrap();
    assert_eq!(
        console.status().await.phase,
        Phase::Closed { ended: false },
        "connected again, it opens when it is asked for"
    );
}

#[tokio::test]
async fn the_sample_shop_opens_itself_and_leaves_nothing() {
    let machine = Machine::new();
    let console = machine.console();
    console.status().await;
    let status = console.open_demo().await.unwrap();
    assert_eq!(status.place, PlaceShown::Demo, "marked on every screen");
    assert!(
        matches!(status.phase, Phase::Open { .. }),
        "nobody has to sign in to look: {status:?}"
    );
    let info = console.store_info().await.unwrap();
    assert!(!machine.store().exists(), "one's own store is not begun");
    drop(console);
    assert!(!std::path::Path::new(&info.path).exists(), "thrown away");
}

#[tokio::test]
async fn a_file_of_another_program_is_named_and_left_alone() {
    let machine = Machine::new();
    std::fs::create_dir_all(machine.store().parent().unwrap()).unwrap();
    let theirs = b"SQLite format 3\0 and somebody else's data";
    std::fs::write(machine.store(), theirs).unwrap();
    let phase = machine.console().status().await.phase;
    assert!(
        matches!(&phase, Phase::Unusable { error } if error.code == Code::Foreign),
        "it is no store of ours, with or without a key: {phase:?}"
    );
    assert_eq!(
        std::fs::read(machine.store()).unwrap(),
        theirs,
        "not one byte of it changed"
    );
}
