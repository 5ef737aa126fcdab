//! scrypt (RFC 7914) in the PHC form, which passlib writes too.

use scrypt::Params;
use subtle::ConstantTimeEq as _;

use super::{HashRefused, text};
use crate::password::hasher::HashingFailed;

pub(super) const NAME: &str = "scrypt";

/// Output taken, in bytes, which is all that is in use. scrypt's output may be cut anywhere and still
/// be right, so that a damaged text would otherwise pass as a shorter hash.
const OUTPUTS: [usize; 2] = [32, 64];
/// The most of N·r in one check (128 bytes each: 256 MiB) and of N·r·p (about two seconds of work).
/// OWASP asks for N·r·p of a million.
const MOST_MEMORY: u64 = 1 << 21;
const MOST_WORK: u64 = 1 << 22;

/// A hash that scrypt made.
#[derive(Clone)]
pub(super) struct ScryptHash {
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl ScryptHash {
    /// `$scrypt$ln=16,r=8,p=1$salt$hash`.
    pub(super) fn parse(text: &str) -> Result<Self, HashRefused> {
        let damaged = HashRefused::Damaged { scheme: NAME };
        let (log_n, r, p, salt, output) = read(text).ok_or(damaged)?;
        if log_n == 0 || r == 0 || p == 0 || !OUTPUTS.contains(&output.len()) {
            return Err(damaged);
        }
        let memory = 1_u64
            .checked_shl(log_n)
            .and_then(|n| n.checked_mul(u64::from(r)))
            .filter(|_| log_n < 32);
        let bounded = memory.filter(|&memory| memory <= MOST_MEMORY && memory * u64::from(p) <= MOST_WORK);
        let log_n = bounded
            .and_then(|_| u8::try_from(log_n).ok())
            .ok_or(HashRefused::TooCostly {
                scheme: NAME,
                limit: "256 MiB of memory and four times the advised work",
            })?;
        Ok(Self {
            params: Params::new(log_n, r, p).map_err(|_| damaged)?,
            salt,
            output,
        })
    }

    pub(super) fn memory_kib(&self) -> u32 {
        let kib = (1_u64 << self.params.log_n()) * u64::from(self.params.r()) / 8;
        u32::try_from(kib).unwrap_or(u32::MAX)
    }

    pub(super) fn matches(&self, password: &[u8]) -> Result<bool, HashingFailed> {
        let mut output = vec![0; self.output.len()];
        scrypt::scrypt(password, &self.salt, &self.params, &mut output)
            .map_err(|cause| HashingFailed::Refused(cause.to_string()))?;
        Ok(output.ct_eq(&self.output).into())
    }
}

type Fields = (u32, u32, u32, Vec<u8>, Vec<u8>);

fn read(text: &str) -> Option<Fields> {
    let mut parts = text.strip_prefix("$scrypt$")?.split('$');
    let [log_n, r, p] = text::named(parts.next()?, ["ln", "r", "p"])?;
    let (salt, output) = (text::base64(parts.next()?)?, text::base64(parts.next()?)?);
    let fields = (
        text::number(log_n?)?,
        text::number(r?)?,
        text::number(p?)?,
        salt,
        output,
    );
    parts.next().is_none().then_some(fields)
}
