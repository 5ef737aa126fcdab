//! What can go wrong, in four kinds: absent is an [`Option`], refused is a [`Refusal`], broken is a
//! [`StoreError`], and a [`RemoteError`] is all that lies between a console and a service. One closed
//! [`Code`] goes over every border.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::account::{EmailRefused, TextRefused};
use crate::limit::Allowance;
use crate::lockout::Locked;
use crate::password::Weakness;
use crate::policy::Number;
use crate::rights::Right;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal,)+) => {
        /// Why something was not done: closed, shown to people as `KH-1001` and stored in the trail.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
        #[serde(rename_all = "snake_case")]
        pub enum Code {
            $($(#[$doc])* $variant,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The number that a person can quote: `KH-` and four digits.
            pub fn number(self) -> u16 {
                match self { $(Self::$variant => $number,)+ }
            }
        }
    };
}

codes! {
    /// E-mail address, password or code is wrong; nobody learns which.
    WrongCredentials = 1001,
    /// Too many failures: wait.
    Waiting = 1002,
    /// Too many failures: the factor must be set anew.
    FactorDisabled = 1003,
    /// The account is disabled.
    Disabled = 1004,
    /// The account is locked by hand.
    LockedByHand = 1005,
    /// The code of the authenticator app was used already.
    CodeReplayed = 1006,
    /// Too many codes within half a minute.
    TooManyCodes = 1007,
    /// The enrolment code is wrong, used or too old.
    EnrolmentRefused = 1008,
    /// The session is locked.
    SessionLocked = 1009,
    /// The session has ended.
    SessionEnded = 1010,
    /// The second factor is asked first.
    SecondFactorNeeded = 1011,
    /// Something must be set up first.
    SetUpNeeded = 1012,
    /// The password is too weak.
    WeakPassword = 1013,
    /// The password is longer than 4,096 bytes.
    PasswordTooLong = 1014,
    /// The code of the authenticator app was right at another time. Only the trail says so: whoever
    /// guesses must not learn that a code comes into its time.
    CodeOutOfTime = 1015,
    /// A link was made up, used, replaced by a newer one or is too old.
    LinkRefused = 1016,
    /// The right is missing.
    NotAllowed = 1020,
    /// The last owner who can really sign in cannot be removed.
    LastOwner = 1021,
    /// This cannot be done to one's own account.
    OwnAccount = 1022,
    /// Somebody else changed it in the meantime.
    Conflict = 1030,
    /// There is an account with this e-mail address.
    EmailTaken = 1031,
    /// It is not there.
    NotFound = 1032,
    /// It is in that state already.
    Unchanged = 1033,
    /// The account lies in the recycle bin.
    InRecycleBin = 1034,
    /// A text is not taken.
    BadText = 1040,
    /// An e-mail address is not taken.
    BadEmail = 1041,
    /// A number is out of its bounds.
    OutOfBounds = 1042,
    /// No second factor is being set up.
    NothingBegun = 1043,
    /// The shop is set up already.
    AlreadySetUp = 1044,
    /// The store is not set up yet.
    NotSetUp = 1045,
    /// The shop does not offer that: it sends no letters, or nobody can register.
    NotOffered = 1046,
    /// The disk is full: nothing was saved.
    DiskFull = 1050,
    /// The store cannot be written: nothing was saved.
    ReadOnly = 1051,
    /// The store is damaged.
    Damaged = 1052,
    /// The store did not answer in time.
    Busy = 1053,
    /// The store answered with something unexpected.
    Broken = 1054,
    /// Another program has the store open.
    InUse = 1055,
    /// The file is not a Keyholder store.
    Foreign = 1056,
    /// The store was written by a newer Keyholder.
    Newer = 1057,
    /// The store is not there.
    NoStore = 1058,
    /// The keychain is locked.
    KeychainLocked = 1060,
    /// The keychain has no entry for this store.
    KeyMissing = 1061,
    /// There is no keychain.
    NoKeychain = 1062,
    /// The keychain does not answer.
    KeychainSilent = 1063,
    /// The recovery key is wrong.
    WrongRecoveryKey = 1064,
    /// The key does not belong to this store.
    WrongKey = 1065,
    /// The file beside the store that holds the wrapped key is missing or damaged.
    KeyCardDamaged = 1066,
    /// A message over the border could not be read.
    BadRequest = 1070,
    /// There is no way to the service: nothing was sent.
    Unreachable = 1080,
    /// The service was asked for something that changes nothing, and did not answer.
    NoAnswer = 1081,
    /// The service was asked to change something, and what became of it is not known: it may be done.
    /// Never repeated by itself.
    OutcomeUnknown = 1082,
    /// Nobody whom this machine trusts vouches for the service's certificate. It can be looked at and
    /// trusted by hand.
    CertificateUnknown = 1083,
    /// The service's certificate is not good at this time: it has run out, or the clock is wrong.
    CertificateOutOfDate = 1084,
    /// The service's certificate was made out to another name.
    CertificateForAnother = 1085,
    /// The service shows another certificate than the one that was trusted by hand.
    CertificateChanged = 1086,
    /// The connection could not be made secret, for another reason.
    NotSecured = 1087,
    /// What answers at that address is no Keyholder service.
    NotKeyholder = 1088,
    /// The service is older than this program.
    ServiceOlder = 1089,
    /// The service is newer than this program.
    ServiceNewer = 1090,
    /// The service asks to be left alone for a while.
    TooManyRequests = 1091,
    /// The service is there and cannot work just now: nothing was done.
    Unavailable = 1092,
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KH-{}", self.number())
    }
}

