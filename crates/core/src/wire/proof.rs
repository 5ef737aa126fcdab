//! How a console proves that a request is its own: by a signature with the key of its device, beside the
//! token of its session. After RFC 9449 (`DPoP`) and RFC 9421 in what is signed; one header instead of a
//! token in JSON, since one kind of key and one form are all there is.
//!
//! # What it covers
//! A session's token alone opens nothing: not when it was read from memory, a log or a backup, nor with the
//! proof of another request. A request that was recorded is taken once; not later, not elsewhere with
//! another path, query or body, not in another session. A device that is known cannot be claimed by its
//! name.
//!
//! # What it does not
//! Whoever has the device's keychain open is the device. Headers other than the session's are not signed,
//! nor is the answer: that is what TLS is for; so is the name of the service, so that a device has another
//! key for each service.

use std::fmt::{self, Write as _};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::clock::Rng;
use crate::entry::EntryKey;
use crate::session::{DeviceKey, SessionToken};

/// The header with the proof of a request.
pub const PROOF_HEADER: &str = "keyholder-proof";
/// The header by which every answer says what time it is for the service, in whole seconds since 1970.
pub const TIME_HEADER: &str = "keyholder-time";
/// How far the time of a proof may lie from the service's, either way.
pub const PROOF_WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// What is signed is no message of any other protocol, nor of a later form of this one.
const FORM: &str = "keyholder proof 1";
const SECRET_BYTES: usize = 32;
const NONCE_BYTES: usize = 16;

/// The private half of the key of a device.
#[derive(Clone)]
pub struct DeviceSecret(SigningKey);

impl DeviceSecret {
    /// A fresh key.
    pub fn fresh(rng: &mut Rng) -> Self {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        rand::Rng::fill_bytes(rng, &mut *bytes);
        Self(SigningKey::from_bytes(&bytes))
    }

    /// As a keychain keeps it: 43 characters of base64url (RFC 4648, 5) without padding.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(self.0.as_bytes()))
    }

    /// The key of such a text; none for what is no key.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?);
        let bytes: &[u8; SECRET_BYTES] = bytes.as_slice().try_into().ok()?;
        Some(Self(SigningKey::from_bytes(bytes)))
    }

    /// The public half.
    pub fn key(&self) -> DeviceKey {
        DeviceKey(self.0.verifying_key().to_bytes())
    }
}

impl fmt::Debug for DeviceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceSecret(…)")
    }
}

/// What of a request is signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// The method, as it is sent.
    pub method: &'a str,
    /// The path with the query, as they are sent.
    pub target: &'a str,
    /// The whole body.
    pub body: &'a [u8],
    /// The token of the session; none on the ways in.
    pub token: Option<&'a SessionToken>,
}

impl Signed<'_> {
    /// One line for each part: a method, a path and a query have no line breaks.
    fn message(&self, at: i64, nonce: &[u8]) -> String {
        let Self {
            method,
            target,
            body,
            token,
        } = self;
        let body = HEXLOWER.encode(&Sha256::digest(body));
        let token = token.map_or_else(String::new, |token| HEXLOWER.encode(&token.digest().0));
        let nonce = HEXLOWER.encode(nonce);
        format!("{FORM}\n{method}\n{target}\n{body}\n{token}\n{at}\n{nonce}")
    }
}

/// That whoever holds a device's key has made a request, at that time. It vouches only for one that
/// [is the same](Self::vouches_for).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    key: DeviceKey,
    /// In seconds since 1970.
    at: i64,
    nonce: [u8; NONCE_BYTES],
    signature: [u8; 64],
}

impl Proof {
    /// A proof by the holder of `secret`. `at` is the time of the service.
    pub fn of(signed: &Signed<'_>, secret: &DeviceSecret, at: Timestamp, rng: &mut Rng) -> Self {
        let mut nonce = [0; NONCE_BYTES];
        rand::Rng::fill_bytes(rng, &mut nonce);
        let at = at.as_second();
        let signature = secret.0.sign(signed.message(at, &nonce).as_bytes());
        Self {
            key: secret.key(),
            at,
            nonce,
            signature: signature.to_bytes(),
        }
    }

