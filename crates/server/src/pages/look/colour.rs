//! The shop's colour, made fit to read: whatever colour it is, words on it and in it keep the contrast that
//! WCAG 2.2 asks for (1.4.3 and 1.4.11).

use std::fmt;

/// Contrast of words.
const WORDS: f64 = 4.5;
/// Contrast of what has to be seen as something to press.
const SHAPES: f64 = 3.0;
/// The grounds that coloured words stand on.
const LIGHT: Colour = Colour::of(0xf6, 0xf6, 0xf8);
/// The same in the dark: the brightest of them.
const DARK: Colour = Colour::of(0x1d, 0x21, 0x29);
const WHITE: Colour = Colour::of(0xff, 0xff, 0xff);
const BLACK: Colour = Colour::of(0x00, 0x00, 0x00);
/// Steps between a colour and black or white.
const STEPS: u8 = 40;

/// A colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// For shops that chose none.
impl Default for Colour {
    fn default() -> Self {
        Self::of(0x35, 0x48, 0xc8)
    }
}

impl Colour {
    pub(super) const fn of(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let bytes = data_encoding::HEXLOWER_PERMISSIVE
            .decode(digits.as_bytes())
            .ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// The part of a style that holds everything made of this colour, light and dark.
    pub(super) fn style(self) -> String {
        let light = self.away(LIGHT, BLACK, SHAPES);
        let dark = self.away(DARK, WHITE, SHAPES);
        let scheme = |shape: Self, words: Self| {
            format!(
                "--accent:{shape};--on-accent:{};--accent-ink:{words};--focus:{words};",
                shape.words_on()
            )
        };
        format!(
            ":root{{{}}}@media (prefers-color-scheme:dark){{:root{{{}}}}}\n",
            scheme(light, self.away(LIGHT, BLACK, WORDS)),
            scheme(dark, self.away(DARK, WHITE, WORDS)),
        )
    }

    /// Black or white, whichever is read better on this colour.
    pub(crate) fn words_on(self) -> Self {
        if self.contrast(WHITE) >= WORDS || self.contrast(WHITE) >= self.contrast(BLACK) {
            WHITE
        } else {
            BLACK
        }
    }

    /// The colour itself if it stands out from `ground`, or the next one towards `end` that does.
    fn away(self, ground: Self, end: Self, contrast: f64) -> Self {
        let mut steps = (0..=STEPS).map(|step| self.mixed(end, step));
        steps
            .find(|mixed| mixed.contrast(ground) >= contrast)
            .unwrap_or(end)
    }

    fn mixed(self, end: Self, step: u8) -> Self {
        let (step, steps) = (u16::from(step), u16::from(STEPS));
        let mix = |from: u8, to: u8| {
            let mixed = (u16::from(from) * (steps - step) + u16::from(to) * step) / steps;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        let Self([red, green, blue]) = self;
        Self([mix(red, end.0[0]), mix(green, end.0[1]), mix(blue, end.0[2])])
    }

    /// WCAG 2.2, "contrast ratio".
    fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// WCAG 2.2, "relative luminance".
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

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_colour_is_written_as_in_a_style() {
        let read = |text| Colour::parse(text).map(|colour| colour.to_string());
        assert_eq!(read("#0A6b5c").as_deref(), Some("#0a6b5c"), "in any case");
        for other in [
            "0a6b5c", "#fff", "#0a6b5", "#0a6b5cc", "red", "#gggggg", "#ßßß", "",
        ] {
            assert_eq!(read(other), None, "{other} is none");
        }
    }

    #[test]
    fn black_and_white_contrast_by_21() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9, "as WCAG has it");
    }

    proptest! {
        #[test]
        fn whatever_the_colour_it_is_readable(parts: [u8; 3]) {
            let colour = Colour(parts);
            for (ground, end) in [(LIGHT, BLACK), (DARK, WHITE)] {
                let shape = colour.away(ground, end, SHAPES);
                prop_assert!(shape.contrast(ground) >= SHAPES, "{} is seen on {}", shape, ground);
                prop_assert!(shape.contrast(shape.words_on()) >= WORDS, "words on {}", shape);
                let words = colour.away(ground, end, WORDS);
                prop_assert!(words.contrast(ground) >= WORDS, "{} is read on {}", words, ground);
            }
        }
    }
}
