//! Passkeys: added, used, removed. What is kept of a ceremony is taken away in the change that it brings
//! about, so that of many who go on with it at once one succeeds.

use jiff::{SignedDuration, Timestamp};

use super::accounts::Case;
use super::sign_in::{Step, Try, barred, enter, settled};
use super::{Act, session};
use crate::account::{Name, Reason, TextRefused};
use crate::audit::{Action, Details};
use crate::change::{Change, Decision, Denial};
use crate::clock::Rng;
use crate::credential::{Credential, Passkey, PasskeyId};
use crate::entry::Entry;
use crate::error::Refusal;
use crate::passkey::{CEREMONY_LASTS, Kept, Made, NotProved, PASSKEY_NAME_MOST, PASSKEYS_MOST};
use crate::policy::Policy;
use crate::rights::Right;
use crate::session::Session;
use crate::store::Person;

/// How far the clocks of two nodes may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

/// A ceremony that was found, with what is kept of it.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) entry: Entry,
    pub(crate) kept: Kept,
}

/// Whether a ceremony still counts by the clock. One that a clock gave more time than it has counts for
/// nothing.
pub(crate) fn in_time(entry: &Entry, now: Timestamp) -> bool {
    let longest = session::later(session::later(now, CEREMONY_LASTS), SKEW);
    entry.holds(now) && entry.expires_at.is_some_and(|end| end <= longest)
}

/// Whether a passkey may be called so.
pub(crate) fn may_be_called(name: &Name) -> Result<(), Refusal> {
    if name.is_empty() {
        return Err(TextRefused::Empty.into());
    }
    if name.as_str().chars().count() > PASSKEY_NAME_MOST {
        // 64.
        let max = u32::try_from(PASSKEY_NAME_MOST).unwrap_or(u32::MAX);
        return Err(TextRefused::TooLong { max }.into());
    }
    Ok(())
}

/// The password was right: the authenticator may be asked.
pub(crate) fn begin(person: &Person, ceremony: Entry, act: &Act) -> Decision {
    let action = Action::PasskeyAdded;
    let credential = settled(Try::again(action), &person.credential, act);
    if credential.passkeys.len() >= PASSKEYS_MOST {
        return Err(refused(action, person, credential, Refusal::NotOffered, act));
    }
    let what = Details::default().fact("with", "passkey");
    let event = act.done(Action::SecondFactorBegun).on(&person.account).with(what);
    Ok(Change::of(event)
        .replace_credential(credential)
        .put_entry(ceremony))
}

/// The authenticator made one.
pub(crate) fn add(
    person: &Person,
    present: &Session,
    found: &Found,
    made: Result<Made, NotProved>,
    act: &Act,
) -> Decision {
    let (action, account) = (Action::PasskeyAdded, &person.account);
    let name = match &found.kept {
        Kept::Making { session, name, .. }
            if *session == present.id && found.entry.account == Some(account.id) =>
        {
            name
        }
        // Somebody else's ceremony stays as it is.
        _ => return Err(act.deny(action, account, Refusal::NothingBegun)),
    };
    let Ok(Made { id, material }) = made else {
        return Err(taking(
            found,
            act.fail(action, account, Refusal::WrongCredentials),
        ));
    };
    let mut credential = person.credential.clone();
    if credential.passkeys.contains_key(&id) {
        return Err(taking(found, act.deny(action, account, Refusal::Unchanged)));
    }
    if credential.passkeys.len() >= PASSKEYS_MOST {
        return Err(taking(found, act.deny(action, account, Refusal::NotOffered)));
    }
    let event = act.done(action).on(account).with(called(name, &id));
    let passkey = Passkey {
        name: name.clone(),
        material,
        created_at: act.at,
        last_used_at: None,
    };
    credential.passkeys.insert(id, passkey);
    Ok(Change::of(event)
        .replace_credential(credential)
        .take_entry(&found.entry))
}

/// The password was right: the passkey opens nothing any more, and what is open elsewhere ends.
pub(crate) fn remove_own(
    policy: &Policy,
    person: &Person,
    present: &Session,
    id: &PasskeyId,
    act: &Act,
) -> Decision {
    let action = Action::PasskeyRemoved;
    let mut credential = settled(Try::again(action), &person.credential, act);
    let Some(passkey) = credential.passkeys.remove(id) else {
        return Err(refused(action, person, credential, Refusal::NotFound, act));
    };
    if !credential.has_second_factor() && policy.requires_second_factor(person.account.role) {
        credential.passkeys.insert(id.clone(), passkey);
        return Err(refused(action, person, credential, Refusal::SetUpNeeded, act));
    }
    let event = act.done(action).on(&person.account);
    Ok(Change::of(event.with(called(&passkey.name, id)))
        .replace_credential(credential)
        .end_sessions(person.account.id, Some(present.id), act.at))
}

