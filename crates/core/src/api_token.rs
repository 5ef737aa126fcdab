//! Tokens of programs: a shop's pages, a provisioner of accounts, a collector of the trail. Each is made
//! by an owner for a few things and for a time, shown once, and stored as its SHA-256 alone.

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretSlice};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use specta::Type;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::account::{Name, uuid_v7};
use crate::clock::Rng;
use crate::entry::EntryKey;

/// What every token begins with, so that a scanner for secrets knows one where it should not be.
pub const TOKEN_PREFIX: &str = "kht_";

/// Bytes of a token.
const TOKEN_BYTES: usize = 32;
/// Characters of these bytes in base64url without padding.
const SECRET_TEXT: usize = 43;
/// Bytes of the checksum: enough that no other text looks like a token by accident.
const CHECK_BYTES: usize = 4;
/// Characters of a whole token: prefix, secret, and the checksum's 6.
const TOKEN_TEXT: usize = TOKEN_PREFIX.len() + SECRET_TEXT + 6;

/// What a program proves to hold: 256 random bits.
#[derive(Clone)]
pub struct ApiToken(SecretSlice<u8>);

impl ApiToken {
    /// A fresh one.
    pub fn fresh(rng: &mut Rng) -> Self {
        let mut bytes = vec![0_u8; TOKEN_BYTES];
        rand::Rng::fill_bytes(rng, &mut bytes);
        Self(bytes.into())
    }

    /// As its holder sends it: `kht_`, 43 characters of base64url (RFC 4648, 5), and 6 that check them.
    pub fn text(&self) -> Zeroizing<String> {
        let secret = Zeroizing::new(BASE64URL_NOPAD.encode(self.0.expose_secret()));
        Zeroizing::new(format!("{TOKEN_PREFIX}{}{}", *secret, check(&secret)))
    }

    /// The token of such a text; none for what can be no token.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != TOKEN_TEXT {
            return None;
        }
        let (secret, checked) = text.strip_prefix(TOKEN_PREFIX)?.split_at_checked(SECRET_TEXT)?;
        if check(secret) != checked {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(secret.as_bytes()).ok()?;
        (bytes.len() == TOKEN_BYTES).then(|| Self(bytes.into()))
    }

    /// Under what it is kept.
    pub fn key(&self) -> EntryKey {
        EntryKey(Sha256::digest(self.0.expose_secret()).into())
    }
}

fn check(secret: &str) -> String {
    let digest = Sha256::new()
        .chain_update(TOKEN_PREFIX)
        .chain_update(secret)
        .finalize();
    BASE64URL_NOPAD.encode(&digest[..CHECK_BYTES])
}

impl std::fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiToken(…)")
    }
}

/// Names a token in lists; it opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct ApiTokenId(Uuid);

impl ApiTokenId {
    /// A fresh id.
    pub fn fresh(now: Timestamp, rng: &mut Rng) -> Self {
        Self(uuid_v7(now, rng))
    }

    /// The id as stored.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for ApiTokenId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl std::fmt::Display for ApiTokenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// See accounts and their sessions.
    ReadAccounts,
    /// Read the audit trail, and follow it.
    ReadAudit,
    /// Write the shop's own events into the trail.
    WriteEvents,
    /// Ask the named limits.
    Limits,
    /// Ask whose session one is.
    Introspect,
}

impl TokenScope {
    /// Every scope.
    pub const ALL: [Self; 5] = [
        Self::ReadAccounts,
        Self::ReadAudit,
        Self::WriteEvents,
        Self::Limits,
        Self::Introspect,
    ];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadAccounts => "read_accounts",
            Self::ReadAudit => "read_audit",
            Self::WriteEvents => "write_events",
            Self::Limits => "limits",
            Self::Introspect => "introspect",
        }
    }

    /// The scope of that word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// How long a token lasts: 1 to 365 days, 90 unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(try_from = "u16", into = "u16")]
#[specta(type = u16)]
pub struct TokenDays(u16);

impl TokenDays {
    /// The most days.
    pub const MOST: u16 = 365;

    /// So many days; none if they are out of the bounds.
    pub fn new(days: u16) -> Option<Self> {
        (1..=Self::MOST).contains(&days).then_some(Self(days))
    }

    pub(crate) fn after(self, now: Timestamp) -> Timestamp {
        now.saturating_add(SignedDuration::from_hours(24 * i64::from(self.0)))
            .unwrap_or(Timestamp::MAX)
    }
}

impl Default for TokenDays {
    fn default() -> Self {
        Self(90)
    }
}

impl TryFrom<u16> for TokenDays {
    type Error = &'static str;

    fn try_from(days: u16) -> Result<Self, Self::Error> {
        Self::new(days).ok_or("a token lasts 1 to 365 days")
    }
}

impl From<TokenDays> for u16 {
    fn from(days: TokenDays) -> Self {
        days.0
    }
}

/// A token to make.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct NewApiToken {
    /// What it is called, as it acts under that name.
    pub name: Name,
    /// What it is for.
    #[serde(default)]
    pub scopes: Vec<TokenScope>,
    /// As which provisioner it makes and changes accounts (SCIM), if it does.
    #[serde(default)]
    pub provisioner: Option<Name>,
    /// How long it lasts.
    #[serde(default)]
    pub days: TokenDays,
}

/// A token as shown in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ApiTokenRow {
    /// Names it.
    pub id: ApiTokenId,
    /// What it is called.
    pub name: Name,
    /// What it is for.
    pub scopes: Vec<TokenScope>,
    /// As which provisioner it makes and changes accounts, if it does.
    pub provisioner: Option<Name>,
    /// The e-mail address of who made it, as it was then.
    pub made_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it opens nothing.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// A new token, shown once.
#[derive(Debug)]
pub struct IssuedApiToken {
    /// What its holder sends.
    pub token: ApiToken,
    /// What the list says of it.
    pub row: ApiTokenRow,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng as _;

    use super::*;
    use crate::clock::Rng;

    #[test]
    fn a_token_reads_back_and_is_known_by_its_looks() {
        let token = ApiToken::fresh(&mut Rng::seed_from_u64(1));
        let text = token.text();
        assert_eq!(text.len(), TOKEN_TEXT, "a scanner knows the length: {}", *text);
        assert!(text.starts_with("kht_"), "and the beginning");
        let read = ApiToken::parse(&text).unwrap();
        assert!(read.key() == token.key(), "what was shown opens what was stored");
        assert!(
            !format!("{token:?}").contains(&text[4..12]),
            "a log line must not open anything"
        );
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_no_token(place in 0..TOKEN_TEXT, other in "[A-Za-z0-9_-]") {
            let text = ApiToken::fresh(&mut Rng::seed_from_u64(2)).text();
            let mut typed = text.to_string();
            typed.replace_range(place..=place, &other);
            prop_assume!(typed != *text);
            prop_assert!(ApiToken::parse(&typed).is_none(), "it is refused before anything is looked up");
        }

        #[test]
        fn no_text_breaks_the_reader(text: String) {
            prop_assert!(ApiToken::parse(&text).is_none(), "nobody guesses a checksum by accident");
        }
    }

    #[test]
    fn a_token_lasts_a_year_at_most() {
        assert_eq!(TokenDays::new(0), None, "one that never was is none");
        assert_eq!(TokenDays::new(366), None, "nobody forgets one for ever");
        assert_eq!(u16::from(TokenDays::default()), 90, "unless said otherwise");
    }
}