    /// The proof that is written so; none for what is no proof.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (key, at, nonce, signature) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let bytes = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).ok();
        Some(Self {
            key: DeviceKey(bytes(key)?.try_into().ok()?),
            at: at.parse().ok()?,
            nonce: bytes(nonce)?.try_into().ok()?,
            signature: bytes(signature)?.try_into().ok()?,
        })
    }

    /// Whether it is a proof of that request, made about now.
    pub fn vouches_for(&self, signed: &Signed<'_>, now: Timestamp) -> bool {
        self.is_of_now(now) && self.is_signed(signed)
    }

    fn is_of_now(&self, now: Timestamp) -> bool {
        self.at.abs_diff(now.as_second()) <= PROOF_WINDOW.as_secs().unsigned_abs()
    }

    /// Strictly, so that no key and no signature has a second form (RFC 8032, 5.1.7).
    fn is_signed(&self, signed: &Signed<'_>) -> bool {
        let message = signed.message(self.at, &self.nonce);
        let signature = Signature::from_bytes(&self.signature);
        VerifyingKey::from_bytes(&self.key.0)
            .is_ok_and(|key| key.verify_strict(message.as_bytes(), &signature).is_ok())
    }

    /// The key that it was made with, which means something only of a proof that vouches.
    pub fn key(&self) -> DeviceKey {
        self.key
    }

    /// What is used up with it.
    pub fn once(&self) -> EntryKey {
        let (key, nonce) = (HEXLOWER.encode(&self.key.0), HEXLOWER.encode(&self.nonce));
        EntryKey::of(&[FORM, &key, &nonce])
    }

    /// The last second in which it vouches for anything.
    pub fn until(&self) -> Timestamp {
        let made = Timestamp::from_second(self.at).unwrap_or(Timestamp::MAX);
        made.saturating_add(PROOF_WINDOW).unwrap_or(Timestamp::MAX)
    }
}

