//! What is answered when something was not done (RFC 9457), made of an [`Error`] and back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::{Code, Error, Refusal, RemoteError, StoreError};
use crate::lockout::Locked;
use crate::second_factor::totp::STEP_SECS;

/// The media type of a [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Seconds after which a store that was busy may be asked again.
const BUSY_SECS: u64 = 1;

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Problem {
    /// Names the kind of problem, for programs that know no codes: a URN with its number.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in a sentence. Nothing of it is secret.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// Why, from the closed list.
    pub code: Code,
    /// The number that a person can quote, such as `KH-1001`.
    pub number: String,
    /// The whole refusal, where a rule said no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// Until when there is no use in trying again, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// By what the request is found in the log of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    /// That a question to a directory was not answered. What broke stays in the log: a stranger
    /// reads this.
    pub fn of(error: &Error) -> Self {
        let (title, refusal) = match error {
            Error::Refused(refusal) => (refusal.to_string(), Some(refusal.clone())),
            Error::Broken(_) | Error::Remote(_) => (broken_words(error.code()).to_owned(), None),
        };
        let until = refusal.as_ref().and_then(Refusal::until);
        Self {
            refusal,
            until,
            ..Self::plain(status_of(error), error.code(), title)
        }
    }

    /// That a request was no question at all: nothing of ours is at that path, or its body cannot be
    /// read. `status` says what is wrong with it.
    pub fn bad_request(status: u16, title: impl Into<String>) -> Self {
        Self::plain(status, Code::BadRequest, title.into())
    }

    /// In how many seconds there may be use in asking again (`Retry-After`: RFC 9110, 10.2.3); at
    /// least 1, and none where waiting does not help.
    pub fn retry_after(&self, now: Timestamp) -> Option<u64> {
        if let Some(until) = self.until {
            let wait = until.duration_since(now).as_micros();
            // Upwards: a second too early is a try for nothing.
            return Some(u64::try_from(wait).unwrap_or(0).div_ceil(1_000_000).max(1));
        }
        match self.status {
            429 if self.code == Code::TooManyCodes => {
                let step = i64::from(STEP_SECS);
                u64::try_from(step - now.as_second().rem_euclid(step)).ok()
            }
            503 => Some(BUSY_SECS),
            _ => None,
        }
    }

    fn plain(status: u16, code: Code, title: String) -> Self {
        Self {
            kind: format!("urn:keyholder:problem:{code}"),
            title,
            status,
            code,
            number: code.to_string(),
            refusal: None,
            until: None,
            request_id: None,
        }
    }
}

fn broken_words(code: Code) -> &'static str {
    match code {
        Code::BadRequest => "this request cannot be read",
        Code::Busy => "the store is busy: nothing was saved, try again",
        Code::DiskFull => "the disk of the service is full: nothing was saved",
        Code::ReadOnly => "the store of the service cannot be written: nothing was saved",
        Code::OutcomeUnknown => "the service broke off: this may be done or not, look before you repeat it",
        _ => "the service could not do this",
    }
}

impl From<Problem> for Error {
    /// A refusal comes back as it was; of what broke, the code, and in the log here the sentence with
    /// the number of the request in the log there.
    fn from(problem: Problem) -> Self {
        if let Some(refusal) = problem.refusal {
            return Self::Refused(refusal);
        }
        let request = problem.request_id.as_deref().unwrap_or("without a number");
        let context = format!(
            "the service answered {}: {} (request {request})",
            problem.status, problem.title
        );
        let (code, until) = (problem.code, problem.until);
        match code {
            // The service says this of itself, not of its store, of which the rest would say: nothing was saved.
            Code::TooManyRequests | Code::Unavailable | Code::OutcomeUnknown => {
                Self::Remote(RemoteError { code, until, context })
            }
            _ => Self::Broken(StoreError { code, context }),
        }
    }
}

/// What an answer means that says something was not done: its [`Problem`], or what its status says if
/// it has none, as when a proxy answers in the place of the service.
pub fn error_of(status: u16, body: &[u8]) -> Error {
    if let Ok(problem) = serde_json::from_slice::<Problem>(body) {
        return problem.into();
    }
    let code = match status {
        429 => Code::TooManyRequests,
        502..=504 => Code::Unavailable,
        _ => Code::NotKeyholder,
    };
    Error::Remote(RemoteError {
        code,
        until: None,
        context: format!("answered {status} with no problem of ours"),
    })
}

/// The status of an answer (RFC 9110, 15; 423 from RFC 4918, 428 and 429 from RFC 6585, 507 from
/// RFC 4918).
pub fn status_of(error: &Error) -> u16 {
    match error {
        Error::Refused(refusal) => status_of_refusal(refusal),
        Error::Broken(_) | Error::Remote(_) => match error.code() {
            Code::BadRequest => 400,
            Code::TooManyRequests => 429,
            // A newer node can do what this one cannot any more.
            Code::Busy | Code::InUse | Code::Newer | Code::ReadOnly | Code::Unavailable => 503,
            Code::DiskFull => 507,
            _ => 500,
        },
    }
}

fn status_of_refusal(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::WrongCredentials
        | Refusal::CodeReplayed
        | Refusal::EnrolmentRefused
        | Refusal::SessionEnded => 401,
        Refusal::Disabled
        | Refusal::SecondFactorNeeded
        | Refusal::SetUpNeeded
        | Refusal::NotAllowed(_)
        | Refusal::OnlyOwners
        | Refusal::OutOfScope
        | Refusal::OwnAccount => 403,
        Refusal::NotFound => 404,
        Refusal::LastOwner
        | Refusal::EmailTaken
        | Refusal::Unchanged
        | Refusal::InRecycleBin
        | Refusal::NothingBegun
        | Refusal::AlreadySetUp
        | Refusal::NotOffered
        | Refusal::NotSetUp => 409,
        Refusal::LinkRefused => 410,
        Refusal::Conflict => 412,
        Refusal::WeakPassword(_)
        | Refusal::PasswordTooLong
        | Refusal::BadText(_)
        | Refusal::BadEmail(_)
        | Refusal::OutOfBounds(_) => 422,
        Refusal::LockedByHand | Refusal::SessionLocked | Refusal::Locked(Locked::FactorDisabled { .. }) => {
            423
        }
        Refusal::TooManyCodes | Refusal::LimitReached(_) | Refusal::Locked(Locked::Waiting { .. }) => 429,
    }
}
