//! Changes to a resource (RFC 7644, 3.5.2), done to it as JSON; what comes of it is judged after.

use scim_v2::filter::{PatchPath, ValFilter};
use serde_json::{Map, Value, json};

use super::ask::member;
use super::error::{Result, ScimError};
use super::filter::element;
use super::resource::{GROUP, USER, as_asked};

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// The most operations of one request.
const OPERATIONS_MOST: usize = 100;
/// The longest path, in bytes.
const PATH_MOST: usize = 1_024;

/// What a change may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One value.
    Simple,
    /// One object.
    Complex,
    /// A list of objects.
    Many,
    /// Nobody's to change.
    ReadOnly,
}

/// The attributes of both kinds of resources.
const ATTRIBUTES: [(&str, Kind); 11] = [
    ("userName", Kind::Simple),
    ("externalId", Kind::Simple),
    ("displayName", Kind::Simple),
    ("active", Kind::Simple),
    ("name", Kind::Complex),
    ("emails", Kind::Many),
    ("roles", Kind::Many),
    ("members", Kind::Many),
    ("groups", Kind::ReadOnly),
    ("id", Kind::ReadOnly),
    ("meta", Kind::ReadOnly),
];

fn attribute(name: &str) -> Option<(&'static str, Kind)> {
    ATTRIBUTES
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Add,
    Replace,
    Remove,
}

/// Does all that is asked to the resource, or nothing.
pub(super) fn apply(resource: &Map<String, Value>, sent: &Map<String, Value>) -> Result<Map<String, Value>> {
    let schemas = member(sent, "schemas").and_then(Value::as_array);
    if !schemas.is_some_and(|schemas| schemas.iter().any(|schema| schema == SCHEMA)) {
        return Err(ScimError::bad(
            "invalidSyntax",
            "a PATCH names the schema PatchOp",
        ));
    }
    let operations = member(sent, "Operations").and_then(Value::as_array);
    let operations = operations.filter(|all| (1..=OPERATIONS_MOST).contains(&all.len()));
    let Some(operations) = operations else {
        return Err(ScimError::bad("invalidSyntax", "a PATCH has 1 to 100 operations"));
    };
    let mut changed = resource.clone();
    for operation in operations {
        one(&mut changed, operation)?;
    }
    Ok(changed)
}

fn one(resource: &mut Map<String, Value>, operation: &Value) -> Result<()> {
    let syntax = |why: &str| ScimError::bad("invalidSyntax", why);
    let operation = operation
        .as_object()
        .ok_or_else(|| syntax("an operation is an object"))?;
    let op = match member(operation, "op").and_then(Value::as_str) {
        Some(op) if op.eq_ignore_ascii_case("add") => Op::Add,
        Some(op) if op.eq_ignore_ascii_case("replace") => Op::Replace,
        Some(op) if op.eq_ignore_ascii_case("remove") => Op::Remove,
        _ => return Err(syntax("an operation is add, replace or remove")),
    };
    let value = member(operation, "value");
    match member(operation, "path") {
        None | Some(Value::Null) => whole(resource, op, value),
        Some(Value::String(path)) => at(resource, op, path, value),
        Some(_) => Err(ScimError::bad("invalidPath", "a path is a text")),
    }
}

/// Without a path: the value is a part of the resource.
fn whole(resource: &mut Map<String, Value>, op: Op, value: Option<&Value>) -> Result<()> {
    if op == Op::Remove {
        return Err(ScimError::bad("noTarget", "to remove needs a path"));
    }
    let Some(Value::Object(parts)) = value else {
        return Err(ScimError::value("without a path, the value is an object"));
    };
    for (name, value) in parts {
        // Some clients name what they change by its path here as well.
        if name.contains(['.', '[', ':']) {
            at(resource, op, name, Some(value))?;
        } else if let Some((name, kind)) = attribute(name)
            && kind != Kind::ReadOnly
        {
            set(resource, name, kind, op, value)?;
        }
    }
    Ok(())
}

/// What a path names, once it is read.
struct Place {
    name: &'static str,
    kind: Kind,
    filter: Option<ValFilter>,
    sub: Option<String>,
}

