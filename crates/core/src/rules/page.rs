//! The page of one account: every gate on the way in, in the order in which somebody comes to it.

use jiff::Timestamp;

use crate::account::Account;
use crate::credential::{Credential, standing};
use crate::directory::{AccountPage, Gate, GateState, PasskeyInfo, PasswordInfo, SecondFactorInfo};
use crate::lockout::{Factor, LockState, Scope, state};
use crate::policy::Policy;
use crate::rights::may_touch;
use crate::session::SessionRow;
use crate::store::Person;

/// Everything about one account that is no secret; `asker` is nobody's account where a program asks.
pub(crate) fn of(
    person: Person,
    sessions: Vec<SessionRow>,
    asker: Option<&Account>,
    policy: &Policy,
    now: Timestamp,
) -> AccountPage {
    let Person { account, credential } = person;
    let enrolment = credential
        .enrolment
        .as_ref()
        .filter(|enrolment| enrolment.used_at.is_none() && enrolment.expires_at > now);
    AccountPage {
        standing: standing(&account, credential.summary(&policy.lockout()), now),
        gates: gates(&account, &credential, policy, now),
        password: credential.password.as_ref().map(|password| PasswordInfo {
            set_at: password.set_at,
            scheme: password.hash.scheme().to_owned(),
            breached: password.breached.map(|(times, _)| times),
            breach_checked_at: password.breached.map(|(_, at)| at),
        }),
        second_factor: SecondFactorInfo {
            since: credential.totp.as_ref().map(|totp| totp.since),
            recovery_codes_left: credential
                .recovery
                .as_ref()
                .map_or(0, |set| u32::from(set.left())),
            put_off_until: credential.put_off_until,
        },
        passkeys: passkeys(&credential),
        enrolment_until: enrolment.map(|enrolment| enrolment.expires_at),
        sessions,
        last_sign_in_at: credential.last_sign_in_at,
        own: asker.is_some_and(|asker| account.id == asker.id),
        touchable: asker.is_some_and(|asker| account.id == asker.id || may_touch(asker.role, account.role)),
        account,
    }
}

fn passkeys(credential: &Credential) -> Vec<PasskeyInfo> {
    let passkeys = credential.passkeys.iter().map(|(id, passkey)| PasskeyInfo {
        id: id.clone(),
        name: passkey.name.clone(),
        created_at: passkey.created_at,
        last_used_at: passkey.last_used_at,
    });
    let mut passkeys: Vec<_> = passkeys.collect();
    passkeys.sort_by_key(|passkey| passkey.created_at);
    passkeys
}

fn gates(account: &Account, credential: &Credential, policy: &Policy, now: Timestamp) -> Vec<GateState> {
    let shut_if = |gate, shut: bool| GateState {
        gate,
        open: !shut,
        opens_at: None,
    };
    let mut gates = vec![
        shut_if(Gate::NotDeleted, account.deleted.is_some()),
        shut_if(Gate::Enabled, account.disabled.is_some()),
        shut_if(Gate::NotLocked, account.locked.is_some()),
        shut_if(Gate::Enrolled, credential.password.is_none()),
    ];
    gates.extend(tries(credential, policy, now));
    let (set_up, required) = (
        credential.has_second_factor(),
        policy.requires_second_factor(account.role),
    );
    gates.push(shut_if(
        Gate::SecondFactor { set_up, required },
        required && !set_up,
    ));
    let forced = credential
        .password
        .as_ref()
        .is_some_and(|password| password.must_change);
    gates.push(shut_if(Gate::PasswordChange { forced }, forced));
    gates
}

/// The tries at the password always, those at other factors where there are some.
fn tries(credential: &Credential, policy: &Policy, now: Timestamp) -> Vec<GateState> {
    let mut keys: Vec<(Factor, Scope)> = credential.budgets.keys().copied().collect();
    if !keys.contains(&(Factor::Password, Scope::Anywhere)) {
        keys.push((Factor::Password, Scope::Anywhere));
    }
    keys.sort_unstable();
    let tries = keys.into_iter().map(|(factor, scope)| {
        let state = state(&credential.budget(factor, scope), &policy.lockout(), now);
        let opens_at = if let LockState::Waiting { until } = state {
            Some(until)
        } else {
            None
        };
        let open = matches!(state, LockState::Open { .. });
        GateState {
            gate: Gate::Tries { factor, scope, state },
            open,
            opens_at,
        }
    });
    tries.collect()
}