impl Case<'_> {
    /// Takes away somebody else's passkey and ends their sessions.
    pub(crate) fn remove_passkey(&self, person: &Person, id: &PasskeyId, reason: Reason) -> Decision {
        let (action, account) = (Action::PasskeyRemoved, &person.account);
        self.check(Right::ResetSecondFactors, action, account)?;
        self.not_own(action, account)?;
        let mut credential = person.credential.clone();
        let Some(passkey) = credential.passkeys.remove(id) else {
            return Err(self.act.deny(action, account, Refusal::NotFound));
        };
        let event = self.done(action, account, Some(reason));
        Ok(Change::of(event.with(called(&passkey.name, id)))
            .replace_credential(credential)
            .end_sessions(account.id, None, self.act.at))
    }
}

/// Judges what a passkey signed. `proved` is of the material that `person` has.
pub(crate) fn sign_in(
    policy: &Policy,
    person: &Person,
    id: &PasskeyId,
    proved: Result<String, NotProved>,
    found: &Found,
    act: &Act,
    rng: &mut Rng,
) -> Result<Step, Box<Denial>> {
    let (action, account) = (Action::SignInPasskey, &person.account);
    let mut credential = person.credential.clone();
    let passkey = credential.passkeys.get_mut(id);
    let passkey = passkey.filter(|_| account.deleted.is_none());
    let (Some(passkey), true) = (passkey, is_meant(found, person)) else {
        return Err(taking(
            found,
            act.fail(action, account, Refusal::WrongCredentials),
        ));
    };
    let details = called(&passkey.name, id);
    match proved {
        Ok(material) => {
            passkey.material = material;
            passkey.last_used_at = Some(act.at);
        }
        Err(why) => {
            let details = match why {
                NotProved::Wrong => details,
                NotProved::WentBack => details.fact("counter", "went back"),
            };
            let event = act.failed(action, Refusal::WrongCredentials.code());
            let change = Change::of(event.on(account).with(details));
            let refusal = Refusal::WrongCredentials;
            return Err(taking(found, Box::new(Denial { refusal, change })));
        }
    }
    if let Some(refusal) = barred(account) {
        return Err(taking(found, refused(action, person, credential, refusal, act)));
    }
    let person = Person {
        account: account.clone(),
        credential,
    };
    let stage = session::stage(&person, policy);
    let mut step = enter(Try::again(action), policy, person, act, details, stage, None, rng);
    step.change = step.change.take_entry(&found.entry);
    Ok(step)
}

/// Whether the ceremony is one of signing in, for everybody or for this person.
fn is_meant(found: &Found, person: &Person) -> bool {
    match &found.kept {
        Kept::SigningIn { email: None, .. } => true,
        Kept::SigningIn { email: Some(_), .. } => found.entry.account == Some(person.account.id),
        Kept::Making { .. } => false,
    }
}

/// An answer of nobody whom we know.
pub(crate) fn nobodys(found: Option<&Found>, act: &Act) -> Box<Denial> {
    let refusal = Refusal::WrongCredentials;
    let change = Change::of(act.failed(Action::SignInPasskey, refusal.code()));
    let denial = Box::new(Denial { refusal, change });
    match found {
        Some(found) => taking(found, denial),
        None => denial,
    }
}

/// The same refusal, after which the ceremony is used up.
fn taking(found: &Found, denial: Box<Denial>) -> Box<Denial> {
    let Denial { refusal, change } = *denial;
    Box::new(Denial {
        refusal,
        change: change.take_entry(&found.entry),
    })
}

/// A refusal of somebody whose password, or passkey, was right.
fn refused(
    action: Action,
    person: &Person,
    credential: Credential,
    refusal: Refusal,
    act: &Act,
) -> Box<Denial> {
    let event = act.refused(action, &refusal).on(&person.account);
    let change = Change::of(event).replace_credential(credential);
    Box::new(Denial { refusal, change })
}

fn called(name: &Name, id: &PasskeyId) -> Details {
    Details::default().fact("passkey", name).fact("id", id.text())
}
