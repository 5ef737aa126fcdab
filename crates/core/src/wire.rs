//! What the auth service and the console that administers it from afar say to each other: for each
//! call of [`Authentication`](crate::directory::Authentication) and
//! [`Directory`](crate::directory::Directory) one [`Operation`] with its method, path and bodies. The
//! router is made of these and the client asks by them, so neither can drift from the other.
//!
//! Not in here: HTTP itself, and what is done at the machine of the store alone:
//! [`recover_owner`](crate::directory::Authentication::recover_owner), which needs the recovery key, and
//! [`note_store_act`](crate::directory::Directory::note_store_act), of which a service knows only what it
//! is told.

mod accounts;
mod files;
mod ingest;
mod limits;
mod operations;
mod own;
mod place;
mod problem;
mod proof;
mod secret;
mod sign_in;
#[cfg(test)]
mod tests;
mod tokens;

use serde::Serialize;
use serde::de::DeserializeOwned;
use specta::Type;

pub use self::accounts::*;
pub use self::files::*;
pub use self::ingest::*;
pub use self::limits::{ClearLimitBody, SubjectBody};
pub use self::operations::*;
pub use self::own::*;
pub use self::place::Place;
pub use self::problem::{PROBLEM_JSON, Problem, error_of, status_of};
pub use self::proof::{DeviceSecret, PROOF_HEADER, PROOF_WINDOW, Proof, Signed, TIME_HEADER};
pub use self::secret::Secret;
pub use self::sign_in::*;
pub use self::tokens::*;
use crate::error::{Code, Error, Refusal, Result, StoreError};

/// The most bytes of the body of a request of somebody with a session: 1 MiB, some thousand rows of an
/// import.
pub const BODY_MAX: usize = 1 << 20;
/// The most bytes of the body of a request of anybody: 64 KiB hold two passwords of the greatest length
/// with every character escaped.
pub const STRANGERS_BODY_MAX: usize = 1 << 16;
/// The scheme of the `Authorization` header that carries a [`SessionToken`](crate::session::SessionToken)
/// (RFC 6750).
pub const BEARER: &str = "Bearer";
/// The header by which a request is found in the log of the service.
pub const REQUEST_ID: &str = "x-request-id";
/// The header by which every answer, a [`Problem`] too, says which [`VERSION`] it is in. What answers
/// without it is no Keyholder.
pub const VERSION_HEADER: &str = "keyholder-version";
/// The version of these operations. It counts up only with a change that the other side would
/// misunderstand: what is added is passed over.
pub const VERSION: u32 = 1;

/// A method of HTTP (RFC 9110, 9.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads, and leaves nothing behind.
    Get,
    /// Does something.
    Post,
    /// Replaces something, from the revision that was looked at where there is one.
    Put,
    /// Ends something.
    Delete,
}

impl Method {
    /// Whether it changes something.
    pub const fn changes(self) -> bool {
        !matches!(self, Self::Get)
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody: these are the ways in.
    Anybody,
    /// Whoever has a session, however far its sign-in has come; what it may do is decided below.
    Session,
}

/// What is known of an operation without its types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Description {
    /// Its name, unique: what documents and logs call it.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// The method.
    pub method: Method,
    /// The path, with a name in braces for each part of its [`Place`].
    pub path: &'static str,
    /// Who may ask.
    pub access: Access,
    /// Whether it changes something from the revision that was looked at, named by `If-Match` (see
    /// [`entity_tag`]).
    pub revised: bool,
    /// The status of an answer that is no [`Problem`].
    pub status: u16,
}

impl Description {
    /// The most bytes of its body.
    pub const fn body_max(&self) -> usize {
        match self.access {
            Access::Anybody => STRANGERS_BODY_MAX,
            Access::Session => BODY_MAX,
        }
    }
}

/// One thing that can be asked over HTTP.
///
/// A body or an answer that is `()` is empty on the wire: see [`to_body`] and [`from_body`]. What is
/// asked with GET has a [`Operation::Query`] and no body.
pub trait Operation {
    /// What is known of it without its types.
    const DESCRIPTION: Description;
    /// What stands in its path.
    type Place: Place;
    /// What stands after the question mark (`application/x-www-form-urlencoded`): a flat struct, or `()`.
    type Query: Serialize + DeserializeOwned + Type + Send;
    /// What is sent (`application/json`).
    type Body: Serialize + DeserializeOwned + Type + Send;
    /// What is answered (`application/json`).
    type Answer: Serialize + DeserializeOwned + Type + Send;

    /// The path to ask at.
    fn path(place: &Self::Place) -> String {
        place.fill(Self::DESCRIPTION.path)
    }
}

/// Looks at operations with their types: see [`each_operation`].
pub trait Onlooker {
    /// Looks at one of them.
    fn see<O: Operation>(&mut self);
}

/// The bytes of a body or an answer; none for `()`.
///
/// # Errors
/// [`Code::BadRequest`]: it cannot be written as JSON, which none of our types is known to do.
pub fn to_body<T: Serialize>(value: &T) -> Result<Option<Vec<u8>>> {
    let bytes = serde_json::to_vec(value).map_err(|error| unreadable("write JSON", &error))?;
    Ok((bytes != b"null").then_some(bytes))
}

/// What such bytes say. Fields that are not known are passed over: the other side may be newer.
///
/// # Errors
/// [`Code::BadRequest`]: they say something else.
pub fn from_body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let bytes = if bytes.is_empty() {
        b"null".as_slice()
    } else {
        bytes
    };
    serde_json::from_slice(bytes).map_err(|error| unreadable("read JSON", &error))
}

/// Says where, not what: the cause of `serde_json` quotes what it could not read, which may be secret.
fn unreadable(what: &str, error: &serde_json::Error) -> Error {
    let place = format!("line {}, column {}", error.line(), error.column());
    bad_message(format!("{what}: not as agreed at {place}"))
}

/// The answer about something that need not be there: HTTP has a refusal for it, the traits say none.
///
/// # Errors
/// Those of the answer, but for [`Refusal::NotFound`] and [`Refusal::NotSetUp`].
pub fn or_absent<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(Error::Refused(Refusal::NotFound | Refusal::NotSetUp)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// A message over the border could not be read.
pub(crate) fn bad_message(context: impl Into<String>) -> Error {
    Error::Broken(StoreError {
        code: Code::BadRequest,
        context: context.into(),
    })
}

/// The entity tag of a revision (RFC 9110, 8.8.3): what `If-Match` names.
pub fn entity_tag(revision: u32) -> String {
    format!("\"{revision}\"")
}

/// The revision that an entity tag names; none if it is not one of ours.
pub fn revision_of(entity_tag: &str) -> Option<u32> {
    let digits = entity_tag.trim().strip_prefix('"')?.strip_suffix('"')?;
    let revision = digits.parse().ok()?;
    // One way to write it, so that "+7" and "07" are nobody's.
    (self::entity_tag(revision) == entity_tag.trim()).then_some(revision)
}
