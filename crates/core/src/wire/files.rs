//! Bodies of accounts that come in or go out with their secrets.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Secret;
use crate::account::Account;
use crate::directory::{ExportRow, ImportMode, ImportRow};

/// One row of a file of accounts: see [`ImportRow`].
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct ImportRowBody {
    /// E-mail address as written.
    pub email: String,
    /// Name; may be empty.
    pub name: String,
    /// Role by its word; a customer if empty.
    pub role: String,
    /// Hash of the password; may be empty.
    pub password_hash: Secret,
    /// Secret of the second factor in base 32; may be empty.
    pub totp_secret: Secret,
    /// When the account was made (RFC 3339); now if empty.
    pub created_at: String,
}

impl From<ImportRow> for ImportRowBody {
    fn from(row: ImportRow) -> Self {
        Self {
            email: row.email,
            name: row.name,
            role: row.role,
            password_hash: Secret::from(&row.password_hash),
            totp_secret: Secret::from(&row.totp_secret),
            created_at: row.created_at,
        }
    }
}

impl From<ImportRowBody> for ImportRow {
    fn from(body: ImportRowBody) -> Self {
        Self {
            email: body.email,
            name: body.name,
            role: body.role,
            password_hash: body.password_hash.into_text(),
            totp_secret: body.totp_secret.into_text(),
            created_at: body.created_at,
        }
    }
}

/// Takes accounts in.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct ImportBody {
    /// How it goes.
    pub mode: ImportMode,
    /// In the order of the file: the answer has a result for each.
    pub rows: Vec<ImportRowBody>,
}

impl ImportBody {
    /// Of what [`import`](crate::directory::Directory::import) is asked with.
    pub fn new(rows: Vec<ImportRow>, mode: ImportMode) -> Self {
        Self {
            mode,
            rows: rows.into_iter().map(Into::into).collect(),
        }
    }
}

/// An account as it leaves: see [`ExportRow`].
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct ExportRowBody {
    /// The account.
    pub account: Account,
    /// The hash of its password, or empty.
    pub password_hash: Secret,
    /// The secret of its second factor in base 32, or empty.
    pub totp_secret: Secret,
}

impl From<ExportRow> for ExportRowBody {
    fn from(row: ExportRow) -> Self {
        Self {
            account: row.account,
            password_hash: Secret::from(&row.password_hash),
            totp_secret: Secret::from(&row.totp_secret),
        }
    }
}

impl From<ExportRowBody> for ExportRow {
    fn from(body: ExportRowBody) -> Self {
        Self {
            account: body.account,
            password_hash: body.password_hash.into_text(),
            totp_secret: body.totp_secret.into_text(),
        }
    }
}
