//! What a provisioner wants of an account, as its resource says.

use keyholder_core::account::{Email, Name, Role};
use keyholder_core::provisioning::{Called, Provisioned, Wanted};
use serde_json::{Map, Value};

use super::ask::member;
use super::error::{Result, ScimError};

/// Reads a resource. `before` is the account as it was where only a part of it was sent: of two attributes
/// that say the same, the one counts that was changed.
pub(super) fn wanted(resource: &Map<String, Value>, before: Option<&Provisioned>) -> Result<Wanted> {
    let user_name = text(resource, "userName")?;
    let user_name = user_name.ok_or_else(|| ScimError::value("userName is needed"))?;
    let (email, user_name) = addresses(user_name, email(resource)?, before)?;
    let active = match member(resource, "active") {
        None => before.is_none_or(|before| before.account.disabled.is_none()),
        Some(Value::Bool(active)) => *active,
        // As one widespread client writes it.
        Some(Value::String(word)) if word.eq_ignore_ascii_case("true") => true,
        Some(Value::String(word)) if word.eq_ignore_ascii_case("false") => false,
        Some(_) => return Err(ScimError::value("active is true or false")),
    };
    let external_id = text(resource, "externalId")?;
    Ok(Wanted {
        email,
        name: name(resource, before)?,
        role: role(resource)?,
        active,
        user_name,
        external_id: external_id.map(|id| called("externalId", id)).transpose()?,
    })
}

/// Attributes that are not there and those that are null or empty are the same (RFC 7643, 2.5).
fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>> {
    match member(object, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err(ScimError::value(format!("{name} is a text"))),
    }
}

fn called(name: &str, text: &str) -> Result<Called> {
    Called::parse(text).map_err(|refused| ScimError::value(format!("{name}: {refused}")))
}

/// The address in `emails`: the primary one, or the first.
fn email(resource: &Map<String, Value>) -> Result<Option<Email>> {
    let values = match member(resource, "emails") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(values)) => values,
        Some(_) => return Err(ScimError::value("emails is a list")),
    };
    let primary = |value: &&Value| value.get("primary").and_then(Value::as_bool) == Some(true);
    // Of two that are primary the one added last counts.
    let Some(chosen) = values.iter().rfind(primary).or(values.first()) else {
        return Ok(None);
    };
    let written = match chosen {
        Value::String(text) => Some(text.as_str()),
        Value::Object(object) => text(object, "value")?,
        _ => None,
    };
    let written = written.ok_or_else(|| ScimError::value("emails: a value is an address"))?;
    Email::parse(written)
        .map(Some)
        .map_err(|refused| ScimError::value(format!("emails: {refused}")))
}

/// The address of an account, and the name of its user where that is another.
fn addresses(
    user_name: &str,
    given: Option<Email>,
    before: Option<&Provisioned>,
) -> Result<(Email, Option<Called>)> {
    let own = Email::parse(user_name).ok();
    let untouched = before.is_some_and(|before| {
        before.user_name.is_none() && given.as_ref().is_some_and(|given| *given == before.account.email)
    });
    match (own, given) {
        (Some(own), None) => Ok((own, None)),
        // The user has a new name, which was and is the address.
        (Some(own), Some(_)) if untouched => Ok((own, None)),
        (Some(own), Some(given)) if own == given => Ok((own, None)),
        (_, Some(given)) => Ok((given, Some(called("userName", user_name)?))),
        (None, None) => Err(ScimError::value(
            "userName is no e-mail address: then emails must have one",
        )),
    }
}

/// The name in `displayName`, in `name.formatted`, or put together of its parts.
fn name(resource: &Map<String, Value>, before: Option<&Provisioned>) -> Result<Name> {
    let display = text(resource, "displayName")?;
    let parts = match member(resource, "name") {
        None | Some(Value::Null) => None,
        Some(Value::Object(parts)) => Some(parts),
        Some(_) => return Err(ScimError::value("name is an object")),
    };
    let part = |name| parts.map_or(Ok(None), |parts| text(parts, name));
    let formatted = part("formatted")?;
    let joined: Vec<_> = [part("givenName")?, part("familyName")?]
        .into_iter()
        .flatten()
        .collect();
    let joined = joined.join(" ");
    let was = before
        .map(|before| before.account.name.as_str())
        .filter(|name| !name.is_empty());
    let chosen = if display != was {
        display.unwrap_or_default()
    } else if formatted != was {
        formatted.unwrap_or_default()
    } else if joined.is_empty() {
        was.unwrap_or_default()
    } else {
        &joined
    };
    Name::parse(chosen).map_err(|refused| ScimError::value(format!("name: {refused}")))
}

/// The last of the roles; a customer has none.
fn role(resource: &Map<String, Value>) -> Result<Role> {
    let values = match member(resource, "roles") {
        None | Some(Value::Null) => return Ok(Role::Customer),
        Some(Value::Array(values)) => values,
        Some(_) => return Err(ScimError::value("roles is a list")),
    };
    let Some(last) = values.last() else {
        return Ok(Role::Customer);
    };
    let word = match last {
        Value::String(word) => Some(word.as_str()),
        Value::Object(object) => text(object, "value")?,
        _ => None,
    };
    word.and_then(|word| Role::parse(&word.to_lowercase()))
        .ok_or_else(|| ScimError::value("roles: support, auditor or staff"))
}
