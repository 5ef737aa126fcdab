//! `keyholder account …`

mod act;
mod export;
mod import;
mod invite;
mod list;
mod rows;
mod show;
pub(crate) mod words;

use clap::Subcommand;

use crate::arguments::{Options, Whose};
use crate::failure::Failure;
use crate::output::Output;
use crate::site::Site;

pub(crate) use self::act::needed;

use self::act::Act;

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// List accounts
    List(list::List),
    /// Show one account: the way in, second factor, sessions
    Show(Whose),
    /// Make an account, with an enrolment code to read out
    Create(invite::Create),
    /// Hand out a new enrolment code; an older one is void
    Enrol(Whose),
    /// Take accounts in from a CSV or JSON lines file, with their password hashes
    #[command(after_help = import::FORMAT)]
    Import(import::Import),
    /// Write accounts with their password hashes to a CSV or JSON lines file
    Export(export::Export),
    /// Disable an account and end its sessions (with --reason)
    Disable(Whose),
    /// Enable a disabled account
    Enable(Whose),
    /// Lock an account and end its sessions (with --reason)
    Lock(Whose),
    /// Lift a lock, by hand or after failures (with --reason)
    Unlock(Whose),
    /// Take away a second factor, so that a new one is set up (with --reason)
    ResetSecondFactor(Whose),
    /// End every session of an account
    EndSessions(Whose),
    /// Put an account into the recycle bin
    Delete(Whose),
    /// Take an account out of the recycle bin
    Restore(Whose),
}

impl AccountCommand {
    pub(crate) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let reason = options.reason.clone();
        let (whose, act) = match self {
            Self::List(list) => return list.run(site, options, out).await,
            Self::Show(whose) => return show::run(&whose.subject, site, options, out).await,
            Self::Create(create) => return create.run(site, options, out).await,
            Self::Enrol(whose) => return invite::enrol(&whose.subject, site, options, out).await,
            Self::Import(import) => return import.run(site, options, out).await,
            Self::Export(export) => return export.run(site, options, out).await,
            Self::Disable(whose) => (whose, Act::Disable(needed(reason)?)),
            Self::Enable(whose) => (whose, Act::Enable(reason)),
            Self::Lock(whose) => (whose, Act::Lock(needed(reason)?)),
            Self::Unlock(whose) => (whose, Act::Unlock(needed(reason)?)),
            Self::ResetSecondFactor(whose) => (whose, Act::ResetSecondFactor(needed(reason)?)),
            Self::EndSessions(whose) => (whose, Act::EndSessions(reason)),
            Self::Delete(whose) => (whose, Act::Delete(reason)),
            Self::Restore(whose) => (whose, Act::Restore),
        };
        act.run(&whose.subject, site, options, out).await
    }
}
