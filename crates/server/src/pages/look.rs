//! How the pages look: the shop's colour and logo in our style.

mod colour;
mod logo;

use axum::body::Bytes;
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

pub use self::colour::Colour;
pub use self::logo::{Logo, LogoRefused};

/// The style without its colours.
const STYLE: &str = include_str!("../../assets/pages.css");
/// The one script.
const SCRIPT: &str = include_str!("../../assets/passkey.js");
/// The picture in the tab of a browser, where the shop has no logo.
const ICON: &str = include_str!("../../assets/icon.svg");

/// The kind of a picture.
pub(super) const SVG: &str = "image/svg+xml";

/// See above.
pub struct Look {
    style: Asset,
    script: Asset,
    icon: Asset,
    logo: Option<Asset>,
}

/// A file that browsers fetch.
pub(super) struct Asset {
    path: String,
    pub(super) kind: &'static str,
    pub(super) bytes: Bytes,
}

impl Look {
    /// With the shop's colour and logo, or ours.
    pub fn new(accent: Option<Colour>, logo: Option<Logo>) -> Self {
        let accent = accent.unwrap_or_default();
        Self {
            style: Asset::new("pages", "css", "text/css; charset=utf-8", accent.style() + STYLE),
            script: Asset::new(
                "passkey",
                "js",
                "text/javascript; charset=utf-8",
                SCRIPT.to_owned(),
            ),
            icon: Asset::new("icon", "svg", SVG, ICON.replace("#3548c8", &accent.to_string())),
            logo: logo.map(|logo| Asset::new("logo", "svg", SVG, logo.into_svg())),
        }
    }

    pub(super) fn style_path(&self) -> &str {
        &self.style.path
    }

    pub(super) fn script_path(&self) -> &str {
        &self.script.path
    }

    pub(super) fn icon_path(&self) -> &str {
        self.logo_path().unwrap_or(&self.icon.path)
    }

    pub(super) fn logo_path(&self) -> Option<&str> {
        self.logo.as_ref().map(|logo| logo.path.as_str())
    }

    /// The file of that name.
    pub(super) fn asset(&self, name: &str) -> Option<&Asset> {
        let files = [&self.style, &self.script, &self.icon];
        let mut all = files.into_iter().chain(self.logo.as_ref());
        all.find(|asset| asset.path.rsplit('/').next() == Some(name))
    }
}

impl Asset {
    /// Under a name that changes with what is in it.
    fn new(name: &str, ending: &str, kind: &'static str, text: String) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        let mark = HEXLOWER.encode(&digest[..8]);
        Self {
            path: format!("/auth/assets/{name}-{mark}.{ending}"),
            kind,
            bytes: Bytes::from(text),
        }
    }
}
