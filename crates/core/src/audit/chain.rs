//! The chain that makes the audit trail tamper-evident.
//!
//! Every row has a payload, the canonical encoding of its event ([`encode`]), and a [`Link`]:
//!
//! - `commitment = HMAC-SHA-256(salt, payload)`,
//! - `hash = SHA-256(domain ‖ seq ‖ at ‖ actor ‖ action ‖ commitment ‖ previous hash)`,
//! - `mac = HMAC-SHA-256(key, hash)`, under a key that the database does not have.
//!
//! Rows are numbered from 1 without gaps. What is hashed has no secret in it and needs only the
//! commitment of a payload: segments of rows can be sealed, signed and shown to somebody else
//! without changing a row. Not in here: where the head of the chain is kept outside the store; a
//! trail that was cut at its end is a whole, shorter one.

mod encoding;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod tests;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use specta::Type;
use zeroize::Zeroizing;

pub use self::encoding::{Unreadable, decode, encode};
use super::AuditEvent;

/// Keeps these hashes apart from any others that might be made with the same bytes.
const DOMAIN: &[u8] = b"keyholder audit row 1\0";

/// 256 bits: a hash, a commitment, a salt or a code of authenticity.
pub type Bits256 = [u8; 32];

/// The key of the codes of authenticity. Not shown by `Debug`, wiped from memory when dropped.
#[derive(Clone)]
pub struct AuditKey(Zeroizing<Bits256>);

impl AuditKey {
    /// The key of these bytes.
    pub fn new(bytes: Bits256) -> Self {
        Self(Zeroizing::new(bytes))
    }

    fn mac(&self, hash: &Bits256) -> Hmac<Sha256> {
        keyed(&self.0, hash)
    }
}

impl std::fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuditKey([redacted])")
    }
}

/// The last row of a trail, or what stands before the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the row; 0 before the first.
    pub seq: u32,
    /// Its hash; all zero before the first.
    pub hash: Bits256,
}

/// What ties a row to the rows before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Random, so that a commitment says nothing of a payload that can be guessed.
    pub salt: Bits256,
    /// To the payload.
    pub commitment: Bits256,
    /// The hash of the row before.
    pub prev: Bits256,
    /// Of this row.
    pub hash: Bits256,
    /// That the hash was made by who has the key.
    pub mac: Bits256,
}

/// A row of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its place, from 1 without gaps.
    pub seq: u32,
    /// The canonical encoding of its event.
    pub payload: Vec<u8>,
    /// Its link.
    pub link: Link,
}

impl Row {
    /// The head of a trail that ends with this row.
    pub fn head(&self) -> Head {
        Head {
            seq: self.seq,
            hash: self.link.hash,
        }
    }
}

/// The row that follows `head` and holds `event`; `None` after row 4,294,967,295, the last there
/// can be.
pub fn link(head: Head, key: &AuditKey, salt: Bits256, event: &AuditEvent) -> Option<Row> {
    let seq = head.seq.checked_add(1)?;
    let payload = encode(event);
    let commitment = bytes(keyed(&salt, &payload));
    let hash = row_hash(seq, event, &commitment, &head.hash);
    let mac = bytes(key.mac(&hash));
    Some(Row {
        seq,
        payload,
        link: Link {
            salt,
            commitment,
            prev: head.hash,
            hash,
            mac,
        },
    })
}

fn row_hash(seq: u32, event: &AuditEvent, commitment: &Bits256, prev: &Bits256) -> Bits256 {
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    hash.update(seq.to_be_bytes());
    // Each of the three says its own length: no two headers run together into the same bytes.
    hash.update(encoding::header(event));
    hash.update(commitment);
    hash.update(prev);
    hash.finalize().into()
}

fn keyed(key: &Bits256, data: &[u8]) -> Hmac<Sha256> {
    // Filled up with zeros to the block of SHA-256, as HMAC does itself (RFC 2104).
    let mut block = Zeroizing::new([0_u8; 64]);
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(data);
    mac
}

fn bytes(mac: Hmac<Sha256>) -> Bits256 {
    mac.finalize().into_bytes().into()
}

/// Whether a trail is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// Every row is as it was written.
    Whole {
        /// How many rows there are.
        rows: u32,
        /// The hash of the last one in lower-case hex; all zero for an empty trail.
        head: String,
    },
    /// From some row on, the trail cannot be trusted.
    Broken {
        /// The first row that is not as it was written.
        first_bad_seq: u32,
        /// What is wrong with it.
        why: Flaw,
    },
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// It is missing, or another row stands in its place.
    #[error("this row is missing or not in its place")]
    OutOfPlace,
    /// It does not follow from the row before.
    #[error("this row does not follow from the one before it")]
    Unlinked,
    /// What it says was changed.
    #[error("what this row says was changed")]
    Changed,
    /// Its hash was made by somebody without the key.
    #[error("this row was written by somebody without the key")]
    Forged,
}

/// Checks rows one after the other, in the order of their numbers.
#[derive(Debug, Clone)]
pub struct Verifier {
    key: AuditKey,
    head: Head,
}

impl Verifier {
    /// From the first row on.
    pub fn new(key: AuditKey) -> Self {
        Self {
            key,
            head: Head::default(),
        }
    }

    /// Checks the next row and gives its event.
    ///
    /// # Errors
    /// What is wrong with it. The rows after it prove nothing.
    pub fn next(&mut self, row: &Row) -> Result<AuditEvent, Flaw> {
        let Link {
            salt,
            commitment,
            prev,
            hash,
            mac,
        } = row.link;
        if Some(row.seq) != self.head.seq.checked_add(1) {
            return Err(Flaw::OutOfPlace);
        }
        if prev != self.head.hash {
            return Err(Flaw::Unlinked);
        }
        // In constant time where a key is at stake; the rest is known to whoever has the file.
        if self.key.mac(&hash).verify((&mac).into()).is_err() {
            return Err(Flaw::Forged);
        }
        if bytes(keyed(&salt, &row.payload)) != commitment {
            return Err(Flaw::Changed);
        }
        let event = decode(&row.payload).map_err(|_| Flaw::Changed)?;
        if row_hash(row.seq, &event, &commitment, &prev) != hash {
            return Err(Flaw::Changed);
        }
        self.head = row.head();
        Ok(event)
    }

    /// The verdict once there are no more rows.
    pub fn whole(&self) -> Verdict {
        Verdict::Whole {
            rows: self.head.seq,
            head: HEXLOWER.encode(&self.head.hash),
        }
    }

    /// The verdict after a row was refused.
    pub fn broken(&self, why: Flaw) -> Verdict {
        Verdict::Broken {
            first_bad_seq: self.head.seq.saturating_add(1),
            why,
        }
    }
}

/// Whether these rows are a whole trail from its first row on.
pub fn verify<'a>(key: &AuditKey, rows: impl IntoIterator<Item = &'a Row>) -> Verdict {
    let mut verifier = Verifier::new(key.clone());
    for row in rows {
        if let Err(flaw) = verifier.next(row) {
            return verifier.broken(flaw);
        }
    }
    verifier.whole()
}
