//! Links that are sent by mail: asked for, and used. A link is taken away in the change that it brings
//! about, so that of many who use it at once one succeeds.

use jiff::{SignedDuration, Timestamp};

use super::accounts::Case;
use super::letter::Desk;
use super::sign_in::{Step, Try, barred, enter};
use super::{Act, accounts, session};
use crate::account::{Account, AccountId, Email, Mark, Name, Reason, Role};
use crate::audit::{Action, Actor, Details};
use crate::change::{Change, Decision, Denial};
use crate::credential::{Credential, StoredPassword};
use crate::directory::NewAccount;
use crate::entry::{Entry, EntryKind};
use crate::error::Refusal;
use crate::letter::Letter;
use crate::link::{Does, Purpose, Sent};
use crate::lockout::Factor;
use crate::password::PasswordHash;
use crate::policy::Policy;
use crate::rights::Right;
use crate::store::Person;

/// How far the clocks of two nodes may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

/// A link that was found, with what it is good for.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) entry: Entry,
    pub(crate) sent: Sent,
}

/// Whether the link still counts by the clock. One that a clock gave more time than a link has, as it was
/// ahead when the link was made or was set back since, counts for nothing.
pub(crate) fn in_time(entry: &Entry, purpose: Purpose, now: Timestamp) -> bool {
    let longest = session::later(session::later(now, purpose.lasts()), SKEW);
    entry.holds(now) && entry.expires_at.is_some_and(|end| end <= longest)
}

/// Whether the account is still as it was when the link was sent: a new password, or another address, makes
/// links void that were sent before.
pub(crate) fn counts(sent: &Sent, person: Option<&Person>) -> bool {
    let Some(person) = person else {
        return matches!(sent.does, Does::Registration);
    };
    let (account, present) = (&person.account, password_of(person));
    if account.deleted.is_some() {
        return false;
    }
    match &sent.does {
        Does::Reset { password } | Does::SignIn { password } => {
            account.email == sent.to && present == *password
        }
        Does::Invitation => account.email == sent.to && present.is_none(),
        Does::Address { from, password } => account.email == *from && present == *password,
        Does::Disown { .. } => true,
        Does::Registration => false,
    }
}

/// Of when somebody's password is.
pub(crate) fn password_of(person: &Person) -> Option<Timestamp> {
    person
        .credential
        .password
        .as_ref()
        .map(|password| password.set_at)
}

/// What asking for a link of that purpose is called.
pub(crate) fn asking(purpose: Purpose) -> Action {
    match purpose {
        Purpose::Reset => Action::PasswordResetRequested,
        Purpose::SignIn => Action::SignInLinkRequested,
        Purpose::Invitation => Action::AccountInvited,
        Purpose::Registration => Action::AccountRegistered,
        Purpose::Address => Action::EmailChangeRequested,
        Purpose::Disown => Action::DeviceNew,
    }
}

/// What using a link of that purpose is called.
pub(crate) fn using(purpose: Purpose) -> Action {
    match purpose {
        Purpose::Reset => Action::PasswordReset,
        Purpose::SignIn => Action::SignInLink,
        Purpose::Invitation => Action::EnrolmentRedeemed,
        Purpose::Registration => Action::AccountCreated,
        Purpose::Address => Action::AccountEdited,
        Purpose::Disown => Action::DeviceDisowned,
    }
}

/// Somebody with an account asked for a link to set a new password, or to sign in. Refused where the
/// account may not be entered at all; whoever asked does not learn it.
pub(crate) fn request(
    purpose: Purpose,
    person: &Person,
    links: &[Entry],
    act: &Act,
    desk: &mut Desk<'_>,
) -> Result<Change, Box<Denial>> {
    let (action, account) = (asking(purpose), &person.account);
    if let Some(refusal) = barred(account) {
        return Err(act.deny(action, account, refusal));
    }
    let password = password_of(person);
    let change = Change::of(act.done(action).on(account));
    Ok(match purpose {
        Purpose::SignIn => desk.send(
            change,
            Does::SignIn { password },
            &account.email,
            Some(person),
            links,
            |link| Letter::SignInLink { link },
        ),
        _ => desk.send(
            change,
            Does::Reset { password },
            &account.email,
            Some(person),
            links,
            |link| Letter::PasswordReset { link },
        ),
    })
}

/// Somebody without an account wants one.
pub(crate) fn register(email: &Email, act: &Act, desk: &mut Desk<'_>) -> Change {
    let change = Change::of(act.done(Action::AccountRegistered));
    desk.send(change, Does::Registration, email, None, &[], |link| {
        Letter::ConfirmAddress { link }
    })
}

