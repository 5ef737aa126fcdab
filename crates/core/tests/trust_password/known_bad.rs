//! P04: known-bad passwords are refused without a network.

use std::process::Command;
use std::time::{Duration, Instant};

use keyholder_core::password::{Context, ContextKind, Rules, Weakness, check};

use crate::{Measured, ROSE, accepts, holds, long_text, password, refused, whole};

/// The passwords of the list that the product carries, read from the crate's own source.
fn listed() -> Vec<String> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let manifest = packages
        .iter()
        .find(|package| package["name"] == "zxcvbn")
        .unwrap()["manifest_path"]
        .as_str()
        .unwrap();
    let source = std::fs::read_to_string(manifest.replace("Cargo.toml", "src/frequency_lists.rs")).unwrap();
    let list = source
        .split("const PASSWORDS: &str = \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    list.split(',').map(|entry| entry.replace(r"\'", "'")).collect()
}

/// What people make of a name, each long enough not to be refused for its length alone.
fn variants(name: &str) -> Vec<String> {
    let bare: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let leet: String = bare
        .chars()
        .map(|c| match c {
            'a' => '4',
            'e' => '3',
            'o' => '0',
            's' => '$',
            other => other,
        })
        .collect();
    let reversed: String = bare.chars().rev().collect();
    [
        bare.clone(),
        bare.to_uppercase(),
        bare.to_lowercase(),
        leet,
        reversed.clone(),
        name.to_owned(),
        format!("{bare}2026"),
        format!("{bare}!"),
        format!("2026{bare}"),
        format!("{bare}-{bare}"),
        format!("{bare}{reversed}"),
        format!("{bare}12345678"),
        format!("my{bare}password1"),
        format!("!!{bare}!!2026"),
    ]
    .to_vec()
}

fn known_bad_refused(refused: impl Fn(&str) -> bool, listed: &[String]) -> Measured {
    for text in listed {
        holds(refused(text), || format!("{text} is on the list"))?;
        let capitals = format!("{}{}", text[..1].to_uppercase(), &text[1..]);
        holds(refused(&capitals), || {
            format!("{capitals} is on the list but for its case")
        })?;
    }
    for name in [
        "Rose Garden",
        "Anna Müller",
        "anna.mueller@blumenhof.example",
        "blumenhof",
        "anna rose",
        "müllergarden",
    ] {
        for text in variants(name) {
            holds(refused(&text), || format!("{text} is a variant of {name}"))?;
        }
    }
    for text in [
        "correct horse password battery",
        "anna paints seven fences",
        "monkey sees dragon under bridge",
        "garden chairs never sing opera",
        "qwerty keyboards amuse nobody",
        "please 12345678 bring the teapot",
    ] {
        holds(!refused(text), || {
            format!("{text} is a passphrase that contains a known word")
        })?;
    }
    Ok(())
}

/// Refused for what it is, not for its length.
fn refused_as_known(text: &str) -> bool {
    refused(text, Rules::with_second_factor()).is_some_and(|why| {
        why.iter()
            .any(|weakness| !matches!(weakness, Weakness::TooShort { .. }))
    })
}

#[test]
fn p04_known_passwords_and_variants_of_names_are_refused() {
    let listed = listed();
    assert!(
        listed.len() >= 30_000,
        "the whole list is read, not {} entries of it",
        listed.len()
    );
    let step = if whole() { 1 } else { 10 };
    let some: Vec<String> = listed.into_iter().step_by(step).collect();
    assert_eq!(
        known_bad_refused(refused_as_known, &some),
        Ok(()),
        "known passwords"
    );
}

#[test]
fn p04_refusals_name_the_reason() {
    let which = |text| refused(text, Rules::sole()).unwrap_or_default();
    for (text, why) in [
        (
            "rosegarden2026!",
            Weakness::ContextWord {
                which: ContextKind::Shop,
            },
        ),
        (
            "AnnaMueller1984",
            Weakness::ContextWord {
                which: ContextKind::Name,
            },
        ),
        (
            "blumenhof-2026!!",
            Weakness::ContextWord {
                which: ContextKind::Email,
            },
        ),
        ("password1password1", Weakness::Repetitive),
        ("1234567890qwertyuiop", Weakness::Sequential),
        ("passwordfootball", Weakness::Common),
    ] {
        assert_eq!(
            which(text),
            [why],
            "{text} is refused for this reason and no other"
        );
    }
    assert_eq!(
        refused("monkey", Rules::sole()),
        Some(vec![Weakness::TooShort { have: 6, need: 15 }, Weakness::Common]),
        "every reason is told at once"
    );
}

#[test]
#[ignore = "takes the time, which other work on the machine makes longer: cargo xtask trust P04"]
fn p04_no_password_takes_long_to_check() {
    let bound = Duration::from_millis(50);
    accepts("the lists are read at the first use", false);
    let hostile = [
        "a".repeat(4_096),
        "ab".repeat(2_048),
        "rosegarden".repeat(409),
        "4@8(369".repeat(9),
        "4@8({[<3691!|0$5+7%2".repeat(6)[..24].to_owned(),
        "aaaaaaaabaaaaaaaabaaaaaa".to_owned(),
        "\u{301}".repeat(2_048),
        "\u{fdfa}".repeat(1_365),
        "İa".repeat(12),
        long_text(4_096),
        long_text(24),
        "111211121112111211121113".to_owned(),
        "4836915072@($4836915072%".to_owned(),
    ];
    for text in hostile {
        let password = password(&text);
        let best = (0..5).map(|_| {
            let start = Instant::now();
            let _answer = check(&password, &ROSE, Rules::sole());
            start.elapsed()
        });
        let best = best.min().unwrap();
        assert!(
            best < bound,
            "{} bytes beginning {:?} took {best:?}",
            text.len(),
            &text.chars().take(8).collect::<String>()
        );
    }
}

#[test]
fn p04_mutant_lists_with_holes_are_found() {
    type Mutant = (&'static str, fn(&str) -> bool);
    let listed: Vec<String> = listed().into_iter().step_by(1_000).collect();
    let mutants: [Mutant; 4] = [
        ("refuses nothing", |_| false),
        ("refuses what contains a listed word", |text| {
            text.contains("password") || refused_as_known(text)
        }),
        ("knows no names", |text| {
            check(&password(text), &Context::default(), Rules::with_second_factor()).is_err()
        }),
        ("looks at lower case only", |text| {
            text.to_lowercase() == text && refused_as_known(text)
        }),
    ];
    for (name, mutant) in mutants {
        assert!(
            known_bad_refused(mutant, &listed).is_err(),
            "a check that {name} must not pass"
        );
    }
}
