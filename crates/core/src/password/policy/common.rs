//! The most common passwords and words.

/// The longest password compared with the lists, in code points. Their longest entry has 23.
const LONGEST: usize = 24;

/// A text with more marks than this is looked up with letters in their place only. No entry has more,
/// and zxcvbn tries every reading of every mark together, which takes long for a text of nothing else.
const MARKS: usize = 3;

/// As many guesses as it takes to run through the longest list (30,000 entries), forwards and
/// backwards, with room for the entries of the other lists.
const GUESSES: u64 = 100_000;

/// Whether the whole of `text` is on one of the lists that the zxcvbn crate carries (30,000 common
/// passwords, 30,000 English words, given names, surnames, film titles' words), in any case and with
/// the usual digits and marks for letters, or is guessed as quickly as an entry of them.
pub(super) fn is_common(text: &[char]) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let lower: String = text.iter().flat_map(|c| c.to_lowercase()).collect();
    let letters: String = lower.chars().map(letter_for_mark).collect();
    let marks = lower
        .chars()
        .zip(letters.chars())
        .filter(|(mark, letter)| mark != letter)
        .count();
    let mut forms = vec![plain(&letters, 'l'), plain(&letters, 'i'), letters];
    if marks <= MARKS {
        forms.push(lower);
    }
    forms.dedup();
    forms
        .iter()
        .any(|form| zxcvbn::zxcvbn(form, &[]).guesses() <= GUESSES)
}

/// The letter that a mark is written for.
fn letter_for_mark(c: char) -> char {
    match c {
        '@' => 'a',
        '(' | '{' | '[' | '<' => 'c',
        '€' => 'e',
        '!' | '|' => 'i',
        '$' => 's',
        '+' => 't',
        '%' => 'x',
        other => other,
    }
}

/// The letters that figures are written for; `1` stands for `i` or for `l`.
fn plain(lower: &str, one: char) -> String {
    lower
        .chars()
        .map(|c| match c {
            '4' => 'a',
            '8' => 'b',
            '3' => 'e',
            '6' | '9' => 'g',
            '1' => one,
            '0' => 'o',
            '5' => 's',
            '7' => 't',
            '2' => 'z',
            other => other,
        })
        .collect()
}
