//! Reads what a request holds, and takes nothing that the operation does not know: a field that is
//! passed over is an order that was not carried out.

mod plain;

use axum::http::StatusCode;
use serde::Deserializer;
use serde::de::DeserializeOwned;

use self::plain::Plain;
use crate::answer::Failure;

/// The most of a field's name that is said back.
const NAME_MAX: usize = 100;

/// The body of a request; nothing at all for `()`.
pub(crate) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let bytes = if bytes.is_empty() {
        b"null".as_slice()
    } else {
        bytes
    };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = known(&mut json).and_then(|(value, unknown)| json.end().map(|()| (value, unknown)));
    // Where, not what: the words of `serde_json` quote what it could not read, which may be secret.
    let (value, unknown) = read.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        bad(format!(
            "the body is not the JSON of this operation at line {line}, column {column}"
        ))
    })?;
    refused("the body", unknown)?;
    Ok(value)
}

/// What stands after the question mark; nothing at all for `()`.
pub(crate) fn query<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    let pairs = form_urlencoded::parse(text.as_bytes());
    let (value, unknown) = known(serde_urlencoded::Deserializer::new(pairs))
        .map_err(|_| bad("the query is not that of this operation"))?;
    refused("the query", unknown)?;
    Ok(value)
}

/// The value, and a field in it that is not known.
fn known<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<(T, Option<String>), D::Error> {
    let mut unknown = None;
    let value = serde_ignored::deserialize(Plain(from), |path| {
        unknown.get_or_insert_with(|| path.to_string());
    })?;
    Ok((value, unknown))
}

fn refused(place: &str, unknown: Option<String>) -> Result<(), Failure> {
    match unknown {
        None => Ok(()),
        Some(field) => {
            let field: String = field.chars().take(NAME_MAX).collect();
            Err(bad(format!(
                "{place} has a field that this operation does not know: {field}"
            )))
        }
    }
}

fn bad(title: impl Into<String>) -> Failure {
    Failure::bad_request(StatusCode::BAD_REQUEST, title)
}

#[cfg(test)]
mod tests {
    use keyholder_core::query::{AccountSort, Cursor, EventQuery};
    use keyholder_core::wire::{AccountListQuery, AuditExportBody, OptionalReasonBody};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_query_reads_back_as_the_console_wrote_it(
            text in proptest::option::of(any::<String>()),
            after in proptest::option::of(any::<String>()),
            (second_factor, descending, limit) in any::<(Option<bool>, bool, u32)>(),
        ) {
            let accounts = AccountListQuery {
                text: text.clone(),
                role: None,
                standing: None,
                second_factor,
                sort: AccountSort::LastSignInAt,
                descending,
                after: after.clone().map(Cursor),
                limit,
            };
            let written = serde_urlencoded::to_string(&accounts).unwrap();
            let read: AccountListQuery = query(&written).unwrap();
            prop_assert_eq!(read, accounts, "{}", written);

            let events = EventQuery { text, after: after.map(Cursor), limit, ..EventQuery::default() };
            let written = serde_urlencoded::to_string(&events).unwrap();
            let read: EventQuery = query(&written).unwrap();
            prop_assert_eq!(read, events, "{}", written);
        }

        #[test]
        fn an_object_is_an_object_and_a_word_a_word(list in proptest::collection::vec(any::<String>(), 0..4)) {
            let list = serde_json::json!(list);
            for body in [list.clone(), serde_json::json!({ "query": list, "rows": 1 })] {
                let bytes = body.to_string().into_bytes();
                prop_assert!(json::<AuditExportBody>(&bytes).is_err(), "a list of values says not which is which");
                prop_assert!(json::<OptionalReasonBody>(&bytes).is_err(), "nor does one of none");
            }
        }

        #[test]
        fn a_whole_number_is_one_however_it_is_written(rows: u32, part in 0.01..0.99) {
            let body = |rows: &str| json::<AuditExportBody>(format!(r#"{{"query":{{}},"rows":{rows}}}"#).as_bytes());
            for written in [rows.to_string(), format!("{rows}.0"), format!("{rows}.0e0")] {
                let read = body(&written).map(|body| body.rows);
                prop_assert_eq!(read.ok(), Some(rows), "{} is that number", written);
            }
            for other in [format!("{}", f64::from(rows) + part), format!("-{rows}.5"), "1e300".to_owned()] {
                prop_assert!(body(&other).is_err(), "{} is none", other);
            }
        }

        #[test]
        fn only_nothing_is_read_as_nothing(bytes: Vec<u8>) {
            let nothing = bytes.is_empty() || bytes.trim_ascii() == b"null";
            prop_assert_eq!(json::<()>(&bytes).is_ok(), nothing, "an order is carried out or refused");
        }
    }
}
