//! The TOML file: which setting stands on which line. Its words are never repeated in what is said of it:
//! somebody may have put a secret there.

use toml::de::{DeTable, DeValue};

/// A value as text, and its line, counted from one.
pub(super) struct Entry {
    pub(super) name: String,
    /// None where it is no text, number, truth or list of these.
    pub(super) value: Option<String>,
    pub(super) line: usize,
}

/// Everything in the file, or the line on which it stops being TOML and why.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, (usize, String)> {
    let line = |place: usize| 1 + text.bytes().take(place).filter(|byte| *byte == b'\n').count();
    let table = DeTable::parse(text).map_err(|error| {
        (
            line(error.span().unwrap_or_default().start),
            error.message().to_owned(),
        )
    })?;
    let entries = table.into_inner().into_iter().map(|(name, value)| Entry {
        line: line(name.span().start),
        value: text_of(value.get_ref()),
        name: name.into_inner().into_owned(),
    });
    Ok(entries.collect())
}

fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Array(values) => {
            let texts: Option<Vec<_>> = values.iter().map(|value| text_of(value.get_ref())).collect();
            texts.map(|texts| texts.join(","))
        }
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}
