//! Accounts and roles as resources.

use keyholder_core::account::Role;
use keyholder_core::provisioning::Provisioned;
use keyholder_core::wire::entity_tag;
use serde_json::{Map, Value, json};

use super::Base;

pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// The roles that are groups: a customer has none.
pub(super) const GROUPS: [Role; 4] = [Role::Owner, Role::Support, Role::Auditor, Role::Staff];

/// An account as a user.
pub(super) fn user(provisioned: &Provisioned, base: &Base) -> Map<String, Value> {
    let account = &provisioned.account;
    let email = account.email.as_str();
    let user_name = provisioned.user_name.as_ref().map_or(email, |name| name.as_str());
    let id = account.id.to_string();
    let mut user = Map::new();
    user.insert("schemas".into(), json!([USER]));
    user.insert("id".into(), json!(id));
    if let Some(external_id) = &provisioned.external_id {
        user.insert("externalId".into(), json!(external_id.as_str()));
    }
    user.insert("userName".into(), json!(user_name));
    if !account.name.is_empty() {
        user.insert("name".into(), json!({ "formatted": account.name.as_str() }));
        user.insert("displayName".into(), json!(account.name.as_str()));
    }
    user.insert("active".into(), json!(account.disabled.is_none()));
    user.insert("emails".into(), json!([{ "value": email }]));
    if GROUPS.contains(&account.role) {
        let role = account.role.as_str();
        user.insert("roles".into(), json!([{ "value": role }]));
        let group = json!([{
            "value": role,
            "$ref": format!("{}/Groups/{role}", base.0),
            "display": display(account.role),
        }]);
        user.insert("groups".into(), group);
    }
    let meta = json!({
        "resourceType": "User",
        "created": account.created_at,
        "lastModified": account.updated_at,
        "version": entity_tag(account.revision),
        "location": format!("{}/Users/{id}", base.0),
    });
    user.insert("meta".into(), meta);
    user
}

/// An element of a list as filters see it: the one address of an account counts as its primary one and as
/// that of work, which is what clients ask for.
pub(super) fn as_asked(attribute: &str, element: &Map<String, Value>) -> Map<String, Value> {
    let mut element = element.clone();
    if attribute.eq_ignore_ascii_case("emails") {
        element.entry("primary").or_insert_with(|| json!(true));
        element.entry("type").or_insert_with(|| json!("work"));
    }
    element
}

/// How a group is called.
pub(super) fn display(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owners",
        Role::Support => "Support",
        Role::Auditor => "Auditors",
        Role::Staff => "Staff",
        Role::Customer => "Customers",
    }
}

/// A role as a group.
pub(super) fn group(role: Role, members: &[Provisioned], base: &Base) -> Map<String, Value> {
    let members: Vec<_> = members
        .iter()
        .map(|member| {
            let id = member.account.id;
            json!({
                "value": id,
                "$ref": format!("{}/Users/{id}", base.0),
                "type": "User",
            })
        })
        .collect();
    let mut group = Map::new();
    group.insert("schemas".into(), json!([GROUP]));
    group.insert("id".into(), json!(role.as_str()));
    group.insert("displayName".into(), json!(display(role)));
    if !members.is_empty() {
        group.insert("members".into(), Value::Array(members));
    }
    let location = format!("{}/Groups/{}", base.0, role.as_str());
    group.insert(
        "meta".into(),
        json!({ "resourceType": "Group", "location": location }),
    );
    group
}
