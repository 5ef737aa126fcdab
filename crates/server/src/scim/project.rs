//! Which attributes of a resource are told (RFC 7644, 3.9).

use serde_json::{Map, Value};

use super::resource::{GROUP, USER};

/// Always told: without them nobody knows what it is.
const ALWAYS: [&str; 2] = ["schemas", "id"];

/// What is told.
#[derive(Debug, Clone, Default)]
pub(super) struct Projection {
    only: Option<Vec<Asked>>,
    without: Vec<Asked>,
}

/// An attribute, or a part of one.
#[derive(Debug, Clone)]
struct Asked {
    name: String,
    sub: Option<String>,
}

fn read(list: &str) -> Vec<Asked> {
    let asked = list.split(',').map(str::trim).filter(|path| !path.is_empty());
    asked.map(Asked::of).collect()
}

impl Asked {
    fn of(path: &str) -> Self {
        let bare = [USER, GROUP].iter().find_map(|schema| {
            let (begin, rest) = path.split_at_checked(schema.len())?;
            begin
                .eq_ignore_ascii_case(schema)
                .then(|| rest.trim_start_matches(':'))
        });
        let (name, sub) = bare
            .unwrap_or(path)
            .split_once('.')
            .map_or((bare.unwrap_or(path), None), |(name, sub)| (name, Some(sub)));
        Self {
            name: name.to_owned(),
            sub: sub.map(str::to_owned),
        }
    }
}

impl Projection {
    /// As `attributes` and `excludedAttributes` say.
    pub(super) fn of(attributes: Option<&str>, excluded: Option<&str>) -> Self {
        Self {
            only: attributes.filter(|list| !list.is_empty()).map(read),
            without: excluded.map(read).unwrap_or_default(),
        }
    }

    /// Whether an attribute is told at all.
    pub(super) fn tells(&self, name: &str) -> bool {
        let named = |asked: &Asked| asked.name.eq_ignore_ascii_case(name);
        let wanted = self.only.as_ref().is_none_or(|only| only.iter().any(named));
        wanted
            && !self
                .without
                .iter()
                .any(|asked| named(asked) && asked.sub.is_none())
    }

    /// The resource as far as it is told.
    pub(super) fn of_resource(&self, resource: Map<String, Value>) -> Map<String, Value> {
        let told = resource.into_iter().filter_map(|(name, value)| {
            if ALWAYS.contains(&name.as_str()) {
                return Some((name, value));
            }
            if !self.tells(&name) {
                return None;
            }
            let subs = |list: &[Asked]| -> Vec<String> {
                let of = list.iter().filter(|asked| asked.name.eq_ignore_ascii_case(&name));
                of.filter_map(|asked| asked.sub.clone()).collect()
            };
            let whole = |only: &Vec<Asked>| {
                only.iter()
                    .any(|asked| asked.name.eq_ignore_ascii_case(&name) && asked.sub.is_none())
            };
            let only = self
                .only
                .as_ref()
                .filter(|only| !whole(only))
                .map(|only| subs(only));
            let value = part(value, only.as_deref(), &subs(&self.without));
            Some((name, value))
        });
        told.collect()
    }
}

fn part(value: Value, only: Option<&[String]>, without: &[String]) -> Value {
    match value {
        Value::Array(values) => {
            let parts = values.into_iter().map(|value| part(value, only, without));
            Value::Array(parts.collect())
        }
        Value::Object(mut object) => {
            let among = |list: &[String], name: &str| list.iter().any(|one| one.eq_ignore_ascii_case(name));
            object.retain(|name, _| only.is_none_or(|only| among(only, name)) && !among(without, name));
            Value::Object(object)
        }
        other => other,
    }
}
