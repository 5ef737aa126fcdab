//! What is done to one account, with a reason for the trail.

use keyholder_core::account::{Account, Reason};
use keyholder_core::directory::Directory;

use super::words;
use crate::arguments::{Options, Subject};
use crate::failure::Failure;
use crate::operator::{find, signed_in};
use crate::output::Output;
use crate::site::Site;

/// What is done to an account, and why.
#[derive(Debug)]
pub(super) enum Act {
    Disable(Reason),
    Enable(Option<Reason>),
    Lock(Reason),
    Unlock(Reason),
    ResetSecondFactor(Reason),
    EndSessions(Option<Reason>),
    Delete(Option<Reason>),
    Restore,
}

/// The reason that some acts need.
pub(crate) fn needed(reason: Option<Reason>) -> Result<Reason, Failure> {
    reason.ok_or_else(|| {
        Failure::usage(
            "this needs a reason for the audit trail",
            "Say why with --reason TEXT.",
        )
    })
}

impl Act {
    pub(super) async fn run(
        self,
        subject: &Subject,
        site: &Site,
        options: &Options,
        out: &mut Output,
    ) -> Result<(), Failure> {
        let said = self.said();
        let account = signed_in(site, options, async |_, directory| {
            let account = find(directory, subject).await?;
            self.done(directory, account).await
        })
        .await?;
        Ok(out.answer(&account, |out| {
            out.line(&format!("{} {said}.", words::person(&account)))
        })?)
    }

    async fn done(self, directory: &dyn Directory, account: Account) -> Result<Account, Failure> {
        let id = account.id;
        Ok(match self {
            Self::Disable(reason) => directory.disable(id, reason).await?,
            Self::Enable(reason) => directory.enable(id, reason).await?,
            Self::Lock(reason) => directory.lock_account(id, reason).await?,
            Self::Unlock(reason) => directory.unlock_account(id, reason).await?,
            Self::ResetSecondFactor(reason) => directory.reset_second_factor(id, reason).await?,
            Self::EndSessions(reason) => {
                directory.end_sessions(id, reason).await?;
                account
            }
            Self::Delete(reason) => directory.delete(id, reason).await?,
            Self::Restore => directory.restore(id).await?,
        })
    }

    fn said(&self) -> &'static str {
        match self {
            Self::Disable(_) => "is disabled and signed out everywhere",
            Self::Enable(_) => "is enabled",
            Self::Lock(_) => "is locked and signed out everywhere",
            Self::Unlock(_) => "is unlocked; failures are forgotten",
            Self::ResetSecondFactor(_) => "has no second factor any more and is signed out everywhere",
            Self::EndSessions(_) => "is signed out everywhere",
            Self::Delete(_) => "lies in the recycle bin and is signed out everywhere",
            Self::Restore => "is back from the recycle bin",
        }
    }
}
