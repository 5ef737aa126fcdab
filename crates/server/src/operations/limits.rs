//! Limits: asked by the shop's pages, looked at and lifted by people.

use keyholder_core::wire::{AskLimit, ClearLimit, ListLimits};

use crate::answer::{Answer, Done};
use crate::asked::Asked;
use crate::caller::Caller;

pub(crate) async fn ask(caller: Caller, asked: Asked<AskLimit>) -> Answer<AskLimit> {
    let (name, subject) = (asked.place, asked.body.subject);
    Ok(Done(caller.directory.ask_limit(&name, &subject).await?))
}

pub(crate) async fn list(caller: Caller, _: Asked<ListLimits>) -> Answer<ListLimits> {
    Ok(Done(caller.directory.limits().await?))
}

pub(crate) async fn clear(caller: Caller, asked: Asked<ClearLimit>) -> Answer<ClearLimit> {
    let (limit, body) = (asked.place, asked.body);
    let cleared = caller.directory.clear_limit(&limit, &body.subject, body.reason);
    Ok(Done(cleared.await?))
}
