//! Sessions: that somebody has signed in, where, and until when.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretSlice};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use specta::Type;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::account::{AccountId, uuid_v7};
use crate::audit::Source;
use crate::clock::Rng;
use crate::lockout::DeviceId;

/// Names a session in lists and in the audit trail; it opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct SessionId(Uuid);

impl SessionId {
    /// A fresh id.
    pub fn fresh(now: Timestamp, rng: &mut Rng) -> Self {
        Self(uuid_v7(now, rng))
    }

    /// The id as stored.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for SessionId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

/// What opens a session: 256 random bits that only its holder has, and with them, where the session is
/// bound to a device, that the device signed what was asked.
#[derive(Clone)]
pub struct SessionToken {
    bits: SecretSlice<u8>,
    shown_by: Option<DeviceKey>,
}

/// Bytes of a token.
const TOKEN_BYTES: usize = 32;
/// The longest text looked at: a token as it is written has 43 characters.
const LONGEST_TEXT: usize = 64;

/// What the store keeps of a token: its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest(pub [u8; 32]);

impl SessionToken {
    /// A fresh token.
    pub fn fresh(rng: &mut Rng) -> Self {
        let mut bytes = vec![0_u8; TOKEN_BYTES];
        rand::Rng::fill_bytes(rng, &mut bytes);
        Self::of(bytes)
    }

    /// As its holder sends it: 43 characters of base64url (RFC 4648, 5) without padding.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(self.bits.expose_secret()))
    }

    /// The token of such a text; none for what can be no token.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_TEXT {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (bytes.len() == TOKEN_BYTES).then(|| Self::of(bytes))
    }

    /// What is stored and looked up in its place.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.bits.expose_secret()).into())
    }

    /// The same token, shown by a device that has proved to hold that key.
    pub(crate) fn shown_by(&self, device: Option<DeviceKey>) -> Self {
        Self {
            shown_by: device,
            ..self.clone()
        }
    }

    /// Whether it is shown by whom it must be for that session.
    pub(crate) fn is_shown_rightly(&self, session: &Session) -> bool {
        session.device_key.is_none() || session.device_key == self.shown_by
    }

    fn of(bits: Vec<u8>) -> Self {
        Self {
            bits: bits.into(),
            shown_by: None,
        }
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// The public half of the key that a device keeps (Ed25519, RFC 8032).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceKey(pub [u8; 32]);

impl DeviceKey {
    /// By what an account knows the device: 122 bits of the key's SHA-256, so that nobody is taken for
    /// it who cannot sign (UUID version 8, RFC 9562).
    pub fn device(&self) -> DeviceId {
        let digest: [u8; 32] = Sha256::digest(self.0).into();
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        uuid::Builder::from_custom_bytes(half).into_uuid().into()
    }
}

/// How far somebody has come in signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The password was right; the second factor is asked. Good for ten minutes, for nothing else.
    SecondFactor,
    /// A recovery code was used in its place: a new second factor is set up, nothing else before.
    Rebind,
    /// The password must be changed, or the shop requires a second factor that is not there:
    /// nothing else until that is done.
    SetUp,
    /// Signed in.
    Open,
}

/// One session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Names it.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// The SHA-256 of what opens it.
    pub token: TokenDigest,
    /// What every request in it must be signed with, if it is bound to a device.
    pub device_key: Option<DeviceKey>,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// Where it was opened.
    pub source: Source,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When its holder last did something.
    pub seen_at: Timestamp,
    /// When it ends however busy its holder is.
    pub expires_at: Timestamp,
    /// Since when it is locked by hand.
    pub locked_at: Option<Timestamp>,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

/// A session as shown in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SessionRow {
    /// Names it.
    pub id: SessionId,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// Where it was opened.
    pub source: Source,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When its holder last did something.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}
