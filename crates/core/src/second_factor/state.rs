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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_up_is_offered_until_it_is_done_and_rests_while_it_is_put_off() {
        let noon: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let tomorrow: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
        let put_off = SecondFactorState::Off {
            put_off_until: Some(tomorrow),
        };
        assert!(
            SecondFactorState::Off { put_off_until: None }.is_due(noon),
            "offered at the first sign-in"
        );
        assert!(!put_off.is_due(noon), "not today");
        assert!(put_off.is_due(tomorrow), "but tomorrow");
        assert!(
            SecondFactorState::BeingSetUp { since: noon }.is_due(noon),
            "what was begun wants to be ended"
        );
        assert!(
            !SecondFactorState::On {
                since: noon,
                recovery_codes_left: 8
            }
            .is_due(tomorrow),
            "it is on"
        );
    }

    #[test]
    fn two_recovery_codes_left_are_few() {
        let since: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let few = |left| {
            SecondFactorState::On {
                since,
                recovery_codes_left: left,
            }
            .few_recovery_codes_left()
        };
        assert_eq!(
            [few(3), few(2), few(0)],
            [false, true, true],
            "asked to make new ones in time"
        );
    }
}
