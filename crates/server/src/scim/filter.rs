//! Whether a resource is what a filter asks for (RFC 7644, 3.4.2.2).

use std::cmp::Ordering;

use jiff::Timestamp;
use keyholder_core::query::folded;
use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter, ValFilter};
use serde_json::{Map, Value};

use super::ask::member;
use super::error::{Result, ScimError};
use super::resource::{GROUP, USER, as_asked};

/// The longest filter that is read, in bytes.
const FILTER_MOST: usize = 8 * 1024;
/// Attributes whose case matters (RFC 7643, 4.1 and 3.1).
const EXACT: [&str; 5] = ["id", "externalid", "version", "location", "schemas"];

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Filter> {
    let read = (text.len() <= FILTER_MOST)
        .then(|| text.parse::<Filter>().ok())
        .flatten();
    read.ok_or_else(|| ScimError::bad("invalidFilter", "this filter cannot be read"))
}

/// Whether the resource is asked for.
pub(super) fn matches(filter: &Filter, resource: &Map<String, Value>) -> Result<bool> {
    Ok(match filter {
        Filter::Attr(asked) => attribute(asked, resource)?,
        Filter::ValuePath(path) => {
            let mut found = false;
            for value in values(&path.attr, resource) {
                if let Value::Object(value) = value {
                    found |= element(&path.filter, &as_asked(&path.attr.name, value))?;
                }
            }
            found
        }
        Filter::Not(inner) => !matches(inner, resource)?,
        // All of them are looked at, so that a bad comparison is one wherever it stands.
        Filter::And(all) => all.iter().try_fold(true, |so_far, one| {
            Ok::<_, ScimError>(matches(one, resource)? && so_far)
        })?,
        Filter::Or(any) => any.iter().try_fold(false, |so_far, one| {
            Ok::<_, ScimError>(matches(one, resource)? || so_far)
        })?,
    })
}

/// Whether an element of a list is asked for.
pub(super) fn element(filter: &ValFilter, element: &Map<String, Value>) -> Result<bool> {
    Ok(match filter {
        ValFilter::Attr(asked) => attribute(asked, element)?,
        ValFilter::Not(inner) => !self::element(inner, element)?,
        ValFilter::And(all) => all.iter().try_fold(true, |so_far, one| {
            Ok::<_, ScimError>(self::element(one, element)? && so_far)
        })?,
        ValFilter::Or(any) => any.iter().try_fold(false, |so_far, one| {
            Ok::<_, ScimError>(self::element(one, element)? || so_far)
        })?,
    })
}

fn attribute(asked: &AttrExp, object: &Map<String, Value>) -> Result<bool> {
    match asked {
        AttrExp::Present(path) => Ok(values(path, object).iter().any(|value| is_there(value))),
        AttrExp::Comparison(path, CompareOp::Ne, wanted) => Ok(!any(path, &CompareOp::Eq, wanted, object)?),
        AttrExp::Comparison(path, how, wanted) => any(path, how, wanted, object),
    }
}

