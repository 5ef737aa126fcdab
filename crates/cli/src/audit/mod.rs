//! `keyholder audit …`

mod export;
mod filter;
mod search;
mod tail;
pub(crate) mod verdict;

use clap::Subcommand;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::site::Site;

/// What can be done with the trail.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Find events, the newest first
    Search(search::Search),
    /// Follow the trail until Ctrl-C; other programs can work meanwhile
    Tail(tail::Tail),
    /// Check that every row is as it was written
    Verify,
    /// Write every event that a filter finds to a CSV or JSON lines file, the oldest first
    Export(export::Export),
}

impl AuditCommand {
    pub(crate) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        match self {
            Self::Search(search) => search.run(site, options, out).await,
            Self::Tail(tail) => tail.run(site, options, out).await,
            Self::Verify => verdict::run(site, options, out).await,
            Self::Export(export) => export.run(site, options, out).await,
        }
    }
}
