//! How the pages look, and where they lead.

use std::fmt;
use std::path::PathBuf;

use url::Url;

use super::sources::Reader;
use super::table;
use super::values::PublicUrl;
use crate::pages::Colour;

/// See above.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Appearance {
    /// The file of the shop's logo.
    pub logo: Option<PathBuf>,
    /// The shop's colour.
    pub accent_color: Option<Colour>,
    /// Where else somebody may be sent who has signed in.
    pub return_to: Vec<PublicUrl>,
}

impl Appearance {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            logo: reader.path(&table::LOGO),
            accent_color: reader.optional(&table::ACCENT_COLOR, |text| {
                Colour::parse(text).ok_or_else(|| "is no colour such as #0a6b5c".to_owned())
            }),
            return_to: reader
                .optional(&table::RETURN_TO, Places::parse)
                .unwrap_or_default()
                .0,
        }
    }
}

/// Addresses, parted by commas.
#[derive(Debug, Default)]
struct Places(Vec<PublicUrl>);

impl Places {
    fn parse(text: &str) -> Result<Self, String> {
        let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
        texts.map(PublicUrl::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, url) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{url}")?;
        }
        Ok(())
    }
}

impl PublicUrl {
    /// Scheme, host and port, to be compared with others.
    pub(crate) fn origin(&self) -> url::Origin {
        // It was made of one.
        Url::parse(self.as_str()).map_or_else(|_| url::Origin::new_opaque(), |url| url.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_addresses_alone() {
        let places = Places::parse("https://office.rose.example, http://localhost:3000").unwrap();
        assert_eq!(
            places.to_string(),
            "https://office.rose.example, http://localhost:3000",
            "as they are told"
        );
        for other in [
            "office.rose.example",
            "https://a.example/path",
            "http://a.example",
            "*",
        ] {
            assert!(
                Places::parse(other).is_err(),
                "{other} would be more than one, or in the clear"
            );
        }
    }
}
