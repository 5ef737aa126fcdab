//! The keys of the pages: what cookies are sealed and forms are signed with.
//!
//! Both come from the pepper by HKDF-SHA256 (RFC 5869), so that they are the same after a restart and on
//! every node of a shop, and lie nowhere.

use cookie::Key;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use keyholder_core::password::Pepper;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bytes of the key of cookies: half of it signs, half of it encrypts.
const COOKIE_KEY: usize = 64;

/// See above.
pub(super) struct Keys {
    /// Seals cookies (AES-256-GCM, bound to the cookie's name).
    pub(super) cookies: Key,
    forms: Zeroizing<[u8; 32]>,
}

impl Keys {
    /// Those of a shop whose hashes are made with that pepper.
    pub(super) fn of(pepper: &Pepper) -> Self {
        let cookies = derived::<COOKIE_KEY>(pepper, "keyholder/pages/cookies/1");
        Self {
            cookies: Key::from(&*cookies),
            forms: derived(pepper, "keyholder/pages/forms/1"),
        }
    }

    /// The word under which a form of that browser and session is accepted.
    pub(super) fn form(&self, parts: [&[u8]; 2]) -> [u8; 32] {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.forms).expect("a key of 32 bytes");
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

fn derived<const BYTES: usize>(pepper: &Pepper, label: &str) -> Zeroizing<[u8; BYTES]> {
    let mut key = Zeroizing::new([0; BYTES]);
    #[expect(
        clippy::expect_used,
        reason = "HKDF-SHA256 gives up to 255 blocks of 32 bytes; these are at most two"
    )]
    Hkdf::<Sha256>::new(None, pepper.expose())
        .expand(label.as_bytes(), &mut *key)
        .expect("two blocks");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_outlive_a_restart_and_belong_to_one_shop() {
        let (here, again, elsewhere) = (
            Keys::of(&Pepper::new([1; 32])),
            Keys::of(&Pepper::new([1; 32])),
            Keys::of(&Pepper::new([2; 32])),
        );
        assert_eq!(
            here.cookies, again.cookies,
            "a cookie opens after a restart, and on another node"
        );
        assert_ne!(here.cookies, elsewhere.cookies, "and in no other shop");
        let form = |keys: &Keys| keys.form([b"browser", b"session"]);
        assert_eq!(form(&here), form(&again), "and so do forms");
        assert_ne!(form(&here), form(&elsewhere), "of this shop alone");
        assert_ne!(
            here.form([b"ab", b"c"]),
            here.form([b"a", b"bc"]),
            "no part runs into the next"
        );
    }
}
