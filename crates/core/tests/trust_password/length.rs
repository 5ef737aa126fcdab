//! P01: the length rule of NIST SP 800-63B-4.

use crate::{Measured, accepts, holds, long_text};

fn length_rule(accepts: impl Fn(&str, bool) -> bool) -> Measured {
    let text = "vn7 qk2 zt9 wb4 xj";
    for (length, second_factor, taken) in [
        (14, false, false),
        (15, false, true),
        (7, true, false),
        (8, true, true),
    ] {
        holds(accepts(&text[..length], second_factor) == taken, || {
            format!("{length} code points, second factor {second_factor}: should be taken: {taken}")
        })?;
    }
    let emoji = "🐝🌵🎺🚲🧀🪁🦊🍋🛶🎈🧦🌋🪗🐙🍩";
    holds(emoji.chars().count() == 15 && accepts(emoji, false), || {
        "15 emoji are 15 code points".into()
    })?;
    let accented = "e\u{301}xuk pwz tfm b";
    holds(
        accented.chars().count() == 15 && !accepts(accented, false),
        || "code points are counted after NFC: this is 14".into(),
    )?;
    holds(accepts(&long_text(4_096), false), || {
        "4,096 bytes should be taken".into()
    })?;
    holds(!accepts(&long_text(4_097), false), || {
        "4,097 bytes should be refused".into()
    })
}

#[test]
fn p01_passwords_are_as_long_as_nist_says() {
    assert_eq!(length_rule(accepts), Ok(()), "the length rule");
}

#[test]
fn p01_mutant_wrong_lengths_are_found() {
    type Mutant = (&'static str, fn(&str, bool) -> bool);
    let mutants: [Mutant; 5] = [
        ("takes 14", |text, mfa| {
            text.len() <= 4_096 && text.chars().count() >= if mfa { 8 } else { 14 }
        }),
        ("refuses 15", |text, mfa| {
            text.len() <= 4_096 && text.chars().count() >= if mfa { 8 } else { 16 }
        }),
        ("ignores the second factor", |text, _| accepts(text, false)),
        ("counts bytes", |text, mfa| {
            text.len() <= 4_096 && text.len() >= if mfa { 8 } else { 15 }
        }),
        ("shortens what is too long", |text, mfa| {
            accepts(text.get(..4_096).unwrap_or(text), mfa)
        }),
    ];
    for (name, mutant) in mutants {
        assert!(length_rule(mutant).is_err(), "a rule that {name} must not pass");
    }
}
