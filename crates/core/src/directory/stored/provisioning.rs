//! Accounts made and changed by a provisioner: load, decide, commit; again if somebody else was quicker.

use super::engine::{TRIES, busy};
use super::tokens::{Admitted, StoredProgram};
use crate::account::{AccountId, Email, Name};
use crate::directory::Provision;
use crate::entry::EntryKind;
use crate::error::{Refusal, Result};
use crate::provisioning::{Named, Provisioned, Wanted};
use crate::query::{AccountQuery, Page};
use crate::rules::provisioning::{Case, Names, Which};
use crate::store::{CommitError, Person};

/// A page of accounts as the provisioner has them.
pub(super) async fn page(program: &StoredProgram, query: &AccountQuery) -> Result<Page<Provisioned>> {
    let admitted = program.admitted().await?;
    let provisioner = admitted.provisioner()?;
    let store = &program.engine.store;
    let page = store.accounts(query, admitted.act.at).await?;
    let ids: Vec<_> = page.rows.iter().map(|row| row.account.id).collect();
    let entries = store.entries_of(EntryKind::ExternalId, &ids).await?;
    let mut of: std::collections::BTreeMap<_, Vec<_>> = std::collections::BTreeMap::new();
    for entry in entries {
        of.entry(entry.account).or_default().push(entry);
    }
    let row = |row: crate::query::AccountRow| {
        let entries = of.remove(&Some(row.account.id)).unwrap_or_default();
        let names = Names::of(provisioner, row.account.id, &entries)?;
        Ok(names.with(row.account))
    };
    Ok(Page {
        rows: page.rows.into_iter().map(row).collect::<Result<_>>()?,
        next: page.next,
    })
}

async fn names(program: &StoredProgram, provisioner: &Name, id: AccountId) -> Result<Names> {
    let entries = program
        .engine
        .store
        .entries_of(EntryKind::ExternalId, &[id])
        .await?;
    Ok(Names::of(provisioner, id, &entries)?)
}

async fn seen(program: &StoredProgram, id: AccountId) -> Result<Option<Person>> {
    let person = program.engine.store.person(id).await?;
    Ok(person.filter(|person| person.account.deleted.is_none()))
}

/// One account as the provisioner has it.
pub(super) async fn get(program: &StoredProgram, id: AccountId) -> Result<Option<Provisioned>> {
    let admitted = program.admitted().await?;
    let provisioner = admitted.provisioner()?;
    let Some(person) = seen(program, id).await? else {
        return Ok(None);
    };
    let names = names(program, provisioner, id).await?;
    Ok(Some(names.with(person.account)))
}

/// The account that the provisioner calls so.
pub(super) async fn named(program: &StoredProgram, named: &Named) -> Result<Option<Provisioned>> {
    let admitted = program.admitted().await?;
    let provisioner = admitted.provisioner()?;
    let (which, name) = match named {
        Named::UserName(name) => (Which::UserName, name),
        Named::ExternalId(name) => (Which::ExternalId, name),
    };
    if let Some(id) = called(program, which, provisioner, name).await? {
        return get(program, id).await;
    }
    if which == Which::ExternalId {
        return Ok(None);
    }
    // Nobody was given that name: it is the address of whoever was given none.
    let Ok(email) = Email::parse(name) else {
        return Ok(None);
    };
    let Some(person) = program.engine.store.person_by_email(&email).await? else {
        return Ok(None);
    };
    let found = get(program, person.account.id).await?;
    Ok(found.filter(|found| found.user_name.is_none()))
}

/// Whom the provisioner calls so.
async fn called(
    program: &StoredProgram,
    which: Which,
    provisioner: &Name,
    name: &str,
) -> Result<Option<AccountId>> {
    let key = which.key(provisioner, name);
    let entry = program.engine.store.entry(EntryKind::ExternalId, key).await?;
    Ok(entry.and_then(|entry| entry.account))
}

