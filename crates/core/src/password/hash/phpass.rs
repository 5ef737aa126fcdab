//! phpass "portable" hashes: MD5, many times over. WordPress before 6.8, phpBB.

use md5::{Digest as _, Md5};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{HashRefused, wordpress::trimmed};

pub(super) const NAME: &str = "phpass";

/// The alphabet of its base64, which also puts the lowest bits first.
const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Rounds as a power of two: phpass itself writes 7 to 30; 22 takes about a second.
const LEAST_COST: usize = 7;
const MOST_COST: usize = 22;
/// `$P$`, one sign for the cost, 8 of salt, 22 of output.
const LENGTH: usize = 34;

/// A hash that phpass made.
#[derive(Clone)]
pub(super) struct PhpassHash {
    cost: usize,
    salt: [u8; 8],
    output: [u8; 22],
}

impl PhpassHash {
    /// `$P$` or `$H$`, which are the same.
    pub(super) fn parse(text: &str) -> Result<Self, HashRefused> {
        let damaged = HashRefused::Damaged { scheme: NAME };
        let text = text.as_bytes();
        if text.len() != LENGTH {
            return Err(damaged);
        }
        let cost = ALPHABET.iter().position(|sign| *sign == text[3]).ok_or(damaged)?;
        let salt = text[4..12].try_into().map_err(|_| damaged)?;
        let output = text[12..].try_into().map_err(|_| damaged)?;
        match cost {
            _ if text[12..].iter().any(|sign| !ALPHABET.contains(sign)) => Err(damaged),
            ..LEAST_COST => Err(damaged),
            LEAST_COST..=MOST_COST => Ok(Self { cost, salt, output }),
            _ => Err(HashRefused::TooCostly {
                scheme: NAME,
                limit: "4,194,304 rounds",
            }),
        }
    }

    /// As typed, and without white space around it: WordPress hashed that, phpBB the other.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let bare = trimmed(password);
        self.matches_exactly(password) || (bare != password && self.matches_exactly(bare))
    }

    fn matches_exactly(&self, password: &[u8]) -> bool {
        let mut state = Md5::new()
            .chain_update(self.salt)
            .chain_update(password)
            .finalize();
        for _ in 0..1_u32 << self.cost {
            state = Md5::new().chain_update(state).chain_update(password).finalize();
        }
        Zeroizing::new(encoded(&state)).ct_eq(&self.output).into()
    }
}

fn encoded(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(22);
    for group in bytes.chunks(3) {
        let bits = group
            .iter()
            .rev()
            .fold(0_usize, |bits, &byte| bits << 8 | usize::from(byte));
        text.extend((0..=group.len()).map(|place| ALPHABET[bits >> (6 * place) & 63]));
    }
    text
}
