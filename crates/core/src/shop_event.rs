//! The shop's own events: what its pages, its till and its back office tell the trail.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::account::{AccountId, Email, EmailRefused, Reason, printable};
use crate::audit::Action;

/// The most events of one request.
pub const EVENTS_MOST: usize = 1_000;
/// The most facts of one event.
const FACTS_MOST: usize = 32;
/// The most characters of a fact's name.
const FACT_NAME_MOST: usize = 64;
/// The most characters of a fact, and of who acted.
const FACT_MOST: usize = 1_000;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ShopEventKind {
    /// One of the shop's settings.
    Settings,
    /// Its look.
    Theme,
    /// A page.
    Page,
    /// An order.
    Order,
    /// What it signs in with at a provider.
    Provider,
    /// A picture.
    Image,
    /// Something else.
    Other,
}

impl ShopEventKind {
    /// What the trail calls it.
    pub fn action(self) -> Action {
        match self {
            Self::Settings => Action::ShopSettings,
            Self::Theme => Action::ShopTheme,
            Self::Page => Action::ShopPage,
            Self::Order => Action::ShopOrder,
            Self::Provider => Action::ShopProvider,
            Self::Image => Action::ShopImage,
            Self::Other => Action::ShopOther,
        }
    }
}

/// An account as the shop knows it: a text, its id or its e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(try_from = "String", into = "String")]
#[specta(type = String)]
pub enum About {
    /// By its id.
    Id(AccountId),
    /// By its e-mail address.
    Email(Email),
}

impl TryFrom<String> for About {
    type Error = EmailRefused;

    fn try_from(text: String) -> Result<Self, EmailRefused> {
        match text.parse::<uuid::Uuid>() {
            Ok(id) => Ok(Self::Id(id.into())),
            Err(_) => Email::parse(&text).map(Self::Email),
        }
    }
}

impl From<About> for String {
    fn from(about: About) -> Self {
        match about {
            About::Id(id) => id.to_string(),
            About::Email(email) => email.into(),
        }
    }
}

/// Something that happened in the shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct ShopEvent {
    /// What it is about.
    pub kind: ShopEventKind,
    /// What happened, in at most 500 characters. What cannot be printed is written out.
    pub what: String,
    /// Who did it, as the shop calls them.
    #[serde(default)]
    pub who: Option<String>,
    /// To whose account: its id or its e-mail address.
    #[serde(default)]
    pub account: Option<About>,
    /// What else is worth knowing, by name.
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
}

/// What of an event goes beyond its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShopEventRefused {
    /// Nothing was said, or more than 500 characters.
    #[error("what happened is said in 1 to 500 characters")]
    What,
    /// Too much about who did it.
    #[error("who did it is said in at most 1,000 characters")]
    Who,
    /// Too many facts, or too long ones.
    #[error("an event has at most 32 facts, each with a name of 1 to 64 characters and at most 1,000 more")]
    Facts,
}

/// An event within its bounds, as text that stays on its line.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) kind: ShopEventKind,
    pub(crate) what: Reason,
    pub(crate) about: Option<About>,
    pub(crate) facts: BTreeMap<String, String>,
}

impl ShopEvent {
    /// The event as it goes into the trail.
    pub(crate) fn told(self) -> Result<Told, ShopEventRefused> {
        let what = Reason::parse(&written_out(&self.what)).map_err(|_| ShopEventRefused::What)?;
        let short = |text: &str, most: usize| text.len() <= most * 4 && text.chars().count() <= most;
        if self.who.as_ref().is_some_and(|who| !short(who, FACT_MOST)) {
            return Err(ShopEventRefused::Who);
        }
        let good = |(name, fact): (&String, &String)| {
            !name.is_empty() && short(name, FACT_NAME_MOST) && short(fact, FACT_MOST)
        };
        if self.facts.len() > FACTS_MOST || !self.facts.iter().all(good) {
            return Err(ShopEventRefused::Facts);
        }
        let facts = self.facts.into_iter();
        let mut facts: BTreeMap<_, _> = facts
            .map(|(name, fact)| (written_out(&name), written_out(&fact)))
            .collect();
        if let Some(who) = self.who {
            facts.insert("who".to_owned(), written_out(&who));
        }
        Ok(Told {
            kind: self.kind,
            what,
            about: self.account,
            facts,
        })
    }
}

/// Text in which nothing moves the cursor or turns the writing: such a character becomes its escape.
fn written_out(text: &str) -> String {
    if printable(text) {
        return text.to_owned();
    }
    let mut written = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if printable(c.encode_utf8(&mut [0; 4])) {
            written.push(c);
        } else {
            // Writing into a text never fails.
            let _ = write!(written, "\\u{{{:04x}}}", u32::from(c));
        }
    }
    written
}

/// Where in the trail the events of a request stand: side by side, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Recorded {
    /// The number of the first.
    pub first: u32,
    /// The number of the last.
    pub last: u32,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(what: &str) -> ShopEvent {
        ShopEvent {
            kind: ShopEventKind::Order,
            what: what.to_owned(),
            who: None,
            account: None,
            facts: BTreeMap::new(),
        }
    }

    proptest! {
        #[test]
        fn p47_whatever_is_sent_stays_on_its_line(what in "[\\x00-\\x7f\u{202a}-\u{202e}é]{1,60}", who: String, fact: String) {
            prop_assume!(!what.trim().is_empty());
            let facts = BTreeMap::from([("a".to_owned(), fact)]);
            if let Ok(told) = (ShopEvent { who: Some(who), facts, ..event(&what) }).told() {
                prop_assert!(printable(told.what.as_str()), "a line of the log cannot be forged");
                prop_assert!(told.facts.values().all(|fact| printable(fact)), "nor by a fact");
            }
        }
    }

    #[test]
    fn what_cannot_be_printed_can_still_be_read() {
        let told = event("paid\r\nrefunded\u{202e}").told().unwrap();
        assert_eq!(
            told.what.as_str(),
            "paid\\u{000d}\\u{000a}refunded\\u{202e}",
            "nothing is lost"
        );
    }

    #[test]
    fn an_event_has_bounds() {
        assert_eq!(
            event(" ").told().unwrap_err(),
            ShopEventRefused::What,
            "it says something"
        );
        let long = "x".repeat(501);
        assert_eq!(
            event(&long).told().unwrap_err(),
            ShopEventRefused::What,
            "in a few words"
        );
        let facts = (0..33).map(|n| (n.to_string(), String::new())).collect();
        let many = ShopEvent {
            facts,
            ..event("many")
        };
        assert_eq!(
            many.told().unwrap_err(),
            ShopEventRefused::Facts,
            "and a few facts"
        );
    }
}
