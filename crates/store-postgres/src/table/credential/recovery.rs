//! A sheet of recovery codes in its column.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use keyholder_core::password::Argon2Params;
use keyholder_core::second_factor::RecoverySet;
use keyholder_core::second_factor::recovery::{Hashing, StoredCode};
use serde::{Deserialize, Serialize};

/// A recovery set as JSON: salt and digests in hex, the cost as memory in KiB, passes and lanes.
#[derive(Serialize, Deserialize)]
pub(super) struct Recovery {
    salt: String,
    cost: (u32, u32, u32),
    codes: Vec<(String, Option<Timestamp>)>,
}

impl Recovery {
    pub(super) fn of(set: &RecoverySet) -> Self {
        let Hashing { salt, cost } = set.hashing();
        let code = |code: &StoredCode| (HEXLOWER.encode(&code.digest), code.used_at);
        Self {
            salt: HEXLOWER.encode(&salt),
            cost: (cost.memory_kib(), cost.passes(), cost.lanes()),
            codes: set.codes().iter().map(code).collect(),
        }
    }

    /// None if it cannot be read.
    pub(super) fn set(&self) -> Option<RecoverySet> {
        let code = |(digest, used_at): &(String, Option<Timestamp>)| {
            Some(StoredCode {
                digest: hex(digest)?,
                used_at: *used_at,
            })
        };
        let (memory_kib, passes, lanes) = self.cost;
        Some(RecoverySet::stored(
            Hashing {
                salt: hex(&self.salt)?,
                cost: Argon2Params::new(memory_kib, passes, lanes).ok()?,
            },
            self.codes.iter().map(code).collect::<Option<_>>()?,
        ))
    }
}

fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}
