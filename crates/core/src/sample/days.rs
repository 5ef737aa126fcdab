//! What happened in the demo shop, day by day.

use jiff::{SignedDuration, Timestamp};
use rand::RngExt as _;

use super::from;
use crate::account::{Account, Mark, Reason, Role};
use crate::audit::{Action, AuditEvent, Details};
use crate::change::Change;
use crate::clock::Rng;
use crate::error::{Code, Refusal};
use crate::lockout::{Factor, LockoutPolicy, Scope, fail};
use crate::rules::Act;
use crate::rules::session::later;
use crate::store::Person;

/// Somebody as the days go by.
pub(super) struct Neighbour {
    person: Person,
    here: bool,
}

impl From<Person> for Neighbour {
    fn from(person: Person) -> Self {
        Self { person, here: false }
    }
}

const PLACES: [&str; 5] = ["till-1", "till-2", "counter-tablet", "office", "workshop"];

/// Who is tried at as the console is opened.
const VICTIM: usize = 64;

/// Lives through the days from `opened`, a midnight, to `now`.
pub(super) fn live(
    people: &mut [Neighbour],
    opened: Timestamp,
    now: Timestamp,
    changes: &mut Vec<Change>,
    rng: &mut Rng,
) {
    let boss = people[0].person.account.clone();
    let last = later(now, SignedDuration::from_secs(-150));
    for day in 0.. {
        let midnight = later(opened, SignedDuration::from_hours(24 * day));
        if midnight >= last {
            break;
        }
        let evening = later(midnight, SignedDuration::from_hours(24)).min(last);
        let mut today = Vec::new();
        arrivals(people, &boss, evening, &mut today);
        visits(people, midnight, evening, day, &mut today, rng);
        incidents(people, midnight, evening, day, &mut today);
        today.sort_by_key(|change: &Change| change.events().first().map(|event| event.at));
        changes.append(&mut today);
    }
    locked_now(
        &mut people[VICTIM].person,
        later(now, SignedDuration::from_secs(-150)),
        changes,
    );
}

/// Whoever joined by this evening gets an account.
fn arrivals(people: &mut [Neighbour], boss: &Account, evening: Timestamp, today: &mut Vec<Change>) {
    for neighbour in people.iter_mut().filter(|neighbour| !neighbour.here) {
        let Person { account, credential } = neighbour.person.clone();
        if account.created_at >= evening {
            continue;
        }
        neighbour.here = true;
        let act = Act::by(boss, account.created_at, from("office"));
        let mut change = Change::of(act.done(Action::AccountCreated).on(&account));
        if credential.password.is_some() && account.id != boss.id {
            let own = Act::by(
                &account,
                later(account.created_at, SignedDuration::from_mins(7)),
                from("counter-tablet"),
            );
            change = change.and_event(own.done(Action::EnrolmentRedeemed).on(&account));
        }
        today.push(change.insert_person(account, credential));
    }
}

/// Ordinary sign-ins, with the slips that belong to them.
fn visits(
    people: &mut [Neighbour],
    midnight: Timestamp,
    evening: Timestamp,
    day: i64,
    today: &mut Vec<Change>,
    rng: &mut Rng,
) {
    // Quiet on every seventh day, busier toward the end of a week.
    let visitors = if day % 7 == 6 { 8 } else { 40 + (day % 7) * 6 };
    let mut visits: Vec<(Timestamp, usize)> = (0..visitors)
        .map(|visit| {
            // The first of each day are the team.
            let who = rng.random_range(0..if visit < 12 { TEAM } else { people.len() });
            (
                later(
                    midnight,
                    SignedDuration::from_secs(rng.random_range(8 * 3600..20 * 3600)),
                ),
                who,
            )
        })
        .collect();
    visits.sort_unstable();
    for (at, who) in visits {
        let neighbour = &mut people[who];
        let Person { account, credential } = &neighbour.person;
        let welcome = neighbour.here
            && at < evening
            && at > later(account.created_at, SignedDuration::from_mins(10))
            && credential.password.is_some()
            && account.disabled.is_none()
            && account.locked.is_none()
            && account.deleted.is_none()
            && who != VICTIM;
        if welcome {
            let place = if who < TEAM {
                PLACES[who % PLACES.len()]
            } else {
                "counter-tablet"
            };
            let slips = if rng.random_range(0..9) == 0 {
                rng.random_range(1..3)
            } else {
                0
            };
            sign_in(&mut neighbour.person, at, place, slips, today);
        }
    }
}

/// How many work in the shop; customers come after them.
const TEAM: usize = 31;

fn sign_in(person: &mut Person, at: Timestamp, place: &str, slips: i64, today: &mut Vec<Change>) {
    let account = &person.account;
    for slip in 0..slips {
        let before = later(at, SignedDuration::from_secs(-20 * (slips - slip)));
        today.push(Change::of(wrong_password(account, before, place, slip + 1)));
    }
    let own = Act::by(account, at, from(place));
    let asked = person.credential.totp.is_some();
    let stage = |stage: &str| Details::default().fact("stage", stage);
    let first = if asked { "second_factor" } else { "open" };
    let with_password = if asked {
        Act::claimed(account, at, from(place))
    } else {
        own.clone()
    };
    let event = with_password.done(Action::SignInPassword).on(account);
    let mut change = Change::of(event.with(stage(first)));
    if asked {
        change = change.and_event(own.done(Action::SignInCode).on(account).with(stage("open")));
    }
    person.credential.last_sign_in_at = Some(at);
    let change = change.replace_credential(person.credential.clone());
    person.credential.revision += 1;
    today.push(change);
}

