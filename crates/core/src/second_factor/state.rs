//! Where somebody stands with their second factor, for screens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::recovery::FEW_LEFT;

/// Where somebody stands with their second factor; no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SecondFactorState {
    /// There is none.
    Off {
        /// The person put it off: it is offered again from then on.
        put_off_until: Option<Timestamp>,
    },
    /// A secret was shown and waits for the code that confirms it. It is not asked at sign-in.
    BeingSetUp {
        /// When the set-up began.
        since: Timestamp,
    },
    /// It is asked at every sign-in.
    On {
        /// When it was confirmed.
        since: Timestamp,
        /// Recovery codes that are not used yet.
        recovery_codes_left: u8,
    },
}

impl SecondFactorState {
    /// Whether a code is asked at sign-in.
    pub fn is_on(&self) -> bool {
        matches!(self, Self::On { .. })
    }

    /// Whether the person should be asked to make new recovery codes.
    pub fn few_recovery_codes_left(&self) -> bool {
        matches!(self, Self::On { recovery_codes_left, .. } if *recovery_codes_left <= FEW_LEFT)
    }

    /// Whether set-up should be offered at this sign-in.
    pub fn is_due(&self, now: Timestamp) -> bool {
        match self {
            Self::Off { put_off_until } => put_off_until.is_none_or(|until| until <= now),
            Self::BeingSetUp { .. } => true,
            Self::On { .. } => false,
        }
    }
}
