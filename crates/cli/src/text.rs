//! Text that a terminal shows as it is: nothing in it moves the cursor or turns the direction.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use keyholder_core::account::printable;

/// The text with every character that cannot be seen written out as `\u{202e}` (Unicode TR 36, 3.1).
/// Lines stay lines only where the program itself put them together.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if printable(text) {
        return Cow::Borrowed(text);
    }
    let mut buffer = [0; 4];
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if printable(c.encode_utf8(&mut buffer)) {
            escaped.push(c);
        } else {
            escaped.extend(c.escape_unicode());
        }
    }
    Cow::Owned(escaped)
}

/// A moment for people: to the second, in UTC.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A moment that may not have come.
pub(crate) fn time_or(at: Option<Timestamp>, otherwise: &str) -> String {
    at.map_or_else(|| otherwise.to_owned(), time)
}

/// Reads a moment as `2026-01-31T12:00:00Z`, or as a day that begins at midnight UTC.
pub(crate) fn parse_time(text: &str) -> Result<Timestamp, String> {
    let day = || {
        text.parse::<Date>()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|day| day.timestamp())
    };
    text.parse()
        .ok()
        .or_else(day)
        .ok_or_else(|| "write it as 2026-01-31 or 2026-01-31T12:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether what is written moves the cursor or turns the direction.
    fn forges(write: fn(&str) -> Cow<'_, str>) -> bool {
        !printable(&write("a\r\n\u{1b}[2Jb\u{202e}c\u{9b}d"))
    }

    #[test]
    fn p47_nothing_in_a_text_moves_the_cursor_or_turns_the_direction() {
        assert!(!forges(shown), "what could forge a line is written out");
        let names = "Zoë 李 محمد 👩‍🌾";
        assert_eq!(shown(names), names, "names of every script stay as they are");
        assert_eq!(
            shown("a\u{202e}b\n"),
            "a\\u{202e}b\\u{a}",
            "and one sees what was there"
        );
    }

    #[test]
    fn p47_mutant_text_as_it_is_is_found_out() {
        assert!(forges(|text| text.into()), "the measure sees raw text");
        let without_control = |text: &str| -> Cow<'_, str> { text.replace(char::is_control, "").into() };
        assert!(forges(without_control), "and text whose direction is turned");
    }

    #[test]
    fn a_day_or_a_moment() {
        let day = "2026-01-31T00:00:00Z".parse::<Timestamp>();
        assert_eq!(
            parse_time("2026-01-31").ok(),
            day.ok(),
            "a day begins at midnight UTC"
        );
        assert!(parse_time("yesterday").is_err(), "no guessing");
    }
}
