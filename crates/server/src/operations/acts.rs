//! Acts on one account, each with its reason in the trail.

use keyholder_core::wire::{
    DeleteAccount, DisableAccount, EnableAccount, ForcePasswordChange, LockAccount, RemovePasskey,
    RemovePasskeyBody, ResetSecondFactor, RestoreAccount, UnlockAccount,
};

use crate::answer::{Answer, Done};
use crate::asked::Asked;
use crate::caller::Caller;

pub(crate) async fn disable(caller: Caller, asked: Asked<DisableAccount>) -> Answer<DisableAccount> {
    let account = caller.directory.disable(asked.place, asked.body.reason);
    Ok(Done(account.await?))
}

pub(crate) async fn enable(caller: Caller, asked: Asked<EnableAccount>) -> Answer<EnableAccount> {
    let account = caller.directory.enable(asked.place, asked.body.reason);
    Ok(Done(account.await?))
}

pub(crate) async fn lock(caller: Caller, asked: Asked<LockAccount>) -> Answer<LockAccount> {
    let account = caller.directory.lock_account(asked.place, asked.body.reason);
    Ok(Done(account.await?))
}

pub(crate) async fn unlock(caller: Caller, asked: Asked<UnlockAccount>) -> Answer<UnlockAccount> {
    let account = caller.directory.unlock_account(asked.place, asked.body.reason);
    Ok(Done(account.await?))
}

pub(crate) async fn force_password_change(
    caller: Caller,
    asked: Asked<ForcePasswordChange>,
) -> Answer<ForcePasswordChange> {
    let account = caller
        .directory
        .force_password_change(asked.place, asked.body.reason);
    Ok(Done(account.await?))
}

pub(crate) async fn reset_second_factor(
    caller: Caller,
    asked: Asked<ResetSecondFactor>,
) -> Answer<ResetSecondFactor> {
    let account = caller
        .directory
        .reset_second_factor(asked.place, asked.body.reason);
    Ok(Done(account.await?))
}

pub(crate) async fn remove_passkey(caller: Caller, asked: Asked<RemovePasskey>) -> Answer<RemovePasskey> {
    let RemovePasskeyBody { passkey, reason } = asked.body;
    let account = caller.directory.remove_passkey(asked.place, &passkey, reason);
    Ok(Done(account.await?))
}

pub(crate) async fn delete(caller: Caller, asked: Asked<DeleteAccount>) -> Answer<DeleteAccount> {
    let account = caller.directory.delete(asked.place, asked.body.reason);
    Ok(Done(account.await?))
}

pub(crate) async fn restore(caller: Caller, asked: Asked<RestoreAccount>) -> Answer<RestoreAccount> {
    let account = caller.directory.restore(asked.place);
    Ok(Done(account.await?))
}
