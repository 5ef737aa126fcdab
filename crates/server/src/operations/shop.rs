//! The shop, what it has decided, and its store.

use keyholder_core::error::Refusal;
use keyholder_core::rights::Right;
use keyholder_core::wire::{ChangePolicy, GetPolicy, GetShop, SetUp};

use crate::answer::{Answer, Done};
use crate::asked::{Asked, Revision};
use crate::caller::{Caller, Visitor};
use crate::endpoint::SetUpOffer;

pub(crate) async fn get(visitor: Visitor, _: Asked<GetShop>) -> Answer<GetShop> {
    Ok(Done(visitor.way_in.front().await?.ok_or(Refusal::NotSetUp)?))
}

pub(crate) async fn set_up((visitor, offer): (Visitor, SetUpOffer), asked: Asked<SetUp>) -> Answer<SetUp> {
    if offer == SetUpOffer::Closed {
        let there = visitor.way_in.front().await?.is_some();
        let elsewhere = Refusal::NotAllowed(Right::KeepStore);
        return Err(if there { Refusal::AlreadySetUp } else { elsewhere }.into());
    }
    let (shop, owner, origin) = asked.body.into_parts()?;
    let (way_in, source) = visitor.from(origin)?;
    Ok(Done(way_in.set_up(shop, owner, source).await?.into()))
}

pub(crate) async fn policy(caller: Caller, _: Asked<GetPolicy>) -> Answer<GetPolicy> {
    Ok(Done(caller.directory.shop().await?))
}

pub(crate) async fn change_policy(
    (caller, Revision(revision)): (Caller, Revision),
    asked: Asked<ChangePolicy>,
) -> Answer<ChangePolicy> {
    let body = asked.body;
    let changed = caller.directory.change_policy(revision, body.name, body.policy);
    Ok(Done(changed.await?))
}
