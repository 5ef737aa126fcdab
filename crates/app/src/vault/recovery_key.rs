use std::fmt;
use std::str::FromStr;

use keyholder_core::clock::Rng;
use keyholder_core::second_factor::crockford;
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::files::random;
use super::keys::derive;

/// Bytes of the whole key: 20 are 32 characters of 5 bits.
const BYTES: usize = 20;
const GROUP: usize = 4;
const GROUPS: usize = 8;

/// The key on paper that opens the store on any machine.
///
/// Eight groups of four characters (Crockford's base 32): seven by chance, 140 bits, beyond the 112
/// that NIST SP 800-131A asks of a key, and an eighth of 20 check bits, so that a slip of the pen is
/// told from a wrong key. Being uniform it needs no slow hash.
pub struct RecoveryKey(SecretBox<[u8; BYTES]>);

/// A text with a typing mistake in it: no recovery key that Keyholder ever made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is a typing mistake in the recovery key: it has {GROUPS} groups of {GROUP} letters and digits"
)]
pub struct NotARecoveryKey;

impl RecoveryKey {
    /// A new key; it opens nothing yet.
    pub fn generate(rng: &mut Rng) -> Self {
        Self::checked(Zeroizing::new(random(rng)))
    }

    /// The groups in their order, to show or print. Whoever reads them can open the store.
    pub fn groups(&self) -> [Zeroizing<String>; GROUPS] {
        let text = crockford::encode(self.0.expose_secret());
        std::array::from_fn(|index| Zeroizing::new(text[index * GROUP..(index + 1) * GROUP].to_owned()))
    }

    /// The whole key in one line, groups joined by hyphens.
    pub fn to_line(&self) -> Zeroizing<String> {
        crockford::grouped(&crockford::encode(self.0.expose_secret()), GROUP)
    }

    /// Two different groups to ask back (counted from 0, in ascending order), so that the person
    /// really has the key before it is needed.
    pub fn challenge(rng: &mut Rng) -> [usize; 2] {
        let [first, second] = random::<2>(rng).map(usize::from);
        let first = first % GROUPS;
        // One of the seven others. 256 is no multiple of 7; for a question that is no secret it will do.
        let second = (first + 1 + second % (GROUPS - 1)) % GROUPS;
        [first.min(second), first.max(second)]
    }

    /// Whether the answers are the groups that were asked for; typed in any of the ways a whole
    /// key may be.
    pub fn confirm(&self, groups: [usize; 2], answers: [&str; 2]) -> bool {
        let right = self.groups();
        groups.iter().zip(answers).all(|(group, answer)| {
            let typed = crockford::canonical(answer);
            typed.is_some_and(|typed| right.get(*group).is_some_and(|right| **right == *typed))
        })
    }

    /// The key that wraps the master key. Label `keyholder/recovery/1`.
    pub(super) fn wrapping_key(&self) -> SecretBox<[u8; 32]> {
        derive(self.0.expose_secret(), "keyholder/recovery/1")
    }

    /// Puts the check bits into the last 20 bits.
    fn checked(mut bytes: Zeroizing<[u8; BYTES]>) -> Self {
        bytes[17] &= 0xF0;
        let sum = Sha256::new_with_prefix(b"keyholder recovery key 1")
            .chain_update(&bytes[..18])
            .finalize();
        bytes[17] |= sum[0] & 0x0F;
        bytes[18..].copy_from_slice(&sum[1..3]);
        Self(SecretBox::init_with_mut(|key: &mut [u8; BYTES]| *key = *bytes))
    }
}

impl FromStr for RecoveryKey {
    type Err = NotARecoveryKey;

    /// Reads a key as people type it: lower case, spaces or none, O for 0, I and L for 1.
    fn from_str(typed: &str) -> Result<Self, NotARecoveryKey> {
        let bytes = crockford::decode(typed).ok_or(NotARecoveryKey)?;
        let bytes: Zeroizing<[u8; BYTES]> =
            Zeroizing::new(bytes.as_slice().try_into().map_err(|_| NotARecoveryKey)?);
        let key = Self::checked(bytes.clone());
        if *key.0.expose_secret() == *bytes {
            Ok(key)
        } else {
            Err(NotARecoveryKey)
        }
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{TestCaseError, prop_assert, prop_assert_eq, proptest};
    use rand::SeedableRng as _;

    use super::*;

    fn key(seed: u64) -> RecoveryKey {
        RecoveryKey::generate(&mut Rng::seed_from_u64(seed))
    }

    #[test]
    fn it_is_eight_groups_of_four() {
        let line = key(1).to_line();
        assert_eq!(
            line.len(),
            39,
            "eight groups of four and seven hyphens: {}",
            *line
        );
        assert_eq!(
            key(1).groups().map(|group| group.to_string()).join("-"),
            *line,
            "groups and line agree"
        );
        assert_eq!(
            format!("{:?}", key(1)),
            "RecoveryKey([redacted])",
            "a key never shows itself"
        );
    }

    proptest! {
        #[test]
        fn it_is_read_as_people_type_it(seed: u64) {
            let key = key(seed);
            let typed = key.to_line().to_lowercase().replace('-', "  ").replace('0', "o").replace('1', "l");
            let read: RecoveryKey = typed.parse()?;
            prop_assert_eq!(read.to_line(), key.to_line(), "lower case, spaces, look-alikes");
        }

        #[test]
        fn a_typing_mistake_is_called_one(seed: u64, place in 0..32_usize, other in 1..32_usize) {
            let line = crockford::canonical(&key(seed).to_line()).ok_or(TestCaseError::fail("own text"))?;
            let alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
            let was = alphabet.find(&line[place..=place]).ok_or(TestCaseError::fail("own alphabet"))?;
            let now = &alphabet[(was + other) % 32..=(was + other) % 32];
            let typed = format!("{}{now}{}", &line[..place], &line[place + 1..]);
            // 20 check bits: one in a million slips through, and then opens nothing.
            prop_assert!(typed.parse::<RecoveryKey>().is_err(), "one wrong character");
        }

        #[test]
        fn two_groups_are_asked_back(seed: u64) {
            let key = key(seed);
            let asked = RecoveryKey::challenge(&mut Rng::seed_from_u64(seed ^ 1));
            prop_assert!(asked[0] < asked[1] && asked[1] < GROUPS, "two different groups: {:?}", asked);
            let groups = key.groups();
            let [first, second] = asked.map(|index| groups[index].to_lowercase());
            prop_assert!(key.confirm(asked, [&first, &second]), "the right groups");
            prop_assert!(!key.confirm(asked, [&first, ""]), "one is not enough");
            prop_assert!(!key.confirm(asked, ["", ""]), "nothing is not an answer");
            prop_assert!(!key.confirm([8, 9], [&first, &second]), "there are only eight groups");
        }
    }
}
