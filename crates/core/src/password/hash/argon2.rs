//! Argon2 (RFC 9106) in the PHC string form.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use subtle::ConstantTimeEq as _;

use super::{HashRefused, text};
use crate::password::{hasher::HashingFailed, pepper::Pepper};

pub(super) const NAME: &str = "Argon2";

/// Bytes of salt and of output in a hash made here (RFC 9106, section 3.1 and 4).
pub(in crate::password) const SALT: usize = 16;
pub(in crate::password) const OUTPUT: usize = 32;

/// The shortest output taken from elsewhere, in bytes: fewer could be met by chance.
const SHORTEST_OUTPUT: usize = 16;
/// The most memory of one check, in KiB, and of all its passes together: about two seconds of work.
const MOST_MEMORY: u32 = 256 * 1024;
const MOST_WORK: u64 = 8 * 256 * 1024;
const MOST_LANES: u32 = 64;

/// What one Argon2id hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Params {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Argon2Params {
    /// Costs of `memory_kib` KiB of memory, gone over `passes` times in `lanes` lanes.
    ///
    /// # Errors
    /// Below [`Argon2Params::floor`] in any of the three, or more than a check may cost: 256 MiB,
    /// 64 lanes, 2 GiB over all passes.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, ParamsRefused> {
        let (asked, floor) = (
            Self {
                memory_kib,
                passes,
                lanes,
            },
            Self::floor(),
        );
        if memory_kib < floor.memory_kib || passes < floor.passes || lanes < floor.lanes {
            return Err(ParamsRefused::BelowFloor);
        }
        if asked.is_bounded() {
            Ok(asked)
        } else {
            Err(ParamsRefused::TooCostly)
        }
    }

    /// The least that is safe: 19 MiB, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet).
    pub const fn floor() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1,
        }
    }

    /// Memory of one hash, in KiB.
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// How often the memory is gone over.
    pub const fn passes(self) -> u32 {
        self.passes
    }

    /// In how many lanes.
    pub const fn lanes(self) -> u32 {
        self.lanes
    }

    fn is_bounded(self) -> bool {
        self.memory_kib <= MOST_MEMORY
            && self.lanes <= MOST_LANES
            && u64::from(self.memory_kib) * u64::from(self.passes) <= MOST_WORK
    }
}

/// 64 MiB, 3 passes, 1 lane: RFC 9106's second choice, section 4, with one lane because every
/// sign-in already runs on a thread of its own.
impl Default for Argon2Params {
    fn default() -> Self {
        Self {
            memory_kib: 65_536,
            passes: 3,
            lanes: 1,
        }
    }
}

/// Costs that are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParamsRefused {
    /// A stolen hash could be guessed at too quickly.
    #[error("Argon2 needs at least 19456 KiB of memory, 2 passes and 1 lane")]
    BelowFloor,
    /// A single sign-in would take too much.
    #[error("Argon2 may take at most 256 MiB of memory, 64 lanes and 2 GiB over all passes")]
    TooCostly,
}