fn is_there(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn any(path: &AttrPath, how: &CompareOp, wanted: &CompValue, object: &Map<String, Value>) -> Result<bool> {
    let ordered = matches!(how, CompareOp::Gt | CompareOp::Ge | CompareOp::Lt | CompareOp::Le);
    if ordered && matches!(wanted, CompValue::True | CompValue::False | CompValue::Null) {
        return Err(ScimError::bad("invalidFilter", "this cannot be compared so"));
    }
    let last = path.sub_attr.as_deref().unwrap_or(&path.name);
    let exact = EXACT.iter().any(|name| name.eq_ignore_ascii_case(last));
    let found = values(path, object);
    if found.is_empty() {
        return Ok(matches!((how, wanted), (CompareOp::Eq, CompValue::Null)));
    }
    Ok(found
        .iter()
        .any(|value| compare(plain(value), how, wanted, exact)))
}

/// A list of objects is compared by their `value` (RFC 7644, 3.4.2.2).
fn plain(value: &Value) -> &Value {
    match value {
        Value::Object(object) => member(object, "value").unwrap_or(value),
        other => other,
    }
}

fn compare(value: &Value, how: &CompareOp, wanted: &CompValue, exact: bool) -> bool {
    match (value, wanted) {
        (Value::Bool(value), CompValue::True) => *how == CompareOp::Eq && *value,
        (Value::Bool(value), CompValue::False) => *how == CompareOp::Eq && !*value,
        (Value::Null, CompValue::Null) => *how == CompareOp::Eq,
        (Value::String(value), CompValue::Str(wanted)) => {
            if let (Ok(value), Ok(wanted)) = (value.parse::<Timestamp>(), wanted.parse::<Timestamp>()) {
                return in_order(how, value.cmp(&wanted));
            }
            let (value, wanted) = if exact {
                (value.clone(), wanted.clone())
            } else {
                (folded(value), folded(wanted))
            };
            match how {
                CompareOp::Co => value.contains(&wanted),
                CompareOp::Sw => value.starts_with(&wanted),
                CompareOp::Ew => value.ends_with(&wanted),
                _ => in_order(how, value.cmp(&wanted)),
            }
        }
        _ => false,
    }
}

fn in_order(how: &CompareOp, order: Ordering) -> bool {
    match how {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
    }
}

/// The values at a path, those of a list one by one.
pub(super) fn values<'a>(path: &AttrPath, object: &'a Map<String, Value>) -> Vec<&'a Value> {
    let schema = path.uri.as_deref();
    if schema.is_some_and(|uri| ![USER, GROUP].iter().any(|known| known.eq_ignore_ascii_case(uri))) {
        return Vec::new();
    }
    let found = each(member(object, &path.name));
    let Some(sub) = &path.sub_attr else {
        return found;
    };
    let inner = |value: &'a Value| match value {
        Value::Object(inner) => each(member(inner, sub)),
        _ => Vec::new(),
    };
    found.into_iter().flat_map(inner).collect()
}

fn each(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(values)) => values.iter().collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    }
}

/// What an attribute must be for the filter to hold, where it says so of one (`eq`).
pub(super) fn pinned<'a>(filter: &'a Filter, name: &str) -> Option<&'a str> {
    match filter {
        Filter::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(wanted)))
            if path.sub_attr.is_none()
                && path
                    .uri
                    .as_deref()
                    .is_none_or(|uri| uri.eq_ignore_ascii_case(USER))
                && path.name.eq_ignore_ascii_case(name) =>
        {
            Some(wanted)
        }
        Filter::And(all) => all.iter().find_map(|one| pinned(one, name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn anna() -> Map<String, Value> {
        let anna = json!({
            "schemas": [USER],
            "id": "7",
            "externalId": "X-1",
            "userName": "Anna@shop.example",
            "active": true,
            "emails": [{ "value": "anna@shop.example", "primary": true }],
            "meta": { "created": "2026-03-02T08:00:00Z" },
        });
        anna.as_object().unwrap().clone()
    }

    #[test]
    fn every_operator_says_what_the_standard_says() {
        for (text, holds) in [
            (r#"userName eq "anna@SHOP.example""#, true),
            (r#"userName ne "anna@shop.example""#, false),
            (r#"username co "NA@sh""#, true),
            (r#"userName sw "anna""#, true),
            (r#"userName ew ".example""#, true),
            (r#"userName ew ".org""#, false),
            (r#"externalId eq "x-1""#, false),
            (r#"externalId eq "X-1""#, true),
            ("title pr", false),
            ("emails pr and active eq true", true),
            (r#"active eq false or id eq "7""#, true),
            ("not (active eq true)", false),
            (r#"emails[primary eq true and value co "shop"]"#, true),
            (r#"emails.value eq "anna@shop.example""#, true),
            (r#"emails co "anna""#, true),
            (r#"meta.created gt "2026-03-02T09:00:00+02:00""#, true),
            (r#"meta.created le "2026-03-02T08:00:00.000Z""#, true),
            (r#"meta.created lt "2026-03-02T08:00:00Z""#, false),
            ("title eq null", true),
            (
                r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "anna""#,
                true,
            ),
            (r#"urn:example:other:userName sw "anna""#, false),
        ] {
            let filter = parse(text).unwrap();
            assert_eq!(matches(&filter, &anna()), Ok(holds), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        let filter = parse("userName pr or active gt true").unwrap();
        let refused = matches(&filter, &anna()).unwrap_err();
        assert_eq!(
            refused.kind,
            Some("invalidFilter"),
            "a question without a meaning has no answer"
        );
        assert!(parse("userName eq").is_err(), "half a filter is none");
        assert!(parse(&"(".repeat(100_000)).is_err(), "nor is one that only nests");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in r#"[a-zA-Z0-9 ."()\[\]:\\$]{0,80}"#) {
            if let Ok(filter) = parse(&text) {
                let _ = matches(&filter, &anna());
            }
        }
    }
}
