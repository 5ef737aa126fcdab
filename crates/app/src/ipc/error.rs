//! Why a question of the window was not answered.

use jiff::Timestamp;
use keyholder_core::account::{EmailRefused, TextRefused};
use keyholder_core::error::{Code, Error, Refusal, RemoteError, StoreError};
use serde::Serialize;
use specta::Type;

/// The answer to a question of the window.
pub type Answer<T> = Result<T, IpcError>;

/// Why not: for the window to choose words by. Sentences are never sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct IpcError {
    /// Which kind.
    pub code: Code,
    /// What a person can quote over the phone, such as `KH-1001`.
    pub number: String,
    /// The rule that said no, with its parameters, if one did.
    pub refusal: Option<Refusal>,
    /// Until when there is no use in trying again, where that is known.
    pub until: Option<Timestamp>,
}

impl From<Code> for IpcError {
    fn from(code: Code) -> Self {
        Self {
            code,
            number: code.to_string(),
            refusal: None,
            until: None,
        }
    }
}

impl From<Refusal> for IpcError {
    fn from(refusal: Refusal) -> Self {
        Self {
            until: refusal.until(),
            refusal: Some(refusal.clone()),
            ..Self::from(refusal.code())
        }
    }
}

impl From<EmailRefused> for IpcError {
    fn from(refused: EmailRefused) -> Self {
        Refusal::from(refused).into()
    }
}

impl From<TextRefused> for IpcError {
    fn from(refused: TextRefused) -> Self {
        Refusal::from(refused).into()
    }
}

impl From<StoreError> for IpcError {
    /// The border: what is broken is logged here, once.
    fn from(error: StoreError) -> Self {
        tracing::error!(code = %error.code, "{}", error.context);
        error.code.into()
    }
}

impl From<RemoteError> for IpcError {
    /// The border, as above.
    fn from(error: RemoteError) -> Self {
        tracing::warn!(code = %error.code, "{}", error.context);
        Self {
            until: error.until,
            ..error.code.into()
        }
    }
}

impl From<Error> for IpcError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Broken(error) => error.into(),
            Error::Remote(error) => error.into(),
        }
    }
}
