//! Users: what can be asked of them, and done to them.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use keyholder_core::directory::Provision;
use keyholder_core::error::{Error, Refusal};
use keyholder_core::provisioning::{Provisioned, Wanted};
use serde_json::{Map, Value};

use super::ask::{Provisioner, Sent, if_match, is_known, told};
use super::error::{Result, ScimError};
use super::list::{self, Query, account_id};
use super::patch;
use super::resource;
use super::wanted::wanted;

/// How often a change is made anew because somebody else was quicker, where the client named no revision.
const TRIES: u32 = 50;

impl Provisioner {
    async fn user(&self, id: &str) -> Result<Provisioned> {
        let id = account_id(id).ok_or_else(ScimError::not_found)?;
        self.program
            .provisioned(id)
            .await?
            .ok_or_else(ScimError::not_found)
    }

    fn shown(&self, status: StatusCode, provisioned: &Provisioned, query: &Query) -> Response {
        let whole = resource::user(provisioned, &self.base);
        let response = told(status, &Value::Object(whole.clone()));
        let told = Value::Object(query.told.of_resource(whole));
        // Its headers say of the whole what the body may leave out.
        let (parts, _) = response.into_parts();
        Response::from_parts(parts, told.to_string().into())
    }

    /// Changes a user into what `becomes` makes of it.
    async fn changed(
        &self,
        id: &str,
        (uri, headers): (&Uri, &HeaderMap),
        becomes: impl Fn(&Provisioned) -> Result<Wanted>,
    ) -> Result<Response> {
        let query = Query::of(uri)?;
        for _ in 0..TRIES {
            let present = self.user(id).await?;
            let account = &present.account;
            let named = if_match(headers, account.revision)?;
            let wanted = becomes(&present)?;
            let change = [(account.id, Some(account.revision), wanted)];
            match self.program.reprovision(&change).await {
                Ok(Provision::Done(after)) => return Ok(self.shown(StatusCode::OK, &after, &query)),
                Ok(Provision::Taken) => return Err(ScimError::taken()),
                Err(Error::Refused(Refusal::Conflict)) if !named => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(ScimError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many change this at once",
        ))
    }
}

pub(super) async fn list(who: Provisioner, uri: Uri) -> Result<Response> {
    let query = Query::of(&uri)?;
    let listed = list::users(&*who.program, &query, &who.base).await?;
    Ok(told(StatusCode::OK, &listed))
}

pub(super) async fn get(
    who: Provisioner,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response> {
    let query = Query::of(&uri)?;
    let user = who.user(&id).await?;
    if is_known(&headers, user.account.revision) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    Ok(who.shown(StatusCode::OK, &user, &query))
}

pub(super) async fn create(who: Provisioner, uri: Uri, Sent(sent): Sent) -> Result<Response> {
    let query = Query::of(&uri)?;
    match who.program.provision(&wanted(&sent, None)?).await? {
        Provision::Done(made) => Ok(who.shown(StatusCode::CREATED, &made, &query)),
        Provision::Taken => Err(ScimError::taken()),
    }
}

pub(super) async fn replace(
    who: Provisioner,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Sent(sent): Sent,
) -> Result<Response> {
    who.changed(&id, (&uri, &headers), |present| whole(&sent, present))
        .await
}

/// The whole resource in the place of the one before. Whether an account is shut is not decided by
/// leaving it out.
fn whole(sent: &Map<String, Value>, present: &Provisioned) -> Result<Wanted> {
    let wanted = wanted(sent, None)?;
    let said = super::ask::member(sent, "active").is_some();
    let active = if said {
        wanted.active
    } else {
        present.account.disabled.is_none()
    };
    Ok(Wanted { active, ..wanted })
}

pub(super) async fn change(
    who: Provisioner,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Sent(sent): Sent,
) -> Result<Response> {
    who.changed(&id, (&uri, &headers), |present| {
        let before = resource::user(present, &who.base);
        let after = patch::apply(&before, &sent)?;
        for needed in ["userName", "emails", "active"] {
            if !after.contains_key(needed) {
                return Err(ScimError::value(format!("{needed} is needed")));
            }
        }
        wanted(&after, Some(present))
    })
    .await
}

pub(super) async fn delete(
    who: Provisioner,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode> {
    for _ in 0..TRIES {
        let present = who.user(&id).await?.account;
        let named = if_match(&headers, present.revision)?;
        let revision = named.then_some(present.revision);
        match who.program.deprovision(present.id, revision).await {
            Ok(()) => return Ok(StatusCode::NO_CONTENT),
            Err(Error::Refused(Refusal::Conflict)) if !named => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(ScimError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "too many change this at once",
    ))
}
