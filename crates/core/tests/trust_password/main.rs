//! Promises about passwords, each with the measure that would prove it wrong, and for each measure a
//! broken double that it must catch. `KEYHOLDER_TRUST=full` runs them whole; without it they are shortened.

#![expect(clippy::unwrap_used, reason = "tests")]

mod hash_floor;
mod known_bad;
mod length;
mod normal_forms;
mod whole_text;

use std::sync::LazyLock;

use keyholder_core::clock::Rng;
use keyholder_core::password::{Argon2Params, Context, Hasher, Password, Rules, Verdict, Weakness, check};
use rand::{RngExt as _, SeedableRng as _};

/// What a measure answers: kept, or how the promise was broken.
type Measured = Result<(), String>;

fn holds(condition: bool, broken: impl FnOnce() -> String) -> Measured {
    if condition { Ok(()) } else { Err(broken()) }
}

fn whole() -> bool {
    std::env::var("KEYHOLDER_TRUST").is_ok_and(|measure| measure == "full")
}

fn rng() -> Rng {
    Rng::seed_from_u64(0x6b65_7968_6f6c_6465)
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

const ROSE: Context<'_> = Context {
    shop: "Rose Garden",
    name: "Anna Müller",
    email: "anna.mueller@blumenhof.example",
};

/// The answer of the real policy.
fn refused(text: &str, rules: Rules) -> Option<Vec<Weakness>> {
    match Password::new(text.to_owned()) {
        Ok(password) => check(&password, &ROSE, rules).err(),
        Err(_) => Some(Vec::new()),
    }
}

fn accepts(text: &str, second_factor: bool) -> bool {
    refused(
        text,
        if second_factor {
            Rules::with_second_factor()
        } else {
            Rules::sole()
        },
    )
    .is_none()
}

/// The real hasher, as a question: does the hash of one text verify the other?
fn matches(one: &str, other: &str) -> bool {
    static HASHER: LazyLock<Hasher> = LazyLock::new(|| Hasher::new(Argon2Params::floor(), None, 2));
    block_on(async {
        let hash = HASHER.hash(&password(one), &mut rng()).await.unwrap();
        HASHER.verify(Some(&hash), &password(other)).await.unwrap() != Verdict::Wrong
    })
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

/// A text of `bytes` bytes that nobody would call common.
fn long_text(bytes: usize) -> String {
    let mut rng = rng();
    (0..bytes)
        .map(|_| char::from(rng.random_range(b' '..=b'~')))
        .collect()
}
