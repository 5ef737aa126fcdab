//! Sessions: opened, looked at, locked, ended.

use jiff::{SignedDuration, Timestamp};

use super::Act;
use crate::account::Account;
use crate::audit::{Action, Program, Source};
use crate::change::{Change, Denial};
use crate::clock::Rng;
use crate::credential::Credential;
use crate::directory::Duty;
use crate::error::Refusal;
use crate::policy::{Number, Policy};
use crate::second_factor::recovery::FEW_LEFT;
use crate::session::{Session, SessionId, SessionToken, Stage};
use crate::store::Person;

/// How long somebody may take between password and second factor.
const SECOND_FACTOR_TIME: SignedDuration = SignedDuration::from_mins(10);

/// How long a session of the pages may lie idle until it ends (NIST SP 800-63B-4, 2.2.3; Pow, session).
const PAGE_IDLE: SignedDuration = SignedDuration::from_mins(30);
/// How long one lasts that its holder chose to keep, idle or not.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A session that begins now at this stage, and what opens it.
pub(crate) fn begin(
    person: &Person,
    stage: Stage,
    policy: &Policy,
    source: Source,
    now: Timestamp,
    rng: &mut Rng,
) -> (Session, SessionToken) {
    let token = SessionToken::fresh(rng);
    let session = Session {
        id: SessionId::fresh(now, rng),
        account: person.account.id,
        token: token.digest(),
        device_key: None,
        stage,
        source,
        created_at: now,
        seen_at: now,
        expires_at: later(
            now,
            if stage == Stage::SecondFactor {
                SECOND_FACTOR_TIME
            } else {
                policy.session()
            },
        ),
        locked_at: None,
        ended_at: None,
    };
    (session, token)
}

/// The same session one stage on, under a new token: a token seen before has no power after.
pub(crate) fn advance(
    session: &Session,
    stage: Stage,
    policy: &Policy,
    now: Timestamp,
    rng: &mut Rng,
) -> (Session, SessionToken) {
    let token = SessionToken::fresh(rng);
    let expires_at = if session.stage == Stage::SecondFactor {
        later(now, policy.session())
    } else {
        session.expires_at
    };
    let session = Session {
        token: token.digest(),
        stage,
        seen_at: now,
        expires_at,
        locked_at: None,
        ..session.clone()
    };
    (session, token)
}

/// How far somebody has come with the first secret they gave. Where the shop requires a second factor and a
/// passkey is the only one, the password alone must not do, nor lead to setting up another.
pub(crate) fn first_stage(person: &Person, policy: &Policy) -> Stage {
    let Person { account, credential } = person;
    let by_passkey_alone = policy.requires_second_factor(account.role) && !credential.passkeys.is_empty();
    if credential.totp.is_some() || by_passkey_alone {
        Stage::SecondFactor
    } else {
        stage(person, policy)
    }
}

/// The stage of somebody who has given every secret that is asked of them.
pub(crate) fn stage(person: &Person, policy: &Policy) -> Stage {
    let must_change = person
        .credential
        .password
        .as_ref()
        .is_some_and(|password| password.must_change);
    let must_set_up =
        !person.credential.has_second_factor() && policy.requires_second_factor(person.account.role);
    if must_change || must_set_up {
        Stage::SetUp
    } else {
        Stage::Open
    }
}

/// Whether the session can be used at all: not ended, not expired, its account in good standing.
pub(crate) fn alive(session: &Session, account: &Account, now: Timestamp) -> Result<(), Refusal> {
    // A clock that was set back must not give a session more time than it had (seen in the future).
    let from_the_future = session.created_at > later(now, SignedDuration::from_hours(24));
    let barred = account.deleted.is_some() || account.disabled.is_some() || account.locked.is_some();
    if session.ended_at.is_some() || over(session, now) || from_the_future || barred {
        Err(Refusal::SessionEnded)
    } else {
        Ok(())
    }
}

/// Whether its time is over. A browser has no lock: what lay idle too long there has ended.
pub(crate) fn over(session: &Session, now: Timestamp) -> bool {
    session.expires_at <= now || (is_page(session) && idle_until(session, PAGE_IDLE) <= now)
}

/// When the session locks, or ends where there is no lock, unless its holder does something.
pub(crate) fn locks_at(session: &Session, policy: &Policy) -> Timestamp {
    if is_page(session) {
        idle_until(session, PAGE_IDLE)
    } else {
        idle_until(session, policy.idle())
    }
}

