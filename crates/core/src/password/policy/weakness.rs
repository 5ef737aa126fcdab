//! Why a password is refused.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::context::ContextKind;

/// One reason against a password. The screens choose their own words for it; `Display` is the
/// command line's plain English: what is wrong, and what would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Weakness {
    /// Fewer code points than asked for.
    TooShort {
        /// Code points it has.
        have: u32,
        /// Code points it needs.
        need: u32,
    },
    /// It is among the most common passwords and words, or as quickly guessed as those.
    Common,
    /// One short piece over and over.
    Repetitive,
    /// Nothing but runs of the alphabet, of numbers or of neighbouring keys.
    Sequential,
    /// A name that anybody who knows the person or the shop would try, or a simple variant of it.
    ContextWord {
        /// Where the name comes from.
        which: ContextKind,
    },
    /// It has been published in a breach of some other service.
    Breached {
        /// How often it was seen there.
        times: u32,
    },
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { have, need } => write!(
                f,
                "This password has {have} characters and needs at least {need}. Four or five words that do not belong together are long enough and easy to remember."
            ),
            Self::Common => f.write_str(
                "This is one of the first passwords anybody would try. Put a few words together that do not belong together.",
            ),
            Self::Repetitive => f.write_str(
                "This password is the same short piece over and over. Use different words instead of repeating one.",
            ),
            Self::Sequential => f.write_str(
                "This password follows the alphabet, the numbers or the keys on the keyboard. Use a few words that do not belong together.",
            ),
            Self::ContextWord { which } => write!(
                f,
                "This password is made from {which}, which others know too. Add a few words that have nothing to do with it."
            ),
            Self::Breached { times: 1 } => f.write_str(
                "This password was published once when another service was broken into. Choose one you have never used anywhere.",
            ),
            Self::Breached { times } => write!(
                f,
                "This password was published {times} times when other services were broken into. Choose one you have never used anywhere."
            ),
        }
    }
}
