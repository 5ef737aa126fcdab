//! What somebody does to their own account.

use super::sign_in::{Try, settled};
use super::{Act, accounts, session};
use crate::audit::{Action, Details};
use crate::change::{Change, Decision, Denial};
use crate::clock::Rng;
use crate::credential::{ConfirmedTotp, Credential, StoredPassword};
use crate::error::Refusal;
use crate::lockout::Factor;
use crate::password::PasswordHash;
use crate::policy::Policy;
use crate::second_factor::{RecoverySet, Totp, TotpCode, TotpSecret};
use crate::session::{Session, Stage};
use crate::store::Person;

/// The present password was right: the new one is set, other sessions end.
pub(crate) fn change_password(
    policy: &Policy,
    person: &Person,
    present: &Session,
    hash: PasswordHash,
    act: &Act,
) -> Change {
    let action = Action::PasswordChanged;
    let password = StoredPassword {
        hash,
        set_at: act.at,
        must_change: false,
        breached: None,
    };
    let mut credential = settled(Try::again(action), &person.credential, act);
    credential.password = Some(password);
    accounts::forget_tries(&mut credential, Factor::Password);
    let next = Person {
        account: person.account.clone(),
        credential,
    };
    let session = moved_on(present, &next, policy, act);
    Change::of(act.done(action).on(&person.account))
        .replace_credential(next.credential)
        .end_sessions(person.account.id, Some(present.id), act.at)
        .put_session(session)
}

/// The session after a duty was done: open, if that was the last one.
fn moved_on(present: &Session, person: &Person, policy: &Policy, act: &Act) -> Session {
    let stage = match present.stage {
        Stage::Rebind => Stage::Rebind,
        _ => session::stage(person, policy),
    };
    Session {
        stage,
        seen_at: act.at,
        ..present.clone()
    }
}

/// A new secret, not asked for yet.
pub(crate) fn begin_second_factor(person: &Person, act: &Act, rng: &mut Rng) -> (Change, TotpSecret) {
    let secret = TotpSecret::generate(rng);
    let credential = Credential {
        totp_begun: Some(secret.clone()),
        ..person.credential.clone()
    };
    let change =
        Change::of(act.done(Action::SecondFactorBegun).on(&person.account)).replace_credential(credential);
    (change, secret)
}

/// The secret is confirmed by a code; the recovery codes come with it in the same commit.
pub(crate) fn confirm_second_factor(
    policy: &Policy,
    person: &Person,
    present: &Session,
    code: Option<&TotpCode>,
    recovery: RecoverySet,
    act: &Act,
) -> Decision {
    let action = Action::SecondFactorConfirmed;
    let Some(secret) = &person.credential.totp_begun else {
        return Err(act.deny(action, &person.account, Refusal::NothingBegun));
    };
    let mut totp = Totp::new(secret.clone());
    let confirmed = code.and_then(|code| totp.confirm(code, act.at).ok());
    let Some(progress) = confirmed else {
        return Err(act.fail(action, &person.account, Refusal::WrongCredentials));
    };
    totp.progress = progress;
    let mut credential = Credential {
        totp: Some(ConfirmedTotp { totp, since: act.at }),
        totp_begun: None,
        recovery: Some(recovery),
        put_off_until: None,
        ..person.credential.clone()
    };
    accounts::forget_tries(&mut credential, Factor::Totp);
    accounts::forget_tries(&mut credential, Factor::RecoveryCode);
    let next = Person {
        account: person.account.clone(),
        credential,
    };
    let session = Session {
        stage: session::stage(&next, policy),
        seen_at: act.at,
        ..present.clone()
    };
    Ok(Change::of(act.done(action).on(&person.account))
        .replace_credential(next.credential)
        .end_sessions(person.account.id, Some(present.id), act.at)
        .put_session(session))
}

/// Offered again after the days the shop has set.
pub(crate) fn put_off_second_factor(policy: &Policy, person: &Person, stage: Stage, act: &Act) -> Decision {
    let action = Action::SecondFactorPutOff;
    if policy.requires_second_factor(person.account.role) || stage == Stage::Rebind {
        return Err(act.deny(action, &person.account, Refusal::SetUpNeeded));
    }
    let until = session::later(act.at, policy.put_off());
    let credential = Credential {
        put_off_until: Some(until),
        totp_begun: None,
        ..person.credential.clone()
    };
    let details = Details::default().fact("until", until);
    Ok(Change::of(act.done(action).on(&person.account).with(details)).replace_credential(credential))
}

/// The password was right: all old codes are void.
pub(crate) fn replace_recovery_codes(person: &Person, recovery: RecoverySet, act: &Act) -> Decision {
    let action = Action::RecoveryCodesReplaced;
    if person.credential.totp.is_none() {
        return Err(act.deny(action, &person.account, Refusal::NothingBegun));
    }
    let mut credential = settled(Try::again(action), &person.credential, act);
    credential.recovery = Some(recovery);
    Ok(Change::of(act.done(action).on(&person.account)).replace_credential(credential))
}

/// The password was right: the second factor is not asked for any more.
pub(crate) fn remove_second_factor(policy: &Policy, person: &Person, act: &Act) -> Decision {
    let action = Action::SecondFactorRemoved;
    let mut credential = settled(Try::again(action), &person.credential, act);
    let refusal = if policy.requires_second_factor(person.account.role) {
        Some(Refusal::SetUpNeeded)
    } else if person.credential.totp.is_none() {
        Some(Refusal::Unchanged)
    } else {
        None
    };
    if let Some(refusal) = refusal {
        let event = act.refused(action, &refusal).on(&person.account);
        return Err(Box::new(Denial {
            refusal,
            change: Change::of(event).replace_credential(credential),
        }));
    }
    credential.totp = None;
    credential.totp_begun = None;
    credential.recovery = None;
    Ok(Change::of(act.done(action).on(&person.account)).replace_credential(credential))
}

/// A breach check after a sign-in found the password; `hash` is the one that was checked.
pub(crate) fn breached(
    policy: &Policy,
    person: &Person,
    hash: &PasswordHash,
    times: u32,
    act: &Act,
) -> Option<Change> {
    let mut credential = person.credential.clone();
    let password = credential
        .password
        .as_mut()
        .filter(|password| password.hash.as_str() == hash.as_str())?;
    password.breached = Some((times, act.at));
    password.must_change |= policy.breach_forces_change;
    let details = Details::default().fact("times", times);
    Some(
        Change::of(
            act.done(Action::PasswordBreached)
                .on(&person.account)
                .with(details),
        )
        .replace_credential(credential),
    )
}