/// A hash that Argon2 made.
#[derive(Clone)]
pub(in crate::password) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    params: Argon2Params,
    pepper_id: Option<Vec<u8>>,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Argon2Hash {
    /// The hash that Keyholder keeps.
    pub(in crate::password) fn new(
        params: Argon2Params,
        pepper: Option<&Pepper>,
        salt: [u8; SALT],
        output: [u8; OUTPUT],
    ) -> Self {
        Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            params,
            pepper_id: pepper.map(|pepper| pepper.id().to_vec()),
            salt: salt.to_vec(),
            output: output.to_vec(),
        }
    }

    pub(super) fn parse(phc: &str) -> Result<Self, HashRefused> {
        let hash = Self::read(phc).ok_or(HashRefused::Damaged { scheme: NAME })?;
        if hash.params.is_bounded() {
            Ok(hash)
        } else {
            Err(HashRefused::TooCostly {
                scheme: NAME,
                limit: "256 MiB of memory, 64 lanes and 2 GiB over all passes",
            })
        }
    }

    fn read(phc: &str) -> Option<Self> {
        let mut parts = phc.strip_prefix('$')?.split('$').peekable();
        let algorithm = parts.next()?.parse().ok()?;
        let version = match parts.next_if(|part| part.starts_with("v=")) {
            Some("v=19") => Version::V0x13,
            Some("v=16") | None => Version::V0x10,
            Some(_) => return None,
        };
        let [memory, passes, lanes, pepper_id] = text::named(parts.next()?, ["m", "t", "p", "keyid"])?;
        let params = Argon2Params {
            memory_kib: text::number(memory?)?,
            passes: text::number(passes?)?,
            lanes: text::number(lanes?)?,
        };
        Params::new(params.memory_kib, params.passes, params.lanes, None).ok()?;
        let pepper_id = match pepper_id {
            Some(id) => Some(text::base64(id)?),
            None => None,
        };
        let (salt, output) = (text::base64(parts.next()?)?, text::base64(parts.next()?)?);
        let complete =
            parts.next().is_none() && salt.len() >= argon2::MIN_SALT_LEN && output.len() >= SHORTEST_OUTPUT;
        complete.then_some(Self {
            algorithm,
            version,
            params,
            pepper_id,
            salt,
            output,
        })
    }

    pub(super) fn pepper_id(&self) -> Option<&[u8]> {
        self.pepper_id.as_deref()
    }

    pub(super) fn memory_kib(&self) -> u32 {
        self.params.memory_kib
    }

    pub(super) fn is_current(&self, params: Argon2Params, pepper: Option<&Pepper>) -> bool {
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && self.params == params
            && self.pepper_id.as_deref() == pepper.map(Pepper::id).as_ref().map(<[u8; 8]>::as_slice)
            && self.salt.len() >= SALT
            && self.output.len() >= OUTPUT
    }

    pub(super) fn matches(&self, password: &[u8], pepper: Option<&Pepper>) -> Result<bool, HashingFailed> {
        let pepper = match (&self.pepper_id, pepper) {
            (None, _) => None,
            (Some(id), Some(pepper)) if *id == pepper.id() => Some(pepper),
            (Some(_), _) => return Err(HashingFailed::OtherPepper),
        };
        let mut output = vec![0; self.output.len()];
        fill(
            (self.algorithm, self.version, self.params),
            pepper,
            password,
            &self.salt,
            &mut output,
        )?;
        Ok(output.ct_eq(&self.output).into())
    }
}

impl fmt::Display for Argon2Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Argon2Params {
            memory_kib,
            passes,
            lanes,
        } = self.params;
        let (algorithm, version) = (self.algorithm, u32::from(self.version));
        write!(f, "${algorithm}$v={version}$m={memory_kib},t={passes},p={lanes}")?;
        if let Some(id) = &self.pepper_id {
            write!(f, ",keyid={}", BASE64_NOPAD.encode(id))?;
        }
        write!(
            f,
            "${}${}",
            BASE64_NOPAD.encode(&self.salt),
            BASE64_NOPAD.encode(&self.output)
        )
    }
}

/// Argon2id with the pepper as its secret value.
pub(in crate::password) fn derive(
    params: Argon2Params,
    pepper: Option<&Pepper>,
    secret: &[u8],
    salt: &[u8; SALT],
) -> Result<[u8; OUTPUT], HashingFailed> {
    let mut output = [0; OUTPUT];
    fill(
        (Algorithm::Argon2id, Version::V0x13, params),
        pepper,
        secret,
        salt,
        &mut output,
    )?;
    Ok(output)
}

fn fill(
    (algorithm, version, params): (Algorithm, Version, Argon2Params),
    pepper: Option<&Pepper>,
    secret: &[u8],
    salt: &[u8],
    output: &mut [u8],
) -> Result<(), HashingFailed> {
    let params = Params::new(params.memory_kib, params.passes, params.lanes, Some(output.len()))?;
    let key = pepper.map_or(&[][..], |pepper| pepper.expose().as_slice());
    Argon2::new_with_secret(key, algorithm, version, params)?.hash_password_into(secret, salt, output)?;
    Ok(())
}
