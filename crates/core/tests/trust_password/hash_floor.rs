//! P05: the floor of what a hash costs.

use std::time::{Duration, Instant};

use keyholder_core::password::{Argon2Params, Hasher, PasswordHash, Pepper, Verdict};

use crate::{Measured, block_on, holds, password, rng};

fn costs_enough(stored: &str) -> Measured {
    let costs = stored
        .strip_prefix("$argon2id$v=19$")
        .and_then(|rest| rest.split('$').next())
        .unwrap_or_default();
    let cost = |name: &str| {
        costs
            .split(',')
            .find_map(|pair| pair.strip_prefix(name)?.parse::<u32>().ok())
            .unwrap_or_default()
    };
    holds(cost("m=") >= 19_456 && cost("t=") >= 2 && cost("p=") >= 1, || {
        format!("{costs} is below the floor")
    })
}

/// The next sign-in with an old hash: the new one to keep, if there is one.
fn upgraded(hasher: &Hasher, old: &str, text: &str) -> Option<String> {
    block_on(async {
        let old = PasswordHash::parse(old).unwrap();
        match hasher.verify(Some(&old), &password(text)).await.unwrap() {
            Verdict::Right { outdated: true } => Some(
                hasher
                    .hash(&password(text), &mut rng())
                    .await
                    .unwrap()
                    .as_str()
                    .to_owned(),
            ),
            _ => None,
        }
    })
}

fn hash_floor(hash: impl Fn(&str) -> String, upgraded: impl Fn(&str, &str) -> Option<String>) -> Measured {
    let text = "correct horse battery stäple";
    costs_enough(&hash(text))?;
    for old in [
        "$argon2id$v=19$m=1024,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$+DQ1NSwh07mImlxS7AMbUdXA9euWbDJGejCs1xG9fyA",
        "$pbkdf2-sha512$1000$8PHy8/T19vf4+fr7/P3+/w==$HzJbbU313qOup2GNT4vDrF/W0rdL77kf+cK6RwwTRk7SPMmvdjF94LNxw8QaNTcmDKESzKq4T0qbxEHSwczPVA==",
        "$2b$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm",
        "$scrypt$ln=10,r=8,p=2$8PHy8/T19vf4+fr7/P3+/w$btmn6NoaWCH57juHP7AWzC5RwzVbtdmyukiAR0EpGko",
        "$P$6abcdefghsMsbu9nX4Eyo5gPtrbXUn0",
    ] {
        let new = upgraded(old, text).ok_or_else(|| format!("{old} is not upgraded"))?;
        costs_enough(&new)?;
        holds(upgraded(&new, text).is_none(), || {
            format!("{new} is upgraded again and again")
        })?;
    }
    Ok(())
}

fn hash_of(hasher: &Hasher, text: &str) -> String {
    block_on(hasher.hash(&password(text), &mut rng()))
        .unwrap()
        .as_str()
        .to_owned()
}

#[test]
fn p05_every_hash_costs_enough_and_old_ones_are_upgraded() {
    let pepper = Pepper::new([7; 32]);
    for (params, pepper) in [
        (Argon2Params::default(), None),
        (Argon2Params::floor(), None),
        (Argon2Params::floor(), Some(pepper)),
    ] {
        let hasher = Hasher::new(params, pepper, 1);
        let measured = hash_floor(
            |text| hash_of(&hasher, text),
            |old, text| upgraded(&hasher, old, text),
        );
        assert_eq!(measured, Ok(()), "every hash kept costs enough");
    }
}

#[test]
fn p05_nothing_cheaper_than_the_floor_can_be_configured() {
    for (memory_kib, passes, lanes) in [(19_455, 2, 1), (19_456, 1, 1), (19_456, 2, 0), (0, 0, 0)] {
        assert!(
            Argon2Params::new(memory_kib, passes, lanes).is_err(),
            "m={memory_kib} t={passes} p={lanes} is too cheap"
        );
    }
    assert_eq!(
        Argon2Params::new(19_456, 2, 1),
        Ok(Argon2Params::floor()),
        "the floor itself is taken"
    );
    assert!(
        Argon2Params::new(1 << 20, 3, 1).is_err(),
        "a mebi-KiB for one sign-in is too much"
    );
}

#[test]
#[ignore = "takes the time, which other work on the machine makes longer: cargo xtask trust P05"]
fn p05_a_sign_in_waits_less_than_a_second() {
    let hasher = Hasher::new(Argon2Params::default(), None, 1);
    let right = password("correct horse battery stäple");
    let mut times: Vec<Duration> = block_on(async {
        let hash = hasher.hash(&right, &mut rng()).await.unwrap();
        let mut times = Vec::new();
        for _ in 0..100 {
            let start = Instant::now();
            assert_ne!(
                hasher.verify(Some(&hash), &right).await.unwrap(),
                Verdict::Wrong,
                "the right password"
            );
            times.push(start.elapsed());
        }
        times
    });
    times.sort();
    let waited = times[94];
    assert!(
        waited < Duration::from_secs(1),
        "95 of 100 sign-ins wait less than a second, not {waited:?}"
    );
}

#[test]
fn p05_mutant_cheap_hashes_are_found() {
    let hasher = Hasher::new(Argon2Params::floor(), None, 1);
    let good = |text: &str| hash_of(&hasher, text);
    let cheap = |text: &str| good(text).replace("m=19456", "m=19455");
    let real = |old: &str, text: &str| upgraded(&hasher, old, text);
    assert!(
        hash_floor(cheap, real).is_err(),
        "a hash one KiB too cheap must not pass"
    );
    assert!(
        hash_floor(good, |_, _| None).is_err(),
        "nor one that leaves old hashes as they are"
    );
    assert!(
        hash_floor(good, |old, text| real(old, text).map(|_| cheap(text))).is_err(),
        "nor a cheap upgrade"
    );
    assert!(
        hash_floor(good, |_, text| Some(good(text))).is_err(),
        "nor one that never ends"
    );
}
