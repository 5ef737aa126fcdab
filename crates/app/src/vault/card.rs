//! The key card: what lies beside the store so that the recovery key can open it, and so that a
//! wrong key, a missing key and a damaged store can be told apart (`SQLCipher` gives error 26 for
//! all three). It holds nothing that opens the store by itself.

use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use keyholder_core::clock::Rng;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{MasterKey, RecoveryKey, VaultError, files};

const VERSION: u32 = 1;

/// Longest file that is read as a card: ours have some 500 bytes.
pub(super) const LONGEST: u64 = 64 * 1024;

/// A card whose checksum is right.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Card {
    version: u32,
    store: Uuid,
    /// HMAC-SHA256 of version and store id under the check key.
    #[serde(with = "base64")]
    check: Vec<u8>,
    /// 24 bytes, new for every wrapping.
    #[serde(with = "base64")]
    nonce: Vec<u8>,
    /// The master key in XChaCha20-Poly1305 under the recovery key.
    #[serde(with = "base64")]
    wrapped: Vec<u8>,
    /// SHA-256 of all the above: tells a damaged card from a wrong recovery key.
    #[serde(with = "base64")]
    sum: Vec<u8>,
}

/// The part that every version of a card has.
#[derive(Deserialize)]
struct Header {
    version: u32,
}

impl Card {
    pub(super) fn new(store: Uuid, master: &MasterKey, recovery: &RecoveryKey, rng: &mut Rng) -> Self {
        let nonce = files::random::<24>(rng);
        let bound = Self::bound(store);
        let cipher = XChaCha20Poly1305::new(recovery.wrapping_key().expose_secret().into());
        let payload = Payload {
            msg: master.expose(),
            aad: &bound,
        };
        #[expect(
            clippy::expect_used,
            reason = "encryption fails only beyond 256 GiB; this is 32 bytes"
        )]
        let wrapped = cipher.encrypt(&XNonce::from(nonce), payload).expect("32 bytes");
        let check = check_mac(master, store).finalize().into_bytes().to_vec();
        let mut card = Self {
            version: VERSION,
            store,
            check,
            nonce: nonce.to_vec(),
            wrapped,
            sum: Vec::new(),
        };
        card.sum = card.checksum();
        card
    }

    /// The id of the store this card belongs to.
    pub(super) fn store(&self) -> Uuid {
        self.store
    }

    pub(super) fn read(path: &Path) -> Result<Self, VaultError> {
        let bytes = files::read(path, LONGEST)?.ok_or_else(|| VaultError::KeyCardMissing(path.to_owned()))?;
        let damaged = |_| VaultError::KeyCardDamaged(path.to_owned());
        let header: Header = serde_json::from_slice(&bytes).map_err(damaged)?;
        if header.version > VERSION {
            return Err(VaultError::NewerFormat(path.to_owned()));
        }
        let card: Self = serde_json::from_slice(&bytes).map_err(damaged)?;
        if card.version != VERSION || card.sum != card.checksum() {
            return Err(VaultError::KeyCardDamaged(path.to_owned()));
        }
        Ok(card)
    }

    /// Writes the card where none is yet.
    pub(super) fn write_new(&self, path: &Path) -> Result<(), VaultError> {
        files::write_new(path, &self.to_json(path)?)
    }

    /// Puts the card in the place of the one that is there, in one step.
    pub(super) fn replace(&self, path: &Path) -> Result<(), VaultError> {
        files::replace(path, &self.to_json(path)?)
    }

    /// Whether `master` is the key of this card's store.
    pub(super) fn check(&self, master: &MasterKey) -> Result<(), VaultError> {
        check_mac(master, self.store)
            .verify_slice(&self.check)
            .map_err(|_| VaultError::WrongKey)
    }

    pub(super) fn unwrap(&self, recovery: &RecoveryKey) -> Result<MasterKey, VaultError> {
        let nonce = XNonce::try_from(self.nonce.as_slice()).map_err(|_| VaultError::WrongRecoveryKey)?;
        let cipher = XChaCha20Poly1305::new(recovery.wrapping_key().expose_secret().into());
        let payload = Payload {
            msg: &self.wrapped,
            aad: &Self::bound(self.store),
        };
        let bytes = Zeroizing::new(
            cipher
                .decrypt(&nonce, payload)
                .map_err(|_| VaultError::WrongRecoveryKey)?,
        );
        let bytes = bytes
            .as_slice()
            .try_into()
            .map_err(|_| VaultError::WrongRecoveryKey)?;
        let master = MasterKey::from_bytes(bytes);
        self.check(&master)?;
        Ok(master)
    }

    /// What a wrapped key is bound to: this format, this store.
    fn bound(store: Uuid) -> [u8; 20] {
        let mut bound = [0; 20];
        bound[..4].copy_from_slice(&VERSION.to_be_bytes());
        bound[4..].copy_from_slice(store.as_bytes());
        bound
    }

    fn checksum(&self) -> Vec<u8> {
        // Every part but the last has its length in front of it or a fixed one.
        let mut sum = Sha256::new_with_prefix(Self::bound(self.store));
        for part in [&self.check, &self.nonce, &self.wrapped] {
            sum.update((part.len() as u64).to_be_bytes());
            sum.update(part);
        }
        sum.finalize().to_vec()
    }

    fn to_json(&self, path: &Path) -> Result<Vec<u8>, VaultError> {
        let mut json =
            serde_json::to_vec_pretty(self).map_err(|error| files::failed("written", path)(error.into()))?;
        json.push(b'\n');
        Ok(json)
    }
}

fn check_mac(master: &MasterKey, store: Uuid) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mac = Hmac::<Sha256>::new_from_slice(master.check_key().expose_secret()).expect("a key of 32 bytes");
    mac.chain_update(Card::bound(store))
}

/// Base64 in JSON.
mod base64 {
    use data_encoding::BASE64;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::ptr_arg, reason = "serde names the field's own type")]
    pub(super) fn serialize<S: Serializer>(bytes: &Vec<u8>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        BASE64.decode(text.as_bytes()).map_err(D::Error::custom)
    }
}
