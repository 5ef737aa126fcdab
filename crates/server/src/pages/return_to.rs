//! Where somebody goes once they are signed in: only to a place of this service, or of an address that the
//! settings name. Everything else would lend the shop's good name to whoever makes up a link.

use url::{Origin, Url};

/// The longest place that is remembered, in bytes.
const LONGEST: usize = 2_048;
/// Stands for the host that was asked, which is never looked at.
const HERE: &str = "https://here.invalid/";

/// A place that may be gone to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReturnTo(String);

impl ReturnTo {
    /// The place that was asked for, if it is one of ours or of `named`.
    pub(crate) fn parse(text: &str, named: &[Origin]) -> Option<Self> {
        // Browsers drop control characters and turn backslashes: what is left may be another place.
        let strange = |character: char| character.is_control() || character == '\\';
        if text.is_empty() || text.len() > LONGEST || text.contains(strange) {
            return None;
        }
        let here = Url::parse(HERE).ok()?;
        let url = here.join(text).ok()?;
        if url.origin() == here.origin() {
            // Looked at as it will be sent: `/..//host` comes out as a host.
            let place = &url[url::Position::BeforePath..];
            let relative = [text, place]
                .iter()
                .all(|text| text.starts_with('/') && !text.starts_with("//"));
            return relative.then(|| Self(place.to_owned()));
        }
        let bare = url.username().is_empty() && url.password().is_none();
        (bare && named.contains(&url.origin())).then(|| Self(url.into()))
    }

    /// As it is put into `Location`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As the query of another page.
    pub(crate) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::for_suffix(String::from("?"), 1);
        query.append_pair(RETURN_TO, &self.0);
        query.finish()
    }
}

/// The name of the place in a query.
pub(crate) const RETURN_TO: &str = "return_to";

/// The place in a query, if one is there that may be gone to.
pub(crate) fn asked(query: &str, named: &[Origin]) -> Option<ReturnTo> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, place) = pairs.find(|(name, _)| name == RETURN_TO)?;
    ReturnTo::parse(&place, named)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named() -> [Origin; 1] {
        [Url::parse("https://office.rose.example").unwrap().origin()]
    }

    fn place(text: &str) -> Option<String> {
        ReturnTo::parse(text, &named()).map(|place| place.0)
    }

    #[test]
    fn a_place_of_ours_is_gone_to() {
        for ours in ["/", "/orders/7?open=1&by=day#top", "/auth/account", "/a//b"] {
            assert_eq!(place(ours).as_deref(), Some(ours), "a path of this service");
        }
        let named = "https://office.rose.example/till?day=2";
        assert_eq!(place(named).as_deref(), Some(named), "an address of the settings");
        assert_eq!(
            place("HTTPS://Office.Rose.Example:443/till").as_deref(),
            Some("https://office.rose.example/till"),
            "however it is written"
        );
    }

    #[test]
    fn no_other_place_is_gone_to() {
        for elsewhere in [
            "",
            "https://evil.example/",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "https:evil.example",
            "https:/evil.example",
            "orders",
            "?x",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "http://office.rose.example/",
            "https://office.rose.example:8443/",
            "https://office.rose.example.evil.example/",
            "https://evil.example@office.rose.example/",
            "https://office.rose.example@evil.example/",
            "https://here.invalid/",
            "//here.invalid/x",
            "/..//evil.example",
        ] {
            assert_eq!(place(elsewhere), None, "{elsewhere:?} is not ours");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_a_browser_stays_here(text in "[/\\\\a-z:@.?#%\t\n ]{0,24}") {
            if let Some(place) = place(&text) {
                let base = Url::parse("https://keys.rose.example/auth/sign-in").unwrap();
                let gone = base.join(&place).unwrap().origin();
                prop_assert!(gone == base.origin() || named().contains(&gone), "{text:?} leads to {place}");
            }
        }
    }
}
