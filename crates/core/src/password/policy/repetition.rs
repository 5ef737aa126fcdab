//! One piece over and over: `aaaaaaaa`, `abcabcabc`, `passwordpassword`.

/// A repeated piece is worth what the piece is worth: it is refused where the piece, written at
/// least twice (the last time perhaps not to its end), is itself shorter than a password must be.
pub(super) fn is_repetitive(text: &[char], need: u32) -> bool {
    let period = period(text);
    let shorter_than_needed = u32::try_from(period).is_ok_and(|period| period < need);
    !text.is_empty() && text.len() >= 2 * period && shorter_than_needed
}

/// The length of the shortest piece whose repetition gives `text`, by the prefix function of Knuth,
/// Morris and Pratt: one pass, however long the text.
fn period(text: &[char]) -> usize {
    let mut border = vec![0; text.len()];
    for end in 1..text.len() {
        let mut length = border[end - 1];
        while length > 0 && text[end] != text[length] {
            length = border[length - 1];
        }
        border[end] = if text[end] == text[length] { length + 1 } else { 0 };
    }
    text.len() - border.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::is_repetitive;

    fn repetitive(text: &str) -> bool {
        is_repetitive(&text.chars().collect::<Vec<_>>(), 15)
    }

    #[test]
    fn a_short_piece_written_again_and_again_is_repetitive() {
        for text in [
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "passwordpassword",
            "xyzxyzxyzxyzxyzx",
            "🙂🙂🙂🙂🙂🙂🙂🙂",
        ] {
            assert!(repetitive(text), "{text} is one piece over and over");
        }
    }

    #[test]
    fn a_piece_that_is_long_enough_alone_may_come_twice() {
        assert!(
            !repetitive("seventeen lettersseventeen letters"),
            "the piece alone would be taken"
        );
        assert!(
            !repetitive("correct horse password battery"),
            "nothing is repeated here"
        );
        assert!(!repetitive(""), "an empty password is short, not repetitive");
    }
}
