//! The closed table of our limits, and those that a shop names for its own pages.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize};
use specta::Type;

use super::Rate;
use crate::policy::{Number, Policy};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A limit of ours. How high it is, is a number of the shop's policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Tries to sign in, by address.
    SignIn,
    /// Tries to sign in that were wrong, by address: then one for each wait.
    FailedSignIn,
    /// Links to sign in with that are asked for, by e-mail address.
    SignInLink,
    /// Requests of programs without a session or a token, by address.
    Api,
    /// Accounts that are registered, by address.
    Registration,
    /// Links to set a new password that are asked for, by address.
    Reset,
}

impl Limit {
    /// Every limit, in the order of the table.
    pub const ALL: [Self; 6] = [
        Self::SignIn,
        Self::FailedSignIn,
        Self::SignInLink,
        Self::Api,
        Self::Registration,
        Self::Reset,
    ];

    /// The word that is kept, shown and written into headers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::FailedSignIn => "failed_sign_in",
            Self::SignInLink => "sign_in_link",
            Self::Api => "api",
            Self::Registration => "registration",
            Self::Reset => "reset",
        }
    }

    /// The number of the policy that says how many.
    pub fn number(self) -> Number {
        match self {
            Self::SignIn => Number::SignInsPerMinute,
            Self::FailedSignIn => Number::FailedSignIns,
            Self::SignInLink => Number::SignInLinksPerMinute,
            Self::Api => Number::RequestsPerMinute,
            Self::Registration => Number::RegistrationsPerHour,
            Self::Reset => Number::ResetsPerHour,
        }
    }

    /// How often that is in this shop.
    pub fn rate(self, policy: &Policy) -> Rate {
        let count = policy.number(self.number());
        match self {
            Self::SignIn | Self::SignInLink | Self::Api => Rate::per(count, MINUTE),
            Self::Registration | Self::Reset => Rate::per(count, HOUR),
            Self::FailedSignIn => {
                let wait = policy.number(Number::FailedSignInWaitMinutes);
                Rate::each(count, SignedDuration::from_mins(i64::from(wait)))
            }
        }
    }
}

/// What a limit is called, ours or one of the shop's own pages: 1 to 40 lower-case letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(try_from = "String", into = "String")]
#[specta(type = String)]
pub struct LimitName(String);

/// The most characters of a name.
const NAME_MAX: usize = 40;

/// A text is no name of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a limit is called by 1 to 40 lower-case letters, digits, - and _")]
pub struct LimitNameRefused;

impl LimitName {
    /// The name of that text.
    pub fn parse(text: &str) -> Result<Self, LimitNameRefused> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if text.is_empty() || text.len() > NAME_MAX || !text.chars().all(plain) {
            Err(LimitNameRefused)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// Whether it is the name of a limit of ours, which no shop gives to its own.
    pub fn is_ours(&self) -> bool {
        Limit::ALL.iter().any(|limit| limit.as_str() == self.0)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LimitName {
    type Error = LimitNameRefused;

    fn try_from(text: String) -> Result<Self, LimitNameRefused> {
        Self::parse(&text)
    }
}

impl From<LimitName> for String {
    fn from(name: LimitName) -> Self {
        name.0
    }
}

/// How high a limit of the shop's own is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct NamedLimit {
    /// How many.
    count: u32,
    /// Within so many seconds.
    per_seconds: u32,
}

/// As it comes over a border.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    count: u32,
    per_seconds: u32,
}

/// A limit that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a limit is 1 to 10,000 within 1 second to a day (86,400)")]
pub struct NamedLimitRefused;

impl NamedLimit {
    /// The most that may be allowed at once.
    pub const MOST: u32 = 10_000;
    /// The longest time, in seconds: a day.
    pub const LONGEST: u32 = 86_400;

    /// `count` within `per_seconds`.
    pub const fn new(count: u32, per_seconds: u32) -> Result<Self, NamedLimitRefused> {
        if count == 0 || count > Self::MOST || per_seconds == 0 || per_seconds > Self::LONGEST {
            return Err(NamedLimitRefused);
        }
        Ok(Self { count, per_seconds })
    }

    /// How often that is.
    pub fn rate(&self) -> Rate {
        Rate::per(self.count, SignedDuration::from_secs(i64::from(self.per_seconds)))
    }
}

impl std::fmt::Display for NamedLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.count, self.per_seconds)
    }
}

/// By hand: one that is none is refused at the border, and the window has one type for both ways.
impl<'de> Deserialize<'de> for NamedLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { count, per_seconds } = Written::deserialize(deserializer)?;
        Self::new(count, per_seconds).map_err(serde::de::Error::custom)
    }
}

/// What a shop has that has named nothing: ten entries into the newsletter a minute (Berrypod hardening
/// plan, 1.1).
pub fn newsletter() -> BTreeMap<LimitName, NamedLimit> {
    let usual = NamedLimit {
        count: 10,
        per_seconds: 60,
    };
    BTreeMap::from([(LimitName("newsletter".to_owned()), usual)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_called_by_plain_letters() {
        for good in ["newsletter", "gift-card_2", "a"] {
            assert!(LimitName::parse(good).is_ok(), "{good} is a fine name");
        }
        assert!(
            LimitName::parse("sign_in").unwrap().is_ours(),
            "which a shop cannot take"
        );
        for bad in ["", "Newsletter", "a/b", "ä", &"a".repeat(41)] {
            assert!(LimitName::parse(bad).is_err(), "{bad:?} would stand in a path");
        }
    }

    #[test]
    fn a_limit_that_is_none_cannot_be_written() {
        for bad in [
            r#"{"count":0,"per_seconds":60}"#,
            r#"{"count":10,"per_seconds":0}"#,
        ] {
            assert!(
                serde_json::from_str::<NamedLimit>(bad).is_err(),
                "{bad}: nobody would ever get in"
            );
        }
        let good: NamedLimit = serde_json::from_str(r#"{"count":10,"per_seconds":60}"#).unwrap();
        assert_eq!(good.to_string(), "10/60", "as the trail says it");
    }

    #[test]
    fn ours_are_as_high_as_the_shop_says() {
        let usual = Policy::default();
        let numbers = Limit::ALL.map(|limit| (limit.rate(&usual).count(), limit.rate(&usual).window_secs()));
        assert_eq!(
            numbers,
            [
                (5, 60),
                (100, 360_000),
                (3, 60),
                (60, 60),
                (10, 3_600),
                (10, 3_600)
            ],
            "five sign-ins a minute; a hundred wrong ones, then one an hour; three links; sixty requests"
        );
    }
}
