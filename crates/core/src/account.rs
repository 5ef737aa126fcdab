//! An account as it may cross a wire: who somebody is and in which standing. Secrets live in
//! [`crate::credential`].

mod email;
mod name;
mod reason;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

pub use self::email::{Email, EmailRefused};
pub use self::name::{Name, TextRefused, printable};
pub use self::reason::Reason;
use crate::clock::Rng;

/// Names an account for ever, also after its e-mail changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct AccountId(Uuid);

impl AccountId {
    /// A fresh id, ordered by time (UUID version 7, RFC 9562).
    pub fn fresh(now: Timestamp, rng: &mut Rng) -> Self {
        Self(uuid_v7(now, rng))
    }

    /// The id as stored.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for AccountId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl std::fmt::Display for AccountId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A UUID version 7 out of arguments, so that ids are repeatable in tests.
pub(crate) fn uuid_v7(now: Timestamp, rng: &mut Rng) -> Uuid {
    let mut random = [0_u8; 10];
    rand::Rng::fill_bytes(rng, &mut random);
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// What somebody is in the shop. Rights follow from it: see [`crate::rights`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Holds every key. A shop always has one who can really sign in.
    Owner,
    /// Helps people who are locked out.
    Support,
    /// Reads everything, changes nothing.
    Auditor,
    /// Works in the shop.
    Staff,
    /// Buys in the shop.
    Customer,
}

impl Role {
    /// Every role, the most powerful first.
    pub const ALL: [Self; 5] = [
        Self::Owner,
        Self::Support,
        Self::Auditor,
        Self::Staff,
        Self::Customer,
    ];

    /// The word that is stored and that files for import use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Support => "support",
            Self::Auditor => "auditor",
            Self::Staff => "staff",
            Self::Customer => "customer",
        }
    }

    /// The role of that word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// That something was done to an account, when, by whom and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Mark {
    /// When it was done.
    pub at: Timestamp,
    /// The e-mail or program name of who did it, as it was then.
    pub by: String,
    /// Why, in the words of who did it.
    pub reason: Option<Reason>,
}

/// One person's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Account {
    /// Never changes.
    pub id: AccountId,
    /// Counts the changes, from 1: a change names the revision that it was made from.
    pub revision: u32,
    /// The user id.
    pub email: Email,
    /// How the person is called; may be empty.
    pub name: Name,
    /// What the person is in the shop.
    pub role: Role,
    /// Set while nobody may sign in with it, by decision of the shop.
    pub disabled: Option<Mark>,
    /// Set while a person with the right has locked it by hand.
    pub locked: Option<Mark>,
    /// Set while it lies in the recycle bin.
    pub deleted: Option<Mark>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed; signing in is no change.
    pub updated_at: Timestamp,
}