/// Whether a wanted name or address belongs to another account already.
async fn taken(
    program: &StoredProgram,
    admitted: &Admitted,
    wanted: &Wanted,
    own: Option<AccountId>,
) -> Result<bool> {
    let provisioner = admitted.provisioner()?;
    let another = |found: Option<AccountId>| found.is_some() && found != own;
    let by_email = |email: Email| async move {
        let person = program.engine.store.person_by_email(&email).await?;
        Ok::<_, crate::error::Error>(person.map(|person| person.account.id))
    };
    if another(by_email(wanted.email.clone()).await?) {
        return Ok(true);
    }
    let user_name = wanted
        .user_name
        .as_ref()
        .map_or(wanted.email.as_str(), |name| name.as_str());
    if another(called(program, Which::UserName, provisioner, user_name).await?) {
        return Ok(true);
    }
    if let Some(Ok(email)) = wanted.user_name.as_ref().map(|name| Email::parse(name.as_str()))
        && another(by_email(email).await?)
    {
        return Ok(true);
    }
    let Some(name) = &wanted.external_id else {
        return Ok(false);
    };
    Ok(another(
        called(program, Which::ExternalId, provisioner, name.as_str()).await?,
    ))
}

/// Makes an account.
pub(super) async fn create(program: &StoredProgram, wanted: &Wanted) -> Result<Provision> {
    let engine = &program.engine;
    for _ in 0..TRIES {
        let admitted = program.admitted().await?;
        let provisioner = admitted.provisioner()?;
        if taken(program, &admitted, wanted, None).await? {
            return Ok(Provision::Taken);
        }
        let policy = engine.policy().await?;
        let case = Case {
            act: &admitted.act,
            provisioner,
            policy: &policy,
        };
        let (change, account) = match case.create(wanted, &mut engine.rng())? {
            Ok(decided) => decided,
            Err(denial) => return Err(engine.deny(denial).await),
        };
        match engine.store.commit(vec![change]).await {
            Ok(()) => {
                return Ok(Provision::Done(Box::new(Provisioned {
                    account,
                    user_name: wanted.user_name.clone(),
                    external_id: wanted.external_id.clone(),
                })));
            }
            Err(CommitError::EmailTaken) => return Ok(Provision::Taken),
            Err(CommitError::Conflict) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(busy())
}

/// Changes accounts into what is wanted of each.
pub(super) async fn change(
    program: &StoredProgram,
    wanted: &[(AccountId, Option<u32>, Wanted)],
) -> Result<Provision> {
    let engine = &program.engine;
    for _ in 0..TRIES {
        let admitted = program.admitted().await?;
        let provisioner = admitted.provisioner()?;
        let policy = engine.policy().await?;
        let case = Case {
            act: &admitted.act,
            provisioner,
            policy: &policy,
        };
        let (mut changes, mut last) = (Vec::new(), None);
        for (id, revision, wanted) in wanted {
            let person = seen(program, *id).await?.ok_or(Refusal::NotFound)?;
            if taken(program, &admitted, wanted, Some(*id)).await? {
                return Ok(Provision::Taken);
            }
            let names = names(program, provisioner, *id).await?;
            let after = match case.change(&person.account, &names, wanted, *revision)? {
                Ok(Some((change, after))) => {
                    changes.push(change);
                    after
                }
                Ok(None) => person.account,
                Err(denial) => return Err(engine.deny(denial).await),
            };
            last = Some(Provisioned {
                account: after,
                user_name: wanted.user_name.clone(),
                external_id: wanted.external_id.clone(),
            });
        }
        let last = last.ok_or(Refusal::NotFound)?;
        if changes.is_empty() {
            return Ok(Provision::Done(Box::new(last)));
        }
        match engine.store.commit(changes).await {
            Ok(()) => return Ok(Provision::Done(Box::new(last))),
            Err(CommitError::EmailTaken) => return Ok(Provision::Taken),
            Err(CommitError::Conflict) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(busy())
}

/// Puts an account into the recycle bin.
pub(super) async fn delete(program: &StoredProgram, id: AccountId, revision: Option<u32>) -> Result<()> {
    let engine = &program.engine;
    for _ in 0..TRIES {
        let admitted = program.admitted().await?;
        let provisioner = admitted.provisioner()?;
        let policy = engine.policy().await?;
        let case = Case {
            act: &admitted.act,
            provisioner,
            policy: &policy,
        };
        let person = seen(program, id).await?.ok_or(Refusal::NotFound)?;
        let names = names(program, provisioner, id).await?;
        let change = match case.delete(&person.account, &names, revision) {
            Ok(change) => change,
            Err(denial) => return Err(engine.deny(denial).await),
        };
        match engine.store.commit(vec![change]).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(busy())
}
