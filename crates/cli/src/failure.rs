//! Why a command was not done: what happened, what was saved, what to do.

use std::io::Write as _;

use keyholder_app::OpenError;
use keyholder_app::ipc::IpcError;
use keyholder_app::vault::VaultError;
use keyholder_core::error::{Code, Error, Refusal, StoreError};
use keyholder_core::lockout::Locked;

use crate::exit::Exit;
use crate::text::{shown, time};

/// The usual answer to what was saved.
const NOTHING: &str = "Nothing was changed.";

/// Why a command was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read the output stopped reading; there is nobody to tell.
    ReaderGone,
    /// Something that a person can read and act on.
    Told(Box<Told>),
}

/// What a person is told.
#[derive(Debug)]
pub(crate) struct Told {
    exit: Exit,
    code: Option<Code>,
    happened: String,
    saved: String,
    advice: String,
}

impl Failure {
    /// Of that code: its exit status and its advice.
    pub(crate) fn of(code: Code, happened: impl Into<String>) -> Self {
        Self::Told(Box::new(Told {
            exit: exit(code),
            code: Some(code),
            happened: happened.into(),
            saved: NOTHING.to_owned(),
            advice: advice(code).to_owned(),
        }))
    }

    /// The arguments make no sense, or something could not be asked for.
    pub(crate) fn usage(happened: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::plain(Exit::Usage, happened, advice)
    }

    /// The answer of a command that was done is no.
    pub(crate) fn refused(happened: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::plain(Exit::Refused, happened, advice)
    }

    /// Something needed is not there.
    pub(crate) fn unavailable(happened: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::plain(Exit::Unavailable, happened, advice)
    }

    fn plain(exit: Exit, happened: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Told(Box::new(Told {
            exit,
            code: None,
            happened: happened.into(),
            saved: NOTHING.to_owned(),
            advice: advice.into(),
        }))
    }

    /// There is no account of that name.
    pub(crate) fn not_found(subject: &impl std::fmt::Display) -> Self {
        Self::of(Code::NotFound, format!("there is no account {subject}"))
    }

    /// A file that was named cannot be read or written.
    pub(crate) fn file(path: &std::path::Path, verb: &str, error: &std::io::Error) -> Self {
        let code = match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Code::DiskFull,
            _ => {
                return Self::usage(
                    format!("{} cannot be {verb}: {error}", path.display()),
                    "Name another file.",
                );
            }
        };
        Self::of(
            code,
            format!("{} cannot be {verb}: the disk is full", path.display()),
        )
    }

    /// The same with other words for what was saved.
    pub(crate) fn saved(mut self, saved: impl Into<String>) -> Self {
        if let Self::Told(told) = &mut self {
            told.saved = saved.into();
        }
        self
    }

    /// The same with another exit status.
    pub(crate) fn exit(mut self, exit: Exit) -> Self {
        if let Self::Told(told) = &mut self {
            told.exit = exit;
        }
        self
    }

    /// The same with other advice.
    pub(crate) fn advice(mut self, advice: impl Into<String>) -> Self {
        if let Self::Told(told) = &mut self {
            told.advice = advice.into();
        }
        self
    }

    /// The code that went over the border, if one did.
    pub(crate) fn code(&self) -> Option<Code> {
        match self {
            Self::ReaderGone => None,
            Self::Told(told) => told.code,
        }
    }

    /// What happened, alone.
    pub(crate) fn happened(&self) -> &str {
        match self {
            Self::ReaderGone => "",
            Self::Told(told) => &told.happened,
        }
    }

    /// What to do, alone.
    pub(crate) fn what_to_do(&self) -> &str {
        match self {
            Self::ReaderGone => "",
            Self::Told(told) => &told.advice,
        }
    }

    /// Tells it on standard error, and gives the exit status.
    pub(crate) fn tell(&self, json: bool) -> Exit {
        let Self::Told(told) = self else { return Exit::Done };
        let number = told.code.map(|code| code.to_string());
        let mut err = std::io::stderr().lock();
        // There is nowhere left to say that standard error cannot be written.
        let _ = if json {
            let error = serde_json::json!({ "error": {
                "code": number, "happened": told.happened, "saved": told.saved, "advice": told.advice,
            }});
            writeln!(err, "{}", crate::output::escaped_json(&error))
        } else {
            let number = number.map(|number| format!(" ({number})")).unwrap_or_default();
            let advice = if told.advice.is_empty() {
                String::new()
            } else {
                format!("\n{}", shown(&told.advice))
            };
            writeln!(
                err,
                "Not done: {}{number}\n{}{advice}",
                shown(&told.happened),
                shown(&told.saved)
            )
        };
        told.exit
    }
}

