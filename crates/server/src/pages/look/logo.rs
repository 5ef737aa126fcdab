//! The shop's logo: an SVG, of which only what draws is left.

#[cfg(test)]
mod tests;

use svg_hush::{Filter, data_url_filter};

/// The largest file, in bytes: a logo is on every page.
const LARGEST: usize = 128 * 1024;

/// A logo that can only be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo(String);

/// Why a file is no logo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogoRefused {
    /// It is larger than 128 KiB.
    #[error("the logo is larger than 128 KiB")]
    TooLarge,
    /// It is not SVG.
    #[error("the logo is no SVG that can be read: {0}")]
    NotSvg(String),
}

impl Logo {
    /// Cleans an SVG: elements and attributes that do not draw (scripts, handlers, foreign content, links
    /// elsewhere) are left out, by a parser that knows what draws and not what harms.
    ///
    /// # Errors
    /// It is too large or no SVG.
    pub fn clean(file: &[u8]) -> Result<Self, LogoRefused> {
        if file.len() > LARGEST {
            return Err(LogoRefused::TooLarge);
        }
        let mut filter = Filter::new();
        filter.set_data_url_filter(data_url_filter::allow_standard_images);
        let mut clean = Vec::new();
        let not_svg = |error: String| LogoRefused::NotSvg(error);
        filter
            .filter(file, &mut clean)
            .map_err(|error| not_svg(error.to_string()))?;
        let clean = String::from_utf8(clean).map_err(|error| not_svg(error.to_string()))?;
        if clean.contains("<svg") {
            Ok(Self(clean))
        } else {
            Err(not_svg("there is no picture in it".to_owned()))
        }
    }

    pub(super) fn into_svg(self) -> String {
        self.0
    }
}
