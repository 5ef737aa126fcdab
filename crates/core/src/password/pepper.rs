//! A secret that goes into every hash and is kept apart from the store.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::Rng as _;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::clock::Rng;

/// Bytes of a [`Pepper`]'s name: the most that an Argon2 `keyid` holds.
const ID_BYTES: usize = 8;

/// 32 secret bytes mixed into every password hash as Argon2's own secret value K (RFC 9106,
/// section 3.1). Kept in the keychain, so that a stolen store alone cannot be guessed at.
#[derive(Clone)]
pub struct Pepper(Zeroizing<[u8; 32]>);

impl Pepper {
    /// A pepper read back from where it is kept.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new pepper.
    pub fn generate(rng: &mut Rng) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *bytes);
        Self(bytes)
    }

    /// The secret itself, to be kept in the keychain.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A name that tells which pepper a hash was made with and nothing about the pepper.
    pub(super) fn id(&self) -> [u8; ID_BYTES] {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("a key of 32 bytes");
        mac.update(b"keyholder pepper id");
        let tag: [u8; 32] = mac.finalize().into_bytes().into();
        let mut id = [0; ID_BYTES];
        id.copy_from_slice(&tag[..ID_BYTES]);
        id
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(…)")
    }
}