/// Whether it is locked, by hand or because nobody was there.
pub(crate) fn locked(session: &Session, policy: &Policy, now: Timestamp) -> bool {
    session.locked_at.is_some() || (!is_page(session) && locks_at(session, policy) <= now)
}

/// When a session of the pages ends unless something is done; none where it is not of the pages.
pub(crate) fn page_ends_at(session: &Session) -> Option<Timestamp> {
    is_page(session).then(|| idle_until(session, PAGE_IDLE))
}

fn idle_until(session: &Session, idle: SignedDuration) -> Timestamp {
    if is_kept(session) {
        session.expires_at
    } else {
        later(session.seen_at, idle).min(session.expires_at)
    }
}

fn is_page(session: &Session) -> bool {
    session.source.program == Program::Page
}

/// Whether its holder chose to keep it: no shop lets any other last so long.
fn is_kept(session: &Session) -> bool {
    let longest = SignedDuration::from_hours(i64::from(Number::SessionHours.bounds().most));
    session.created_at.duration_until(session.expires_at) > longest
}

/// A new token for a session of the pages, which goes on; for a week where its holder chooses to keep it.
pub(crate) fn renew(
    session: &Session,
    keep: bool,
    act: &Act,
    account: &Account,
    rng: &mut Rng,
) -> Result<(Change, Session, SessionToken), Box<Denial>> {
    if !is_page(session) || session.stage == Stage::SecondFactor {
        return Err(act.deny(Action::SessionRenewed, account, Refusal::Unchanged));
    }
    let token = SessionToken::fresh(rng);
    let expires_at = if keep {
        later(session.created_at, KEPT)
    } else {
        session.expires_at
    };
    let renewed = Session {
        token: token.digest(),
        seen_at: act.at,
        expires_at,
        ..session.clone()
    };
    let change = Change::of(act.done(Action::SessionRenewed).on(account)).put_session(renewed.clone());
    Ok((change, renewed, token))
}

/// Locks it by hand.
pub(crate) fn lock(session: &Session, act: &Act, account: &Account) -> Change {
    let locked = Session {
        locked_at: Some(act.at),
        ..session.clone()
    };
    Change::of(act.done(Action::SessionLocked).on(account)).put_session(locked)
}

/// Ends it.
pub(crate) fn end(session: &Session, act: &Act, account: &Account) -> Result<Change, Box<Denial>> {
    if session.ended_at.is_some() || session.account != account.id {
        return Err(act.deny(Action::SessionEnded, account, Refusal::NotFound));
    }
    let ended = Session {
        ended_at: Some(act.at),
        ..session.clone()
    };
    Ok(Change::of(act.done(Action::SessionEnded).on(account)).put_session(ended))
}

/// What the person still has to do, the most urgent first.
pub(crate) fn duties(
    person: &Person,
    stage: Stage,
    policy: &Policy,
    recovery_key_confirmed: bool,
    now: Timestamp,
) -> Vec<Duty> {
    let Person { account, credential } = person;
    let mut duties = Vec::new();
    if let Some(password) = &credential.password {
        let breached = password.breached.map(|(times, _)| times);
        if password.must_change {
            duties.push(Duty::ChangePassword { breached });
        } else if let Some(times) = breached {
            duties.push(Duty::BreachedPassword { times });
        }
    }
    if stage == Stage::Rebind
        || (!credential.has_second_factor() && policy.requires_second_factor(account.role))
    {
        duties.push(Duty::SetUpSecondFactor);
    } else if !credential.has_second_factor() && credential.put_off_until.is_none_or(|until| until <= now) {
        duties.push(Duty::OfferSecondFactor);
    }
    if account.role == crate::account::Role::Owner && !recovery_key_confirmed {
        duties.push(Duty::ConfirmRecoveryKey);
    }
    if let Some(left) = few_codes_left(credential) {
        duties.push(Duty::FewRecoveryCodes { left });
    }
    duties.sort_by_key(|duty| !duty.comes_first());
    duties
}

fn few_codes_left(credential: &Credential) -> Option<u32> {
    let left = credential.recovery.as_ref()?.left();
    (credential.totp.is_some() && left <= FEW_LEFT).then_some(u32::from(left))
}

pub(crate) fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.saturating_add(by).unwrap_or(Timestamp::MAX)
}
