//! Links that are sent by mail: each does one thing, once, for as long as its [`Purpose`] says.
//!
//! What opens it is its [`LinkToken`]: 256 random bits with a signature, so that one that was made up is
//! refused before anything is looked up. The store has the SHA-256 of it alone, with what it is good for
//! ([`Sent`]).

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::account::Email;
use crate::clock::Rng;
use crate::entry::EntryKey;
use crate::lockout::DeviceId;
use crate::password::Pepper;
use crate::session::SessionId;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A new password for somebody who does not know theirs.
    Reset,
    /// In, without a password.
    SignIn,
    /// A first password for somebody who was invited.
    Invitation,
    /// An account for somebody who asked for one, once the address is theirs.
    Registration,
    /// Another e-mail address, once it is theirs.
    Address,
    /// "That was not me", of a sign-in.
    Disown,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 6] = [
        Self::Reset,
        Self::SignIn,
        Self::Invitation,
        Self::Registration,
        Self::Address,
        Self::Disown,
    ];

    /// How long a link of it works: the least for those that open an account that is in use (Pow, reset;
    /// OWASP Forgot Password Cheat Sheet).
    pub fn lasts(self) -> SignedDuration {
        match self {
            Self::Reset => SignedDuration::from_mins(30),
            Self::SignIn => SignedDuration::from_mins(15),
            Self::Invitation | Self::Registration | Self::Address => SignedDuration::from_hours(2 * 24),
            Self::Disown => SignedDuration::from_hours(7 * 24),
        }
    }

    /// Where it leads, below the address of the service; the token follows after a slash.
    pub fn path(self) -> &'static str {
        match self {
            Self::Reset => "/auth/reset",
            Self::SignIn => "/auth/sign-in-link",
            Self::Invitation => "/auth/invitation",
            Self::Registration => "/auth/registration",
            Self::Address => "/auth/confirm",
            Self::Disown => "/auth/not-me",
        }
    }
}

/// Bytes of the random part.
const RANDOM: usize = 32;
/// Bytes of the signature: 128 bits of an HMAC-SHA256 (RFC 2104, 5).
const TAG: usize = 16;

/// What links are signed with. It comes from the pepper by HKDF-SHA256 (RFC 5869): the same on every node
/// of a shop, in no store.
#[derive(Clone)]
pub struct LinkKey(Zeroizing<[u8; 32]>);

impl LinkKey {
    /// That of a shop.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "HKDF-SHA256 gives up to 255 blocks of 32 bytes; this is one"
    )]
    pub fn of(pepper: &Pepper) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, pepper.expose())
            .expand(b"keyholder/links/1", &mut *key)
            .expect("one block");
        Self(key)
    }

    fn sign(&self, purpose: Purpose, random: &[u8]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.0).expect("a key of 32 bytes");
        // The paths differ and have no length of their own to hide: the random part is always as long.
        mac.update(random);
        mac.update(purpose.path().as_bytes());
        mac
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

/// What opens a link.
#[derive(Clone)]
pub struct LinkToken(Zeroizing<[u8; RANDOM + TAG]>);

impl LinkToken {
    /// A fresh one for that purpose.
    pub fn fresh(purpose: Purpose, key: &LinkKey, rng: &mut Rng) -> Self {
        let mut bytes = Zeroizing::new([0; RANDOM + TAG]);
        let (random, tag) = bytes.split_at_mut(RANDOM);
        rand::Rng::fill_bytes(rng, random);
        let whole: [u8; 32] = key.sign(purpose, random).finalize().into_bytes().into();
        tag.copy_from_slice(&whole[..TAG]);
        Self(bytes)
    }

    /// The token of such a text; none for what this shop has not signed for that purpose.
    pub fn parse(purpose: Purpose, text: &str, key: &LinkKey) -> Option<Self> {
        if text.len() != BASE64URL_NOPAD.encode_len(RANDOM + TAG) {
            return None;
        }
        let decoded = Zeroizing::new(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?);
        let bytes = Zeroizing::new(<[u8; RANDOM + TAG]>::try_from(decoded.as_slice()).ok()?);
        let (random, tag) = bytes.split_at(RANDOM);
        key.sign(purpose, random).verify_truncated_left(tag).ok()?;
        Some(Self(bytes))
    }

