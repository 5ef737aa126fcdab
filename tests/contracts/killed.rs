//! What is left of an act in the middle of which the program is killed: a real process over a real
//! store, at many points and at random moments between them.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use keyholder_core::account::Role;
use keyholder_core::audit::chain::Verdict;
use keyholder_core::clock::{FixedClock, Rng};
use keyholder_core::directory::{Authentication as _, StoredAuthentication};
use keyholder_core::error::{Code, Refusal};
use keyholder_core::lockout::{Factor, Scope};
use keyholder_core::second_factor::RecoverySet;
use keyholder_core::second_factor::totp::step_at;
use keyholder_core::session::Stage;
use keyholder_core::store::{Person, Store as _};
use keyholder_core::testing::directory_contract::{
    GOOD, Ground, Scene, email, here, monday, password, refusal, rounds,
};
use keyholder_store_sqlite::SqliteStore;
use keyholder_tests::programs::Running;
use keyholder_tests::story::Told;
use keyholder_tests::{console, create_in, keys};
use rand::{RngExt as _, SeedableRng as _};
use tempfile::TempDir;

/// The longest that a kill waits behind a line: about one password hash.
const MOMENT_US: u64 = 40_000;

/// A shop with so many customers, its store closed.
async fn shop(customers: u32) -> Told<(PathBuf, TempDir)> {
    let folder = tempfile::tempdir()?;
    let store = Arc::new(create_in(folder.path()).await);
    let scene = Scene::open(Ground::of(store.clone())).await;
    for number in 0..customers {
        scene.enrolled(&customer(number), Role::Customer).await;
    }
    scene.rules.breach_checks_done().await;
    store.close().await?;
    Ok((store.path().to_owned(), folder))
}

fn customer(number: u32) -> String {
    format!("customer{number}@rose.example")
}

/// One program, from its beginning to the moment it is killed.
struct Probe<'a> {
    store: &'a Path,
    act: &'static str,
    forgets: Option<&'static str>,
}

impl Probe<'_> {
    fn start(&self, who: &str) -> Told<(Running, Receiver<String>)> {
        let mut program = Running::start(
            Command::new(env!("CARGO_BIN_EXE_directory-probe"))
                .arg(self.store)
                .args([self.act, who])
                .args(self.forgets)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped()),
        )?;
        let output = program.head().stdout.take().ok_or("it says nothing")?;
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        Ok((program, lines))
    }

    /// Kills it behind so many lines and a moment; gives what it had said by then.
    fn killed(&self, who: &str, behind: usize, moment: Duration) -> Told<Vec<String>> {
        let (program, lines) = self.start(who)?;
        let mut said: Vec<String> = Vec::new();
        while said.len() < behind && said.last().is_none_or(|line| line != "done") {
            said.push(lines.recv()?);
        }
        let then = Instant::now() + moment;
        while let Ok(line) = lines.recv_timeout(then.saturating_duration_since(Instant::now())) {
            said.push(line);
        }
        drop(program);
        said.extend(lines);
        Ok(said)
    }

    /// Everything it says when nobody kills it before it is done.
    fn whole(&self, who: &str) -> Told<Vec<String>> {
        self.killed(who, usize::MAX, Duration::ZERO)
    }
}

fn moment(rng: &mut Rng) -> Duration {
    Duration::from_micros(rng.random_range(0..MOMENT_US))
}

/// From this line on, the secret may have been evaluated.
fn evaluated(said: &[String]) -> bool {
    said.iter().any(|line| line == "has reserve")
}

/// The person as a program finds them that is started afterwards; the trail holds.
async fn found(store: &Path, who: &str) -> Told<(Arc<SqliteStore>, Person)> {
    let store = Arc::new(SqliteStore::open(store, &keys()).await?);
    let verdict = store.verify_trail().await?;
    assert!(
        matches!(verdict, Verdict::Whole { .. }),
        "the trail holds: {verdict:?}"
    );
    let person = store.person_by_email(&email(who)).await?.ok_or("a customer")?;
    Ok((store, person))
}

