//! Enrolling: a code that somebody read out or printed becomes a password of one's own.

use super::sign_in::{Step, Try, barred, enter, settled, wrong};
use super::{Act, accounts, session};
use crate::audit::Details;
use crate::change::{Change, Denial};
use crate::clock::Rng;
use crate::credential::{Credential, StoredPassword};
use crate::lockout::Factor;
use crate::password::PasswordHash;
use crate::policy::Policy;
use crate::second_factor::{EnrolmentCode, enrolment};
use crate::store::Person;

/// Whether the code is the one that was handed out, still good and unused.
pub(crate) fn is_right(person: &Person, code: Option<&EnrolmentCode>, act: &Act) -> bool {
    match (&person.credential.enrolment, code) {
        (Some(enrolment), Some(code)) => enrolment::redeem(enrolment, code, act.at).is_ok(),
        _ => false,
    }
}

/// Uses the code up and sets the password, whose strength has been looked at.
pub(crate) fn redeem(
    policy: &Policy,
    person: &Person,
    code: &EnrolmentCode,
    hash: PasswordHash,
    act: &Act,
    interrupted: u32,
    rng: &mut Rng,
) -> Result<Step, Box<Denial>> {
    let tried = Try::ENROLMENT;
    let used = person
        .credential
        .enrolment
        .as_ref()
        .map(|enrolment| enrolment::redeem(enrolment, code, act.at));
    let Some(Ok(used)) = used else {
        return Err(wrong(tried, policy, person, act, interrupted));
    };
    let credential = settled(tried, &person.credential, act);
    if let Some(refusal) = barred(&person.account) {
        let event = act.refused(tried.action, &refusal).on(&person.account);
        return Err(Box::new(Denial {
            refusal,
            change: Change::of(event).replace_credential(credential),
        }));
    }
    let password = StoredPassword {
        hash,
        set_at: act.at,
        must_change: false,
        breached: None,
    };
    let mut credential = Credential {
        enrolment: Some(used),
        password: Some(password),
        ..credential
    };
    accounts::forget_tries(&mut credential, Factor::Password);
    let person = Person {
        account: person.account.clone(),
        credential,
    };
    let stage = session::first_stage(&person, policy);
    let id = person.account.id;
    let mut step = enter(tried, policy, person, act, Details::default(), stage, None, rng);
    // A password that was set anew ends what was open under the old one.
    step.change = step.change.end_sessions(id, None, act.at);
    Ok(step)
}
