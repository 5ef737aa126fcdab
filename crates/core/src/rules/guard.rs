//! Who may act on whom, and that an owner remains who can really sign in.

use jiff::Timestamp;

use crate::account::{Account, AccountId};
use crate::error::Refusal;
use crate::lockout::{Factor, LockState, Scope, state};
use crate::policy::Policy;
use crate::rights::{Right, may, may_touch};
use crate::store::Person;

/// Whether `actor` has the right at all.
pub(crate) fn allowed(actor: &Account, right: Right) -> Result<(), Refusal> {
    if may(actor.role, right) {
        Ok(())
    } else {
        Err(Refusal::NotAllowed(right))
    }
}

/// Whether `actor` has the right over this account, which is not in the recycle bin.
pub(crate) fn allowed_on(actor: &Account, right: Right, subject: &Account) -> Result<(), Refusal> {
    allowed(actor, right)?;
    if actor.id != subject.id && !may_touch(actor.role, subject.role) {
        return Err(Refusal::OnlyOwners);
    }
    if subject.deleted.is_some() {
        Err(Refusal::InRecycleBin)
    } else {
        Ok(())
    }
}

/// An owner other than `leaving` who can really sign in: not the name alone counts, but a password,
/// an open account and a factor that is not disabled, or an open account and a passkey.
pub(crate) fn remaining_owner<'a>(
    owners: &'a [Person],
    leaving: AccountId,
    policy: &Policy,
    now: Timestamp,
) -> Result<&'a Account, Refusal> {
    owners
        .iter()
        .find(|owner| owner.account.id != leaving && can_really_sign_in(owner, policy, now))
        .map(|owner| &owner.account)
        .ok_or(Refusal::LastOwner)
}

fn can_really_sign_in(person: &Person, policy: &Policy, now: Timestamp) -> bool {
    let Person { account, credential } = person;
    let factor_works = |factor| {
        let scopes = credential
            .known_devices
            .iter()
            .map(|device| Scope::KnownDevice(*device))
            .chain([Scope::Anywhere]);
        let mut states = scopes.map(|scope| state(&credential.budget(factor, scope), &policy.lockout(), now));
        states.any(|state| state != LockState::Disabled)
    };
    let by_password = credential.password.is_some()
        && factor_works(Factor::Password)
        && (credential.totp.is_none() || factor_works(Factor::Totp) || factor_works(Factor::RecoveryCode));
    account.role == crate::account::Role::Owner
        && account.deleted.is_none()
        && account.disabled.is_none()
        && account.locked.is_none()
        && (!credential.passkeys.is_empty() || by_password)
}
