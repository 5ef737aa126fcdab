//! What PostgreSQL and the network say, in the words that the rest of Keyholder knows.

use keyholder_core::error::{Code, StoreError};
use keyholder_core::store::CommitError;

/// The constraint that keeps an address to one account.
const ADDRESS: &str = "account_email_taken";

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

/// What PostgreSQL says, or the way to it.
pub(crate) fn sql(error: &sqlx::Error, tried: &str) -> StoreError {
    let code = match error {
        // The server is away, or the way to it is.
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => Code::Busy,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Code::Damaged,
        sqlx::Error::Database(cause) => cause.code().map_or(Code::Broken, |state| of_state(&state)),
        _ => Code::Broken,
    };
    broken(code, format!("{tried}: {error}"))
}

/// By SQLSTATE (PostgreSQL manual, appendix A).
fn of_state(state: &str) -> Code {
    match state {
        // Serialization failure, deadlock.
        "40001" | "40P01" => Code::Conflict,
        // Too many connections, out of memory; cancelled, out of time; shut down, crashed, starting;
        // ended for being idle.
        "53300" | "53200" | "57014" | "55P03" | "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => Code::Busy,
        "53100" => Code::DiskFull,
        // A read-only transaction, a missing privilege.
        "25006" | "42501" => Code::ReadOnly,
        "XX001" | "XX002" => Code::Damaged,
        // No such database.
        "3D000" => Code::NoStore,
        // Connections that broke.
        _ if state.starts_with("08") => Code::Busy,
        _ => Code::Broken,
    }
}

/// Whether the same work may be done if it is tried once more.
pub(crate) fn passes(error: &StoreError) -> bool {
    matches!(error.code, Code::Busy | Code::Conflict)
}

/// What PostgreSQL says to a write that must be the only one of its key, or belong to somebody.
pub(crate) fn unique(error: &sqlx::Error, tried: &str) -> CommitError {
    match error.as_database_error() {
        Some(cause) if cause.constraint() == Some(ADDRESS) => CommitError::EmailTaken,
        // There is one already, or whom it belongs to was removed for good in the meantime.
        Some(cause) if cause.is_unique_violation() || cause.is_foreign_key_violation() => {
            CommitError::Conflict
        }
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
