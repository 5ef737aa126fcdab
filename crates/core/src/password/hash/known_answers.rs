//! One password, hashed by the programs whose forms are read here (argon2-cffi, passlib, pyca's
//! bcrypt, Python's hashlib), and what is refused.

use super::{HashRefused, PasswordHash};
use crate::password::Password;

const PASSWORD: &str = "correct horse battery stäple";

const HASHES: [(&str, &str); 16] = [
    (
        "Argon2",
        "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S3PoxvhCaj+plzs6IIxyoC3nmiuRTe4hecf/QNIstXA",
    ),
    (
        "Argon2",
        "$argon2i$v=19$m=1024,t=3,p=2$MDEyMzQ1Njc4OWFiY2RlZg$okoNgSHi59yHYcHhtGHRuTI1obWCjZx6FojlZAvhkDA",
    ),
    (
        "Argon2",
        "$argon2d$v=19$m=1024,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ldtckwgJswKDiY4LAzgF0wNysx8jRgCmnbQJ4lHUw24",
    ),
    (
        "Argon2",
        "$argon2i$v=16$m=1024,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tIUscX9jH1Byf1qJRNehHZMjh/JEwsMQCJu17kKK8WE",
    ),
    (
        "Argon2",
        "$argon2i$m=1024,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tIUscX9jH1Byf1qJRNehHZMjh/JEwsMQCJu17kKK8WE",
    ),
    (
        "PBKDF2",
        "$pbkdf2-sha512$1000$8PHy8/T19vf4.fr7/P3./w$HzJbbU313qOup2GNT4vDrF/W0rdL77kf.cK6RwwTRk7SPMmvdjF94LNxw8QaNTcmDKESzKq4T0qbxEHSwczPVA",
    ),
    (
        "PBKDF2",
        "$pbkdf2-sha512$1000$8PHy8/T19vf4+fr7/P3+/w==$HzJbbU313qOup2GNT4vDrF/W0rdL77kf+cK6RwwTRk7SPMmvdjF94LNxw8QaNTcmDKESzKq4T0qbxEHSwczPVA==",
    ),
    (
        "PBKDF2",
        "$pbkdf2-sha512$i=1000,l=32$8PHy8/T19vf4+fr7/P3+/w$HzJbbU313qOup2GNT4vDrF/W0rdL77kf+cK6RwwTRk4",
    ),
    (
        "PBKDF2",
        "$pbkdf2-sha256$1000$8PHy8/T19vf4.fr7/P3./w$SU0fzvXx98HcWxwIb68fnP1uMR8Aa90NtvLW6i9k3HU",
    ),
    (
        "PBKDF2",
        "pbkdf2_sha256$1000$seasalt12345$XQF+2HzuF0FNqHdp61KCdehb5OO3un35VHlc2pJ28Ck=",
    ),
    (
        "bcrypt",
        "$2a$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm",
    ),
    (
        "bcrypt",
        "$2b$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm",
    ),
    (
        "bcrypt",
        "$2y$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm",
    ),
    (
        "WordPress",
        "$wp$2y$04$abcdefghijklmnopqrstuu1bPRIqJdMVNjkBkcQE3VG3eyIGTDYuC",
    ),
    (
        "scrypt",
        "$scrypt$ln=10,r=8,p=2$8PHy8/T19vf4+fr7/P3+/w$btmn6NoaWCH57juHP7AWzC5RwzVbtdmyukiAR0EpGko",
    ),
    ("phpass", "$P$6abcdefghsMsbu9nX4Eyo5gPtrbXUn0"),
];

fn matches(hash: &str, password: &str) -> bool {
    let password = Password::new(password.to_owned()).expect("short enough");
    PasswordHash::parse(hash)
        .expect("a known form")
        .matches(&password, None)
        .expect("no pepper needed")
}

#[test]
fn every_known_form_verifies_its_password_and_no_other() {
    for (scheme, hash) in HASHES {
        assert_eq!(
            PasswordHash::parse(hash).map(|hash| hash.scheme()),
            Ok(scheme),
            "{hash} is known by its name"
        );
        assert!(matches(hash, PASSWORD), "{hash} was made from this password");
        assert!(
            !matches(hash, "correct horse battery staple"),
            "{hash} was not made from a look-alike"
        );
        assert!(!matches(hash, ""), "{hash} was not made from nothing");
    }
    assert!(
        matches("$H$6abcdefghsMsbu9nX4Eyo5gPtrbXUn0", PASSWORD),
        "phpBB's name for phpass is the same form"
    );
}

#[test]
fn a_known_form_that_is_cut_or_changed_never_verifies() {
    for (_, hash) in HASHES {
        for end in 0..hash.trim_end_matches('=').len() {
            let cut = PasswordHash::parse(&hash[..end]).is_ok_and(|_| matches(&hash[..end], PASSWORD));
            assert!(!cut, "the first {end} characters of {hash} are not the hash");
        }
    }
}

#[test]
fn a_hash_reads_back_as_it_was_written_and_shows_nothing_of_itself() {
    for (scheme, text) in HASHES {
        let hash = PasswordHash::parse(text).expect("a known form");
        assert_eq!(hash.as_str(), text, "an imported hash goes out as it came in");
        assert_eq!(
            format!("{hash:?}"),
            format!("PasswordHash({scheme}, …)"),
            "logs show the form alone"
        );
    }
}

#[test]
fn bcrypt_is_checked_as_the_system_that_wrote_it_did() {
    // 72 times x; pyca's bcrypt hashed it.
    let hash = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
    let long = "x".repeat(72);
    assert!(matches(hash, &long), "the password itself");
    assert!(
        matches(hash, &format!("{long}y")),
        "bcrypt never read the 73rd byte"
    );
    assert!(!matches(hash, &"x".repeat(71)), "but it read the 72nd");
    assert!(
        matches(HASHES[11].1, &format!("{PASSWORD}\0more")),
        "bcrypt's password ends at the first NUL"
    );
}

