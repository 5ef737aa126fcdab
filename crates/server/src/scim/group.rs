//! Groups: the roles beyond a customer's. There are as many as there are roles, and who is in one has that
//! role.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use keyholder_core::account::{AccountId, Role};
use keyholder_core::directory::Provision;
use keyholder_core::error::{Error, Refusal};
use keyholder_core::provisioning::{Provisioned, Wanted};
use keyholder_core::query::AccountFilter;
use serde_json::{Map, Value};

use super::ask::{Provisioner, Sent, member, told};
use super::error::{Result, ScimError};
use super::list::{Query, Walk, account_id};
use super::patch;
use super::resource::{self, GROUPS};

/// The most members that one request adds or removes.
const MEMBERS_MOST: usize = 1_000;

impl Provisioner {
    async fn members(&self, role: Role) -> Result<Vec<Provisioned>> {
        let filter = AccountFilter {
            role: Some(role),
            ..AccountFilter::default()
        };
        let (mut members, mut walk) = (Vec::new(), Walk::among(filter));
        while let Some(page) = walk.next(&*self.program).await? {
            members.extend(page);
        }
        Ok(members)
    }

    async fn group(&self, role: Role) -> Result<Map<String, Value>> {
        Ok(resource::group(role, &self.members(role).await?, &self.base))
    }

    /// Gives the role to who is in the group after, and takes it from who is not any more.
    async fn regrouped(&self, role: Role, after: &Map<String, Value>) -> Result<()> {
        let wanted = ids(after)?;
        let present: BTreeSet<AccountId> = self
            .members(role)
            .await?
            .iter()
            .map(|member| member.account.id)
            .collect();
        let leave = present.difference(&wanted).map(|id| (*id, Role::Customer));
        let come = wanted.difference(&present).map(|id| (*id, role));
        let moves: Vec<_> = leave.chain(come).collect();
        if moves.is_empty() {
            return Ok(());
        }
        if role == Role::Owner {
            return Err(Error::from(Refusal::OnlyOwners).into());
        }
        if moves.len() > MEMBERS_MOST {
            let why = format!("a request moves at most {MEMBERS_MOST} members");
            return Err(ScimError::bad("tooMany", why));
        }
        let mut changes = Vec::with_capacity(moves.len());
        for (id, role) in moves {
            let found = self.program.provisioned(id).await?;
            let found = found.ok_or_else(|| ScimError::value("members: there is no such user"))?;
            let wanted = Wanted {
                role,
                ..found.wanted()
            };
            changes.push((id, Some(found.account.revision), wanted));
        }
        match self.program.reprovision(&changes).await? {
            Provision::Done(_) => Ok(()),
            Provision::Taken => Err(ScimError::taken()),
        }
    }

    async fn shown_group(&self, role: Role, uri: &Uri) -> Result<Response> {
        let group = Query::of(uri)?.told.of_resource(self.group(role).await?);
        Ok(told(StatusCode::OK, &Value::Object(group)))
    }
}

fn role_of(id: &str) -> Result<Role> {
    let role = Role::parse(id).filter(|role| GROUPS.contains(role));
    role.ok_or_else(ScimError::not_found)
}

fn ids(group: &Map<String, Value>) -> Result<BTreeSet<AccountId>> {
    let members = match member(group, "members") {
        None | Some(Value::Null) => return Ok(BTreeSet::new()),
        Some(Value::Array(members)) => members,
        Some(_) => return Err(ScimError::value("members is a list")),
    };
    let id = |one: &Value| {
        let written = match one {
            Value::Object(object) => member(object, "value"),
            other => Some(other),
        };
        let id = written.and_then(Value::as_str).and_then(account_id);
        id.ok_or_else(|| ScimError::value("members: a value is the id of a user"))
    };
    members.iter().map(id).collect()
}

pub(super) async fn list(who: Provisioner, uri: Uri) -> Result<Response> {
    let query = Query::of(&uri)?;
    let mut groups = Vec::with_capacity(GROUPS.len());
    for role in GROUPS {
        groups.push(who.group(role).await?);
    }
    Ok(told(StatusCode::OK, &query.of_all(groups)?))
}

pub(super) async fn get(who: Provisioner, Path(id): Path<String>, uri: Uri) -> Result<Response> {
    who.shown_group(role_of(&id)?, &uri).await
}

pub(super) async fn change(
    who: Provisioner,
    Path(id): Path<String>,
    uri: Uri,
    Sent(sent): Sent,
) -> Result<Response> {
    let role = role_of(&id)?;
    let before = who.group(role).await?;
    let after = patch::apply(&before, &sent)?;
    named_still(role, &after)?;
    who.regrouped(role, &after).await?;
    who.shown_group(role, &uri).await
}

pub(super) async fn replace(
    who: Provisioner,
    Path(id): Path<String>,
    uri: Uri,
    Sent(sent): Sent,
) -> Result<Response> {
    let role = role_of(&id)?;
    named_still(role, &sent)?;
    who.regrouped(role, &sent).await?;
    who.shown_group(role, &uri).await
}

/// A role is not called otherwise.
fn named_still(role: Role, group: &Map<String, Value>) -> Result<()> {
    match member(group, "displayName") {
        None => Ok(()),
        Some(Value::String(name)) if name == resource::display(role) => Ok(()),
        Some(_) => Err(ScimError::bad("mutability", "a role keeps its name")),
    }
}
