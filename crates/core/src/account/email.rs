//! E-mail addresses: the user id of every account.

use std::str::FromStr as _;

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};
use specta::Type;
use unicode_normalization::UnicodeNormalization as _;

use super::name::printable;

/// Longest local part in bytes (RFC 5321, 4.5.3.1.1).
const LOCAL_MAX: usize = 64;
/// Longest address in bytes (RFC 5321, 4.5.3.1.3, less the angle brackets).
const ADDRESS_MAX: usize = 254;

/// An address valid by RFC 5321 and 5322, with Unicode in both parts (RFC 6531).
///
/// It is shown as typed (trimmed, NFC) and compared by [`Email::key`], so that one person has one
/// account and one count of failures however the address is spelt.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(try_from = "String", into = "String")]
#[specta(type = String)]
pub struct Email {
    shown: String,
    key: String,
}

impl Email {
    /// Reads an address as a person types it.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, EmailRefused> {
        let shown: String = text.trim().nfc().collect();
        if shown.is_empty() {
            return Err(EmailRefused::Empty);
        }
        let local = shown.rsplit_once('@').map_or(0, |(local, _)| local.len());
        if shown.len() > ADDRESS_MAX || local > LOCAL_MAX {
            return Err(EmailRefused::TooLong);
        }
        if !printable(&shown) {
            return Err(EmailRefused::NotAnAddress);
        }
        let options = Options::default()
            .without_display_text()
            .without_domain_literal()
            .with_required_tld();
        EmailAddress::parse_with_options(&shown, options)
            .or_else(|_| localhost(&shown))
            .map_err(|_| EmailRefused::NotAnAddress)?;
        let key = shown.to_lowercase().nfc().collect();
        Ok(Self { shown, key })
    }

    /// The address as shown.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// What addresses are compared and looked up by: lower case, NFC.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The part before the at sign.
    pub fn local_part(&self) -> &str {
        self.shown
            .rsplit_once('@')
            .map_or(self.shown.as_str(), |(local, _)| local)
    }
}

/// A shop without a network may use addresses such as `anna@localhost`.
fn localhost(text: &str) -> Result<EmailAddress, email_address::Error> {
    let parsed = EmailAddress::from_str(text)?;
    if parsed.domain().eq_ignore_ascii_case("localhost") {
        Ok(parsed)
    } else {
        Err(email_address::Error::DomainTooFew)
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Email {}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.shown.fmt(f)
    }
}

impl TryFrom<String> for Email {
    type Error = EmailRefused;

    fn try_from(text: String) -> Result<Self, EmailRefused> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.shown
    }
}

/// Why a text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum EmailRefused {
    /// Nothing was typed.
    #[error("the e-mail address is missing")]
    Empty,
    /// Over 254 bytes, or over 64 before the at sign (RFC 5321).
    #[error("the e-mail address is too long: at most 254 bytes, and 64 before the @")]
    TooLong,
    /// Not of the form name@place.
    #[error("this is not an e-mail address: write it as name@example.com")]
    NotAnAddress,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_address_however_it_is_spelt() {
        let spellings = [
            "Zoe\u{308}@Example.COM",
            " zo\u{eb}@example.com ",
            "ZO\u{cb}@EXAMPLE.com",
        ];
        let keys: Vec<_> = spellings
            .iter()
            .map(|text| Email::parse(text).unwrap().key().to_owned())
            .collect();
        assert_eq!(
            keys, ["zo\u{eb}@example.com"; 3],
            "a second count of failures would double the guesses"
        );
    }

    #[test]
    fn addresses_follow_the_standards() {
        for good in [
            "a@b.co",
            "first.last+tag@sub.example.org",
            "\"with space\"@example.com",
            "用户@例子.公司",
            "anna@localhost",
        ] {
            assert!(
                Email::parse(good).is_ok(),
                "{good} is valid by RFC 5321, 5322 or 6531"
            );
        }
        for bad in [
            "anna",
            "@example.com",
            "anna@",
            "a b@example.com",
            "anna@exa mple.com",
            "anna@example",
            "a@b..co",
            "Anna <a@b.co>",
            "a\u{202e}b@example.com",
            "a\r\nb@example.com",
        ] {
            assert_eq!(
                Email::parse(bad),
                Err(EmailRefused::NotAnAddress),
                "{bad:?} must not become a user id"
            );
        }
        let long = format!("{}@example.com", "a".repeat(65));
        assert_eq!(
            Email::parse(&long),
            Err(EmailRefused::TooLong),
            "64 bytes before the at sign"
        );
    }
}
