//! PBKDF2 (RFC 8018) as Pow, `pbkdf2_elixir`, passlib and Django write it, and in the PHC form.

use pbkdf2::pbkdf2_hmac;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq as _;

use super::{HashRefused, text};

pub(super) const NAME: &str = "PBKDF2";

/// Output taken where the text says its length, in bytes: fewer could be met by chance, more only
/// costs. Where it does not, the length is the digest's own: PBKDF2's output may be cut anywhere and
/// still be right, so that a damaged text would pass as a shorter hash.
const OUTPUTS: std::ops::RangeInclusive<usize> = 16..=64;
/// The most rounds of one check, over all blocks of its output: about two seconds of work. OWASP
/// asks for 600,000, Django makes about a million.
const MOST_ROUNDS: u32 = 5_000_000;

#[derive(Clone, Copy)]
enum Digest {
    Sha256,
    Sha512,
}

impl Digest {
    const fn bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// A hash that PBKDF2 made.
#[derive(Clone)]
pub(super) struct Pbkdf2Hash {
    digest: Digest,
    rounds: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Pbkdf2Hash {
    /// `$pbkdf2-sha512$100000$salt$hash` or `$pbkdf2-sha512$i=100000,l=64$salt$hash`.
    pub(super) fn parse(text: &str) -> Result<Self, HashRefused> {
        Self::read(text)
            .ok_or(HashRefused::Damaged { scheme: NAME })?
            .bounded()
    }

    /// `pbkdf2_sha256$600000$salt$hash`, where the salt is the text itself.
    pub(super) fn parse_django(text: &str) -> Result<Self, HashRefused> {
        Self::read_django(text)
            .ok_or(HashRefused::Damaged { scheme: NAME })?
            .bounded()
    }

    fn read(text: &str) -> Option<Self> {
        let [digest, cost, salt, output] = fields(text.strip_prefix("$pbkdf2-")?)?;
        let digest = match digest {
            "sha256" => Digest::Sha256,
            "sha512" => Digest::Sha512,
            _ => return None,
        };
        let (rounds, length) = if cost.contains('=') {
            let [rounds, length] = text::named(cost, ["i", "l"])?;
            (rounds?, length)
        } else {
            (cost, None)
        };
        let length = match length {
            Some(length) => usize::try_from(text::number(length)?).ok()?,
            None => digest.bytes(),
        };
        Self {
            digest,
            rounds: text::number(rounds)?,
            salt: text::base64(salt)?,
            output: text::base64(output)?,
        }
        .of_length(length)
    }

    fn read_django(text: &str) -> Option<Self> {
        let [digest, rounds, salt, output] = fields(text)?;
        (digest == "pbkdf2_sha256").then_some(())?;
        let (digest, salt) = (Digest::Sha256, salt.as_bytes().to_vec());
        Self {
            digest,
            rounds: text::number(rounds)?,
            salt,
            output: text::base64(output)?,
        }
        .of_length(digest.bytes())
    }

    fn of_length(self, length: usize) -> Option<Self> {
        (self.output.len() == length && OUTPUTS.contains(&length) && self.rounds > 0).then_some(self)
    }

    fn bounded(self) -> Result<Self, HashRefused> {
        let blocks = u32::try_from(self.output.len().div_ceil(self.digest.bytes())).unwrap_or(u32::MAX);
        if self.rounds.saturating_mul(blocks) > MOST_ROUNDS {
            return Err(HashRefused::TooCostly {
                scheme: NAME,
                limit: "5,000,000 rounds",
            });
        }
        Ok(self)
    }

    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let mut output = vec![0; self.output.len()];
        match self.digest {
            Digest::Sha256 => pbkdf2_hmac::<Sha256>(password, &self.salt, self.rounds, &mut output),
            Digest::Sha512 => pbkdf2_hmac::<Sha512>(password, &self.salt, self.rounds, &mut output),
        }
        output.ct_eq(&self.output).into()
    }
}

fn fields(text: &str) -> Option<[&str; 4]> {
    let mut parts = text.split('$');
    let fields = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(fields)
}