/// A rule says no. The trail says so too, where somebody tried to act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "kind", content = "data")]
pub enum Refusal {
    /// E-mail address, password or code is wrong; nobody learns which.
    #[error("this e-mail address, password or code is not right")]
    WrongCredentials,
    /// Too many failures.
    #[error(transparent)]
    Locked(Locked),
    /// Too many tries from an address, or for one.
    #[error("too many tries: wait a little")]
    LimitReached(Allowance),
    /// The account is disabled. Said only to whoever gave the right password.
    #[error("this account is disabled: the shop's owner can enable it")]
    Disabled,
    /// The account is locked by hand. Said only to whoever gave the right password.
    #[error("this account is locked: the shop's owner or support can unlock it")]
    LockedByHand,
    /// The code was used already.
    #[error("this code was used already: wait for the next one, at most 30 seconds")]
    CodeReplayed,
    /// Three codes were tried within its half minute.
    #[error("three codes were tried already: wait for the next one, at most 30 seconds")]
    TooManyCodes,
    /// The enrolment code is wrong, used or too old.
    #[error("this enrolment code is not right, was used or is too old: ask for a new one")]
    EnrolmentRefused,
    /// The session is locked.
    #[error("locked: give your password to go on")]
    SessionLocked,
    /// The session has ended.
    #[error("your session has ended: sign in again")]
    SessionEnded,
    /// The second factor is asked first.
    #[error("the code of your authenticator app is needed first")]
    SecondFactorNeeded,
    /// Something must be set up first.
    #[error("finish setting up your account first")]
    SetUpNeeded,
    /// The password is too weak, for these reasons.
    #[error("this password is not taken: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    WeakPassword(Vec<Weakness>),
    /// The password is longer than 4,096 bytes.
    #[error("this password is too long: at most 4,096 bytes")]
    PasswordTooLong,
    /// The right is missing.
    #[error("you may not {}: ask the shop's owner", .0.as_words())]
    NotAllowed(Right),
    /// Only an owner may act on this account, or give this role.
    #[error("only an owner may do that to this account")]
    OnlyOwners,
    /// A program's token was not made for that.
    #[error("this token was not made for that: ask the shop's owner for another")]
    OutOfScope,
    /// The last owner who can really sign in cannot be removed.
    #[error("this is the last owner who can sign in: make somebody else an owner first")]
    LastOwner,
    /// This cannot be done to one's own account.
    #[error("you cannot do that to your own account")]
    OwnAccount,
    /// Somebody else changed it in the meantime.
    #[error("somebody changed this in the meantime: nothing was saved, look at it again")]
    Conflict,
    /// There is an account with this e-mail address.
    #[error("there is an account with this e-mail address already")]
    EmailTaken,
    /// It is not there.
    #[error("there is no such account")]
    NotFound,
    /// It is in that state already.
    #[error("nothing to do: it is so already")]
    Unchanged,
    /// The account lies in the recycle bin.
    #[error("this account lies in the recycle bin: restore it first")]
    InRecycleBin,
    /// A text is not taken.
    #[error(transparent)]
    BadText(TextRefused),
    /// An e-mail address is not taken.
    #[error(transparent)]
    BadEmail(EmailRefused),
    /// A number is out of its bounds.
    #[error("a number is out of its bounds")]
    OutOfBounds(Number),
    /// No second factor is being set up.
    #[error("no second factor is being set up: begin again")]
    NothingBegun,
    /// The shop is set up already.
    #[error("this store belongs to a shop already")]
    AlreadySetUp,
    /// The store is not set up yet.
    #[error("this store is not set up yet")]
    NotSetUp,
    /// A link was made up, used, replaced by a newer one or is too old.
    #[error("this link was used, replaced by a newer one or is too old: ask for a new one")]
    LinkRefused,
    /// The shop does not offer that: it sends no letters, or nobody can register.
    #[error("the shop does not offer that")]
    NotOffered,
}

