//! How hard a password is to guess, for the bar beside the field.

use serde::Serialize;

use super::policy::Context;
use super::secret::Password;

/// How much of a password is estimated, in code points: the estimate looks at every pair of places,
/// and a longer password is at the top of the scale anyway.
const ESTIMATED: usize = 32;

/// From 0 (found at once) to 4 (out of reach). A hint, not a rule: [`super::check`] decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, specta::Type)]
pub struct Strength(u8);

impl Strength {
    /// The number, 0 to 4.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// Estimates with zxcvbn, which knows common passwords, words, names, keyboards and dates; the
/// words of the context count as known.
pub fn strength(password: &Password, context: &Context<'_>) -> Strength {
    let start: String = password.expose().chars().take(ESTIMATED).collect();
    let words: Vec<String> = context.words().into_iter().map(|word| word.text).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Strength(u8::from(zxcvbn::zxcvbn(&start, &words).score()))
}