    /// As it stands in a link: 64 characters of base64url (RFC 4648, 5).
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(&*self.0))
    }

    /// Under what the store has it: its SHA-256.
    pub fn key(&self) -> EntryKey {
        EntryKey(Sha256::digest(*self.0).into())
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

/// What is kept of a link that was sent: the body of an [`EntryKind::Link`](crate::entry::EntryKind::Link).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// What it does.
    pub does: Does,
    /// To whom it was sent.
    pub to: Email,
}

/// What a link does, with what it needs to know of the time at which it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "purpose")]
pub enum Does {
    /// [`Purpose::Reset`].
    Reset {
        /// Of when the password was that it replaces; void under another.
        password: Option<Timestamp>,
    },
    /// [`Purpose::SignIn`].
    SignIn {
        /// Of when the password was; void under another.
        password: Option<Timestamp>,
    },
    /// [`Purpose::Invitation`]: void once there is a password.
    Invitation,
    /// [`Purpose::Registration`].
    Registration,
    /// [`Purpose::Address`].
    Address {
        /// The address that is replaced; void under another.
        from: Email,
        /// Of when the password was; void under another.
        password: Option<Timestamp>,
    },
    /// [`Purpose::Disown`].
    Disown {
        /// The session that was opened.
        session: SessionId,
        /// The installation that is known since then.
        device: Option<DeviceId>,
    },
}

impl Does {
    /// What it is for.
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::Reset { .. } => Purpose::Reset,
            Self::SignIn { .. } => Purpose::SignIn,
            Self::Invitation => Purpose::Invitation,
            Self::Registration => Purpose::Registration,
            Self::Address { .. } => Purpose::Address,
            Self::Disown { .. } => Purpose::Disown,
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    fn key(of: u8) -> LinkKey {
        LinkKey::of(&Pepper::new([of; 32]))
    }

    fn token(purpose: Purpose) -> LinkToken {
        LinkToken::fresh(purpose, &key(1), &mut Rng::seed_from_u64(7))
    }

    #[test]
    fn a_token_opens_what_it_was_made_for_in_its_shop() {
        for purpose in Purpose::ALL {
            let token = token(purpose);
            let text = token.text();
            let read = LinkToken::parse(purpose, &text, &key(1)).map(|read| read.key());
            assert_eq!(
                read,
                Some(token.key()),
                "{purpose:?} on every node, after every restart"
            );
            assert!(
                LinkToken::parse(purpose, &text, &key(2)).is_none(),
                "another shop has not signed it"
            );
            for other in Purpose::ALL {
                let opens = LinkToken::parse(other, &text, &key(1)).is_some();
                assert_eq!(opens, other == purpose, "{purpose:?} taken for {other:?}");
            }
        }
    }

    #[test]
    fn a_token_that_was_made_up_is_nobodys() {
        let text = token(Purpose::Reset).text();
        for place in 0..text.len() {
            let mut letters = text.as_bytes().to_vec();
            letters[place] = if letters[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(letters).unwrap();
            assert!(
                LinkToken::parse(Purpose::Reset, &forged, &key(1)).is_none(),
                "one letter at {place} is another"
            );
        }
        for odd in [
            "",
            "AAAA",
            &text[1..],
            &format!("{}A", *text),
            &format!("{} ", &text[1..]),
        ] {
            assert!(
                LinkToken::parse(Purpose::Reset, odd, &key(1)).is_none(),
                "{odd:?}"
            );
        }
    }

    #[test]
    fn no_two_purposes_share_a_page() {
        let paths: std::collections::BTreeSet<_> = Purpose::ALL.iter().map(|one| one.path()).collect();
        assert_eq!(
            paths.len(),
            Purpose::ALL.len(),
            "and none the signature of another"
        );
    }

    #[test]
    fn neither_token_nor_key_is_shown_by_accident() {
        let shown = format!("{:?} {:?}", token(Purpose::SignIn), key(1));
        assert_eq!(shown, "LinkToken(…) LinkKey(…)", "a log line opens nothing");
    }
}
