//! What SQLite and the file system say, in the words that the rest of Keyholder knows.

use std::io;

use keyholder_core::error::{Code, StoreError};
use keyholder_core::store::CommitError;

/// An error of that kind, with what was tried.
pub(crate) fn broken(code: Code, context: impl Into<String>) -> StoreError {
    StoreError {
        code,
        context: context.into(),
    }
}

/// Something stored cannot be read as what it must be.
pub(crate) fn unreadable(what: &str) -> StoreError {
    broken(Code::Damaged, format!("{what} as stored cannot be read"))
}

/// What the file system says.
pub(crate) fn io(error: &io::Error, tried: &str) -> StoreError {
    let code = match error.kind() {
        io::ErrorKind::NotFound => Code::NoStore,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Code::ReadOnly,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Code::DiskFull,
        _ => Code::Broken,
    };
    broken(code, format!("{tried}: {error}"))
}

/// What SQLite says.
pub(crate) fn sql(error: &sqlx::Error, tried: &str) -> StoreError {
    let code = match error {
        sqlx::Error::Io(cause) => return io(cause, tried),
        sqlx::Error::PoolTimedOut => Code::Busy,
        sqlx::Error::ColumnDecode { .. } => Code::Damaged,
        _ => match sqlite(error) {
            Some(5 | 6) => Code::Busy,
            Some(3 | 8) => Code::ReadOnly,
            Some(11 | 26) => Code::Damaged,
            Some(13) => Code::DiskFull,
            _ => Code::Broken,
        },
    };
    broken(code, format!("{tried}: {error}"))
}

/// The primary result code of SQLite (<https://www.sqlite.org/rescode.html>), if it is from there.
pub(crate) fn sqlite(error: &sqlx::Error) -> Option<u32> {
    let extended: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(extended & 0xff)
}

/// What SQLite says to a write that must be the only one of its key.
pub(crate) fn unique(error: &sqlx::Error, tried: &str, email_column: &str) -> CommitError {
    match error.as_database_error() {
        Some(cause) if cause.is_unique_violation() && cause.message().contains(email_column) => {
            CommitError::EmailTaken
        }
        Some(cause) if cause.is_unique_violation() => CommitError::Conflict,
        _ => CommitError::Broken(sql(error, tried)),
    }
}

/// Puts what was tried to what went wrong.
pub(crate) trait Tried<T> {
    /// With what was tried, in a few words for the log.
    fn tried(self, what: &str) -> Result<T, StoreError>;
}

impl<T> Tried<T> for Result<T, sqlx::Error> {
    fn tried(self, what: &str) -> Result<T, StoreError> {
        self.map_err(|error| sql(&error, what))
    }
}

impl<T> Tried<T> for io::Result<T> {
    fn tried(self, what: &str) -> Result<T, StoreError> {
        self.map_err(|error| io(&error, what))
    }
}
