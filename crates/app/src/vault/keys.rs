use data_encoding::BASE64;
use hkdf::Hkdf;
use keyholder_core::clock::Rng;
use keyholder_core::password::Pepper;
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::files::random;
use crate::keychain::{KeychainError, Secret};

/// The key that encrypts the store file, for `SQLCipher` as a raw key.
pub type StoreKey = SecretBox<[u8; 32]>;

/// The key under which audit rows are chained.
pub type AuditKey = SecretBox<[u8; 32]>;

/// The one secret of a store: 256 bits by chance. Every other key is derived from it by
/// HKDF-SHA256 (RFC 5869) under a label that names the purpose and its version, so that one key
/// tells nothing about another.
pub struct MasterKey(SecretBox<[u8; 32]>);

impl MasterKey {
    pub(super) fn generate(rng: &mut Rng) -> Self {
        Self::from_bytes(&Zeroizing::new(random(rng)))
    }

    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SecretBox::init_with_mut(|key: &mut [u8; 32]| *key = *bytes))
    }

    /// The key that encrypts the store file. Label `keyholder/store/1`.
    pub fn store_key(&self) -> StoreKey {
        self.derive("keyholder/store/1")
    }

    /// What is mixed into every password hash. Label `keyholder/pepper/1`.
    pub fn pepper(&self) -> Pepper {
        Pepper::new(*self.derive("keyholder/pepper/1").expose_secret())
    }

    /// The key under which audit rows are chained. Label `keyholder/audit/1`.
    pub fn audit_key(&self) -> AuditKey {
        self.derive("keyholder/audit/1")
    }

    /// The key that makes the key card's check value. Label `keyholder/check/1`.
    pub(super) fn check_key(&self) -> SecretBox<[u8; 32]> {
        self.derive("keyholder/check/1")
    }

    fn derive(&self, label: &str) -> SecretBox<[u8; 32]> {
        derive(self.0.expose_secret(), label)
    }

    pub(super) fn expose(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    /// As it lies in the keychain: 44 characters of base64.
    pub(super) fn to_secret(&self) -> Result<Secret, KeychainError> {
        Secret::new(BASE64.encode(self.expose()))
    }

    pub(super) fn from_secret(secret: &Secret) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64.decode(secret.expose().as_bytes()).ok()?);
        Some(Self::from_bytes(bytes.as_slice().try_into().ok()?))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

/// HKDF-SHA256 without salt: what goes in is already uniform.
pub(super) fn derive(secret: &[u8], label: &str) -> SecretBox<[u8; 32]> {
    SecretBox::init_with_mut(|key: &mut [u8; 32]| {
        #[expect(
            clippy::expect_used,
            reason = "HKDF-SHA256 gives up to 255 blocks of 32 bytes; this is one"
        )]
        Hkdf::<Sha256>::new(None, secret)
            .expand(label.as_bytes(), key)
            .expect("one block");
    })
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn every_purpose_has_a_key_of_its_own() {
        let master = MasterKey::generate(&mut Rng::seed_from_u64(1));
        let keys = [master.store_key(), master.audit_key(), master.check_key()];
        for (index, key) in keys.iter().enumerate() {
            assert_ne!(
                key.expose_secret(),
                master.expose(),
                "a derived key is not the master key"
            );
            for other in &keys[index + 1..] {
                assert_ne!(
                    key.expose_secret(),
                    other.expose_secret(),
                    "no two purposes share a key"
                );
            }
        }
    }

    #[test]
    fn a_label_always_gives_the_same_key() {
        let key = MasterKey::from_bytes(&[7; 32]).store_key();
        assert_eq!(
            data_encoding::HEXLOWER.encode(key.expose_secret()),
            // Computed apart from this code, by RFC 5869 written out in another language.
            "8126fe139be711a35633e13b623021f2a166a597fd3932e1c23c44d5bf2574dc",
            "stores made by earlier versions must still open"
        );
    }

    #[test]
    fn what_the_keychain_gives_back_is_the_key() {
        let master = MasterKey::generate(&mut Rng::seed_from_u64(2));
        let back = master
            .to_secret()
            .ok()
            .and_then(|secret| MasterKey::from_secret(&secret));
        assert_eq!(
            back.as_ref().map(MasterKey::expose),
            Some(master.expose()),
            "base64 there and back"
        );
        assert!(!format!("{master:?}").contains("0x"), "a key never shows itself");
    }
}
