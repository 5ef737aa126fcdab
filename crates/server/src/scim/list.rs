//! Lists: filtered, sorted, a window of them (RFC 7644, 3.4.2).

use axum::http::Uri;
use keyholder_core::account::AccountId;
use keyholder_core::directory::ProgramDirectory;
use keyholder_core::provisioning::{Named, Provisioned};
use keyholder_core::query::{AccountFilter, AccountQuery, AccountSort, PAGE_MAX, folded};
use scim_v2::filter::{AttrPath, Filter};
use serde_json::{Map, Value, json};

use super::Base;
use super::error::{Result, ScimError};
use super::filter::{matches, parse, pinned, values};
use super::project::Projection;
use super::resource::user;

/// The most resources of one answer.
pub(super) const COUNT_MOST: usize = 200;
/// How many there are where nobody says.
const COUNT: usize = 100;

/// What a list is asked for.
#[derive(Debug, Default)]
pub(super) struct Query {
    filter: Option<Filter>,
    sort_by: Option<AttrPath>,
    descending: bool,
    /// From 1.
    start: usize,
    count: usize,
    pub(super) told: Projection,
}

impl Query {
    /// As the address says. What it does not know it passes over (RFC 7644, 3.4.2).
    pub(super) fn of(uri: &Uri) -> Result<Self> {
        let pairs: Vec<_> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).collect();
        let get = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.as_ref())
        };
        let number = |name: &str, default: usize| match get(name) {
            None => Ok(default),
            Some(text) => match text.parse::<i64>() {
                // Below nothing is nothing (RFC 7644, 3.4.2.4).
                Ok(number) => Ok(usize::try_from(number).unwrap_or(0)),
                Err(_) => Err(ScimError::value(format!("{name} is a number"))),
            },
        };
        let path = |text: &str| {
            attribute(text).ok_or_else(|| ScimError::bad("invalidPath", "sortBy names no attribute"))
        };
        Ok(Self {
            filter: get("filter").map(parse).transpose()?,
            sort_by: get("sortBy").map(path).transpose()?,
            descending: get("sortOrder").is_some_and(|order| order.eq_ignore_ascii_case("descending")),
            start: number("startIndex", 1)?.max(1),
            count: number("count", COUNT)?.min(COUNT_MOST),
            told: Projection::of(get("attributes"), get("excludedAttributes")),
        })
    }

    fn window<T>(&self, all: Vec<T>) -> Vec<T> {
        all.into_iter().skip(self.start - 1).take(self.count).collect()
    }

    fn wants(&self, resource: &Map<String, Value>) -> Result<bool> {
        self.filter
            .as_ref()
            .map_or(Ok(true), |filter| matches(filter, resource))
    }

    /// The answer with these resources, of so many.
    fn answer(&self, total: usize, resources: Vec<Map<String, Value>>) -> Value {
        let told: Vec<_> = resources
            .into_iter()
            .map(|resource| Value::Object(self.told.of_resource(resource)))
            .collect();
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": total,
            "startIndex": self.start,
            "itemsPerPage": told.len(),
            "Resources": told,
        })
    }

    /// A list of resources that are all at hand.
    pub(super) fn of_all(&self, all: Vec<Map<String, Value>>) -> Result<Value> {
        let mut wanted = Vec::new();
        for resource in all {
            if self.wants(&resource)? {
                wanted.push((self.key(&resource), resource));
            }
        }
        self.sort(&mut wanted);
        let total = wanted.len();
        let shown = self.window(wanted).into_iter().map(|(_, resource)| resource);
        Ok(self.answer(total, shown.collect()))
    }

    fn key(&self, resource: &Map<String, Value>) -> Option<String> {
        let value = *values(self.sort_by.as_ref()?, resource).first()?;
        match value {
            Value::String(text) => Some(folded(text)),
            Value::Object(object) => object.get("value").and_then(Value::as_str).map(folded),
            other => Some(other.to_string()),
        }
    }

    /// Those without the attribute come last (RFC 7644, 3.4.2.3), or first where the order is turned round.
    fn sort<T>(&self, rows: &mut [(Option<String>, T)]) {
        if self.sort_by.is_some() {
            rows.sort_by(|(one, _), (other, _)| {
                let order = (one.is_none(), one).cmp(&(other.is_none(), other));
                if self.descending { order.reverse() } else { order }
            });
        }
    }
}

