//! A password as it is kept, in Keyholder's own form or in the form another system wrote.

mod argon2;
mod bcrypt;
#[cfg(test)]
mod known_answers;
mod pbkdf2;
mod phpass;
mod scrypt;
mod text;
mod wordpress;

use std::fmt;

pub(super) use self::argon2::{Argon2Hash, OUTPUT, SALT, derive};
pub use self::argon2::{Argon2Params, ParamsRefused};

use self::{
    bcrypt::BcryptHash, pbkdf2::Pbkdf2Hash, phpass::PhpassHash, scrypt::ScryptHash, wordpress::WordPressHash,
};
use super::{hasher::HashingFailed, pepper::Pepper, secret::Password};

/// The longest hash text read, in bytes. The longest of the known forms stays under 300.
const LONGEST: usize = 1_024;

/// A stored password hash: a text whose form is known and whose cost is bounded.
///
/// | Form | Written by |
/// | --- | --- |
/// | `$argon2id$v=19$m=…,t=…,p=…[,keyid=…]$salt$hash`, also `argon2i`, `argon2d` | Keyholder; anybody, PHC |
/// | `$pbkdf2-sha512$rounds$salt$hash`, also `sha256` | Pow, `pbkdf2_elixir`, passlib |
/// | `$pbkdf2-sha512$i=…[,l=…]$salt$hash`, also `sha256` | anybody, PHC |
/// | `pbkdf2_sha256$rounds$salt$hash` | Django |
/// | `$2a$`, `$2b$`, `$2y$` | bcrypt: Devise, Phoenix, PHP and many more |
/// | `$wp$2y$` | WordPress from 6.8 |
/// | `$scrypt$ln=…,r=…,p=…$salt$hash` | passlib; anybody, PHC |
/// | `$P$`, `$H$` | phpass: WordPress before 6.8, phpBB |
///
/// Only Argon2id of the present cost and pepper is current; everything else verifies and is
/// outdated. `keyid` names the pepper that went in as Argon2's secret value; without it there was none.
///
/// `Debug` shows the form alone; nothing serialises it.
#[derive(Clone)]
pub struct PasswordHash {
    text: String,
    scheme: Scheme,
}

#[derive(Clone)]
enum Scheme {
    Argon2(Argon2Hash),
    Pbkdf2(Pbkdf2Hash),
    Bcrypt(BcryptHash),
    WordPress(WordPressHash),
    Scrypt(ScryptHash),
    Phpass(PhpassHash),
}

impl PasswordHash {
    /// Reads a stored or imported hash.
    ///
    /// # Errors
    /// The form is unknown, it is damaged, or checking it once would cost too much memory or time.
    pub fn parse(text: &str) -> Result<Self, HashRefused> {
        if text.len() > LONGEST {
            return Err(HashRefused::UnknownFormat);
        }
        let scheme = match text {
            _ if text.starts_with("$argon2") => Scheme::Argon2(Argon2Hash::parse(text)?),
            _ if text.starts_with("$pbkdf2-") => Scheme::Pbkdf2(Pbkdf2Hash::parse(text)?),
            _ if text.starts_with("pbkdf2_") => Scheme::Pbkdf2(Pbkdf2Hash::parse_django(text)?),
            _ if text.starts_with("$2") => Scheme::Bcrypt(BcryptHash::parse(text)?),
            _ if text.starts_with("$wp$2") => Scheme::WordPress(WordPressHash::parse(text)?),
            _ if text.starts_with("$scrypt$") => Scheme::Scrypt(ScryptHash::parse(text)?),
            _ if text.starts_with("$P$") || text.starts_with("$H$") => {
                Scheme::Phpass(PhpassHash::parse(text)?)
            }
            _ => return Err(HashRefused::UnknownFormat),
        };
        Ok(Self {
            text: text.to_owned(),
            scheme,
        })
    }

    pub(super) fn of_argon2(hash: Argon2Hash) -> Self {
        Self {
            text: hash.to_string(),
            scheme: Scheme::Argon2(hash),
        }
    }

    /// The text as stored.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name of the scheme, as people know it.
    pub fn scheme(&self) -> &'static str {
        match &self.scheme {
            Scheme::Argon2(_) => argon2::NAME,
            Scheme::Pbkdf2(_) => pbkdf2::NAME,
            Scheme::Bcrypt(_) => bcrypt::NAME,
            Scheme::WordPress(_) => wordpress::NAME,
            Scheme::Scrypt(_) => scrypt::NAME,
            Scheme::Phpass(_) => phpass::NAME,
        }
    }

    /// The pepper that has to be at hand to check it, by name.
    pub(super) fn pepper_id(&self) -> Option<&[u8]> {
        match &self.scheme {
            Scheme::Argon2(hash) => hash.pepper_id(),
            _ => None,
        }
    }

    /// The memory one check takes, in KiB.
    pub(super) fn memory_kib(&self) -> u32 {
        match &self.scheme {
            Scheme::Argon2(hash) => hash.memory_kib(),
            Scheme::Scrypt(hash) => hash.memory_kib(),
            Scheme::Pbkdf2(_) | Scheme::Bcrypt(_) | Scheme::WordPress(_) | Scheme::Phpass(_) => 0,
        }
    }

    /// Whether it is other than a hash made today would be.
    pub(super) fn is_outdated(&self, params: Argon2Params, pepper: Option<&Pepper>) -> bool {
        match &self.scheme {
            Scheme::Argon2(hash) => !hash.is_current(params, pepper),
            _ => true,
        }
    }

    /// Whether it was made from `password`. The comparison takes the same time for every answer.
    pub(super) fn matches(
        &self,
        password: &Password,
        pepper: Option<&Pepper>,
    ) -> Result<bool, HashingFailed> {
        let password = password.expose().as_bytes();
        match &self.scheme {
            Scheme::Argon2(hash) => hash.matches(password, pepper),
            Scheme::Pbkdf2(hash) => Ok(hash.matches(password)),
            Scheme::Bcrypt(hash) => Ok(hash.matches(password)),
            Scheme::WordPress(hash) => Ok(hash.matches(password)),
            Scheme::Scrypt(hash) => hash.matches(password),
            Scheme::Phpass(hash) => Ok(hash.matches(password)),
        }
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordHash({}, …)", self.scheme())
    }
}

impl PartialEq for PasswordHash {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PasswordHash {}

/// A text that is not taken as a password hash. The text itself is not repeated: it is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashRefused {
    /// No known form.
    #[error("the form of this password hash is not known")]
    UnknownFormat,
    /// The form is known but the text does not follow it.
    #[error("this {scheme} hash is damaged or incomplete")]
    Damaged {
        /// The name of the scheme.
        scheme: &'static str,
    },
    /// Checking it once would take too much memory or time.
    #[error("checking this {scheme} hash would cost too much; at most {limit} is taken")]
    TooCostly {
        /// The name of the scheme.
        scheme: &'static str,
        /// The bound, in words.
        limit: &'static str,
    },
}