impl Place {
    fn read(path: &str) -> Result<Self> {
        let invalid = || ScimError::bad("invalidPath", "this path names nothing of the resource");
        if path.len() > PATH_MOST {
            return Err(invalid());
        }
        let (attr, filter, sub) = match path.parse().map_err(|_| invalid())? {
            PatchPath::Attr(attr) => {
                let sub = attr.sub_attr.clone();
                (attr, None, sub)
            }
            PatchPath::Value(path) => (path.attr, Some(path.filter), path.sub_attr),
        };
        let known = |uri: &String| [USER, GROUP].iter().any(|known| known.eq_ignore_ascii_case(uri));
        if attr.uri.as_ref().is_some_and(|uri| !known(uri)) {
            return Err(invalid());
        }
        let (name, kind) = attribute(&attr.name).ok_or_else(invalid)?;
        match kind {
            Kind::ReadOnly => Err(ScimError::bad("mutability", "this cannot be changed")),
            Kind::Simple if sub.is_some() || filter.is_some() => Err(invalid()),
            Kind::Complex if filter.is_some() => Err(invalid()),
            _ => Ok(Self {
                name,
                kind,
                filter,
                sub,
            }),
        }
    }

    /// Whether an element of the list is meant.
    fn means(&self, value: &Value) -> Result<bool> {
        match (&self.filter, value) {
            (None, _) => Ok(true),
            (Some(filter), Value::Object(object)) => element(filter, &as_asked(self.name, object)),
            (Some(_), _) => Ok(false),
        }
    }
}

fn at(resource: &mut Map<String, Value>, op: Op, path: &str, value: Option<&Value>) -> Result<()> {
    let place = Place::read(path)?;
    if op == Op::Remove {
        return remove(resource, &place, value);
    }
    let value = value.ok_or_else(|| ScimError::value("there is no value"))?;
    if place.filter.is_none() && place.sub.is_none() {
        return set(resource, place.name, place.kind, op, value);
    }
    match (place.kind, &place.sub) {
        (Kind::Complex, Some(sub)) => {
            let slot = resource.entry(place.name).or_insert_with(|| json!({}));
            if let Value::Object(object) = slot {
                put(object, sub, value.clone());
            }
            Ok(())
        }
        (Kind::Many, sub) => {
            let slot = resource.entry(place.name).or_insert_with(|| json!([]));
            let Value::Array(values) = slot else {
                return Ok(());
            };
            let mut met = false;
            for element in values.iter_mut() {
                if !place.means(element)? {
                    continue;
                }
                met = true;
                match (sub, &mut *element) {
                    (Some(sub), Value::Object(object)) => put(object, sub, value.clone()),
                    (None, element) => *element = value.clone(),
                    (Some(_), _) => {}
                }
            }
            if met {
                Ok(())
            } else {
                Err(ScimError::bad(
                    "noTarget",
                    "no value of the resource is what the path asks for",
                ))
            }
        }
        _ => Ok(()),
    }
}

fn set(resource: &mut Map<String, Value>, name: &str, kind: Kind, op: Op, value: &Value) -> Result<()> {
    match (kind, value) {
        // Nothing at all is what is not there (RFC 7643, 2.5).
        (_, Value::Null) => {
            resource.remove(name);
        }
        (Kind::Complex, Value::Object(parts)) => {
            let slot = resource.entry(name).or_insert_with(|| json!({}));
            if let Value::Object(object) = slot {
                for (name, value) in parts {
                    put(object, name, value.clone());
                }
            }
        }
        (Kind::Complex, _) => return Err(ScimError::value(format!("{name} is an object"))),
        (Kind::Many, value) => {
            let new: Vec<Value> = match value {
                Value::Array(values) => values.clone(),
                one => vec![one.clone()],
            };
            let mut all = match (op, resource.remove(name)) {
                (Op::Add, Some(Value::Array(before))) => before,
                _ => Vec::new(),
            };
            for value in new {
                if !all.contains(&value) {
                    all.push(value);
                }
            }
            if !all.is_empty() {
                resource.insert(name.to_owned(), Value::Array(all));
            }
        }
        (Kind::Simple | Kind::ReadOnly, value) => {
            resource.insert(name.to_owned(), value.clone());
        }
    }
    Ok(())
}

/// Writes a member, whatever the case of its name was.
fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.retain(|known, _| !known.eq_ignore_ascii_case(name));
    object.insert(name.to_owned(), value);
}

