//! What somebody with the right does to an account.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Act, guard, session};
use crate::account::{Account, AccountId, Mark, Reason, Role};
use crate::audit::{Action, AuditEvent, Details};
use crate::change::{Change, Decision, Denial};
use crate::clock::Rng;
use crate::credential::Credential;
use crate::directory::{AccountEdit, NewAccount};
use crate::error::Refusal;
use crate::lockout::Budget;
use crate::policy::Policy;
use crate::rights::{Right, may_touch};
use crate::second_factor::{EnrolmentCode, enrolment};
use crate::store::Person;

/// Who acts on whom, in which shop.
pub(crate) struct Case<'a> {
    pub(crate) act: &'a Act,
    pub(crate) actor: &'a Account,
    pub(crate) policy: &'a Policy,
    /// All owners, for the guard that one remains.
    pub(crate) owners: &'a [Person],
}

/// A new account or a new code, with what is shown once.
pub(crate) struct Issued {
    pub(crate) change: Change,
    pub(crate) account: Account,
    pub(crate) code: EnrolmentCode,
    pub(crate) expires_at: Timestamp,
}

impl Case<'_> {
    fn mark(&self, reason: Option<Reason>) -> Mark {
        Mark {
            at: self.act.at,
            by: self.act.actor.label().to_owned(),
            reason,
        }
    }

    pub(super) fn done(&self, action: Action, subject: &Account, reason: Option<Reason>) -> AuditEvent {
        self.act.done(action).on(subject).because(reason)
    }

    pub(super) fn check(&self, right: Right, action: Action, subject: &Account) -> Result<(), Box<Denial>> {
        guard::allowed_on(self.actor, right, subject)
            .map_err(|refusal| self.act.deny(action, subject, refusal))
    }

    pub(super) fn not_own(&self, action: Action, subject: &Account) -> Result<(), Box<Denial>> {
        if self.actor.id == subject.id {
            Err(self.act.deny(action, subject, Refusal::OwnAccount))
        } else {
            Ok(())
        }
    }

    pub(super) fn unless(&self, already: bool, action: Action, subject: &Account) -> Result<(), Box<Denial>> {
        if already {
            Err(self.act.deny(action, subject, Refusal::Unchanged))
        } else {
            Ok(())
        }
    }

    /// A change after which `leaving` is no owner who can sign in: another one must remain, and must
    /// still do so when the change is committed.
    fn without(&self, change: Change, leaving: &Account, action: Action) -> Decision {
        if leaving.role != Role::Owner {
            return Ok(change);
        }
        match guard::remaining_owner(self.owners, leaving.id, self.policy, self.act.at) {
            Ok(remaining) => Ok(change.requires(remaining)),
            Err(refusal) => Err(self.act.deny(action, leaving, refusal)),
        }
    }

    /// Makes an account, with a code to enrol.
    pub(crate) fn create(&self, new: NewAccount, rng: &mut Rng) -> Result<Issued, Box<Denial>> {
        let account = fresh(new, AccountId::fresh(self.act.at, rng), self.act.at);
        let action = Action::AccountCreated;
        guard::allowed(self.actor, Right::CreateAccounts)
            .and_then(|()| {
                if may_touch(self.actor.role, account.role) {
                    Ok(())
                } else {
                    Err(Refusal::OnlyOwners)
                }
            })
            .map_err(|refusal| self.act.deny(action, &account, refusal))?;
        let expires_at = session::later(self.act.at, self.policy.enrolment());
        let (code, enrolment) = enrolment::issue(rng, expires_at);
        let credential = Credential {
            enrolment: Some(enrolment),
            ..Credential::empty(account.id)
        };
        let details = Details::default()
            .change("email", None, Some(account.email.as_str().to_owned()))
            .change("name", None, Some(account.name.as_str().to_owned()))
            .change("role", None, Some(account.role.as_str().to_owned()));
        let change = Change::of(self.done(action, &account, None).with(details))
            .insert_person(account.clone(), credential)
            .and_event(self.done(Action::EnrolmentIssued, &account, None));
        Ok(Issued {
            change,
            account,
            code,
            expires_at,
        })
    }

    /// Hands out a new code to enrol; an older one is void.
    pub(crate) fn issue_enrolment(
        &self,
        person: &Person,
        reason: Option<Reason>,
        rng: &mut Rng,
    ) -> Result<Issued, Box<Denial>> {
        let action = Action::EnrolmentIssued;
        self.check(Right::CreateAccounts, action, &person.account)?;
        let expires_at = session::later(self.act.at, self.policy.enrolment());
        let (code, enrolment) = enrolment::issue(rng, expires_at);
        let credential = Credential {
            enrolment: Some(enrolment),
            ..person.credential.clone()
        };
        let change = Change::of(self.done(action, &person.account, reason)).replace_credential(credential);
        Ok(Issued {
            change,
            account: person.account.clone(),
            code,
            expires_at,
        })
    }

    /// Changes e-mail address, name or role, from the revision that was looked at.
    pub(crate) fn edit(&self, person: &Person, revision: u32, edit: AccountEdit) -> Decision {
        let (action, before) = (Action::AccountEdited, &person.account);
        let own_name = self.actor.id == before.id && before.email == edit.email && before.role == edit.role;
        if !own_name {
            self.check(Right::EditAccounts, action, before)?;
        }
        if before.revision != revision {
            return Err(self.act.deny(action, before, Refusal::Conflict));
        }
        if before.role != edit.role
            && (self.actor.role != Role::Owner && !may_touch(self.actor.role, edit.role))
        {
            return Err(self.act.deny(action, before, Refusal::OnlyOwners));
        }
        let details = Details::default()
            .change(
                "email",
                Some(before.email.as_str().to_owned()),
                Some(edit.email.as_str().to_owned()),
            )
            .change(
                "name",
                Some(before.name.as_str().to_owned()),
                Some(edit.name.as_str().to_owned()),
            )
            .change(
                "role",
                Some(before.role.as_str().to_owned()),
                Some(edit.role.as_str().to_owned()),
            );
        self.unless(details.changes.is_empty(), action, before)?;
        let demoted = before.role == Role::Owner && edit.role != Role::Owner;
        let after = Account {
            email: edit.email,
            name: edit.name,
            role: edit.role,
            ..before.clone()
        };
        let mut change = Change::of(self.done(action, before, None).with(details))
            .replace_account(after.clone(), self.act.at);
        if before.role != after.role {
            // Rights follow the role: whoever is signed in signs in again under the new one.
            change = change.end_sessions(before.id, None, self.act.at);
        }
        if demoted {
            self.without(change, before, action)
        } else {
            Ok(change)
        }
    }

    /// Disables an account and ends its sessions.
    pub(crate) fn disable(&self, person: &Person, reason: Reason) -> Decision {
        let (action, account) = (Action::AccountDisabled, &person.account);
        self.check(Right::DisableAccounts, action, account)?;
        self.not_own(action, account)?;
        self.unless(account.disabled.is_some(), action, account)?;
        let after = Account {
            disabled: Some(self.mark(Some(reason.clone()))),
            ..account.clone()
        };
        let change = self.shut_out(action, person, after, Some(reason));
        self.without(change, account, action)
    }

    /// Enables a disabled account.
    pub(crate) fn enable(&self, person: &Person, reason: Option<Reason>) -> Decision {
        let (action, account) = (Action::AccountEnabled, &person.account);
        self.check(Right::DisableAccounts, action, account)?;
        self.unless(account.disabled.is_none(), action, account)?;
        let after = Account {
            disabled: None,
            ..account.clone()
        };
        Ok(Change::of(self.done(action, account, reason)).replace_account(after, self.act.at))
    }

    /// Locks an account by hand and ends its sessions.
    pub(crate) fn lock(&self, person: &Person, reason: Reason) -> Decision {
        let (action, account) = (Action::AccountLocked, &person.account);
        self.check(Right::LockAccounts, action, account)?;
        self.not_own(action, account)?;
        self.unless(account.locked.is_some(), action, account)?;
        let after = Account {
            locked: Some(self.mark(Some(reason.clone()))),
            ..account.clone()
        };
        let change = self.shut_out(action, person, after, Some(reason));
        self.without(change, account, action)
    }

    /// Lifts a lock by hand and forgets failures. A factor that was disabled by a hundred failures
    /// stays so until it is set anew (NIST SP 800-63B-4, 3.2.2).
    pub(crate) fn unlock(&self, person: &Person, reason: Reason) -> Decision {
        let (action, account) = (Action::AccountUnlocked, &person.account);
        self.check(Right::LockAccounts, action, account)?;
        let lockout = self.policy.lockout();
        let mut credential = person.credential.clone();
        let mut forgotten = 0_u32;
        for budget in credential.budgets.values_mut() {
            if let Ok(cleared) = crate::lockout::clear(budget, &lockout) {
                forgotten += budget.failures;
                *budget = cleared;
            }
        }
        self.unless(account.locked.is_none() && forgotten == 0, action, account)?;
        let details = Details::default()
            .change(
                "locked",
                account.locked.as_ref().map(|mark| mark.by.clone()),
                None,
            )
            .fact("failures_forgotten", forgotten);
        let mut change = Change::of(self.done(action, account, Some(reason)).with(details));
        if forgotten > 0 {
            change = change.replace_credential(credential);
        }
        if account.locked.is_some() {
            change = change.replace_account(
                Account {
                    locked: None,
                    ..account.clone()
                },
                self.act.at,
            );
        }
        Ok(change)
    }

    /// Makes the person choose a new password at the next sign-in.
    pub(crate) fn force_password_change(&self, person: &Person, reason: Reason) -> Decision {
        let (action, account) = (Action::PasswordChangeForced, &person.account);
        self.check(Right::EditAccounts, action, account)?;
        let mut credential = person.credential.clone();
        let already = credential
            .password
            .as_mut()
            .is_none_or(|password| std::mem::replace(&mut password.must_change, true));
        self.unless(already, action, account)?;
        Ok(Change::of(self.done(action, account, Some(reason)))
            .replace_credential(credential)
            .end_sessions(account.id, None, self.act.at))
    }

    /// Takes away a second factor, its recovery codes and passkeys, and ends the sessions.
    pub(crate) fn reset_second_factor(&self, person: &Person, reason: Reason) -> Decision {
        let (action, account) = (Action::SecondFactorReset, &person.account);
        self.check(Right::ResetSecondFactors, action, account)?;
        self.not_own(action, account)?;
        let before = &person.credential;
        self.unless(
            !before.has_second_factor() && before.recovery.is_none(),
            action,
            account,
        )?;
        let mut credential = Credential {
            totp: None,
            totp_begun: None,
            recovery: None,
            put_off_until: None,
            passkeys: BTreeMap::new(),
            ..before.clone()
        };
        credential
            .budgets
            .retain(|(factor, _), _| *factor == crate::lockout::Factor::Password);
        Ok(Change::of(self.done(action, account, Some(reason)))
            .replace_credential(credential)
            .end_sessions(account.id, None, self.act.at))
    }

    /// Ends every session of an account.
    pub(crate) fn end_sessions(&self, person: &Person, reason: Option<Reason>) -> Decision {
        let (action, account) = (Action::SessionsEnded, &person.account);
        if self.actor.id != account.id {
            self.check(Right::LockAccounts, action, account)?;
        }
        Ok(Change::of(self.done(action, account, reason)).end_sessions(account.id, None, self.act.at))
    }

    /// Puts an account into the recycle bin and ends its sessions.
    pub(crate) fn delete(&self, person: &Person, reason: Option<Reason>) -> Decision {
        let (action, account) = (Action::AccountDeleted, &person.account);
        self.check(Right::DeleteAccounts, action, account)?;
        self.not_own(action, account)?;
        let after = Account {
            deleted: Some(self.mark(reason.clone())),
            ..account.clone()
        };
        let change = self.shut_out(action, person, after, reason);
        self.without(change, account, action)
    }

    /// Takes an account out of the recycle bin.
    pub(crate) fn restore(&self, person: &Person) -> Decision {
        let (action, account) = (Action::AccountRestored, &person.account);
        let after = Account {
            deleted: None,
            ..account.clone()
        };
        self.check(Right::DeleteAccounts, action, &after)?;
        self.unless(account.deleted.is_none(), action, account)?;
        Ok(Change::of(self.done(action, account, None)).replace_account(after, self.act.at))
    }

    fn shut_out(&self, action: Action, person: &Person, after: Account, reason: Option<Reason>) -> Change {
        Change::of(self.done(action, &person.account, reason))
            .replace_account(after, self.act.at)
            .end_sessions(person.account.id, None, self.act.at)
    }
}

/// An account as it begins.
pub(crate) fn fresh(new: NewAccount, id: AccountId, now: Timestamp) -> Account {
    Account {
        id,
        revision: 1,
        email: new.email,
        name: new.name,
        role: new.role,
        disabled: None,
        locked: None,
        deleted: None,
        created_at: now,
        updated_at: now,
    }
}

/// The tries of a factor that was set anew: none.
pub(crate) fn forget_tries(credential: &mut Credential, factor: crate::lockout::Factor) {
    for ((of, _), budget) in &mut credential.budgets {
        if *of == factor {
            *budget = Budget::default();
        }
    }
}
