//! What a budget is counted for: one factor, from anywhere or from one known device.

use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

use crate::clock::Rng;

/// A secret that somebody proves themselves with. Each is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// The password.
    Password,
    /// A time-based code from an authenticator app.
    Totp,
    /// One of the codes that were printed at set-up.
    RecoveryCode,
}

impl Factor {
    /// Every factor.
    pub const ALL: [Self; 3] = [Self::Password, Self::Totp, Self::RecoveryCode];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
        }
    }

    /// The factor of that word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.as_str() == word)
    }
}

impl std::fmt::Display for Factor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password => "password",
            Self::Totp => "code from the phone",
            Self::RecoveryCode => "recovery code",
        })
    }
}

/// Names a device somebody has signed in from before.
///
/// A known device has budgets of its own, so that an attacker elsewhere cannot keep the owner out
/// (OWASP, device cookies).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct DeviceId(Uuid);

impl DeviceId {
    /// A fresh id that says nothing of when or where it was made (UUID version 4, RFC 9562).
    pub fn fresh(rng: &mut Rng) -> Self {
        let mut random = [0_u8; 16];
        rand::Rng::fill_bytes(rng, &mut random);
        Self(uuid::Builder::from_random_bytes(random).into_uuid())
    }

    /// The id as stored.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for DeviceId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl std::fmt::Display for DeviceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Where an attempt comes from, as far as counting goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Any device that is not known: all of them share one budget.
    Anywhere,
    /// A device somebody has signed in from before.
    KnownDevice(DeviceId),
}
