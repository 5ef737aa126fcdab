//! What the phone and the store both know.

use std::ops::RangeInclusive;

use data_encoding::BASE32_NOPAD;
use secrecy::{ExposeSecret as _, SecretSlice};
use zeroize::Zeroizing;

use super::{STEP_SECS, TotpCode};
use crate::clock::Rng;

/// Bytes of a secret made here: 160 bits (RFC 4226, 4, requirement 6).
const FRESH_BYTES: usize = 20;
/// Bytes of a secret that comes from elsewhere. Many systems gave out 80 bits; beyond 64 bytes,
/// the block of SHA-1, HMAC adds no strength.
const BYTES: RangeInclusive<usize> = 10..=64;
/// The longest text looked at: base 32 of the most bytes, padded, with a space between any two.
const LONGEST_TEXT: usize = 256;

/// The shared secret of an authenticator. Not serializable, not shown by `Debug`, wiped from
/// memory when dropped.
#[derive(Clone)]
pub struct TotpSecret(SecretSlice<u8>);

impl TotpSecret {
    /// A fresh secret of 160 bits.
    pub fn generate(rng: &mut Rng) -> Self {
        let mut bytes = vec![0; FRESH_BYTES];
        rand::Rng::fill_bytes(rng, &mut bytes);
        Self(bytes.into())
    }

    /// The secret of these bytes, as stored; `None` unless there are 10 to 64.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        let secret = Self(bytes.into());
        BYTES.contains(&secret.bytes().len()).then_some(secret)
    }

    /// The secret that another system wrote in base 32: in either case, with or without spaces and
    /// padding. `None` when it is no base 32 or not 10 to 64 bytes.
    pub fn from_base32(text: &str) -> Option<Self> {
        if text.len() > LONGEST_TEXT {
            return None;
        }
        let mut letters = Zeroizing::new(String::with_capacity(text.len()));
        letters.extend(
            text.chars()
                .filter(|typed| !typed.is_whitespace())
                .map(|typed| typed.to_ascii_uppercase()),
        );
        let bytes = BASE32_NOPAD
            .decode(letters.trim_end_matches('=').as_bytes())
            .ok()?;
        Self::from_bytes(bytes)
    }

    /// The bytes, for the store and the code.
    pub fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }

    /// In base 32 (RFC 4648) without padding, as authenticator apps take it.
    pub fn base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(self.bytes()))
    }

    /// In base 32 and groups of four, to be typed by hand.
    pub fn groups(&self) -> Zeroizing<String> {
        let base32 = self.base32();
        let mut groups = Zeroizing::new(String::with_capacity(base32.len() * 2));
        for (index, letter) in base32.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                groups.push(' ');
            }
            groups.push(letter);
        }
        groups
    }

    /// The code of a step (RFC 6238): for checking, and for whoever plays the phone.
    pub fn code_at(&self, step: u32) -> TotpCode {
        let secret = totp_rs::Secret::new(self.bytes().into());
        // Its default is SHA-1, 6 digits, 30 s; the secret may be shorter than it would like.
        let totp = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
        let token = totp.generate(u64::from(step) * u64::from(STEP_SECS));
        TotpCode::computed(Zeroizing::new(token.to_string()))
    }
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn a_secret_is_read_however_another_system_wrote_it() {
        let written = TotpSecret::from_bytes(b"12345678901".to_vec()).unwrap();
        assert_eq!(
            written.base32().as_str(),
            "GEZDGNBVGY3TQOJQGE",
            "RFC 4648 without padding"
        );
        for text in [
            "GEZDGNBVGY3TQOJQGE",
            "gezd gnbv gy3t qojq ge",
            "GEZDGNBVGY3TQOJQGE======",
            " GEZDGNBVGY3TQOJQGE\n",
        ] {
            let read = TotpSecret::from_base32(text).map(|secret| secret.bytes().to_vec());
            assert_eq!(
                read.as_deref(),
                Some(written.bytes()),
                "{text:?} is the same secret"
            );
        }
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused() {
        assert!(
            TotpSecret::from_base32("GEZDGNBVGY3TQOJ1").is_none(),
            "1 is no letter of base 32"
        );
        assert!(
            TotpSecret::from_base32("GEZDGNBVGY3TQ").is_none(),
            "8 bytes can be guessed"
        );
        assert!(TotpSecret::from_base32("").is_none(), "nothing is no secret");
        assert!(
            TotpSecret::from_base32(&"A".repeat(104)).is_none(),
            "65 bytes are too many"
        );
        assert!(
            TotpSecret::from_base32(&"A".repeat(1 << 20)).is_none(),
            "a megabyte is not even decoded"
        );
        assert!(
            TotpSecret::from_bytes(vec![0; 9]).is_none(),
            "9 bytes are too few"
        );
        assert!(
            TotpSecret::from_bytes(vec![0; 64]).is_some(),
            "64 bytes are the block of SHA-1"
        );
    }

    #[test]
    fn a_fresh_secret_has_160_bits_and_reads_back() {
        let mut rng = Rng::seed_from_u64(1);
        let (one, other) = (TotpSecret::generate(&mut rng), TotpSecret::generate(&mut rng));
        assert_eq!(one.bytes().len(), 20, "RFC 4226 recommends 160 bits");
        assert_ne!(one.bytes(), other.bytes(), "every secret is fresh");
        let groups = one.groups();
        assert!(
            groups.split(' ').all(|group| group.len() == 4),
            "{} is in groups of four",
            groups.as_str()
        );
        assert_eq!(
            TotpSecret::from_base32(&groups).unwrap().bytes(),
            one.bytes(),
            "typed by hand it is the same"
        );
    }

    #[test]
    fn a_secret_does_not_show_itself_in_a_log() {
        let secret = TotpSecret::from_bytes(vec![65; 20]).unwrap();
        assert_eq!(
            format!("{secret:?}"),
            "TotpSecret([redacted])",
            "Debug must not print the bytes"
        );
    }
}
