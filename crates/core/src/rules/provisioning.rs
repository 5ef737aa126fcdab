//! What a provisioner does to accounts. It touches no owner, gives nobody an owner's role, and finds an
//! account only by names that it gave itself.

use serde::{Deserialize, Serialize};

use super::{Act, accounts, session};
use crate::account::{Account, AccountId, Mark, Name, Role};
use crate::audit::{Action, AuditEvent, Details};
use crate::change::{Change, Decision, Denial};
use crate::clock::Rng;
use crate::credential::Credential;
use crate::directory::NewAccount;
use crate::entry::{Entry, EntryKey, EntryKind};
use crate::error::{Refusal, StoreError};
use crate::policy::Policy;
use crate::provisioning::{Called, Provisioned, Wanted};
use crate::query::folded;
use crate::second_factor::enrolment;

/// Which of its names a provisioner gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    UserName,
    ExternalId,
}

impl Which {
    /// The field as the trail calls it.
    fn field(self) -> &'static str {
        match self {
            Self::UserName => "user_name",
            Self::ExternalId => "external_id",
        }
    }

    /// Under what such a name of a provisioner is kept. User names are the same in any case (RFC 7643,
    /// 4.1.1), external ids are not (RFC 7643, 3.1).
    pub(crate) fn key(self, provisioner: &Name, name: &str) -> EntryKey {
        let name = match self {
            Self::UserName => folded(name),
            Self::ExternalId => name.to_owned(),
        };
        EntryKey::of(&[self.field(), provisioner.as_str(), &name])
    }
}

/// What is kept of a name that a provisioner gave.
#[derive(Debug, Serialize, Deserialize)]
struct Given {
    which: Which,
    provisioner: Name,
    name: Called,
}

/// The names that one provisioner gave an account.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    given: Vec<(Which, Called, Entry)>,
}

impl Names {
    /// Those of that provisioner among what is kept of the account.
    pub(crate) fn of(provisioner: &Name, account: AccountId, entries: &[Entry]) -> Result<Self, StoreError> {
        let mut given = Vec::new();
        for entry in entries.iter().filter(|entry| entry.account == Some(account)) {
            let read: Given = entry.read()?;
            if read.provisioner == *provisioner {
                given.push((read.which, read.name, entry.clone()));
            }
        }
        Ok(Self { given })
    }

    fn get(&self, which: Which) -> Option<&(Which, Called, Entry)> {
        self.given.iter().find(|(given, ..)| *given == which)
    }

    /// The account as the provisioner has it.
    pub(crate) fn with(&self, account: Account) -> Provisioned {
        let name = |which| self.get(which).map(|(_, name, _)| name.clone());
        Provisioned {
            account,
            user_name: name(Which::UserName),
            external_id: name(Which::ExternalId),
        }
    }
}

/// What a rule decides that writes entries, unless they cannot be written.
type Judged<T> = Result<Result<T, Box<Denial>>, StoreError>;

/// A provisioner that acts.
pub(crate) struct Case<'a> {
    pub(crate) act: &'a Act,
    pub(crate) provisioner: &'a Name,
    pub(crate) policy: &'a Policy,
}

