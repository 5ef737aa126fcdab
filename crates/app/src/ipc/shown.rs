//! Secrets on their only way out: shown once, to be printed, saved or copied.

use jiff::Timestamp;
use keyholder_core::account::Account;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A second factor to be scanned or typed.
#[derive(Serialize, Type)]
pub struct SecondFactorShown {
    /// The picture for the phone.
    pub qr: TotpQr,
    /// The secret in groups of four, for typing.
    pub groups: Vec<String>,
    /// The account as the app will show it.
    pub account: String,
    /// The shop as the app will show it.
    pub issuer: String,
}

/// A QR code: an SVG document with dark modules on white and a quiet zone of four, error correction
/// level M.
#[derive(Serialize, Type)]
#[serde(transparent)]
pub struct TotpQr(pub String);

/// Recovery codes.
#[derive(Serialize, Type)]
pub struct RecoveryCodesShown {
    /// Each in groups, ready to show.
    pub codes: Vec<String>,
    /// Whose.
    pub account: String,
    /// Of which shop.
    pub shop: String,
    /// When they were made.
    pub made_at: Timestamp,
}

/// An enrolment code to read out or print.
#[derive(Serialize, Type)]
pub struct EnrolmentShown {
    /// In groups, ready to show.
    pub code: String,
    /// Good until then.
    pub expires_at: Timestamp,
    /// Whose it is.
    pub account: Account,
}

/// A new account with its enrolment code.
#[derive(Serialize, Type)]
pub struct AccountMade {
    /// The account.
    pub account: Account,
    /// Shown once.
    pub enrolment: EnrolmentShown,
}

/// The recovery key.
#[derive(Serialize, Type)]
pub struct RecoveryKeyShown {
    /// Its groups, in order.
    pub groups: Vec<String>,
    /// Which two groups are asked back, counted from 0.
    pub asked: [u8; 2],
    /// Of which shop.
    pub shop: String,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Something that is shown at this moment: what can be copied is this, never a text of the window's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ShownKind {
    /// The secret of the second factor.
    SecondFactor,
    /// The recovery codes, one on each line.
    RecoveryCodes,
    /// The recovery key.
    RecoveryKey,
    /// The enrolment code.
    Enrolment,
}

/// What was shown was copied.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Copied {
    /// Seconds until it is taken out of the clipboard, if it is still there.
    pub cleared_in_secs: u32,
}

/// What was shown was saved.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Saved {
    /// The file, as this computer writes it.
    pub path: String,
}
