//! Hashes crossed with programs nobody here wrote: what they hash is verified here, what is hashed
//! here is verified there.
//!
//! The programs are the `argon2` command and, in a Python environment of their own, libpass (the
//! successor of passlib), argon2-cffi, bcrypt and Django. `cargo xtask setup` puts them in place.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use keyholder_core::clock::Rng;
use keyholder_core::password::{Argon2Params, Hasher, Password, PasswordHash, Pepper, Verdict};
use rand::SeedableRng as _;

const PASSWORDS: [&str; 5] = [
    "correct horse battery stäple",
    "a",
    "🐝 in the garden",
    "  white space  ",
    "'\"$\\%s`",
];

/// Runs one of the programs with `input` and gives back what it wrote.
fn run(program: &mut Command, input: &str) -> String {
    let name = format!("{program:?}");
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|cause| panic!("{name} does not start ({cause}): run cargo xtask setup"));
    // A program that ends before it has read everything says why itself.
    let _unread = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !said.contains("ModuleNotFoundError"),
        "{name} lacks a part: run cargo xtask setup\n{said}"
    );
    assert!(output.status.success(), "{name} failed:\n{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs Python once with the words given and gives back the lines it printed.
fn python(script: &str, words: &[&str]) -> Vec<String> {
    let oracles = std::env::var_os("KEYHOLDER_ORACLES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/oracles")),
        PathBuf::from,
    );
    let interpreter = ["bin/python", "Scripts/python.exe"].map(|path| oracles.join(path));
    let interpreter = interpreter
        .iter()
        .find(|path| path.exists())
        .unwrap_or(&interpreter[0]);
    let script = format!("import sys, json\nwords = json.load(sys.stdin)\n{script}");
    let input = serde_json::json!(words).to_string();
    run(
        Command::new(interpreter).args(["-X", "utf8", "-c", &script]),
        &input,
    )
    .lines()
    .map(str::to_owned)
    .collect()
}