fn counted(person: &Person) -> u32 {
    let budget = person.credential.budget(Factor::Password, Scope::Anywhere);
    budget.failures + budget.reserved
}

/// Kills a wrong sign-in at every point in turn. Counts those that were evaluated, and those of them
/// that were not counted.
async fn uncounted(forgets: Option<&'static str>) -> Told<(u32, u32)> {
    let times = rounds(14, 100);
    let (store, _kept) = shop(times + 1).await?;
    let probe = Probe {
        store: &store,
        act: "mistype",
        forgets,
    };
    let points = probe.whole(&customer(times))?.len();
    let (mut in_the_middle, mut uncounted, mut rng) = (0, 0, Rng::seed_from_u64(12));
    for round in 0..times {
        let who = customer(round);
        let said = probe.killed(&who, round as usize % points, moment(&mut rng))?;
        if !evaluated(&said) {
            continue;
        }
        in_the_middle += u32::from(!said.iter().any(|line| line.starts_with("answered ")));
        let (_, person) = found(&store, &who).await?;
        uncounted += u32::from(counted(&person) == 0);
    }
    Ok((in_the_middle, uncounted))
}

#[tokio::test(flavor = "multi_thread")]
async fn p12_a_killed_sign_in_is_counted_or_was_not_evaluated() -> Told {
    let (in_the_middle, uncounted) = uncounted(None).await?;
    assert!(in_the_middle > 0, "some were killed over the evaluation");
    assert_eq!(uncounted, 0, "a program that dies is no free guess");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn p12_mutant_a_killed_program_that_counts_afterwards_is_found() -> Told {
    let (_, uncounted) = uncounted(Some("reservations")).await?;
    assert!(
        uncounted > 0,
        "counting after the evaluation is seen by the measure"
    );
    Ok(())
}

/// Gives wrong passwords, one program each, killed from the moment that it may be evaluated; counts
/// how many were.
fn evaluated_by_killed(store: &Path, who: &str, forgets: Option<&'static str>) -> Told<u32> {
    let probe = Probe {
        store,
        act: "mistype",
        forgets,
    };
    let whole = probe.whole(&customer(1))?;
    let first = 1 + whole
        .iter()
        .position(|line| line == "has reserve")
        .ok_or("a try")?;
    let (mut tries, mut rng) = (0, Rng::seed_from_u64(10));
    for round in 0..rounds(14, 100) {
        let behind = first + round as usize % (whole.len() - first);
        let moment = if round % 2 == 0 {
            Duration::ZERO
        } else {
            moment(&mut rng)
        };
        let said = probe.killed(who, behind, moment)?;
        tries += u32::from(evaluated(&said));
    }
    Ok(tries)
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_killing_the_program_after_each_try_gives_no_more() -> Told {
    let (store, _kept) = shop(2).await?;
    let tries = evaluated_by_killed(&store, &customer(0), None)?;
    assert_eq!(tries, 5, "as many as without killing it");
    let (kept, person) = found(&store, &customer(0)).await?;
    assert_eq!(counted(&person), 5, "the count survives");
    let console = console::over(kept, &FixedClock::at(monday()))?;
    let right = console.sign_in(&customer(0), &password(GOOD), here()).await;
    assert!(
        matches!(refusal(right), Refusal::Locked(_)),
        "and so does the lock: even the right password waits"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_mutant_a_killed_program_that_forgets_its_tries_is_found() -> Told {
    let (store, _kept) = shop(2).await?;
    let tries = evaluated_by_killed(&store, &customer(0), Some("reservations"))?;
    assert!(tries > 5, "{tries} tries are seen by the measure");
    Ok(())
}

/// What is there of a second factor whose set-up said this before it was killed: nothing, all, or
/// something else.
async fn set_up(store: &Path, who: &str, said: &[String]) -> Told<Result<bool, String>> {
    let (kept, person) = found(store, who).await?;
    let clock = FixedClock::at(monday());
    let console = console::over(kept.clone(), &clock)?;
    let there = looked_at(&console, &clock, &person, said).await;
    console.breach_checks_done().await;
    kept.close().await?;
    there
}

async fn looked_at(
    console: &StoredAuthentication,
    clock: &FixedClock,
    person: &Person,
    said: &[String],
) -> Told<Result<bool, String>> {
    let who = person.account.email.as_str();
    let left = person.credential.recovery.as_ref().map_or(0, RecoverySet::left);
    let Some(confirmed) = &person.credential.totp else {
        let told = said.iter().any(|line| line == "confirmed");
        let inside = console.sign_in(who, &password(GOOD), here()).await?;
        let off = left == 0 && !told && inside.stage == Stage::Open;
        return Ok(if off {
            Ok(false)
        } else {
            Err(format!("off, {left} recovery codes, told: {told}"))
        });
    };
    clock.advance(jiff::SignedDuration::from_secs(30));
    let half = console.sign_in(who, &password(GOOD), here()).await?;
    let code = confirmed.totp.secret.code_at(step_at(monday()) + 1);
    if left != 8 || console.second_factor(&half.token, code.digits()).await.is_err() {
        return Ok(Err(format!("on, {left} recovery codes")));
    }
    for printed in said.iter().filter_map(|line| line.strip_prefix("code ")).take(1) {
        let half = console.sign_in(who, &password(GOOD), here()).await?;
        if let Err(refused) = console.recovery_code(&half.token, printed).await {
            return Ok(Err(format!(
                "a code of its sheet does not work: {}",
                refused.code()
            )));
        }
    }
    Ok(Ok(true))
}

/// Kills the set-up of a second factor at every point in turn. Counts how often it was then off, and
/// whole; gives what else it was.
async fn killed_set_ups(forgets: Option<&'static str>) -> Told<(u32, u32, Vec<String>)> {
    let times = rounds(24, 100);
    let (store, _kept) = shop(times + 1).await?;
    let probe = Probe {
        store: &store,
        act: "bind",
        forgets,
    };
    let points = probe.whole(&customer(times))?.len();
    let (mut off, mut whole, mut half, mut rng) = (0, 0, Vec::new(), Rng::seed_from_u64(22));
    for round in 0..times {
        let who = customer(round);
        // Spread over the whole act, whatever the number of rounds.
        let behind = (round as usize * 7) % points;
        let said = probe.killed(&who, behind, moment(&mut rng) / 8)?;
        match set_up(&store, &who, &said).await? {
            Ok(true) => whole += 1,
            Ok(false) => off += 1,
            Err(what) => half.push(what),
        }
    }
    Ok((off, whole, half))
}

#[tokio::test(flavor = "multi_thread")]
async fn p22_a_second_factor_whose_set_up_is_killed_is_off_or_whole() -> Told {
    let (off, whole, half) = killed_set_ups(None).await?;
    assert_eq!(
        half, [""; 0],
        "off means off, and on means with its sheet and with codes that work"
    );
    assert!(
        off > 0 && whole > 0,
        "it was killed before and after: {off} times off, {whole} times whole"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn p22_mutant_a_killed_set_up_without_its_codes_is_found() -> Told {
    let (_, _, half) = killed_set_ups(Some("recovery-codes")).await?;
    assert!(
        !half.is_empty(),
        "a factor without recovery codes is seen by the measure"
    );
    Ok(())
}

/// What the stories read of the program is what it says.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_as_such() -> Told {
    let (store, _kept) = shop(1).await?;
    let probe = Probe {
        store: &store,
        act: "mistype",
        forgets: None,
    };
    let said = probe.whole(&customer(0))?;
    assert!(
        said.contains(&format!("answered {}", Code::WrongCredentials)),
        "the probe signs in like any console: {said:?}"
    );
    Ok(())
}
