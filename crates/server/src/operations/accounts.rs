//! Accounts, looked up and made, and their sessions.

use keyholder_core::error::Refusal;
use keyholder_core::wire::{
    CountAccounts, CountBody, CreateAccount, EditAccount, EndSession, EndSessions, FindAccount, GetAccount,
    Invite, IssueEnrolment, ListAccounts, ListSessions, SendReset,
};

use crate::answer::{Answer, Done};
use crate::asked::{Asked, Revision};
use crate::caller::Caller;
use crate::programs::Reader;

pub(crate) async fn list(reader: Reader, asked: Asked<ListAccounts>) -> Answer<ListAccounts> {
    Ok(Done(reader.accounts(&asked.query.into()).await?))
}

pub(crate) async fn count(reader: Reader, asked: Asked<CountAccounts>) -> Answer<CountAccounts> {
    let count = reader.count_accounts(&asked.query.into()).await?;
    Ok(Done(CountBody { count }))
}

pub(crate) async fn find(reader: Reader, asked: Asked<FindAccount>) -> Answer<FindAccount> {
    let found = reader.find(&asked.query.email).await?;
    Ok(Done(found.ok_or(Refusal::NotFound)?))
}

pub(crate) async fn get(reader: Reader, asked: Asked<GetAccount>) -> Answer<GetAccount> {
    let found = reader.account(asked.place).await?;
    Ok(Done(found.ok_or(Refusal::NotFound)?))
}

pub(crate) async fn create(caller: Caller, asked: Asked<CreateAccount>) -> Answer<CreateAccount> {
    Ok(Done(caller.directory.create(asked.body).await?.into()))
}

pub(crate) async fn edit(
    (caller, Revision(revision)): (Caller, Revision),
    asked: Asked<EditAccount>,
) -> Answer<EditAccount> {
    let edited = caller.directory.edit(asked.place, revision, asked.body);
    Ok(Done(edited.await?))
}

pub(crate) async fn issue_enrolment(caller: Caller, asked: Asked<IssueEnrolment>) -> Answer<IssueEnrolment> {
    let issued = caller.directory.issue_enrolment(asked.place, asked.body.reason);
    Ok(Done(issued.await?.into()))
}

pub(crate) async fn invite(caller: Caller, asked: Asked<Invite>) -> Answer<Invite> {
    let sent = caller.directory.invite(asked.place, asked.body.reason);
    Ok(Done(sent.await?))
}

pub(crate) async fn send_reset(caller: Caller, asked: Asked<SendReset>) -> Answer<SendReset> {
    let sent = caller.directory.send_reset(asked.place, asked.body.reason);
    Ok(Done(sent.await?))
}

pub(crate) async fn sessions(reader: Reader, asked: Asked<ListSessions>) -> Answer<ListSessions> {
    Ok(Done(reader.sessions(asked.place).await?))
}

pub(crate) async fn end_session(caller: Caller, asked: Asked<EndSession>) -> Answer<EndSession> {
    let (account, session) = asked.place;
    Ok(Done(caller.directory.end_session(account, session).await?))
}

pub(crate) async fn end_sessions(caller: Caller, asked: Asked<EndSessions>) -> Answer<EndSessions> {
    let ended = caller.directory.end_sessions(asked.place, asked.body.reason);
    Ok(Done(ended.await?))
}