#[test]
fn wordpress_hashes_ignore_white_space_around_the_password() {
    for hash in [HASHES[13].1, HASHES[15].1] {
        assert!(
            matches(hash, &format!("  {PASSWORD}\n")),
            "WordPress took the white space off {hash} first"
        );
    }
}

#[test]
fn unknown_forms_are_refused_as_unknown() {
    for text in [
        "",
        "hunter2",
        "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
        "$6$salt$abc",
        "$2x$04$abcdefghijklmnopqrstuu",
        "{SSHA}abc",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "$7$C6..../....",
        "$y$j9T$abc",
        "sha1$abc$def",
        "$wp$P$B",
    ] {
        assert_eq!(
            PasswordHash::parse(text),
            Err(HashRefused::UnknownFormat),
            "{text} is none of the known forms"
        );
    }
    let endless = format!("{}{}", HASHES[0].1, "A".repeat(1 << 20));
    assert_eq!(
        PasswordHash::parse(&endless),
        Err(HashRefused::UnknownFormat),
        "a mebibyte is no hash"
    );
}

#[test]
fn damaged_hashes_are_refused_as_damaged() {
    for text in [
        "$argon2id$v=19$m=19456,t=2$MDEyMzQ1Njc4OWFiY2RlZg$S3PoxvhCaj+plzs6IIxyoC3nmiuRTe4hecf/QNIstXA",
        "$argon2id$v=18$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S3PoxvhCaj+plzs6IIxyoC3nmiuRTe4hecf/QNIstXA",
        "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S3Pox",
        "$argon2id$v=19$m=19456,t=0,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S3PoxvhCaj+plzs6IIxyoC3nmiuRTe4hecf/QNIstXA",
        "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg",
        "$pbkdf2-sha512$0$8PHy8w$SU0fzvXx98HcWxwIb68fnP1uMR8Aa90NtvLW6i9k3HU",
        "$pbkdf2-sha512$i=1000,l=64$8PHy8w$SU0fzvXx98HcWxwIb68fnP1uMR8Aa90NtvLW6i9k3HU",
        "$pbkdf2-md5$1000$8PHy8w$SU0fzvXx98HcWxwIb68fnP1uMR8Aa90NtvLW6i9k3HU",
        "pbkdf2_sha1$1000$salt$XQF+2HzuF0FNqHdp61KCdehb5OO3un35VHlc2pJ28Ck=",
        "$2b$03$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm",
        "$2b$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuT",
        "$scrypt$ln=0,r=8,p=1$8PHy8w$btmn6NoaWCH57juHP7AWzC5RwzVbtdmyukiAR0EpGko",
        "$scrypt$ln=10,r=8$8PHy8w$btmn6NoaWCH57juHP7AWzC5RwzVbtdmyukiAR0EpGko",
        "$P$6abcdefghsMsbu9nX4Eyo5gPtrbXUn",
        "$P$6abcdefghsMsbu9nX4Eyo5gPtrbXUn!",
    ] {
        let answer = PasswordHash::parse(text);
        assert!(
            matches!(answer, Err(HashRefused::Damaged { .. })),
            "{text} is damaged, not {answer:?}"
        );
    }
}

#[test]
fn a_hash_that_would_exhaust_the_machine_is_refused_before_any_work() {
    let (salt, output) = (
        "MDEyMzQ1Njc4OWFiY2RlZg",
        "S3PoxvhCaj+plzs6IIxyoC3nmiuRTe4hecf/QNIstXA",
    );
    for (taken, refused) in [
        (
            "$argon2id$v=19$m=262144,t=8,p=1",
            "$argon2id$v=19$m=262145,t=1,p=1",
        ),
        (
            "$argon2id$v=19$m=262144,t=8,p=64",
            "$argon2id$v=19$m=262144,t=9,p=1",
        ),
        ("$argon2id$v=19$m=1024,t=2,p=64", "$argon2id$v=19$m=1024,t=2,p=65"),
        (
            "$argon2id$v=19$m=1024,t=2048,p=1",
            "$argon2id$v=19$m=1024,t=4294967295,p=1",
        ),
        ("$pbkdf2-sha256$5000000", "$pbkdf2-sha256$5000001"),
        ("$pbkdf2-sha256$i=5000000", "$pbkdf2-sha256$i=4294967295"),
        ("$scrypt$ln=18,r=8,p=2", "$scrypt$ln=19,r=8,p=1"),
        ("$scrypt$ln=18,r=8,p=2", "$scrypt$ln=18,r=8,p=3"),
        (
            "$scrypt$ln=10,r=2048,p=2",
            "$scrypt$ln=4294967295,r=4294967295,p=4294967295",
        ),
    ] {
        assert!(
            PasswordHash::parse(&format!("{taken}${salt}${output}")).is_ok(),
            "{taken} is heavy but bearable"
        );
        let answer = PasswordHash::parse(&format!("{refused}${salt}${output}"));
        assert!(
            matches!(answer, Err(HashRefused::TooCostly { .. })),
            "{refused} is too heavy, not {answer:?}"
        );
    }
    let heavy = "$2b$16$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm";
    assert!(
        matches!(PasswordHash::parse(heavy), Err(HashRefused::TooCostly { .. })),
        "cost 16 is too heavy"
    );
    let heavy = "$P$LabcdefghsMsbu9nX4Eyo5gPtrbXUn0";
    assert!(
        matches!(PasswordHash::parse(heavy), Err(HashRefused::TooCostly { .. })),
        "2^23 rounds are too heavy"
    );
}
