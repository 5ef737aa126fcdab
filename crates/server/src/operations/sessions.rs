//! The steps of signing in, and the session that they open.

use keyholder_core::wire::{Enrol, GetMe, GiveCode, GiveRecoveryCode, Lock, SignIn, SignOut, Touch, Unlock};

use crate::answer::{Answer, Done};
use crate::asked::Asked;
use crate::caller::{Caller, Visitor};

pub(crate) async fn sign_in(visitor: Visitor, asked: Asked<SignIn>) -> Answer<SignIn> {
    let body = asked.body;
    let (way_in, source) = visitor.from(body.origin)?;
    let password = body.password.into_password()?;
    let signed_in = way_in.sign_in(&body.email, &password, source).await?;
    Ok(Done(signed_in.into()))
}

pub(crate) async fn enrol(visitor: Visitor, asked: Asked<Enrol>) -> Answer<Enrol> {
    let body = asked.body;
    let (way_in, source) = visitor.from(body.origin)?;
    let password = body.password.into_password()?;
    let signed_in = way_in.enrol(&body.email, body.code.expose(), &password, source);
    Ok(Done(signed_in.await?.into()))
}

pub(crate) async fn code(caller: Caller, asked: Asked<GiveCode>) -> Answer<GiveCode> {
    let code = asked.body.code;
    let signed_in = caller.way_in.second_factor(&caller.token, code.expose()).await?;
    Ok(Done(signed_in.into()))
}

pub(crate) async fn recovery_code(
    caller: Caller,
    asked: Asked<GiveRecoveryCode>,
) -> Answer<GiveRecoveryCode> {
    let code = asked.body.code;
    let signed_in = caller.way_in.recovery_code(&caller.token, code.expose()).await?;
    Ok(Done(signed_in.into()))
}

pub(crate) async fn unlock(caller: Caller, asked: Asked<Unlock>) -> Answer<Unlock> {
    let password = asked.body.password.into_password()?;
    Ok(Done(caller.way_in.unlock(&caller.token, &password).await?.into()))
}

pub(crate) async fn me(caller: Caller, _: Asked<GetMe>) -> Answer<GetMe> {
    Ok(Done(caller.directory.me().await?))
}

pub(crate) async fn touch(caller: Caller, _: Asked<Touch>) -> Answer<Touch> {
    Ok(Done(caller.directory.touch().await?))
}

pub(crate) async fn lock(caller: Caller, _: Asked<Lock>) -> Answer<Lock> {
    Ok(Done(caller.directory.lock().await?))
}

pub(crate) async fn sign_out(caller: Caller, _: Asked<SignOut>) -> Answer<SignOut> {
    Ok(Done(caller.directory.sign_out().await?))
}
