//! P03: the same password typed on another system works.

use rand::RngExt as _;
use unicode_normalization::UnicodeNormalization as _;

use crate::{Measured, holds, matches, password, rng, whole};

/// Texts of characters that are written in two ways, in both: composed and decomposed.
fn composed_and_decomposed(count: usize) -> Vec<(String, String)> {
    let decomposable: Vec<char> = ('\u{a1}'..='\u{d7a3}')
        .filter(|c| c.nfd().count() > 1 && c.nfd().nfc().eq([*c]))
        .collect();
    let mut rng = rng();
    (0..count)
        .map(|_| {
            let text: String = (0..15)
                .map(|_| decomposable[rng.random_range(0..decomposable.len())])
                .collect();
            (text.nfc().collect(), text.nfd().collect())
        })
        .collect()
}

/// Texts that only NFKC would make equal: `ﬁ` and `fi`.
fn look_alikes(count: usize) -> Vec<(String, String)> {
    let compatible: Vec<char> = ('\u{a1}'..='\u{ffee}')
        .filter(|c| !c.nfkc().eq(c.nfc()))
        .collect();
    let mut rng = rng();
    (0..count)
        .map(|_| {
            let text = format!(
                "correct horse {}",
                compatible[rng.random_range(0..compatible.len())]
            );
            (text.nfc().collect(), text.nfkc().collect())
        })
        .collect()
}

fn same_on_every_system(count: usize, matches: impl Fn(&str, &str) -> bool) -> Measured {
    for (composed, decomposed) in composed_and_decomposed(count) {
        holds(composed != decomposed, || "the pair is no pair".into())?;
        holds(matches(&composed, &decomposed), || {
            format!("{composed} composed and decomposed differ")
        })?;
    }
    for (one, other) in look_alikes(count) {
        holds(!matches(&one, &other), || {
            format!("{one} and {other} only look alike")
        })?;
    }
    Ok(())
}

#[test]
fn p03_the_same_password_from_another_system_works() {
    let same_text = |one: &str, other: &str| password(one).expose() == password(other).expose();
    assert_eq!(
        same_on_every_system(1_000, same_text),
        Ok(()),
        "all pairs, as texts"
    );
    assert_eq!(
        same_on_every_system(if whole() { 1_000 } else { 20 }, matches),
        Ok(()),
        "pairs, through the hash"
    );
}

#[test]
fn p03_mutant_other_normal_forms_are_found() {
    assert!(
        same_on_every_system(50, |one, other| one == other).is_err(),
        "no normal form at all must not pass"
    );
    let nfkc = |one: &str, other: &str| one.nfkc().eq(other.nfkc());
    assert!(
        same_on_every_system(50, nfkc).is_err(),
        "nor NFKC, which makes look-alikes equal"
    );
}
