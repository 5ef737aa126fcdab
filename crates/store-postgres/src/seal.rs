//! Secrets that the server must not read: sealed for one place, and opened nowhere else.
//!
//! XChaCha20-Poly1305 with a nonce drawn anew for each sealing (192 bits: no two are alike by chance), bound
//! to column and row as associated data: whoever can write the database and puts one account's secret in
//! the place of another's has put nothing there that opens.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use keyholder_core::clock::Rng;
use keyholder_core::error::{Code, StoreError};
use zeroize::Zeroizing;

use crate::error::{broken, unreadable};

/// Keeps these seals apart from whatever else might be sealed with the same key.
const DOMAIN: &[u8] = b"keyholder sealed column 1\0";
/// Bytes of a nonce.
const NONCE: usize = 24;

/// Where a secret stands.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Table and column; never changed once there are rows.
    pub(crate) column: &'static str,
    /// The bytes of the key of the row.
    pub(crate) row: &'a [u8],
}

impl Place<'_> {
    fn bound(self) -> Vec<u8> {
        [DOMAIN, self.column.as_bytes(), b"\0", self.row].concat()
    }
}

/// The key that seals.
#[derive(Clone)]
pub(crate) struct Seal(Zeroizing<[u8; 32]>);

impl Seal {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }

    /// The nonce, then the secret as only this key opens it, and only in this place.
    pub(crate) fn close(
        &self,
        place: Place<'_>,
        secret: &[u8],
        rng: &mut Rng,
    ) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0; NONCE];
        rand::Rng::fill_bytes(rng, &mut nonce);
        let payload = Payload {
            msg: secret,
            aad: &place.bound(),
        };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| broken(Code::Broken, "a secret is too long to be sealed"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// The secret that was sealed for this place.
    ///
    /// # Errors
    /// It was sealed for another place or with another key, or was changed since.
    pub(crate) fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let refused = || unreadable("a sealed secret");
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or_else(refused)?;
        let payload = Payload {
            msg: sealed,
            aad: &place.bound(),
        };
        self.cipher()
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| refused())
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    const SECRET: &[u8] = b"twenty bytes of seed";

    fn place(column: &'static str, row: &'static [u8]) -> Place<'static> {
        Place { column, row }
    }

    /// In how many places that are not its own a secret opens, of those that `sealed` is told.
    fn opens_elsewhere(told: impl Fn(Place<'static>) -> Place<'static>) -> usize {
        let seal = Seal::new([1; 32]);
        let own = place("credential.totp", b"row 1");
        let sealed = seal.close(told(own), SECRET, &mut Rng::seed_from_u64(1)).unwrap();
        assert_eq!(
            *seal.open(told(own), &sealed).unwrap(),
            SECRET,
            "it opens in its own place"
        );
        [
            place("credential.totp", b"row 2"),
            place("credential.totp_begun", b"row 1"),
            place("credential.tot", b"row 1"),
        ]
        .into_iter()
        .filter(|other| seal.open(told(*other), &sealed).is_ok())
        .count()
    }

    #[test]
    fn p37_a_secret_opens_in_its_own_place_alone() {
        assert_eq!(
            opens_elsewhere(|place| place),
            0,
            "another row or column is another place"
        );
    }

    #[test]
    fn p37_mutant_a_seal_without_its_row_is_found() {
        let careless = |told: Place<'static>| place(told.column, b"");
        assert!(
            opens_elsewhere(careless) > 0,
            "a seal that forgets the row must be seen by the measure"
        );
    }

    #[test]
    fn a_changed_byte_or_another_key_opens_nothing() {
        let own = place("credential.totp", b"row 1");
        let mut rng = Rng::seed_from_u64(1);
        let sealed = Seal::new([1; 32]).close(own, SECRET, &mut rng).unwrap();
        assert!(
            Seal::new([2; 32]).open(own, &sealed).is_err(),
            "another key is another store's"
        );
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(
                Seal::new([1; 32]).open(own, &changed).is_err(),
                "byte {index} was changed"
            );
            assert!(
                Seal::new([1; 32]).open(own, &sealed[..index]).is_err(),
                "cut off after {index} bytes"
            );
        }
        let again = Seal::new([1; 32]).close(own, SECRET, &mut rng).unwrap();
        assert_ne!(again, sealed, "the same secret never looks the same twice");
    }
}