/// The exit status of each code.
fn exit(code: Code) -> Exit {
    match code {
        Code::NotFound => Exit::NotFound,
        Code::Waiting
        | Code::FactorDisabled
        | Code::LockedByHand
        | Code::TooManyCodes
        | Code::SessionLocked => Exit::Locked,
        Code::BadText | Code::BadEmail | Code::OutOfBounds | Code::BadRequest => Exit::Usage,
        Code::DiskFull
        | Code::ReadOnly
        | Code::Damaged
        | Code::Busy
        | Code::Broken
        | Code::InUse
        | Code::Foreign
        | Code::Newer
        | Code::NoStore
        | Code::NotSetUp
        | Code::KeychainLocked
        | Code::KeyMissing
        | Code::NoKeychain
        | Code::KeychainSilent
        | Code::WrongKey
        | Code::KeyCardDamaged => Exit::Unavailable,
        _ => Exit::Refused,
    }
}

/// What to do, where the sentence itself does not say it.
fn advice(code: Code) -> &'static str {
    match code {
        Code::WrongCredentials => "Try again. After some failures in a row there is a wait.",
        Code::FactorDisabled => {
            "The shop's owner unlocks the account, or recovers it with the recovery key: keyholder owner recover."
        }
        Code::NotFound => "See which accounts there are: keyholder account list.",
        Code::SetUpNeeded => "Open the Keyholder window and sign in there once.",
        Code::DiskFull => "Make room on the disk and do it again.",
        Code::ReadOnly => "See that the file and its directory belong to you and can be written.",
        Code::Damaged => {
            "Leave the file as it is, and put a backup in its place: keyholder backup restore FILE."
        }
        Code::Busy => "Do it again in a moment.",
        Code::Broken => "Do it again; if it stays so, see what keyholder doctor says.",
        Code::InUse => "Close the Keyholder window, or wait until the other command is done.",
        Code::Foreign => "Name the right file with --store. This one was left as it is.",
        Code::Newer => "Install the Keyholder that wrote it, or a newer one.",
        Code::NoStore | Code::NotSetUp => "Make one with keyholder init, or name another with --store.",
        Code::KeychainLocked => "Unlock the keychain, or name a key file with --key-file.",
        Code::NoKeychain | Code::KeychainSilent => {
            "On a machine without a keychain name a key file with --key-file."
        }
        Code::KeyMissing => {
            "Name a key file with --key-file, or use the recovery key: keyholder owner recover."
        }
        Code::WrongRecoveryKey => "Look at the paper again: eight groups of four letters and digits.",
        _ => "",
    }
}

fn words(code: Code) -> &'static str {
    match code {
        Code::DiskFull => "the disk is full",
        Code::ReadOnly => "the store cannot be written",
        Code::Damaged => "the store is damaged",
        Code::Busy => "the store did not answer in time",
        Code::Foreign => "the file is not a Keyholder store",
        Code::Newer => "the store was written by a newer Keyholder",
        Code::NoStore => "there is no store",
        Code::WrongKey => "the key does not belong to this store",
        Code::AlreadySetUp => "there is a file already",
        _ => "the store answered with something unexpected",
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(code = %error.code, "{}", error.context);
        let happened = match error.code {
            // Its own words say who has what.
            Code::InUse => error.context,
            code => format!("{} ({})", words(code), error.context),
        };
        Self::of(error.code, happened)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let happened = match &refusal {
            Refusal::Locked(Locked::Waiting { until, failures }) => {
                format!(
                    "{failures} failures in a row: wait until {} before the next try",
                    time(*until)
                )
            }
            other => other.to_string(),
        };
        Self::of(refusal.code(), happened)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Broken(error) => error.into(),
            Error::Remote(error) => Self::of(error.code, error.to_string()),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Key(error) => error.into(),
            OpenError::Store(error) => error.into(),
        }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let happened = error.to_string();
        Self::of(IpcError::from(error).code, happened)
    }
}

impl From<keyholder_core::clock::EntropyUnavailable> for Failure {
    fn from(error: keyholder_core::clock::EntropyUnavailable) -> Self {
        Self::of(Code::Broken, error.to_string())
    }
}

/// The output cannot be written. Other files name themselves: see [`Failure::file`].
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        Self::plain(
            Exit::Unavailable,
            format!("the output cannot be written: {error}"),
            "Look where it goes.",
        )
        .saved("What the command changes was changed; the trail says what.")
    }
}
