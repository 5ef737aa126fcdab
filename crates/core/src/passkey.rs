//! Passkeys (`WebAuthn` Level 3): a key that an authenticator keeps and uses only for whoever holds it and
//! proves that to it, by a finger or a number. It is both factors in one.
//!
//! What is signed, and how that is checked, is known to a [`RelyingParty`]; the rules decide what follows.
//! Each ceremony has two steps, and what lies between them is kept in the store for five minutes and is
//! used up by the second, so that any node can answer it, and none answers it twice.

use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::account::{Account, AccountId, Name};
use crate::clock::Rng;
use crate::credential::PasskeyId;
use crate::entry::EntryKey;
use crate::error::StoreError;
use crate::session::SessionId;

/// The most passkeys that somebody has.
pub const PASSKEYS_MOST: usize = 20;
/// The most characters of a passkey's name.
pub const PASSKEY_NAME_MOST: usize = 64;
/// How long somebody may take between the two steps (`WebAuthn` Level 3, 15.1: 5 minutes where the user is
/// verified).
pub const CEREMONY_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// By what a browser goes on with a ceremony: 256 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Ceremony([u8; 32]);

impl Ceremony {
    /// A fresh one.
    pub fn fresh(rng: &mut Rng) -> Self {
        let mut bits = [0; 32];
        rand::Rng::fill_bytes(rng, &mut bits);
        Self(bits)
    }

    /// As a browser sends it: 43 characters of base64url without padding.
    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// The ceremony of such a text.
    pub fn parse(text: &str) -> Option<Self> {
        let bits = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        Some(Self(bits.try_into().ok()?))
    }

    /// Under what it is kept. Whoever reads the store cannot go on with it.
    pub(crate) fn key(&self) -> EntryKey {
        EntryKey::of(&["passkey", &self.text()])
    }
}

impl std::fmt::Debug for Ceremony {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ceremony(…)")
    }
}

/// What is kept between the two steps.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(crate) enum Kept {
    /// A passkey is being made for the account of the entry.
    Making {
        /// In this session alone.
        session: SessionId,
        name: Name,
        state: String,
    },
    /// Somebody is signing in.
    SigningIn {
        /// The address that they typed: then only a passkey of the entry's account will do, and where
        /// nobody has that address, none.
        email: Option<String>,
        state: String,
    },
}

impl Kept {
    /// What the relying party keeps for the second step.
    pub(crate) fn state(&self) -> &str {
        match self {
            Self::Making { state, .. } | Self::SigningIn { state, .. } => state,
        }
    }
}

/// A ceremony that was begun.
#[derive(Debug)]
pub struct Begun {
    /// By what it goes on.
    pub ceremony: Ceremony,
    /// What the browser asks its authenticator, as JSON.
    pub options: String,
}

/// What a relying party asks of an authenticator.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// For the browser, as JSON.
    pub options: String,
    /// For the second step; nobody else sees it.
    pub state: String,
}

/// A passkey that was just made.
#[derive(Debug, Clone)]
pub struct Made {
    /// What the authenticator calls it.
    pub id: PasskeyId,
    /// Its public key.
    pub material: String,
}

/// Which passkey an authenticator says it used. Nothing is proved by that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Of whose account.
    pub account: Option<AccountId>,
    /// Which.
    pub id: PasskeyId,
}

/// Why a signature is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotProved {
    /// It is not of that key, of this place or of this ceremony, or nobody was there to be verified.
    Wrong,
    /// Its counter went back: there may be a copy of the key (`WebAuthn` Level 3, 6.1.1).
    WentBack,
}

/// Whoever knows `WebAuthn`, for one place on the web.
pub trait RelyingParty: Send + Sync {
    /// Asks for a new passkey, of an authenticator that has none of these yet.
    ///
    /// # Errors
    /// The question cannot be written.
    fn ask_to_make(&self, account: &Account, known: &[PasskeyId]) -> Result<Challenge, StoreError>;

    /// What was made, if all is as it was asked.
    ///
    /// # Errors
    /// It is not.
    fn made(&self, state: &str, answer: &str) -> Result<Made, NotProved>;

    /// Asks for any passkey of this place. The question is the same for everybody.
    ///
    /// # Errors
    /// The question cannot be written.
    fn ask_to_use(&self) -> Result<Challenge, StoreError>;

    /// Which passkey an answer is of; none for what can be no answer.
    fn claim(&self, answer: &str) -> Option<Claim>;

    /// The passkey's material with its new counter, if all is as it was asked.
    ///
    /// # Errors
    /// It is not.
    fn used(&self, state: &str, answer: &str, material: &str) -> Result<String, NotProved>;
}
