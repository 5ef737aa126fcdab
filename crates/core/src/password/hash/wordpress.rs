//! WordPress from 6.8: bcrypt over a keyed digest, so that long passwords count whole.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha384;
use zeroize::Zeroizing;

use super::{HashRefused, bcrypt::BcryptHash};

pub(super) const NAME: &str = "WordPress";

/// A hash that WordPress made: `$wp` and a bcrypt hash of base64(HMAC-SHA384("wp-sha384", password)).
#[derive(Clone)]
pub(super) struct WordPressHash(BcryptHash);

impl WordPressHash {
    pub(super) fn parse(text: &str) -> Result<Self, HashRefused> {
        BcryptHash::parse(text.strip_prefix("$wp").ok_or(HashRefused::UnknownFormat)?).map(Self)
    }

    pub(super) fn matches(&self, password: &[u8]) -> bool {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha384>::new_from_slice(b"wp-sha384").expect("a key of 9 bytes");
        mac.update(trimmed(password));
        self.0
            .matches(Zeroizing::new(BASE64.encode(&mac.finalize().into_bytes())).as_bytes())
    }
}

/// Without the white space at both ends that PHP's `trim` takes off: WordPress never hashed it.
pub(super) fn trimmed(password: &[u8]) -> &[u8] {
    let white = |byte: &u8| b" \t\n\r\0\x0b".contains(byte);
    let Some(start) = password.iter().position(|byte| !white(byte)) else {
        return &[];
    };
    let end = password
        .iter()
        .rposition(|byte| !white(byte))
        .map_or(start, |last| last + 1);
    &password[start..end]
}
