//! Tokens of programs.

use keyholder_core::wire::{CreateApiToken, ListApiTokens, RevokeApiToken};

use crate::answer::{Answer, Done};
use crate::asked::Asked;
use crate::caller::Caller;

pub(crate) async fn list(caller: Caller, _: Asked<ListApiTokens>) -> Answer<ListApiTokens> {
    Ok(Done(caller.directory.api_tokens().await?))
}

pub(crate) async fn create(caller: Caller, asked: Asked<CreateApiToken>) -> Answer<CreateApiToken> {
    let password = asked.body.password.into_password()?;
    let issued = caller.directory.create_api_token(asked.body.token, &password);
    Ok(Done(issued.await?.into()))
}

pub(crate) async fn revoke(caller: Caller, asked: Asked<RevokeApiToken>) -> Answer<RevokeApiToken> {
    Ok(Done(caller.directory.revoke_api_token(asked.place).await?))
}
