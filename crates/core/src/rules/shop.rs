//! The shop itself: set up, changed, recovered.

use std::collections::BTreeMap;

use super::sign_in::Step;
use super::{Act, accounts, guard, session};
use crate::account::{Account, AccountId, Name, Role, TextRefused};
use crate::audit::{Action, Details};
use crate::change::{Change, Decision, Denial};
use crate::clock::Rng;
use crate::credential::{Credential, StoredPassword};
use crate::directory::{NewAccount, StoreAct};
use crate::error::Refusal;
use crate::lockout::Factor;
use crate::password::PasswordHash;
use crate::policy::{Number, Policy};
use crate::rights::Right;
use crate::second_factor::{EnrolmentCode, enrolment};
use crate::session::Stage;
use crate::shop::Shop;
use crate::store::Person;

/// Sets up the shop with its first owner, who is signed in at once.
pub(crate) fn set_up(
    name: Name,
    owner: NewAccount,
    hash: PasswordHash,
    act: &Act,
    rng: &mut Rng,
) -> (Step, Account) {
    let mut account = accounts::fresh(owner, AccountId::fresh(act.at, rng), act.at);
    account.role = Role::Owner;
    let act = Act::by(&account, act.at, act.source.clone());
    let shop = Shop {
        revision: 1,
        name,
        policy: Policy::default(),
        created_at: act.at,
        recovery_key_confirmed_at: None,
    };
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
    let (session, token) = session::begin(
        &person,
        Stage::Open,
        &shop.policy,
        act.source.clone(),
        act.at,
        rng,
    );
    let details = Details::default().change("name", None, Some(shop.name.as_str().to_owned()));
    let change = Change::of(act.done(Action::ShopCreated).with(details))
        .and_event(act.done(Action::AccountCreated).on(&account))
        .insert_shop(shop)
        .insert_person(account.clone(), person.credential)
        .put_session(session.clone());
    (
        Step {
            change,
            session,
            token,
        },
        account,
    )
}

/// Changes the shop's name or what it has decided, from the revision that was looked at.
pub(crate) fn change(
    shop: &Shop,
    actor: &Account,
    revision: u32,
    name: Name,
    policy: Policy,
    act: &Act,
) -> Decision {
    let action = Action::PolicyChanged;
    let no = |refusal: Refusal| {
        let event = act.refused(action, &refusal);
        Box::new(Denial {
            refusal,
            change: Change::of(event),
        })
    };
    guard::allowed(actor, Right::ChangePolicy).map_err(no)?;
    if shop.revision != revision {
        return Err(no(Refusal::Conflict));
    }
    if name.is_empty() {
        return Err(no(Refusal::BadText(TextRefused::Empty)));
    }
    if let Some(number) = policy.out_of_bounds() {
        return Err(no(Refusal::OutOfBounds(number)));
    }
    let details = differences(shop, &name, &policy);
    if details.changes.is_empty() {
        return Err(no(Refusal::Unchanged));
    }
    let next = Shop {
        name,
        policy,
        ..shop.clone()
    };
    Ok(Change::of(act.done(action).with(details)).replace_shop(next))
}

fn differences(shop: &Shop, name: &Name, policy: &Policy) -> Details {
    let before = &shop.policy;
    let roles = |policy: &Policy| {
        let roles: Vec<_> = policy
            .second_factor_required
            .iter()
            .map(|role| role.as_str())
            .collect();
        Some(roles.join(" "))
    };
    let limits = |policy: &Policy| {
        let limits: Vec<_> = policy
            .limits
            .iter()
            .map(|(name, limit)| format!("{} {limit}", name.as_str()))
            .collect();
        Some(limits.join(", "))
    };
    let word = |on: bool| Some(if on { "on" } else { "off" }.to_owned());
    let mut details = Details::default()
        .change(
            "name",
            Some(shop.name.as_str().to_owned()),
            Some(name.as_str().to_owned()),
        )
        .change("second_factor_required", roles(before), roles(policy))
        .change("limits", limits(before), limits(policy))
        .change(
            "breach_check",
            word(before.breach_check),
            word(policy.breach_check),
        )
        .change(
            "breach_forces_change",
            word(before.breach_forces_change),
            word(policy.breach_forces_change),
        )
        .change(
            "registration",
            word(before.registration),
            word(policy.registration),
        );
    for number in Number::ALL {
        let value = |policy: &Policy| Some(policy.number(number).to_string());
        details = details.change(number.as_str(), value(before), value(policy));
    }
    details
}

/// Notes an act on the store itself.
pub(crate) fn store_act(shop: &Shop, actor: &Account, done: &StoreAct, act: &Act) -> Decision {
    let (action, details) = match done {
        StoreAct::RecoveryKeyConfirmed => (Action::RecoveryKeyConfirmed, Details::default()),
        StoreAct::RecoveryKeyReplaced => (Action::RecoveryKeyReplaced, Details::default()),
        StoreAct::BackupCreated { file } => (Action::BackupCreated, Details::default().fact("file", file)),
        StoreAct::BackupRestored { file } => (Action::BackupRestored, Details::default().fact("file", file)),
    };
    guard::allowed(actor, Right::KeepStore).map_err(|refusal| {
        let event = act.refused(action, &refusal);
        Box::new(Denial {
            refusal,
            change: Change::of(event),
        })
    })?;
    let change = Change::of(act.done(action).with(details));
    Ok(match done {
        StoreAct::RecoveryKeyConfirmed => change.replace_shop(Shop {
            recovery_key_confirmed_at: Some(act.at),
            ..shop.clone()
        }),
        StoreAct::RecoveryKeyReplaced => change.replace_shop(Shop {
            recovery_key_confirmed_at: None,
            ..shop.clone()
        }),
        StoreAct::BackupCreated { .. } | StoreAct::BackupRestored { .. } => change,
    })
}

/// Lets an owner in again: no lock, no second factor, and a code for a new password.
pub(crate) fn recover(
    person: &Person,
    policy: &Policy,
    act: &Act,
    rng: &mut Rng,
) -> (Change, EnrolmentCode, jiff::Timestamp) {
    let expires_at = session::later(act.at, policy.enrolment());
    let (code, enrolment) = enrolment::issue(rng, expires_at);
    let mut credential = Credential {
        enrolment: Some(enrolment),
        totp: None,
        totp_begun: None,
        recovery: None,
        put_off_until: None,
        passkeys: BTreeMap::new(),
        ..person.credential.clone()
    };
    for factor in Factor::ALL {
        accounts::forget_tries(&mut credential, factor);
    }
    let account = Account {
        disabled: None,
        locked: None,
        ..person.account.clone()
    };
    let change = Change::of(act.done(Action::OwnerRecovered).on(&person.account))
        .replace_account(account, act.at)
        .replace_credential(credential)
        .end_sessions(person.account.id, None, act.at);
    (change, code, expires_at)
}