/// Somebody wants an account at the address of one that is there: its holder is told.
pub(crate) fn registered_already(person: &Person, act: &Act, desk: &mut Desk<'_>) -> Change {
    let account = &person.account;
    let event = act.refused(Action::AccountRegistered, &Refusal::EmailTaken);
    let change = Change::of(event.on(account));
    if account.deleted.is_some() {
        change
    } else {
        desk.write(change, &account.email, Some(account.id), Letter::AddressTaken)
    }
}

/// The holder wants another address, and gave the password. `taken` says that another account has it:
/// whoever reads the letters there is told, and not whoever asked.
pub(crate) fn request_address(
    person: &Person,
    credential: Credential,
    to: &Email,
    taken: bool,
    links: &[Entry],
    act: &Act,
    desk: &mut Desk<'_>,
) -> Result<Change, Box<Denial>> {
    let (action, account) = (Action::EmailChangeRequested, &person.account);
    if *to == account.email {
        let event = act.refused(action, &Refusal::Unchanged).on(account);
        return Err(Box::new(Denial {
            refusal: Refusal::Unchanged,
            change: Change::of(event).replace_credential(credential),
        }));
    }
    let details = Details::default().change(
        "email",
        Some(account.email.as_str().to_owned()),
        Some(to.as_str().to_owned()),
    );
    let change = Change::of(act.done(action).on(account).with(details)).replace_credential(credential);
    if taken {
        return Ok(desk.write(change, to, None, Letter::AddressTaken));
    }
    let does = Does::Address {
        from: account.email.clone(),
        password: password_of(person),
    };
    Ok(desk.send(change, does, to, Some(person), links, |link| {
        Letter::ConfirmAddress { link }
    }))
}

/// Sets the password of whoever was invited or forgot theirs, and goes on as after any password: the second
/// factor stays asked. What was open before ends.
pub(crate) fn set_password(
    purpose: Purpose,
    policy: &Policy,
    person: &Person,
    found: &Found,
    hash: PasswordHash,
    act: &Act,
    desk: &mut Desk<'_>,
) -> Result<Step, Box<Denial>> {
    admit(purpose, person, act)?;
    let id = person.account.id;
    let mut credential = Credential {
        password: Some(StoredPassword {
            hash,
            set_at: act.at,
            must_change: false,
            breached: None,
        }),
        ..person.credential.clone()
    };
    if purpose == Purpose::Invitation {
        credential.enrolment = None;
    }
    accounts::forget_tries(&mut credential, Factor::Password);
    let next = Person {
        account: person.account.clone(),
        credential,
    };
    let mut step = entered(purpose, policy, next, act, desk);
    step.change = step
        .change
        .end_sessions(id, None, act.at)
        .take_entry(&found.entry);
    if purpose == Purpose::Reset {
        let told = Letter::PasswordChanged { at: act.at };
        step.change = desk.write(step.change, &person.account.email, Some(id), told);
    }
    Ok(step)
}

/// In, without a password; the second factor stays asked.
pub(crate) fn sign_in(
    policy: &Policy,
    person: &Person,
    found: &Found,
    act: &Act,
    desk: &mut Desk<'_>,
) -> Result<Step, Box<Denial>> {
    admit(Purpose::SignIn, person, act)?;
    let mut step = entered(Purpose::SignIn, policy, person.clone(), act, desk);
    step.change = step.change.take_entry(&found.entry);
    step.change = desk.tell_of_device(step.change, person, &step.session, act);
    Ok(step)
}

fn admit(purpose: Purpose, person: &Person, act: &Act) -> Result<(), Box<Denial>> {
    match barred(&person.account) {
        Some(refusal) => Err(act.deny(using(purpose), &person.account, refusal)),
        None => Ok(()),
    }
}

fn entered(purpose: Purpose, policy: &Policy, person: Person, act: &Act, desk: &mut Desk<'_>) -> Step {
    let stage = session::first_stage(&person, policy);
    let tried = Try::again(using(purpose));
    let by = Details::default().fact("by", "link");
    enter(tried, policy, person, act, by, stage, None, desk.rng)
}

/// Makes the account of somebody whose address is theirs, and lets them in.
pub(crate) fn finish_registration(
    policy: &Policy,
    found: &Found,
    name: Name,
    hash: PasswordHash,
    act: &Act,
    desk: &mut Desk<'_>,
) -> (Step, Account) {
    let new = NewAccount {
        email: found.sent.to.clone(),
        name,
        role: Role::Customer,
    };
    let account = accounts::fresh(new, AccountId::fresh(act.at, desk.rng), act.at);
    let act = Act::by(&account, act.at, act.source.clone());
    let credential = Credential {
        password: Some(StoredPassword {
            hash,
            set_at: act.at,
            must_change: false,
            breached: None,
        }),
        known_devices: act.source.device.into_iter().collect(),
        last_sign_in_at: Some(act.at),
        ..Credential::empty(account.id)
    };
    let person = Person {
        account: account.clone(),
        credential,
    };
    let stage = session::stage(&person, policy);
    let (session, token) = session::begin(&person, stage, policy, act.source.clone(), act.at, desk.rng);
    let details = Details::default()
        .change("email", None, Some(account.email.as_str().to_owned()))
        .change("name", None, Some(account.name.as_str().to_owned()))
        .change("role", None, Some(account.role.as_str().to_owned()));
    let change = Change::of(act.done(Action::AccountCreated).on(&account).with(details))
        .insert_person(account.clone(), person.credential)
        .put_session(session.clone())
        .take_entry(&found.entry);
    let step = Step {
        change,
        session,
        token,
    };
    (step, account)
}

