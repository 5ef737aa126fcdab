//! P02: nothing truncated, no rule of composition.

use rand::RngExt as _;

use crate::{Measured, accepts, holds, long_text, matches, rng, whole};

fn nothing_cut_off(accepts: impl Fn(&str) -> bool, matches: impl Fn(&str, &str) -> bool) -> Measured {
    let mut rng = rng();
    let alphabets: [Vec<char>; 4] = [
        ('a'..='z').collect(),
        ('A'..='Z').chain('0'..='9').collect(),
        (' '..='~').collect(),
        ('א'..='ת')
            .chain('ぁ'..='ん')
            .chain('а'..='я')
            .chain('\u{1f400}'..='\u{1f4ff}')
            .collect(),
    ];
    for round in 0..if whole() { 10_000 } else { 1_000 } {
        let alphabet = &alphabets[round % alphabets.len()];
        let length = rng.random_range(15..=40);
        let text: String = (0..length)
            .map(|_| alphabet[rng.random_range(0..alphabet.len())])
            .collect();
        holds(accepts(&text), || format!("{text} is random and should be taken"))?;
    }
    let text = long_text(4_096);
    for cut in [8, 16, 55, 64, 71, 72, 73, 127, 128, 255, 256, 1_024, 4_095] {
        let other = format!(
            "{}{}",
            &text[..cut],
            if text.as_bytes()[cut] == b'x' { 'y' } else { 'x' }
        );
        let same_start = &text[..=cut];
        holds(!matches(same_start, &other), || {
            format!("byte {cut} does not count")
        })?;
    }
    let other = format!(
        "{}{}",
        &text[..4_095],
        if text.ends_with('x') { 'y' } else { 'x' }
    );
    holds(!matches(&text, &other), || {
        "the last of 4,096 bytes does not count".into()
    })?;
    holds(matches(&text, &text), || {
        "4,096 bytes do not match themselves".into()
    })?;
    holds(!matches(" space at both ends ", "space at both ends"), || {
        "white space is cut off".into()
    })
}

#[test]
fn p02_every_character_counts_and_none_is_demanded() {
    assert_eq!(
        nothing_cut_off(|text| accepts(text, false), matches),
        Ok(()),
        "nothing is cut off or demanded"
    );
}

#[test]
fn p02_mutant_truncation_and_composition_are_found() {
    let cut_at_72 = |one: &str, other: &str| {
        one.as_bytes()[..one.len().min(72)] == other.as_bytes()[..other.len().min(72)]
    };
    assert!(
        nothing_cut_off(|_| true, cut_at_72).is_err(),
        "a hash of the first 72 bytes must not pass"
    );
    assert!(
        nothing_cut_off(|_| true, |one, other| one.trim() == other.trim()).is_err(),
        "nor one that trims"
    );
    assert!(
        nothing_cut_off(|_| true, |_, _| false).is_err(),
        "nor one that never matches"
    );
    let wants_a_figure = |text: &str| text.chars().any(|c| c.is_ascii_digit());
    assert!(
        nothing_cut_off(wants_a_figure, |one, other| one == other).is_err(),
        "nor a rule that wants a figure"
    );
}
