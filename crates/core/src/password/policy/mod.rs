//! Which passwords are taken and which are refused, and why.

mod common;
mod context;
mod repetition;
mod sequence;
mod weakness;

pub use context::{Context, ContextKind};
pub use weakness::Weakness;

use super::secret::Password;

/// The least code points where the password is the only factor (NIST SP 800-63B-4, 3.1.1.2).
const SOLE: u32 = 15;
/// The least code points where a second factor is enforced (the same section). No policy goes lower.
const WITH_SECOND_FACTOR: u32 = 8;

/// How long a password has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    minimum: u32,
}

impl Rules {
    /// The password is the only factor: 15 code points.
    pub const fn sole() -> Self {
        Self { minimum: SOLE }
    }

    /// A second factor is enforced: 8 code points.
    pub const fn with_second_factor() -> Self {
        Self {
            minimum: WITH_SECOND_FACTOR,
        }
    }

    /// The same rules for a shop that asks for more. Never for less: a smaller number changes nothing.
    #[must_use]
    pub const fn at_least(self, code_points: u32) -> Self {
        if code_points > self.minimum {
            Self { minimum: code_points }
        } else {
            self
        }
    }

    /// The least number of code points.
    pub const fn minimum(self) -> u32 {
        self.minimum
    }
}

/// Whether `password` may be set, with every reason why not.
///
/// The password is looked at whole, never in parts: a passphrase may contain a common word. There
/// are no rules of composition. The breach check is not made here because it needs the network; its
/// answer is the [`Weakness::Breached`] of the same list.
///
/// # Errors
/// What speaks against the password, the plainest reason first.
pub fn check(password: &Password, context: &Context<'_>, rules: Rules) -> Result<(), Vec<Weakness>> {
    let text: Vec<char> = password.expose().chars().collect();
    let have = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let need = rules.minimum();

    let mut found = Vec::new();
    if have < need {
        found.push(Weakness::TooShort { have, need });
    }
    if repetition::is_repetitive(&text, need) {
        found.push(Weakness::Repetitive);
    } else if sequence::is_sequential(&text) {
        found.push(Weakness::Sequential);
    } else if common::is_common(&text) {
        found.push(Weakness::Common);
    }
    if let Some(which) = context.derived(&text) {
        found.push(Weakness::ContextWord { which });
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}
