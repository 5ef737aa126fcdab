//! How values stand in columns.

use jiff::Timestamp;
use keyholder_core::account::Role;
use keyholder_core::error::StoreError;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::error::unreadable;

/// "Never", in columns that are sorted by time.
pub(crate) const NEVER: i64 = i64::MIN;

/// Microseconds since 1970. What is finer is cut off, but for the last moment there is: that one
/// means "for ever" and must come back as it was.
pub(crate) fn time(at: Timestamp) -> i64 {
    if at == Timestamp::MAX {
        i64::MAX
    } else {
        at.as_microsecond()
    }
}

pub(crate) fn time_from(micros: i64) -> Result<Timestamp, StoreError> {
    if micros == i64::MAX {
        return Ok(Timestamp::MAX);
    }
    Timestamp::from_microsecond(micros).map_err(|_| unreadable("a time"))
}

pub(crate) fn maybe_time_from(micros: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    micros
        .filter(|micros| *micros != NEVER)
        .map(time_from)
        .transpose()
}

pub(crate) fn array_from<const N: usize>(bytes: &[u8], what: &str) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| unreadable(what))
}

pub(crate) fn text_from(bytes: Vec<u8>, what: &str) -> Result<String, StoreError> {
    String::from_utf8(bytes).map_err(|_| unreadable(what))
}

pub(crate) fn number_from(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| unreadable("a number"))
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| unreadable("a value"))
}

pub(crate) fn json_from<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| unreadable(what))
}

/// The word of a value that is one of a few.
pub(crate) fn word<T: Serialize>(value: T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        _ => Err(unreadable("a word")),
    }
}

pub(crate) fn word_from<T: DeserializeOwned>(word: String, what: &str) -> Result<T, StoreError> {
    serde_json::from_value(Value::String(word)).map_err(|_| unreadable(what))
}

/// The place of a role in [`Role::ALL`], which is how the column is sorted.
pub(crate) fn role(role: Role) -> i16 {
    match role {
        Role::Owner => 0,
        Role::Support => 1,
        Role::Auditor => 2,
        Role::Staff => 3,
        Role::Customer => 4,
    }
}

pub(crate) fn role_from(number: i16) -> Result<Role, StoreError> {
    Role::ALL
        .into_iter()
        .find(|known| role(*known) == number)
        .ok_or_else(|| unreadable("a role"))
}