/// An attribute's path, as a filter would name it.
fn attribute(text: &str) -> Option<AttrPath> {
    match format!("{text} pr").parse() {
        Ok(Filter::Attr(scim_v2::filter::AttrExp::Present(path))) => Some(path),
        _ => None,
    }
}

/// A list of users.
pub(super) async fn users(program: &dyn ProgramDirectory, query: &Query, base: &Base) -> Result<Value> {
    if let Some(filter) = &query.filter
        && let Some(one) = one(program, filter).await?
    {
        let found = one.iter().map(|found| user(found, base)).collect();
        return query.of_all(found);
    }
    if query.filter.is_none() && query.sort_by.is_none() {
        return in_order(program, query, base).await;
    }
    let mut wanted = Vec::new();
    let mut walk = Walk::begin();
    while let Some(page) = walk.next(program).await? {
        for provisioned in page {
            let resource = user(&provisioned, base);
            if query.wants(&resource)? {
                wanted.push((query.key(&resource), provisioned));
            }
        }
    }
    query.sort(&mut wanted);
    let total = wanted.len();
    let shown = query.window(wanted).into_iter();
    let shown = shown.map(|(_, provisioned)| user(&provisioned, base));
    Ok(query.answer(total, shown.collect()))
}

/// All of them, as they are kept in order.
async fn in_order(program: &dyn ProgramDirectory, query: &Query, base: &Base) -> Result<Value> {
    let total = program.provisioned_count(&AccountFilter::default()).await? as usize;
    let (mut shown, mut passed) = (Vec::new(), 0);
    let mut walk = Walk::begin();
    while shown.len() < query.count && query.start <= total {
        let Some(page) = walk.next(program).await? else {
            break;
        };
        for provisioned in page {
            passed += 1;
            if passed >= query.start && shown.len() < query.count {
                shown.push(user(&provisioned, base));
            }
        }
    }
    Ok(query.answer(total, shown))
}

/// The one account that a filter can mean, where it names it; the rest of the filter is looked at after.
async fn one(program: &dyn ProgramDirectory, filter: &Filter) -> Result<Option<Option<Provisioned>>> {
    if let Some(id) = pinned(filter, "id") {
        let Some(id) = account_id(id) else {
            return Ok(Some(None));
        };
        return Ok(Some(program.provisioned(id).await?));
    }
    let named = pinned(filter, "externalId")
        .map(|id| Named::ExternalId(id.to_owned()))
        .or_else(|| pinned(filter, "userName").map(|name| Named::UserName(name.to_owned())));
    match named {
        Some(named) => Ok(Some(program.provisioned_as(&named).await?)),
        None => Ok(None),
    }
}

/// The account of an id, if it can be one.
pub(super) fn account_id(text: &str) -> Option<AccountId> {
    let id = text.parse::<uuid::Uuid>().ok()?;
    // One way to write it.
    (id.to_string() == text).then(|| id.into())
}

/// Accounts, page by page.
pub(super) struct Walk(Option<AccountQuery>);

impl Walk {
    pub(super) fn begin() -> Self {
        Self::among(AccountFilter::default())
    }

    pub(super) fn among(filter: AccountFilter) -> Self {
        Self(Some(AccountQuery {
            filter,
            sort: AccountSort::Email,
            descending: false,
            after: None,
            limit: PAGE_MAX,
        }))
    }

    pub(super) async fn next(&mut self, program: &dyn ProgramDirectory) -> Result<Option<Vec<Provisioned>>> {
        let Some(query) = self.0.take() else {
            return Ok(None);
        };
        let page = program.provisioned_page(&query).await?;
        self.0 = page.next.map(|next| AccountQuery {
            after: Some(next),
            ..query
        });
        Ok(Some(page.rows))
    }
}
