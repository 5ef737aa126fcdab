//! What this service says of itself (RFC 7643, 5 to 7; RFC 7644, 4).

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde_json::{Value, json};

use super::Base;
use super::ask::{Provisioner, told};
use super::error::{Result, ScimError};
use super::list::COUNT_MOST;
use super::resource::{GROUP, USER};

/// Its schemas, in the form in which they are told.
const SCHEMAS: &str = include_str!("schemas.json");

fn asked_for_all(uri: &Uri) -> Result<()> {
    // A filter is not for these (RFC 7644, 4).
    if form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).any(|(name, _)| name == "filter") {
        return Err(ScimError::new(StatusCode::FORBIDDEN, "this list takes no filter"));
    }
    Ok(())
}

fn list(resources: &[Value]) -> Response {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": resources.len(),
        "startIndex": 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    told(StatusCode::OK, &body)
}

pub(super) async fn config(who: Provisioner) -> Response {
    let supported = |supported: bool| json!({ "supported": supported });
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": supported(true),
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": COUNT_MOST },
        "changePassword": supported(false),
        "sort": supported(true),
        "etag": supported(true),
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Token of a program",
            "description": "An owner of the shop makes it, for one provisioner and for a time",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{}/ServiceProviderConfig", who.base.0),
        },
    });
    told(StatusCode::OK, &body)
}

fn resource_types(base: &Base) -> Vec<Value> {
    let one = |id: &str, endpoint: &str, schema: &str, description: &str| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": id,
            "name": id,
            "endpoint": endpoint,
            "description": description,
            "schema": schema,
            "meta": {
                "resourceType": "ResourceType",
                "location": format!("{}/ResourceTypes/{id}", base.0),
            },
        })
    };
    vec![
        one("User", "/Users", USER, "Accounts of the shop"),
        one("Group", "/Groups", GROUP, "Roles beyond a customer's"),
    ]
}

pub(super) async fn types(who: Provisioner, uri: Uri) -> Result<Response> {
    asked_for_all(&uri)?;
    Ok(list(&resource_types(&who.base)))
}

pub(super) async fn a_type(who: Provisioner, Path(id): Path<String>) -> Result<Response> {
    one_of(resource_types(&who.base), &id)
}

fn known_schemas(base: &Base) -> Vec<Value> {
    let read: Option<Vec<Value>> = serde_json::from_str(SCHEMAS).ok();
    let located = |mut schema: Value| {
        let id = schema["id"].as_str().unwrap_or_default().to_owned();
        schema["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:Schema"]);
        schema["meta"] = json!({ "resourceType": "Schema", "location": format!("{}/Schemas/{id}", base.0) });
        schema
    };
    read.unwrap_or_default().into_iter().map(located).collect()
}

pub(super) async fn schemas(who: Provisioner, uri: Uri) -> Result<Response> {
    asked_for_all(&uri)?;
    Ok(list(&known_schemas(&who.base)))
}

pub(super) async fn schema(who: Provisioner, Path(id): Path<String>) -> Result<Response> {
    one_of(known_schemas(&who.base), &id)
}

fn one_of(all: Vec<Value>, id: &str) -> Result<Response> {
    let found = all.into_iter().find(|one| one["id"] == id);
    found
        .map(|one| told(StatusCode::OK, &one))
        .ok_or_else(ScimError::not_found)
}
