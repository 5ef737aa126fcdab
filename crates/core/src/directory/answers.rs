//! What a directory answers.

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::account::{Account, AccountId, Email, Name};
use crate::credential::PasskeyId;
use crate::lockout::{Factor, LockState, Scope};
use crate::query::Standing;
use crate::rights::Right;
use crate::second_factor::{EnrolmentCode, TotpSecret};
use crate::session::{SessionRow, SessionToken, Stage};

/// The answer to a step of signing in.
#[derive(Debug)]
pub struct SignedIn {
    /// Opens the session; a new one after each step.
    pub token: SessionToken,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// Whose it is.
    pub account: Account,
}

/// Whose session one is that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The account.
    pub account: Account,
    /// When its holder last did something.
    pub seen_at: Timestamp,
    /// When the session ends, or locks, unless something is done.
    pub ends_at: Timestamp,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Me {
    /// The account.
    pub account: Account,
    /// What its role may do.
    pub rights: Vec<Right>,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// What is still to be done, the most urgent first.
    pub duties: Vec<Duty>,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
    /// When the session locks unless something is done.
    pub locks_at: Timestamp,
    /// When the session ends whatever is done.
    pub ends_at: Timestamp,
}

/// Something the person should do, or must.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Duty {
    /// Must choose a new password.
    ChangePassword {
        /// In how many breaches the present one was found, if that is why.
        breached: Option<u32>,
    },
    /// Must set up a second factor: the shop requires it, or a recovery code was used.
    SetUpSecondFactor,
    /// Is offered a second factor.
    OfferSecondFactor,
    /// Must prove to hold the recovery key; set-up is unfinished.
    ConfirmRecoveryKey,
    /// Is warned that the password was found in breaches.
    BreachedPassword {
        /// In how many.
        times: u32,
    },
    /// Is warned that few recovery codes are left.
    FewRecoveryCodes {
        /// How many.
        left: u32,
    },
}

impl Duty {
    /// Whether nothing else can be done before.
    pub fn comes_first(&self) -> bool {
        matches!(self, Self::ChangePassword { .. } | Self::SetUpSecondFactor)
    }
}

/// A second factor that was begun.
#[derive(Debug)]
pub struct SecondFactorBegun {
    /// To show in groups, for typing.
    pub secret: TotpSecret,
    /// To show as a picture (`otpauth://`).
    pub uri: SecretString,
}

/// An enrolment code, shown once.
#[derive(Debug)]
pub struct IssuedEnrolment {
    /// To read out or print.
    pub code: EnrolmentCode,
    /// Good until then.
    pub expires_at: Timestamp,
    /// Whose it is.
    pub account: Account,
}

/// A link that is on its way by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LinkSent {
    /// To that address.
    pub to: Email,
    /// Good until then.
    pub until: Timestamp,
}

/// A new account with its enrolment code.
#[derive(Debug)]
pub struct Created {
    /// The account.
    pub account: Account,
    /// Shown once.
    pub enrolment: IssuedEnrolment,
}

/// A gate on the way in, in the order in which somebody comes to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Gate {
    /// The account is not in the recycle bin.
    NotDeleted,
    /// The account is enabled.
    Enabled,
    /// The account is not locked by hand.
    NotLocked,
    /// The person has a password.
    Enrolled,
    /// The tries at a factor.
    Tries {
        /// Which factor.
        factor: Factor,
        /// From where.
        scope: Scope,
        /// How it stands.
        state: LockState,
    },
    /// A second factor is asked for, or not.
    SecondFactor {
        /// Whether one is set up: a phone, or a passkey.
        set_up: bool,
        /// Whether the shop requires one.
        required: bool,
    },
    /// A new password must be chosen.
    PasswordChange {
        /// Whether it must.
        forced: bool,
    },
}

/// A gate and whether it lets the person through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GateState {
    /// Which.
    pub gate: Gate,
    /// Whether it lets them through.
    pub open: bool,
    /// When it opens by itself, if it does.
    pub opens_at: Option<Timestamp>,
}

/// The second factor of an account, for its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SecondFactorInfo {
    /// Since when it is asked for.
    pub since: Option<Timestamp>,
    /// Recovery codes left.
    pub recovery_codes_left: u32,
    /// Until when it was put off.
    pub put_off_until: Option<Timestamp>,
}

/// A passkey of an account, for its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PasskeyInfo {
    /// What the authenticator calls it.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: Name,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// The password of an account, for its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PasswordInfo {
    /// When it was chosen.
    pub set_at: Timestamp,
    /// The scheme of its hash, such as `argon2id`.
    pub scheme: String,
    /// In how many breaches it was found at the last check.
    pub breached: Option<u32>,
    /// When that was.
    pub breach_checked_at: Option<Timestamp>,
}

/// Everything about one account that is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AccountPage {
    /// The account.
    pub account: Account,
    /// How it stands.
    pub standing: Standing,
    /// Every gate on the way in.
    pub gates: Vec<GateState>,
    /// The password, if there is one.
    pub password: Option<PasswordInfo>,
    /// The second factor.
    pub second_factor: SecondFactorInfo,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<PasskeyInfo>,
    /// An enrolment code is out, good until then.
    pub enrolment_until: Option<Timestamp>,
    /// Open sessions, the newest first.
    pub sessions: Vec<SessionRow>,
    /// When the person last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// Whether it is the account of whoever asks.
    pub own: bool,
    /// Whether whoever asks may act on an account of this role.
    pub touchable: bool,
}

/// How an import goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// Nothing is written.
    DryRun,
    /// Good rows are written, others are named.
    Apply,
    /// All rows are written, or none.
    Strict,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case", tag = "result")]
pub enum ImportResult {
    /// It is good and would be written.
    Ready,
    /// It was written.
    Imported {
        /// As this account.
        id: AccountId,
    },
    /// It is not taken.
    Refused {
        /// Which column, by its name in the file.
        column: String,
        /// Why.
        why: String,
    },
}

/// An account as it leaves.
#[derive(Debug)]
pub struct ExportRow {
    /// The account.
    pub account: Account,
    /// The hash of its password in the form it came in, or empty. Hashes that Keyholder made need
    /// this store's pepper and open nothing elsewhere.
    pub password_hash: SecretString,
    /// The secret of its second factor in base32, or empty.
    pub totp_secret: SecretString,
}

/// An act on the store itself, done outside the rules and noted by them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum StoreAct {
    /// The holder of the recovery key gave two of its groups.
    RecoveryKeyConfirmed,
    /// A new recovery key replaced the old one; it is not confirmed yet.
    RecoveryKeyReplaced,
    /// A backup was made at that path.
    BackupCreated {
        /// Its file name.
        file: String,
    },
    /// The store was restored from a backup.
    BackupRestored {
        /// Its file name.
        file: String,
    },
}
