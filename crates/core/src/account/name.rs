//! Names of people and shops.

use serde::{Deserialize, Serialize};
use specta::Type;
use unicode_normalization::UnicodeNormalization as _;

/// Longest name in code points.
const NAME_MAX: usize = 200;

/// The name of a person or a shop: NFC, trimmed, at most 200 code points, nothing that cannot be
/// seen. May be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(try_from = "String", into = "String")]
#[specta(type = String)]
pub struct Name(String);

impl Name {
    /// Reads a name as a person types it.
    ///
    /// # Errors
    /// It is too long, or has control or direction characters in it.
    pub fn parse(text: &str) -> Result<Self, TextRefused> {
        clean(text, NAME_MAX).map(Self)
    }

    /// The name as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Trimmed, NFC, within the bound, every character printable.
pub(super) fn clean(text: &str, max: usize) -> Result<String, TextRefused> {
    // Four bytes for each code point is the most UTF-8 takes: no need to normalise a megabyte.
    if text.len() > max.saturating_mul(16) {
        return Err(TextRefused::TooLong {
            max: u32::try_from(max).unwrap_or(u32::MAX),
        });
    }
    let text: String = text.trim().nfc().collect();
    if text.chars().count() > max {
        return Err(TextRefused::TooLong {
            max: u32::try_from(max).unwrap_or(u32::MAX),
        });
    }
    if printable(&text) {
        Ok(text)
    } else {
        Err(TextRefused::Unprintable)
    }
}

/// Whether a text has no control characters and nothing that turns the direction of writing:
/// such text can forge a line of a list or a log (Unicode TR 36, 3.1).
pub fn printable(text: &str) -> bool {
    !text.chars().any(|c| {
        c.is_control()
            || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
    })
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for Name {
    type Error = TextRefused;

    fn try_from(text: String) -> Result<Self, TextRefused> {
        Self::parse(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

/// Why a text that a person typed is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum TextRefused {
    /// Nothing was typed where something is needed.
    #[error("this is needed: write a few words")]
    Empty,
    /// More code points than allowed.
    #[error("this is too long: at most {max} characters")]
    TooLong {
        /// The bound in code points.
        max: u32,
    },
    /// Control characters, or characters that turn the direction of writing.
    #[error("this has characters in it that cannot be seen: type it by hand instead of pasting it")]
    Unprintable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_script_are_taken_and_invisible_ones_are_not() {
        for good in ["Zoë O'Brien-Müller", "李小龍", "محمد", "", "👩‍🌾 Farm"] {
            assert!(Name::parse(good).is_ok(), "{good} is how somebody is called");
        }
        for bad in ["Anna\nBob", "\u{202e}annA", "a\u{0}b", "\u{1b}[31mred"] {
            assert_eq!(
                Name::parse(bad),
                Err(TextRefused::Unprintable),
                "{bad:?} could forge a line"
            );
        }
        assert_eq!(
            Name::parse(&"x".repeat(1 << 20)),
            Err(TextRefused::TooLong { max: 200 }),
            "a megabyte is no name"
        );
    }
}