/// As it stands in the header: key, seconds, nonce and signature, the bytes in base64url.
impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        f.write_str(&part(&self.key.0))?;
        f.write_char('.')?;
        write!(f, "{}.{}.", self.at, part(&self.nonce))?;
        f.write_str(&part(&self.signature))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng as _;

    use super::*;
    use crate::clock::Rng;
    use crate::testing::directory_contract::monday;

    const ASKED: Signed<'_> = Signed {
        method: "POST",
        target: "/v1/accounts/7/lock?a=b",
        body: b"{\"reason\":\"lost\"}",
        token: None,
    };

    fn rng() -> Rng {
        Rng::seed_from_u64(26)
    }

    fn later(seconds: i64) -> Timestamp {
        monday() + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn a_proof_is_good_for_its_own_request() {
        let secret = DeviceSecret::fresh(&mut rng());
        let token = SessionToken::fresh(&mut rng());
        let asked = Signed {
            token: Some(&token),
            ..ASKED
        };
        let proof = Proof::of(&asked, &secret, monday(), &mut rng());
        let sent = Proof::parse(&proof.to_string()).unwrap();
        assert_eq!(sent, proof, "it arrives as it was sent");
        assert!(sent.vouches_for(&asked, monday()), "and vouches");
        assert_eq!(sent.key(), secret.key(), "with the key of the device");

        let (body, other) = (b"{}".as_slice(), SessionToken::fresh(&mut Rng::seed_from_u64(1)));
        let others = [
            (
                "another method",
                Signed {
                    method: "PUT",
                    ..asked
                },
            ),
            (
                "another path",
                Signed {
                    target: "/v1/accounts/8/lock?a=b",
                    ..asked
                },
            ),
            (
                "another query",
                Signed {
                    target: "/v1/accounts/7/lock?a=c",
                    ..asked
                },
            ),
            ("another body", Signed { body, ..asked }),
            (
                "another session",
                Signed {
                    token: Some(&other),
                    ..asked
                },
            ),
            ("no session", Signed { token: None, ..asked }),
        ];
        for (what, asked) in others {
            assert!(
                !sent.vouches_for(&asked, monday()),
                "{what} is not what was signed"
            );
        }
    }

    #[test]
    fn a_proof_is_good_for_a_minute() {
        let secret = DeviceSecret::fresh(&mut rng());
        let proof = Proof::of(&ASKED, &secret, monday(), &mut rng());
        for (seconds, good) in [(-61, false), (-60, true), (0, true), (60, true), (61, false)] {
            assert_eq!(
                proof.vouches_for(&ASKED, later(seconds)),
                good,
                "{seconds} s after it was made"
            );
        }
        assert_eq!(proof.until(), later(60), "until then it must be remembered");
        for at in [i64::MIN, i64::MAX] {
            let far = Proof { at, ..proof.clone() };
            assert!(!far.vouches_for(&ASKED, monday()), "no time of the calendar");
            assert!(far.until() > Timestamp::MIN, "and no overflow");
        }
    }

    #[test]
    fn nobody_else_signs_with_the_key_of_a_device() {
        let (mine, theirs) = (
            DeviceSecret::fresh(&mut rng()),
            DeviceSecret::fresh(&mut Rng::seed_from_u64(1)),
        );
        let forged = Proof {
            key: mine.key(),
            ..Proof::of(&ASKED, &theirs, monday(), &mut rng())
        };
        assert!(
            !forged.vouches_for(&ASKED, monday()),
            "the public half is no secret, and opens nothing"
        );
        // The neutral element, for which a lax check finds many signatures (RFC 8032, 8.4 and 8.9).
        let mut weak = [0; 32];
        weak[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        let weak = Proof {
            key: DeviceKey(weak),
            signature,
            ..Proof::of(&ASKED, &theirs, monday(), &mut rng())
        };
        assert!(
            !weak.vouches_for(&ASKED, monday()),
            "nor is there a key to which everything fits"
        );
    }

    #[test]
    fn what_is_used_up_is_the_proof_and_not_its_spelling() {
        let secret = DeviceSecret::fresh(&mut rng());
        let proof = Proof::of(&ASKED, &secret, monday(), &mut rng());
        let text = proof.to_string();
        let seconds = monday().as_second().to_string();
        let spelled = text.replacen(&seconds, &format!("+0{seconds}"), 1);
        let spelled = Proof::parse(&spelled).unwrap();
        assert_eq!(
            spelled.once(),
            proof.once(),
            "a zero before the time makes no second proof"
        );
        let mut rng = Rng::seed_from_u64(2);
        let next = Proof::of(&ASKED, &secret, monday(), &mut rng);
        assert_ne!(
            next.once(),
            proof.once(),
            "the same request made again is another"
        );
    }

    #[test]
    fn a_key_survives_its_keychain_and_is_not_shown() {
        let secret = DeviceSecret::fresh(&mut rng());
        let kept = DeviceSecret::parse(&secret.text()).unwrap();
        assert_eq!(kept.key(), secret.key(), "the same key");
        assert_eq!(format!("{secret:?}"), "DeviceSecret(…)", "no log shows it");
        assert!(DeviceSecret::parse("short").is_none(), "what is no key is none");
    }

    proptest! {
        #[test]
        fn what_anybody_writes_is_no_proof(text in ".{0,300}") {
            let proof = Proof::parse(&text);
            prop_assert!(proof.is_none_or(|proof| !proof.vouches_for(&ASKED, monday())), "{text}");
        }

        #[test]
        fn every_bit_counts(place in 0_usize..64 * 8) {
            let secret = DeviceSecret::fresh(&mut rng());
            let mut proof = Proof::of(&ASKED, &secret, monday(), &mut rng());
            proof.signature[place / 8] ^= 1 << (place % 8);
            prop_assert!(!proof.vouches_for(&ASKED, monday()), "a signature with bit {place} turned");
        }
    }
}