fn wrong_password(account: &Account, at: Timestamp, place: &str, failures: i64) -> AuditEvent {
    let act = Act::claimed(account, at, from(place));
    let details = Details::default().fact("failures", failures);
    act.failed(Action::SignInPassword, Code::WrongCredentials)
        .on(account)
        .with(details)
}

/// What people would tell each other about: somebody locked out, a phone lost, a colleague leaving.
fn incidents(
    people: &mut [Neighbour],
    midnight: Timestamp,
    evening: Timestamp,
    day: i64,
    today: &mut Vec<Change>,
) {
    let at = |hour: i64, minute: i64| later(midnight, SignedDuration::from_mins(60 * hour + minute));
    let helper = people[2].person.account.clone();
    match day {
        12 => set_aside(
            people,
            17,
            &helper,
            at(9, 10),
            Aside::Disabled,
            "left the shop at the end of the month",
            today,
        ),
        30 => set_aside(
            people,
            40,
            &helper,
            at(15, 5),
            Aside::Locked,
            "rang up: wallet and phone were stolen",
            today,
        ),
        61 => set_aside(
            people,
            77,
            &helper,
            at(11, 40),
            Aside::Deleted,
            "asked to be forgotten",
            today,
        ),
        75 => set_aside(
            people,
            122,
            &helper,
            at(16, 20),
            Aside::Deleted,
            "two accounts of one person",
            today,
        ),
        _ => {}
    }
    if day % 11 == 4 {
        let victim = 31 + usize::try_from(day).unwrap_or(0) * 3 % 300;
        guessed_at(
            &people[victim].person,
            &helper,
            at(2, 15),
            at(9, 3),
            evening,
            today,
        );
    }
}

#[derive(Clone, Copy)]
enum Aside {
    Disabled,
    Locked,
    Deleted,
}

fn set_aside(
    people: &mut [Neighbour],
    who: usize,
    by: &Account,
    at: Timestamp,
    how: Aside,
    why: &str,
    today: &mut Vec<Change>,
) {
    let neighbour = &mut people[who];
    if !neighbour.here {
        return;
    }
    let reason = Reason::parse(why).ok();
    let mark = Some(Mark {
        at,
        by: by.email.as_str().to_owned(),
        reason: reason.clone(),
    });
    let before = neighbour.person.account.clone();
    let mut after = before.clone();
    let action = match how {
        Aside::Disabled => {
            after.disabled = mark;
            Action::AccountDisabled
        }
        Aside::Locked => {
            after.locked = mark;
            Action::AccountLocked
        }
        Aside::Deleted => {
            after.deleted = mark;
            Action::AccountDeleted
        }
    };
    let event = Act::by(by, at, from("office"))
        .done(action)
        .on(&before)
        .because(reason);
    let change = Change::of(event).replace_account(after, at);
    if let Some(write) = change.account() {
        neighbour.person.account = write.value().clone();
    }
    today.push(change);
}

/// Guesses in the night until the account waits, and the morning after.
fn guessed_at(
    person: &Person,
    helper: &Account,
    night: Timestamp,
    morning: Timestamp,
    evening: Timestamp,
    today: &mut Vec<Change>,
) {
    let account = &person.account;
    if account.created_at >= night || account.role != Role::Customer || morning >= evening {
        return;
    }
    for guess in 1..=9 {
        let at = later(night, SignedDuration::from_secs(4 * guess));
        if guess <= 5 {
            today.push(Change::of(wrong_password(account, at, "203.0.113.77", guess)));
        } else {
            let until = later(night, SignedDuration::from_secs(50));
            let waiting = Refusal::Locked(crate::lockout::Locked::Waiting { until, failures: 5 });
            let act = Act::claimed(account, at, from("203.0.113.77"));
            today.push(Change::of(
                act.refused(Action::SignInPassword, &waiting).on(account),
            ));
        }
    }
    let reason = Reason::parse("rang up: it was not her, guesses from one place at night").ok();
    let act = Act::by(helper, morning, from("office"));
    today.push(Change::of(
        act.done(Action::AccountUnlocked).on(account).because(reason),
    ));
}

/// Eight wrong passwords in two minutes: the account waits as the console is opened.
fn locked_now(person: &mut Person, started: Timestamp, changes: &mut Vec<Change>) {
    let key = (Factor::Password, Scope::Anywhere);
    for guess in 1..=8 {
        let at = later(started, SignedDuration::from_secs(15 * guess));
        let mut credential = person.credential.clone();
        let budget = fail(
            &credential.budgets.get(&key).copied().unwrap_or_default(),
            &LockoutPolicy::default(),
            at,
        );
        credential.budgets.insert(key, budget);
        person.credential = credential.clone();
        person.credential.revision += 1;
        let event = wrong_password(&person.account, at, "counter-tablet", guess);
        changes.push(Change::of(event).replace_credential(credential));
    }
}
