//! What can be done: a closed list, so that nothing happens under a name nobody knows.

use serde::{Deserialize, Serialize};
use specta::Type;

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)+) => {
        /// What was done or tried. The word is stored, exported and searched for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
        pub enum Action {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that is stored.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

actions! {
    /// A shop was set up.
    ShopCreated = "shop.created",
    /// The shop's name or one of its numbers was changed.
    PolicyChanged = "policy.changed",
    /// A password was given at sign-in.
    SignInPassword = "sign_in.password",
    /// A code of an authenticator app was given at sign-in.
    SignInCode = "sign_in.code",
    /// A recovery code was given at sign-in.
    SignInRecoveryCode = "sign_in.recovery_code",
    /// A session was locked by hand.
    SessionLocked = "session.locked",
    /// A locked session was opened again.
    SessionUnlocked = "session.unlocked",
    /// Somebody signed out, or a session was ended by somebody with the right.
    SessionEnded = "session.ended",
    /// All sessions of an account were ended.
    SessionsEnded = "session.all_ended",
    /// An account was made.
    AccountCreated = "account.created",
    /// An account came in from a file.
    AccountImported = "account.imported",
    /// Accounts were written to a file.
    AccountsExported = "account.exported",
    /// E-mail address, name or role was changed.
    AccountEdited = "account.edited",
    /// An account was disabled.
    AccountDisabled = "account.disabled",
    /// A disabled account was enabled.
    AccountEnabled = "account.enabled",
    /// An account was locked by hand.
    AccountLocked = "account.locked",
    /// A lock was lifted, by hand or after failures, and the failures forgotten.
    AccountUnlocked = "account.unlocked",
    /// An account was put into the recycle bin.
    AccountDeleted = "account.deleted",
    /// An account was taken out of the recycle bin.
    AccountRestored = "account.restored",
    /// An account was removed for good after its days in the recycle bin.
    AccountPurged = "account.purged",
    /// An enrolment code was handed out.
    EnrolmentIssued = "enrolment.issued",
    /// An enrolment code was used to set a password.
    EnrolmentRedeemed = "enrolment.redeemed",
    /// Somebody chose a new password.
    PasswordChanged = "password.changed",
    /// Somebody was told to choose a new password at the next sign-in.
    PasswordChangeForced = "password.change_forced",
    /// A password was found in a breach at sign-in.
    PasswordBreached = "password.breached",
    /// A new secret for a second factor was made, not yet confirmed.
    SecondFactorBegun = "second_factor.begun",
    /// A second factor was confirmed by a code and is asked from now on.
    SecondFactorConfirmed = "second_factor.confirmed",
    /// The second factor was put off.
    SecondFactorPutOff = "second_factor.put_off",
    /// A second factor was taken away by somebody with the right.
    SecondFactorReset = "second_factor.reset",
    /// Somebody turned off their own second factor.
    SecondFactorRemoved = "second_factor.removed",
    /// New recovery codes replaced the old ones.
    RecoveryCodesReplaced = "recovery_codes.replaced",
    /// Somebody proved to hold the recovery key.
    RecoveryKeyConfirmed = "recovery_key.confirmed",
    /// A new recovery key replaced the old one.
    RecoveryKeyReplaced = "recovery_key.replaced",
    /// The store was opened with the recovery key and an owner let in again.
    OwnerRecovered = "owner.recovered",
    /// A password was checked against known breaches.
    BreachChecked = "breach.checked",
    /// The audit trail was written to a file.
    AuditExported = "audit.exported",
    /// The chain of the audit trail was checked.
    AuditVerified = "audit.verified",
    /// Somebody registered an account of their own; it is made once its address is confirmed.
    AccountRegistered = "account.registered",
    /// An invitation was sent by mail.
    AccountInvited = "account.invited",
    /// A new e-mail address was asked for; it counts once the link sent to it is used.
    EmailChangeRequested = "email.change_requested",
    /// Somebody asked for a link to set a new password.
    PasswordResetRequested = "password.reset_requested",
    /// A password was set through such a link.
    PasswordReset = "password.reset",
    /// Somebody asked for a link to sign in with.
    SignInLinkRequested = "sign_in.link_requested",
    /// Somebody signed in through such a link.
    SignInLink = "sign_in.link",
    /// Somebody signed in with a passkey.
    SignInPasskey = "sign_in.passkey",
    /// The right password was given and no second factor for three minutes after.
    SecondFactorMissing = "sign_in.second_factor_missing",
    /// Somebody signed in from a device that was not known before.
    DeviceNew = "device.new",
    /// The holder said of a sign-in that it was not theirs: its session ended and the account was locked.
    DeviceDisowned = "device.disowned",
    /// A session was given a new token and more time.
    SessionRenewed = "session.renewed",
    /// A passkey was set up.
    PasskeyAdded = "passkey.added",
    /// A passkey was taken away.
    PasskeyRemoved = "passkey.removed",
    /// A token for a program was made.
    ApiTokenCreated = "api_token.created",
    /// A token for a program was revoked.
    ApiTokenRevoked = "api_token.revoked",
    /// Somebody came up against a limit.
    LimitReached = "limit.reached",
    /// Somebody who was held up by a limit was let go on.
    LimitCleared = "limit.cleared",
    /// A letter was not sent, as many of its kind had just been.
    LetterDropped = "letter.dropped",
    /// A letter could not be delivered.
    LetterFailed = "letter.failed",
    /// The shop itself: one of its settings was changed.
    ShopSettings = "shop.settings",
    /// The shop itself: its look was changed.
    ShopTheme = "shop.theme",
    /// The shop itself: a page was changed.
    ShopPage = "shop.page",
    /// The shop itself: an order went on.
    ShopOrder = "shop.order",
    /// The shop itself: what it signs in with at a provider was changed.
    ShopProvider = "shop.provider",
    /// The shop itself: a picture was changed.
    ShopImage = "shop.image",
    /// The shop itself: something else.
    ShopOther = "shop.other",
    /// A backup was made.
    BackupCreated = "backup.created",
    /// The store was restored from a backup.
    BackupRestored = "backup.restored",
}

impl Action {
    /// The action of that word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == word)
    }
}
