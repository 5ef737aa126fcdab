//! The link in a letter: a place of the service, with a token that opens it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::link::{LinkToken, Purpose};

/// Longest path in bytes. With the longest host (RFC 1035, 2.3.4) it fits the longest line of a letter
/// (RFC 5322, 2.1.1: 998).
const LONGEST: usize = 512;

/// A link that works once. It always leads to the service itself, wherever that is reached.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    path: Path,
    /// Until when it works.
    pub until: Timestamp,
}

/// Why something is no path of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a link is a path of the service, of at most {LONGEST} characters that need no escaping")]
pub struct LinkRefused;

impl Link {
    /// The link to that path, such as `/reset/TOKEN`.
    ///
    /// # Errors
    /// It could lead elsewhere, or be read as something else by a mail program.
    pub fn new(path: &str, until: Timestamp) -> Result<Self, LinkRefused> {
        Ok(Self {
            path: Path::try_from(path.to_owned())?,
            until,
        })
    }

    /// That of a token.
    pub(crate) fn of(token: &LinkToken, purpose: Purpose, until: Timestamp) -> Self {
        let path = Path(format!("{}/{}", purpose.path(), *token.text()).into());
        Self { path, until }
    }

    /// The path, below the address of the service.
    pub fn path(&self) -> &str {
        &self.path.0
    }
}

/// Holds a token: shown nowhere, gone from memory when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Path(Zeroizing<String>);

impl TryFrom<String> for Path {
    type Error = LinkRefused;

    fn try_from(path: String) -> Result<Self, LinkRefused> {
        let path = Zeroizing::new(path);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~?=&%".contains(&byte);
        // Two slashes would begin another host (RFC 3986, 4.2).
        let inside = path.starts_with('/') && !path.starts_with("//");
        if inside && path.len() <= LONGEST && path.bytes().all(plain) {
            Ok(Self(path))
        } else {
            Err(LinkRefused)
        }
    }
}

impl From<Path> for String {
    fn from(path: Path) -> Self {
        path.0.to_string()
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;
    use crate::clock::Rng;
    use crate::link::LinkKey;
    use crate::password::Pepper;

    #[test]
    fn a_token_makes_a_link_that_every_letter_can_hold() {
        let key = LinkKey::of(&Pepper::new([1; 32]));
        for purpose in Purpose::ALL {
            let token = LinkToken::fresh(purpose, &key, &mut Rng::seed_from_u64(7));
            let link = Link::of(&token, purpose, Timestamp::UNIX_EPOCH);
            let read = Link::new(link.path(), Timestamp::UNIX_EPOCH);
            assert_eq!(read, Ok(link), "{purpose:?} passes the check of every other");
        }
    }
}
