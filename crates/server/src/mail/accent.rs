//! The colour of a shop.

use std::fmt;
use std::str::FromStr;

/// A colour, as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent([u8; 3]);

/// Keyholder's own, for shops that chose none.
impl Default for Accent {
    fn default() -> Self {
        Self([0x1f, 0x5f, 0xbf])
    }
}

impl Accent {
    /// The colour of text upon it: whichever of white and near-black stands out more (WCAG 2.2, 1.4.3).
    pub fn ink(self) -> Self {
        const WHITE: Accent = Accent([0xff; 3]);
        const NEARLY_BLACK: Accent = Accent([0x11; 3]);
        if self.contrast(WHITE) >= self.contrast(NEARLY_BLACK) {
            WHITE
        } else {
            NEARLY_BLACK
        }
    }

    /// From 1, for the same, to 21, for black and white (WCAG 2.2, contrast ratio).
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// From 0, for black, to 1, for white (WCAG 2.2, relative luminance).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// Why a text is no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no colour such as #1f5fbf")]
pub struct NoColour;

impl FromStr for Accent {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Self, NoColour> {
        let figures = text
            .strip_prefix('#')
            .filter(|figures| figures.len() == 6)
            .ok_or(NoColour)?;
        if !figures.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NoColour);
        }
        let number = u32::from_str_radix(figures, 16).map_err(|_| NoColour)?;
        let [_, parts @ ..] = number.to_be_bytes();
        Ok(Self(parts))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn text_can_be_read_upon_every_colour(parts: [u8; 3]) {
            let accent = Accent(parts);
            prop_assert!(
                accent.contrast(accent.ink()) >= 4.3,
                "{} upon {accent} is hard to read", accent.ink()
            );
            prop_assert_eq!(accent.to_string().parse(), Ok(accent), "it is written as it is read");
        }
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["", "#fff", "1f5fbf", "#1f5fbg", "#+f5fbf", "red", "#1f5fbf;x:y"] {
            assert_eq!(
                text.parse::<Accent>(),
                Err(NoColour),
                "{text} could break out of a style"
            );
        }
    }
}
