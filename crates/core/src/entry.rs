//! Small things that a shop keeps for a while under a key: the state of a limit, a link that was sent,
//! a letter that waits for the post. One table of every store holds them all, so that a new kind of
//! thing needs no new table.
//!
//! An entry's body means something only to whoever wrote it. Stores keep it as the secret it may be.
//! They have no clock: an entry is there until it is taken or removed, and whoever reads it
//! looks at [`Entry::expires_at`].

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::account::AccountId;
use crate::error::{Code, StoreError};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)+) => {
        /// What an entry is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EntryKind {
            $($(#[$doc])* $variant,)+
        }

        impl EntryKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that is stored.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

kinds! {
    /// How much of a limit somebody has used.
    Limit = "limit",
    /// The tries at an address that nobody has.
    Stranger = "stranger",
    /// A link that was sent and works once, under the digest of its token.
    Link = "link",
    /// A token of a program, under its digest.
    ApiToken = "api_token",
    /// A letter on its way, due at [`Entry::at`].
    Letter = "letter",
    /// What another program calls an account.
    ExternalId = "external_id",
    /// A request that was made under a key of its maker's, with its answer.
    Request = "request",
    /// What is remembered between two steps of a passkey.
    Ceremony = "ceremony",
    /// A password that was right, while the second factor is waited for; late at [`Entry::at`].
    CodeAwaited = "code_awaited",
}

impl EntryKind {
    /// The kind of that word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// Under what an entry is found: 256 bits, as a rule the SHA-256 of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryKey(pub [u8; 32]);

impl EntryKey {
    /// The key of a few texts together; `("ab", "c")` has another than `("a", "bc")`.
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // A text has fewer bytes than a 64-bit number can count.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.finalize().into())
    }
}

/// Something that is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Under what it is found, among those of its kind.
    pub key: EntryKey,
    /// Counts the writes, from 1.
    pub revision: u32,
    /// Whose it is: it goes when the account is removed for good.
    pub account: Option<AccountId>,
    /// Its place in the order of its kind: when it is due, or was made.
    pub at: Timestamp,
    /// From when on it counts for nothing and may be taken away.
    pub expires_at: Option<Timestamp>,
    /// What is kept.
    pub body: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("kind", &self.kind)
            .field("revision", &self.revision)
            .field("account", &self.account)
            .field("at", &self.at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Entry {
    /// One that was not there before.
    ///
    /// # Errors
    /// `body` cannot be written as JSON.
    pub fn new(
        kind: EntryKind,
        key: EntryKey,
        at: Timestamp,
        body: &impl Serialize,
    ) -> Result<Self, StoreError> {
        let entry = Self {
            kind,
            key,
            revision: 0,
            account: None,
            at,
            expires_at: None,
            body: Zeroizing::new(Vec::new()),
        };
        entry.next(at, body)
    }

    /// The same with the account whose it is.
    #[must_use]
    pub fn of(self, account: AccountId) -> Self {
        Self {
            account: Some(account),
            ..self
        }
    }

    /// The same with an end.
    #[must_use]
    pub fn until(self, expires_at: Timestamp) -> Self {
        Self {
            expires_at: Some(expires_at),
            ..self
        }
    }

    /// Its next revision.
    ///
    /// # Errors
    /// `body` cannot be written as JSON.
    pub fn next(&self, at: Timestamp, body: &impl Serialize) -> Result<Self, StoreError> {
        let body = serde_json::to_vec(body).map_err(|_| broken("write an entry"))?;
        Ok(Self {
            revision: self
                .revision
                .checked_add(1)
                .ok_or_else(|| broken("count an entry"))?,
            at,
            body: Zeroizing::new(body),
            ..self.clone()
        })
    }

    /// What is kept, as whoever wrote it knows it.
    ///
    /// # Errors
    /// [`Code::Damaged`]: it says something else.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        // The cause would quote the body.
        serde_json::from_slice(&self.body).map_err(|_| StoreError {
            code: Code::Damaged,
            context: format!("read an entry ({})", self.kind.as_str()),
        })
    }

    /// Whether it still counts.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }
}

fn broken(context: &str) -> StoreError {
    StoreError {
        code: Code::Broken,
        context: context.to_owned(),
    }
}

/// How entries change. What does not fit what is stored is a conflict, and nothing is written.
#[derive(Debug, Clone)]
pub enum EntryWrite {
    /// Writes one of revision 1, which must not be there, or else the next revision of the one there.
    Put(Entry),
    /// Takes one away, as it was read: of many that try, one succeeds.
    Take {
        /// Of this kind.
        kind: EntryKind,
        /// Under this key.
        key: EntryKey,
        /// At this revision.
        revision: u32,
    },
    /// Removes all of a kind that an account has; there may be none.
    RemoveOf {
        /// Of this kind.
        kind: EntryKind,
        /// Whose.
        account: AccountId,
    },
}

impl EntryWrite {
    /// Takes that entry away.
    pub fn take(entry: &Entry) -> Self {
        Self::Take {
            kind: entry.kind,
            key: entry.key,
            revision: entry.revision,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_key_do_not_run_together() {
        assert_ne!(
            EntryKey::of(&["ab", "c"]),
            EntryKey::of(&["a", "bc"]),
            "else one person's limit could be spent under another's name"
        );
    }

    #[test]
    fn what_is_kept_is_not_shown_by_accident() {
        let entry = Entry::new(
            EntryKind::Link,
            EntryKey([1; 32]),
            Timestamp::UNIX_EPOCH,
            &"secret-link",
        )
        .unwrap();
        assert!(
            !format!("{entry:?}").contains("secret"),
            "a log line with an entry in it must not open anything"
        );
        assert_eq!(
            entry.read::<String>().unwrap(),
            "secret-link",
            "its reader has it whole"
        );
        assert_eq!(
            entry.read::<u32>().unwrap_err().code,
            Code::Damaged,
            "what is no longer what was written is said so"
        );
    }
}