/// The new address is the holder's: the account has it from now on, and the old one is told.
pub(crate) fn change_address(
    person: &Person,
    found: &Found,
    act: &Act,
    desk: &mut Desk<'_>,
) -> Result<Change, Box<Denial>> {
    admit(Purpose::Address, person, act)?;
    let (before, act) = (
        &person.account,
        Act::by(&person.account, act.at, act.source.clone()),
    );
    let details = Details::default()
        .change(
            "email",
            Some(before.email.as_str().to_owned()),
            Some(found.sent.to.as_str().to_owned()),
        )
        .fact("by", "link");
    let after = Account {
        email: found.sent.to.clone(),
        ..before.clone()
    };
    // The credential goes along: a password that is changed at the same time makes the link void.
    let change = Change::of(act.done(Action::AccountEdited).on(before).with(details))
        .replace_account(after, act.at)
        .replace_credential(person.credential.clone())
        .take_entry(&found.entry);
    let told = Letter::AddressChanged { at: act.at };
    Ok(desk.write(change, &before.email, Some(before.id), told))
}

impl Case<'_> {
    /// Somebody of the shop sends a link to choose a first password.
    pub(crate) fn invite(
        &self,
        person: &Person,
        links: &[Entry],
        reason: Option<Reason>,
        desk: &mut Desk<'_>,
    ) -> Decision {
        let (action, account) = (asking(Purpose::Invitation), &person.account);
        self.check(Right::CreateAccounts, action, account)?;
        self.unless(person.credential.password.is_some(), action, account)?;
        self.can_be_entered(action, account)?;
        let change = Change::of(self.done(action, account, reason));
        let by = self.actor.name.clone();
        Ok(desk.send(
            change,
            Does::Invitation,
            &account.email,
            Some(person),
            links,
            |link| Letter::Invitation { by, link },
        ))
    }

    /// Somebody of the shop sends a link to set a new password.
    pub(crate) fn send_reset(
        &self,
        person: &Person,
        links: &[Entry],
        reason: Option<Reason>,
        desk: &mut Desk<'_>,
    ) -> Decision {
        let (action, account) = (asking(Purpose::Reset), &person.account);
        self.check(Right::CreateAccounts, action, account)?;
        self.can_be_entered(action, account)?;
        let change = Change::of(self.done(action, account, reason));
        let does = Does::Reset {
            password: password_of(person),
        };
        Ok(
            desk.send(change, does, &account.email, Some(person), links, |link| {
                Letter::PasswordReset { link }
            }),
        )
    }

    fn can_be_entered(&self, action: Action, account: &Account) -> Result<(), Box<Denial>> {
        match barred(account) {
            Some(refusal) => Err(self.act.deny(action, account, refusal)),
            None => Ok(()),
        }
    }
}

/// Why an account is locked whose holder said so.
const NOT_ME: &str = "The holder says of a sign-in that it was not theirs.";

/// A sign-in was not the holder's: every session ends, its installation is not known any more, no link works
/// any more, and the account is locked until somebody of the shop has looked into it. Also the last owner's:
/// the recovery key lets them in again.
pub(crate) fn disown(person: &Person, found: &Found, act: &Act) -> Change {
    let account = &person.account;
    let act = Act {
        actor: Actor::Keyholder,
        ..act.clone()
    };
    let reason = Reason::parse(NOT_ME).ok();
    let details = match &found.sent.does {
        Does::Disown { session, .. } => Details::default().fact("session", session.uuid()),
        _ => Details::default(),
    };
    let event = act
        .done(Action::DeviceDisowned)
        .on(account)
        .because(reason.clone())
        .with(details);
    let mut credential = person.credential.clone();
    if let Does::Disown {
        device: Some(device), ..
    } = &found.sent.does
    {
        credential.known_devices.remove(device);
    }
    let mark = Mark {
        at: act.at,
        by: act.actor.label().to_owned(),
        reason,
    };
    let after = Account {
        locked: account.locked.clone().or(Some(mark)),
        ..account.clone()
    };
    Change::of(event)
        .replace_account(after, act.at)
        .replace_credential(credential)
        .end_sessions(account.id, None, act.at)
        .take_entry(&found.entry)
        .remove_entries(EntryKind::Link, account.id)
}