/// The hashes that a Python expression makes of every password, each with its password.
fn hashed_by(preparation: &str, expression: &str) -> Vec<(&'static str, String)> {
    let hashes = python(
        &format!("{preparation}\nfor password in words: print({expression})"),
        &PASSWORDS,
    );
    assert_eq!(hashes.len(), PASSWORDS.len(), "one hash for each password");
    PASSWORDS.into_iter().zip(hashes).collect()
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

fn hasher() -> Hasher {
    Hasher::new(Argon2Params::floor(), None, 1)
}

/// The hash is taken, belongs to this password and to no other, and is (or is not) outdated.
fn assert_verifies(hash: &str, text: &str, outdated: bool) {
    let parsed = PasswordHash::parse(hash).unwrap_or_else(|refused| panic!("{hash}: {refused}"));
    let verdict = |text: &str| block_on(hasher().verify(Some(&parsed), &password(text))).unwrap();
    assert_eq!(
        verdict(text),
        Verdict::Right { outdated },
        "{hash} was made from {text}"
    );
    assert_eq!(
        verdict(&format!("x{text}")),
        Verdict::Wrong,
        "{hash} was not made from x{text}"
    );
}

fn hash_of(text: &str) -> String {
    block_on(hasher().hash(&password(text), &mut Rng::seed_from_u64(3)))
        .unwrap()
        .as_str()
        .to_owned()
}

#[test]
fn the_argon2_command_and_we_make_the_same_hashes() {
    for text in PASSWORDS {
        for (kind, outdated) in [("-id", false), ("-i", true), ("-d", true)] {
            let theirs = run(
                Command::new("argon2").args([
                    "sixteen bytes ok",
                    kind,
                    "-t",
                    "2",
                    "-k",
                    "19456",
                    "-p",
                    "1",
                    "-e",
                ]),
                text,
            );
            assert_verifies(theirs.trim(), text, outdated);
        }
    }
}

#[test]
fn argon2_cffi_and_libpass_verify_what_we_hash() {
    for verify in [
        "import argon2\nprint(argon2.PasswordHasher().verify(words[1], words[0]))",
        "from passlib import hash\nprint(hash.argon2.verify(words[0], words[1]))",
    ] {
        for text in PASSWORDS {
            assert_eq!(
                python(verify, &[text, &hash_of(text)]),
                ["True"],
                "others know our hash of {text}"
            );
        }
    }
}

#[test]
fn the_pepper_is_the_secret_value_of_the_reference_implementation() {
    let script = "
from argon2.low_level import ffi, lib, Type
salt, key = bytes([9]) * 16, bytes([7]) * 32
for text in [word.encode() for word in words]:
    out = ffi.new('uint8_t[32]')
    parts = [ffi.new('uint8_t[]', part) for part in (text, salt, key)]
    context = ffi.new('argon2_context *', dict(version=19, out=out, outlen=32, pwd=parts[0], pwdlen=len(text),
        salt=parts[1], saltlen=16, secret=parts[2], secretlen=32, ad=ffi.NULL, adlen=0, t_cost=2, m_cost=19456,
        lanes=1, threads=1, allocate_cbk=ffi.NULL, free_cbk=ffi.NULL, flags=0))
    assert lib.argon2_ctx(context, Type.ID.value) == 0
    print(bytes(ffi.buffer(out)).hex())";
    let hasher = Hasher::new(Argon2Params::floor(), Some(Pepper::new([7; 32])), 1);
    let ours = PASSWORDS
        .map(|text| block_on(hasher.hash_with_salt(text.as_bytes(), &[9; 16], hasher.params())).unwrap());
    let ours = ours.map(|output| data_encoding::HEXLOWER.encode(&output));
    assert_eq!(
        python(script, &PASSWORDS),
        ours,
        "the same secret value gives the same output"
    );
}

#[test]
fn we_verify_every_form_that_libpass_writes() {
    for scheme in [
        "argon2.using(type='ID', memory_cost=8192, rounds=2, parallelism=4)",
        "argon2.using(type='I', memory_cost=1024, rounds=3)",
        "pbkdf2_sha512.using(rounds=100000)",
        "pbkdf2_sha256.using(rounds=29000)",
        "django_pbkdf2_sha256.using(rounds=20000)",
        "bcrypt.using(rounds=5, ident='2a')",
        "bcrypt.using(rounds=5, ident='2b')",
        "bcrypt.using(rounds=5, ident='2y')",
        "scrypt.using(rounds=12, block_size=8, parallelism=2)",
        "phpass.using(rounds=8)",
        "phpass.using(rounds=8, ident='H')",
    ] {
        for (text, hash) in hashed_by(
            "from passlib import hash",
            &format!("hash.{scheme}.hash(password)"),
        ) {
            assert_verifies(&hash, text, true);
        }
    }
}

#[test]
fn we_verify_what_django_writes() {
    let preparation = "
from django.conf import settings
settings.configure(PASSWORD_HASHERS=['django.contrib.auth.hashers.PBKDF2PasswordHasher'])
from django.contrib.auth.hashers import make_password";
    for (text, hash) in hashed_by(preparation, "make_password(password)")
        .into_iter()
        .take(2)
    {
        assert_verifies(&hash, text, true);
    }
}

#[test]
fn we_verify_what_pow_writes() {
    let preparation = "
import base64, hashlib, os
def pow(password):
    salt = os.urandom(16)
    output = hashlib.pbkdf2_hmac('sha512', password.encode(), salt, 100000, 64)
    return '$pbkdf2-sha512$100000$' + base64.b64encode(salt).decode() + '$' + base64.b64encode(output).decode()";
    for (text, hash) in hashed_by(preparation, "pow(password)") {
        assert_verifies(&hash, text, true);
    }
}

#[test]
fn we_verify_what_wordpress_writes() {
    let preparation = "
import base64, hmac, bcrypt
def wordpress(password):
    digest = base64.b64encode(hmac.new(b'wp-sha384', password.strip().encode(), 'sha384').digest())
    return '$wp' + bcrypt.hashpw(digest, bcrypt.gensalt(5)).decode().replace('$2b$', '$2y$')";
    for (text, hash) in hashed_by(preparation, "wordpress(password)") {
        assert_verifies(&hash, text, true);
    }
}