impl Case<'_> {
    fn deny(&self, action: Action, account: &Account, refusal: Refusal) -> Box<Denial> {
        self.act.deny(action, account, refusal)
    }

    /// That a name is written.
    fn given(&self, which: Which, name: &Called, account: AccountId) -> Result<Entry, StoreError> {
        let key = which.key(self.provisioner, name.as_str());
        let given = Given {
            which,
            provisioner: self.provisioner.clone(),
            name: name.clone(),
        };
        Ok(Entry::new(EntryKind::ExternalId, key, self.act.at, &given)?.of(account))
    }

    /// Writes the names that are wanted in the place of those there are.
    fn renamed(
        &self,
        mut change: Change,
        names: &Names,
        wanted: &Wanted,
        account: &Account,
    ) -> Result<Change, StoreError> {
        let pairs = [
            (Which::UserName, &wanted.user_name),
            (Which::ExternalId, &wanted.external_id),
        ];
        for (which, name) in pairs {
            let before = names.get(which);
            if before.map(|(_, name, _)| name) == name.as_ref() {
                continue;
            }
            if let Some((_, _, entry)) = before {
                change = change.take_entry(entry);
            }
            if let Some(name) = name {
                change = change.put_entry(self.given(which, name, account.id)?);
            }
        }
        Ok(change)
    }

    /// Makes an account. Its holder gets a code to enrol from somebody in the shop.
    pub(crate) fn create(&self, wanted: &Wanted, rng: &mut Rng) -> Judged<(Change, Account)> {
        let action = Action::AccountCreated;
        let new = NewAccount {
            email: wanted.email.clone(),
            name: wanted.name.clone(),
            role: wanted.role,
        };
        let mut account = accounts::fresh(new, AccountId::fresh(self.act.at, rng), self.act.at);
        if wanted.role == Role::Owner {
            return Ok(Err(self.deny(action, &account, Refusal::OnlyOwners)));
        }
        if !wanted.active {
            account.disabled = Some(self.mark());
        }
        let (_, enrolment) = enrolment::issue(rng, session::later(self.act.at, self.policy.enrolment()));
        let credential = Credential {
            enrolment: Some(enrolment),
            ..Credential::empty(account.id)
        };
        let details = differences(None, wanted);
        let change =
            Change::of(self.done(action, &account).with(details)).insert_person(account.clone(), credential);
        let change = self.renamed(change, &Names::default(), wanted, &account)?;
        Ok(Ok((change, account)))
    }

    /// Changes an account into what is wanted, from the revision that was looked at, if one is named.
    /// None if it is so already.
    pub(crate) fn change(
        &self,
        account: &Account,
        names: &Names,
        wanted: &Wanted,
        revision: Option<u32>,
    ) -> Judged<Option<(Change, Account)>> {
        let action = Action::AccountEdited;
        if let Err(refusal) = touchable(account) {
            return Ok(Err(self.deny(action, account, refusal)));
        }
        if wanted.role == Role::Owner {
            return Ok(Err(self.deny(action, account, Refusal::OnlyOwners)));
        }
        if revision.is_some_and(|revision| revision != account.revision) {
            return Ok(Err(self.deny(action, account, Refusal::Conflict)));
        }
        let before = names.with(account.clone());
        let details = differences(Some(&before), wanted);
        let mut events = Vec::new();
        if !details.changes.is_empty() {
            events.push(self.done(action, account).with(details));
        }
        let was_active = account.disabled.is_none();
        let disabled = match (was_active, wanted.active) {
            (true, false) => {
                events.push(self.done(Action::AccountDisabled, account));
                Some(self.mark())
            }
            (false, true) => {
                events.push(self.done(Action::AccountEnabled, account));
                None
            }
            (true, true) | (false, false) => account.disabled.clone(),
        };
        let mut events = events.into_iter();
        let Some(first) = events.next() else {
            return Ok(Ok(None));
        };
        let after = Account {
            email: wanted.email.clone(),
            name: wanted.name.clone(),
            role: wanted.role,
            disabled,
            ..account.clone()
        };
        let mut change = events
            .fold(Change::of(first), Change::and_event)
            .replace_account(after.clone(), self.act.at);
        if account.role != after.role || (was_active && !wanted.active) {
            // Rights follow the role, and nobody goes on with an account that is shut.
            change = change.end_sessions(account.id, None, self.act.at);
        }
        let change = self.renamed(change, names, wanted, account)?;
        let after = change.account().map_or(after, |write| write.value().clone());
        Ok(Ok(Some((change, after))))
    }

    /// Puts an account into the recycle bin, ends its sessions and forgets what it was called.
    pub(crate) fn delete(&self, account: &Account, names: &Names, revision: Option<u32>) -> Decision {
        let action = Action::AccountDeleted;
        touchable(account).map_err(|refusal| self.deny(action, account, refusal))?;
        if revision.is_some_and(|revision| revision != account.revision) {
            return Err(self.deny(action, account, Refusal::Conflict));
        }
        let after = Account {
            deleted: Some(self.mark()),
            ..account.clone()
        };
        let change = Change::of(self.done(action, account))
            .replace_account(after, self.act.at)
            .end_sessions(account.id, None, self.act.at);
        let names = names.given.iter();
        Ok(names.fold(change, |change, (_, _, entry)| change.take_entry(entry)))
    }

    fn mark(&self) -> Mark {
        Mark {
            at: self.act.at,
            by: self.act.actor.label().to_owned(),
            reason: None,
        }
    }

    fn done(&self, action: Action, account: &Account) -> AuditEvent {
        self.act.done(action).on(account)
    }
}

fn touchable(account: &Account) -> Result<(), Refusal> {
    if account.deleted.is_some() {
        Err(Refusal::NotFound)
    } else if account.role == Role::Owner {
        Err(Refusal::OnlyOwners)
    } else {
        Ok(())
    }
}

fn differences(before: Option<&Provisioned>, wanted: &Wanted) -> Details {
    let text = |called: &Option<Called>| called.as_ref().map(|called| called.as_str().to_owned());
    Details::default()
        .change(
            "email",
            before.map(|before| before.account.email.as_str().to_owned()),
            Some(wanted.email.as_str().to_owned()),
        )
        .change(
            "name",
            before.map(|before| before.account.name.as_str().to_owned()),
            Some(wanted.name.as_str().to_owned()),
        )
        .change(
            "role",
            before.map(|before| before.account.role.as_str().to_owned()),
            Some(wanted.role.as_str().to_owned()),
        )
        .change(
            Which::UserName.field(),
            before.and_then(|before| text(&before.user_name)),
            text(&wanted.user_name),
        )
        .change(
            Which::ExternalId.field(),
            before.and_then(|before| text(&before.external_id)),
            text(&wanted.external_id),
        )
}