impl Refusal {
    /// The code that goes over every border and into the trail.
    pub fn code(&self) -> Code {
        match self {
            Self::WrongCredentials => Code::WrongCredentials,
            Self::Locked(Locked::Waiting { .. }) => Code::Waiting,
            Self::Locked(Locked::FactorDisabled { .. }) => Code::FactorDisabled,
            Self::LimitReached(_) => Code::TooManyRequests,
            Self::Disabled => Code::Disabled,
            Self::LockedByHand => Code::LockedByHand,
            Self::CodeReplayed => Code::CodeReplayed,
            Self::TooManyCodes => Code::TooManyCodes,
            Self::EnrolmentRefused => Code::EnrolmentRefused,
            Self::SessionLocked => Code::SessionLocked,
            Self::SessionEnded => Code::SessionEnded,
            Self::SecondFactorNeeded => Code::SecondFactorNeeded,
            Self::SetUpNeeded => Code::SetUpNeeded,
            Self::WeakPassword(_) => Code::WeakPassword,
            Self::PasswordTooLong => Code::PasswordTooLong,
            Self::NotAllowed(_) | Self::OnlyOwners | Self::OutOfScope => Code::NotAllowed,
            Self::LastOwner => Code::LastOwner,
            Self::OwnAccount => Code::OwnAccount,
            Self::Conflict => Code::Conflict,
            Self::EmailTaken => Code::EmailTaken,
            Self::NotFound => Code::NotFound,
            Self::Unchanged => Code::Unchanged,
            Self::InRecycleBin => Code::InRecycleBin,
            Self::BadText(_) => Code::BadText,
            Self::BadEmail(_) => Code::BadEmail,
            Self::OutOfBounds(_) => Code::OutOfBounds,
            Self::NothingBegun => Code::NothingBegun,
            Self::AlreadySetUp => Code::AlreadySetUp,
            Self::NotSetUp => Code::NotSetUp,
            Self::LinkRefused => Code::LinkRefused,
            Self::NotOffered => Code::NotOffered,
        }
    }

    /// Until when there is no use in trying again, where that is known.
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Locked(Locked::Waiting { until, .. }) => Some(*until),
            Self::LimitReached(allowance) => Some(allowance.until),
            _ => None,
        }
    }
}

impl From<TextRefused> for Refusal {
    fn from(refused: TextRefused) -> Self {
        Self::BadText(refused)
    }
}

impl From<EmailRefused> for Refusal {
    fn from(refused: EmailRefused) -> Self {
        Self::BadEmail(refused)
    }
}

/// The store could not do its work. Nothing of the change was saved.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {context}")]
pub struct StoreError {
    /// Which kind, for whoever branches on it.
    pub code: Code,
    /// What was tried and what the store said, for the log.
    pub context: String,
}

/// The service did not answer, or not so that it can be understood. Nothing was changed, unless the
/// code is [`Code::OutcomeUnknown`].
#[derive(Debug, thiserror::Error)]
#[error("{code}: {context}")]
pub struct RemoteError {
    /// Which kind, for whoever branches on it.
    pub code: Code,
    /// Until when the service asks to be left alone, where it said so.
    pub until: Option<Timestamp>,
    /// What was asked and what came of it, for the log.
    pub context: String,
}

/// Why a question to a directory was not answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Something is broken.
    #[error(transparent)]
    Broken(#[from] StoreError),
    /// Something lies between this console and the service.
    #[error(transparent)]
    Remote(#[from] RemoteError),
}

impl Error {
    /// The code that goes over every border.
    pub fn code(&self) -> Code {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Broken(error) => error.code,
            Self::Remote(error) => error.code,
        }
    }
}

/// The answer to a question to a directory.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_codes_share_a_number() {
        let numbers: BTreeSet<_> = Code::ALL.iter().map(|code| code.number()).collect();
        assert_eq!(
            numbers.len(),
            Code::ALL.len(),
            "a person quotes the number over the phone"
        );
    }
}
