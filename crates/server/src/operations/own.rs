//! What somebody does to their own account.

use keyholder_core::wire::{
    BeginSecondFactor, ChangePassword, ConfirmSecondFactor, PutOffSecondFactor, RemoveSecondFactor,
    ReplaceRecoveryCodes, RequestAddress,
};

use crate::answer::{Answer, Done};
use crate::asked::Asked;
use crate::caller::Caller;

pub(crate) async fn change_password(caller: Caller, asked: Asked<ChangePassword>) -> Answer<ChangePassword> {
    let present = asked.body.present.into_password()?;
    let new = asked.body.new.into_password()?;
    Ok(Done(caller.directory.change_password(&present, &new).await?))
}

pub(crate) async fn begin_second_factor(
    caller: Caller,
    _: Asked<BeginSecondFactor>,
) -> Answer<BeginSecondFactor> {
    Ok(Done(caller.directory.begin_second_factor().await?.into()))
}

pub(crate) async fn confirm_second_factor(
    caller: Caller,
    asked: Asked<ConfirmSecondFactor>,
) -> Answer<ConfirmSecondFactor> {
    let code = asked.body.code;
    let codes = caller.directory.confirm_second_factor(code.expose()).await?;
    Ok(Done(codes.into()))
}

pub(crate) async fn put_off_second_factor(
    caller: Caller,
    _: Asked<PutOffSecondFactor>,
) -> Answer<PutOffSecondFactor> {
    Ok(Done(caller.directory.put_off_second_factor().await?))
}

pub(crate) async fn remove_second_factor(
    caller: Caller,
    asked: Asked<RemoveSecondFactor>,
) -> Answer<RemoveSecondFactor> {
    let password = asked.body.password.into_password()?;
    Ok(Done(caller.directory.remove_second_factor(&password).await?))
}

pub(crate) async fn replace_recovery_codes(
    caller: Caller,
    asked: Asked<ReplaceRecoveryCodes>,
) -> Answer<ReplaceRecoveryCodes> {
    let password = asked.body.password.into_password()?;
    let codes = caller.directory.replace_recovery_codes(&password).await?;
    Ok(Done(codes.into()))
}

pub(crate) async fn request_address(caller: Caller, asked: Asked<RequestAddress>) -> Answer<RequestAddress> {
    let password = asked.body.password.into_password()?;
    let email = &asked.body.email;
    Ok(Done(caller.directory.request_address(email, &password).await?))
}
