//! Accounts as another program has them that makes and changes them here (a provisioner, in the words of
//! SCIM: RFC 7643). It calls them by names of its own, which mean nothing to any other provisioner.

use serde::{Deserialize, Serialize};

use crate::account::{Account, Email, Name, Role, TextRefused, printable};

/// The most characters of a name that a provisioner gives.
const CALLED_MOST: usize = 256;

/// What a provisioner calls an account: printable, never empty, at most 256 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Called(String);

impl Called {
    /// Reads one.
    ///
    /// # Errors
    /// It is empty, too long, or not printable.
    pub fn parse(text: &str) -> Result<Self, TextRefused> {
        if text.is_empty() {
            Err(TextRefused::Empty)
        } else if text.len() > CALLED_MOST * 4 || text.chars().count() > CALLED_MOST {
            Err(TextRefused::TooLong { max: 256 })
        } else if printable(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextRefused::Unprintable)
        }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Called {
    type Error = TextRefused;

    fn try_from(text: String) -> Result<Self, TextRefused> {
        Self::parse(&text)
    }
}

impl From<Called> for String {
    fn from(called: Called) -> Self {
        called.0
    }
}

/// What a provisioner wants of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The user id.
    pub email: Email,
    /// Name; may be empty.
    pub name: Name,
    /// Role; never an owner's.
    pub role: Role,
    /// Whether it can be used at all.
    pub active: bool,
    /// What the provisioner calls its user, where that is not the e-mail address.
    pub user_name: Option<Called>,
    /// By what the provisioner knows it (`externalId`).
    pub external_id: Option<Called>,
}

/// An account with what one provisioner calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provisioned {
    /// The account.
    pub account: Account,
    /// What the provisioner calls its user, where that is not the e-mail address.
    pub user_name: Option<Called>,
    /// By what the provisioner knows it.
    pub external_id: Option<Called>,
}

impl Provisioned {
    /// What it would want to leave everything as it is.
    pub fn wanted(&self) -> Wanted {
        Wanted {
            email: self.account.email.clone(),
            name: self.account.name.clone(),
            role: self.account.role,
            active: self.account.disabled.is_none(),
            user_name: self.user_name.clone(),
            external_id: self.external_id.clone(),
        }
    }
}

/// How a provisioner finds one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By the name it gave its user, or by the e-mail address of an account to which it gave none.
    UserName(String),
    /// By its `externalId`.
    ExternalId(String),
}
