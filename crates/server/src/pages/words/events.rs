//! What happened to an account, told to its holder.

use keyholder_core::account::AccountId;
use keyholder_core::audit::{Action, Actor, AuditEvent, Outcome};
use keyholder_core::error::Code;

use super::Words;

/// Who did it, as far as it is the holder's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum By {
    /// The holder.
    You,
    /// Somebody who looks after the accounts.
    Shop,
    /// Somebody who had not shown who they are: the holder, or a stranger.
    Somebody,
}

impl By {
    /// Who, to the holder of `me`.
    pub(in super::super) fn of(actor: &Actor, me: AccountId) -> Self {
        match actor {
            Actor::Account { id, .. } if *id == me => Self::You,
            Actor::Unknown { .. } | Actor::PasswordHolder { .. } => Self::Somebody,
            _ => Self::Shop,
        }
    }
}

#[expect(clippy::unused_self, reason = "another language says it in its own way")]
impl Words {
    /// What happened, in a sentence; none where it is not about the account.
    pub(in super::super) fn happened(&self, event: &AuditEvent, me: AccountId) -> Option<&'static str> {
        if event.subject != Some(me) {
            return None;
        }
        let by = By::of(&event.actor, me);
        match event.outcome {
            Outcome::Done => done(event.action, by),
            Outcome::Failed => failed(event.action),
            Outcome::Refused => refused(event, by),
        }
    }
}

fn done(action: Action, by: By) -> Option<&'static str> {
    let own = by == By::You;
    Some(match action {
        Action::SignInPassword if own => "You signed in with your password.",
        Action::SignInPassword => "Your password was given. The code from your phone was asked for next.",
        Action::SignInCode => "You signed in with the code from your phone.",
        Action::SignInRecoveryCode => "You signed in with a recovery code.",
        Action::SessionEnded if own => "You signed out.",
        Action::SessionEnded | Action::SessionsEnded if !own => "The shop signed you out.",
        Action::SessionsEnded => "You signed out everywhere.",
        Action::AccountCreated => "The shop made your account.",
        Action::AccountImported => "The shop brought your account over from another program.",
        Action::AccountEdited if own => "You changed your name.",
        Action::AccountEdited => "The shop changed your name, address or role.",
        Action::AccountDisabled => "The shop disabled your account.",
        Action::AccountEnabled => "The shop enabled your account.",
        Action::AccountLocked => "The shop locked your account.",
        Action::AccountUnlocked => "The shop unlocked your account.",
        Action::AccountDeleted => "The shop put your account into the recycle bin.",
        Action::AccountRestored => "The shop took your account out of the recycle bin.",
        Action::EnrolmentIssued => "The shop made an enrolment code for you.",
        Action::EnrolmentRedeemed => "You chose a password with an enrolment code.",
        Action::PasswordChanged => "You chose a new password.",
        Action::PasswordChangeForced => "The shop asked you for a new password.",
        Action::PasswordBreached => "Your password was found in a data leak.",
        Action::SecondFactorBegun => "You began to set up a second factor.",
        Action::SecondFactorConfirmed => "You set up a second factor.",
        Action::SignInPasskey => "You signed in with a passkey.",
        Action::PasskeyAdded => "You added a passkey.",
        Action::PasskeyRemoved if own => "You removed a passkey.",
        Action::PasskeyRemoved => "The shop removed a passkey of yours.",
        Action::SecondFactorPutOff => "You put off the second factor.",
        Action::SecondFactorReset => "The shop took away your second factor.",
        Action::SecondFactorRemoved => "You removed your second factor.",
        Action::RecoveryCodesReplaced => "You made new recovery codes.",
        Action::OwnerRecovered => "You were let in again with the recovery key.",
        _ => return None,
    })
}

fn failed(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::SignInPassword => "A wrong password was given.",
        Action::SignInCode => "A wrong code was given after your password.",
        Action::SignInPasskey => "A passkey was tried that was not taken.",
        Action::SignInRecoveryCode => "A wrong recovery code was given after your password.",
        Action::EnrolmentRedeemed => "A wrong enrolment code was given.",
        Action::PasswordChanged
        | Action::SecondFactorRemoved
        | Action::RecoveryCodesReplaced
        | Action::PasskeyAdded
        | Action::PasskeyRemoved
        | Action::SessionUnlocked => "You mistyped your current password.",
        Action::SecondFactorConfirmed => "You mistyped the first code of a second factor.",
        _ => return None,
    })
}

fn refused(event: &AuditEvent, by: By) -> Option<&'static str> {
    Some(match event.action {
        Action::EnrolmentRedeemed if event.code == Some(Code::WeakPassword) => {
            "A password that you chose was too weak."
        }
        Action::SignInPassword if event.code == Some(Code::Waiting) => {
            "A sign-in was turned away after too many wrong passwords."
        }
        Action::SignInPassword => "A sign-in was turned away.",
        Action::SignInCode | Action::SignInRecoveryCode => {
            "A sign-in was turned away after your password was given."
        }
        Action::EnrolmentRedeemed => "An enrolment code was turned away.",
        _ if by == By::Shop => "Somebody in the shop tried to do something to your account and may not.",
        _ => return None,
    })
}
