//! Searching parts of texts by an index that every PostgreSQL has.
//!
//! Beside a text stand hashes of all its parts of a few characters, under an index of arrays (GIN). A text
//! that has the needle in it has all the needle's parts. Hashes of two parts may be alike: what the index
//! finds is looked at once more, byte by byte. How parts are hashed is part of how stores are written:
//! to change it takes a migration.

use std::ops::RangeInclusive;

use keyholder_core::query::folded;

/// Characters of the longest part.
const LONGEST: usize = 3;
/// Parts of a needle that are looked up at most. More would only make sure of what is checked anyway.
const ASKED: usize = 24;

/// FNV-1a in 32 bits (draft-eastlake-fnv, 2).
fn hash(part: &[char]) -> i32 {
    let mut bytes = [0; 4];
    let mut hash: u32 = 0x811c_9dc5;
    for character in part {
        for byte in character.encode_utf8(&mut bytes).bytes() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    hash.cast_signed()
}

/// The hashes of all parts of these lengths, each once.
pub(crate) fn of(texts: &[&str], lengths: RangeInclusive<usize>) -> Vec<i32> {
    let mut pieces = Vec::new();
    for text in texts {
        let characters: Vec<char> = text.chars().collect();
        for length in lengths.clone() {
            pieces.extend(characters.windows(length).map(hash));
        }
    }
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

/// The lengths of the parts of an account's texts: searches of every length are answered.
pub(crate) const OF_ACCOUNTS: RangeInclusive<usize> = 1..=LONGEST;
/// The length of the parts of an event's text: shorter searches look through the trail.
pub(crate) const OF_EVENTS: RangeInclusive<usize> = LONGEST..=LONGEST;

/// The text of a search, folded.
pub(crate) struct Needle(String);

impl Needle {
    /// None if there is nothing to search for.
    pub(crate) fn of(text: Option<&str>) -> Option<Self> {
        text.map(|text| folded(text.trim()))
            .filter(|text| !text.is_empty())
            .map(Self)
    }

    /// What a text has in it that matches.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.clone().into_bytes()
    }

    /// Whether it is shorter than the parts of an event's text.
    pub(crate) fn is_short(&self) -> bool {
        self.0.chars().count() < LONGEST
    }

    /// Its longest parts, which every text that has it in it has as well.
    pub(crate) fn pieces(&self) -> Vec<i32> {
        let characters: Vec<char> = self.0.chars().take(ASKED + LONGEST - 1).collect();
        characters
            .windows(characters.len().min(LONGEST))
            .map(hash)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_text_is_found_by_its_pieces() {
        let text = "ömer ünal@rose.example";
        let pieces = of(&[text], OF_ACCOUNTS);
        for (start, _) in text.char_indices() {
            for (end, _) in text.char_indices().filter(|(end, _)| *end > start) {
                if let Some(needle) = Needle::of(Some(&text[start..end])) {
                    let found = needle.pieces().iter().all(|piece| pieces.contains(piece));
                    assert!(found, "{:?} is in {text:?}", &text[start..end]);
                }
            }
        }
    }

    #[test]
    fn hashes_are_the_published_ones() {
        // Test vectors of the draft's appendix C: other numbers would not find what was written before.
        assert_eq!(hash(&['a']).cast_unsigned(), 0xe40c_292c, "of \"a\"");
        assert_eq!(hash(&['f', 'o', 'o']).cast_unsigned(), 0xa9f3_7ed7, "of \"foo\"");
    }
}
