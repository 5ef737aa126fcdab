//! What is said about limits.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Place;
use crate::account::Reason;
use crate::limit::LimitName;

/// For whom a limit is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SubjectBody {
    /// An address, an e-mail address, or whatever else the page knows somebody by; at most 254 characters.
    pub subject: String,
}

/// Whom a limit lets go on, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ClearLimitBody {
    /// As it was when the limit was asked.
    pub subject: String,
    /// In the words of who does it.
    pub reason: Reason,
}

impl Place for LimitName {
    fn parts(&self) -> Vec<String> {
        // Letters, digits, - and _ mean nothing to a path.
        vec![self.as_str().to_owned()]
    }
}