fn remove(resource: &mut Map<String, Value>, place: &Place, value: Option<&Value>) -> Result<()> {
    let drop_value = match (resource.get_mut(place.name), place.kind, &place.sub) {
        (None, ..) => false,
        (Some(Value::Object(object)), Kind::Complex, Some(sub)) => {
            object.retain(|known, _| !known.eq_ignore_ascii_case(sub));
            object.is_empty()
        }
        (Some(Value::Array(values)), Kind::Many, sub) => {
            let mut kept = Vec::new();
            for mut one in values.drain(..) {
                let meant = place.means(&one)? && named(&one, value);
                match (&mut one, sub) {
                    (Value::Object(object), Some(sub)) if meant => {
                        object.retain(|known, _| !known.eq_ignore_ascii_case(sub));
                        kept.push(one);
                    }
                    _ if meant => {}
                    _ => kept.push(one),
                }
            }
            *values = kept;
            values.is_empty()
        }
        _ => true,
    };
    if drop_value {
        resource.remove(place.name);
    }
    Ok(())
}

/// Whether a value is among those that are to be removed; all are where none is named.
fn named(one: &Value, value: Option<&Value>) -> bool {
    let id = |value: &Value| match value {
        Value::Object(object) => member(object, "value").cloned(),
        other => Some(other.clone()),
    };
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Array(values)) => values.iter().any(|value| id(value) == id(one)),
        Some(value) => id(value) == id(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(operation: &Value) -> Result<Value> {
        let before = json!({
            "userName": "a",
            "name": { "formatted": "Anna" },
            "emails": [{ "value": "a@b.example", "primary": true }],
            "members": [{ "value": "1" }, { "value": "2" }],
        });
        let sent = json!({ "schemas": [SCHEMA], "Operations": [operation] });
        let done = apply(before.as_object().unwrap(), sent.as_object().unwrap());
        done.map(Value::Object)
    }

    #[test]
    fn each_operation_does_what_the_standard_says() {
        let one = |path: &str, value: Value| json!({ "op": "Replace", "path": path, "value": value });
        let done = after(&one("NAME.formatted", json!("Ann"))).unwrap();
        assert_eq!(
            done["name"]["formatted"], "Ann",
            "names of attributes have no case"
        );
        let done = after(&one("emails[type eq \"work\"].value", json!("c@d.example"))).unwrap();
        assert_eq!(
            done["emails"][0]["value"], "c@d.example",
            "the address is found by its kind"
        );
        let done = after(&json!({ "op": "remove", "path": "members[value eq \"1\"]" })).unwrap();
        assert_eq!(done["members"], json!([{ "value": "2" }]), "one of the list goes");
        let done = after(&json!({ "op": "remove", "path": "members", "value": [{ "value": "2" }] })).unwrap();
        assert_eq!(
            done["members"],
            json!([{ "value": "1" }]),
            "or those that are named"
        );
        let done =
            after(&json!({ "op": "add", "path": "members", "value": [{ "value": "2" }, { "value": "3" }] }))
                .unwrap();
        assert_eq!(
            done["members"].as_array().unwrap().len(),
            3,
            "nobody is a member twice"
        );
        let done = after(&json!({ "op": "add", "value": { "displayname": "A", "unknown": 1 } })).unwrap();
        assert_eq!(done["displayName"], "A", "a part of the resource");
    }

    #[test]
    fn what_cannot_be_done_says_why() {
        for (operation, kind) in [
            (json!({ "op": "move", "path": "userName" }), "invalidSyntax"),
            (json!({ "op": "remove" }), "noTarget"),
            (
                json!({ "op": "replace", "path": "emails[value eq \"x\"]", "value": {} }),
                "noTarget",
            ),
            (
                json!({ "op": "replace", "path": "id", "value": "8" }),
                "mutability",
            ),
            (
                json!({ "op": "replace", "path": "shoeSize", "value": 8 }),
                "invalidPath",
            ),
            (
                json!({ "op": "replace", "path": "userName[", "value": 8 }),
                "invalidPath",
            ),
            (json!({ "op": "add", "path": "name", "value": 8 }), "invalidValue"),
        ] {
            let refused = after(&operation).unwrap_err();
            assert_eq!(refused.kind, Some(kind), "{operation}");
        }
    }
}
