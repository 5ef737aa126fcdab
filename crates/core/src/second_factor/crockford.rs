//! Crockford's base 32 (<https://www.crockford.com/base32.html>): codes that people read out,
//! print and type. No check symbol.
//!
//! Every character carries 5 bits. I, L, O and U are left out; what is typed may have lower case,
//! spaces, hyphens, O for 0, and I or L for 1.

use zeroize::Zeroizing;

use crate::clock::Rng;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The bytes as text, 5 bits a character from the highest bit on; the last character is filled
/// with zero bits.
pub fn encode(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity((bytes.len() * 8).div_ceil(5)));
    let (mut pending, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        pending = (pending << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(character(pending >> bits));
        }
        pending &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(character(pending << (5 - bits)));
    }
    text
}

/// The bytes of a text as a person typed it. `None` when it holds a character that the alphabet
/// does not know, or when [`encode`] would never have written it.
pub fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = canonical(text)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 5 / 8));
    let (mut pending, mut bits) = (0_u32, 0_u32);
    for typed in text.bytes() {
        pending = (pending << 5) | value(typed)?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.extend(u8::try_from(pending >> bits));
            pending &= (1 << bits) - 1;
        }
    }
    (bits < 5 && pending == 0).then_some(bytes)
}

/// The one way to write a text that a person typed: capitals and digits of the alphabet, nothing
/// else. `None` when it holds anything the alphabet does not know.
pub fn canonical(text: &str) -> Option<Zeroizing<String>> {
    let mut canonical = Zeroizing::new(String::with_capacity(text.len()));
    for typed in text.chars().filter(|typed| !is_separator(*typed)) {
        canonical.push(match typed.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            upper if upper.is_ascii() && ALPHABET.contains(&(upper as u8)) => upper,
            _ => return None,
        });
    }
    Some(canonical)
}

/// The text in groups, joined by hyphens, as it is printed and read out.
pub fn grouped(text: &str, group: usize) -> Zeroizing<String> {
    let mut grouped = Zeroizing::new(String::with_capacity(text.len() * 2));
    for (index, character) in text.chars().enumerate() {
        if index > 0 && index % group.max(1) == 0 {
            grouped.push('-');
        }
        grouped.push(character);
    }
    grouped
}

/// So many characters by chance: 5 bits each.
pub fn random(rng: &mut Rng, characters: usize) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(vec![0_u8; characters]);
    rand::Rng::fill_bytes(rng, &mut bytes);
    let mut text = Zeroizing::new(String::with_capacity(characters));
    // 256 is a multiple of 32, so that every character is equally likely.
    text.extend(bytes.iter().map(|byte| character(u32::from(*byte))));
    text
}

/// The character of the lowest 5 bits.
fn character(bits: u32) -> char {
    char::from(ALPHABET[(bits & 31) as usize])
}

/// The 5 bits of a canonical character.
fn value(character: u8) -> Option<u32> {
    let index = ALPHABET.iter().position(|known| *known == character)?;
    u32::try_from(index).ok()
}

/// What people and word processors put between groups: white space, and every kind of hyphen or
/// dash.
fn is_separator(typed: char) -> bool {
    typed.is_whitespace() || typed == '-' || ('\u{2010}'..='\u{2015}').contains(&typed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn a_known_text_is_written_as_the_alphabet_says() {
        assert_eq!(
            encode(b"foobar").as_str(),
            "CSQPYRK1E8",
            "RFC 4648's MZXW6YTBOI in Crockford's letters"
        );
        assert_eq!(encode(&[]).as_str(), "", "nothing is nothing");
    }

    #[test]
    fn what_a_person_types_is_read_as_it_was_meant() {
        assert_eq!(
            canonical("o0-Il l1 ‑ab").as_deref().map(String::as_str),
            Some("001111AB"),
            "look-alikes are one"
        );
        for text in ["CSQPYRK1EU", "CSQPÝ", "CSQ/PY", "١٢٣"] {
            assert!(canonical(text).is_none(), "{text} is in no Crockford text");
        }
    }

    #[test]
    fn a_text_that_was_never_written_is_refused() {
        assert!(
            decode("CSQPYRK1E9").is_none(),
            "its last bits are beyond the bytes"
        );
        assert!(
            decode("CSQ").is_none(),
            "three characters are no whole number of bytes"
        );
        assert!(decode("0").is_none(), "one character is not even a byte");
    }

    #[test]
    fn random_texts_use_the_whole_alphabet() {
        let mut rng = Rng::seed_from_u64(7);
        let text = random(&mut rng, 4_000);
        for known in ALPHABET {
            let count = text.bytes().filter(|byte| byte == known).count();
            assert!(
                (75..=175).contains(&count),
                "{} came {count} times, 125 were expected",
                char::from(*known)
            );
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..80), group in 1_usize..9) {
            let text = grouped(&encode(&bytes), group);
            let typed = text.to_lowercase().replace('0', "o").replace('1', "L").replace('-', " - ");
            prop_assert_eq!(decode(&text).map(|read| read.to_vec()), Some(bytes.clone()), "as printed");
            prop_assert_eq!(decode(&typed).map(|read| read.to_vec()), Some(bytes), "as typed");
        }
    }
}
