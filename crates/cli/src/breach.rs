//! `keyholder breach check`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use keyholder_core::breach::{BreachAnswer, NotCheckedReason};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::operator::signed_in;
use crate::output::Output;
use crate::secret::Wanted;
use crate::site::Site;
use crate::text::time;

/// What can be asked of the breach list.
#[derive(Debug, Subcommand)]
pub(crate) enum BreachCommand {
    /// Check a password: five characters of its hash leave this computer, the password never
    Check(Check),
}

/// `keyholder breach check`
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Read the password to check from the first line of this file; - is standard input, after
    /// whatever the sign-in takes from there
    #[arg(long, value_name = "PATH")]
    candidate_file: Option<PathBuf>,
}

impl BreachCommand {
    pub(crate) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let Self::Check(Check { candidate_file }) = self;
        let answer = signed_in(site, options, async |_, directory| {
            let wanted = Wanted {
                what: "password to check",
                option: "--candidate-file",
                file: candidate_file.as_deref(),
            };
            Ok(directory.check_breach(&wanted.password()?).await?)
        })
        .await?;
        out.answer(&answer, |out| match &answer {
            BreachAnswer::NotFound { as_of } => out.line(&format!(
                "Not found in known breaches as of {}. That is no promise.",
                time(*as_of)
            )),
            BreachAnswer::Breached { times } => out.line(&format!("Found {times} times in known breaches.")),
            BreachAnswer::NotChecked { .. } => out.line("Not checked: nothing is known about it."),
        })?;
        match answer {
            BreachAnswer::NotFound { .. } => Ok(()),
            BreachAnswer::Breached { .. } => Err(Failure::refused(
                "this password is in known breaches",
                "Whoever uses it should choose another one.",
            )),
            BreachAnswer::NotChecked { why } => Err(Failure::unavailable(words(why), "Do it again later.")),
        }
    }
}

fn words(why: NotCheckedReason) -> String {
    match why {
        NotCheckedReason::SwitchedOff => "breach checks are switched off".to_owned(),
        NotCheckedReason::Unreachable => "the breach list cannot be reached".to_owned(),
        NotCheckedReason::TimedOut => "the breach list did not answer in time".to_owned(),
        NotCheckedReason::Tls => "no secret connection to the breach list could be made".to_owned(),
        NotCheckedReason::TooManyRequests { retry_after } => {
            format!("the breach list asks to be left alone for {retry_after} seconds")
        }
        NotCheckedReason::BadAnswer => "what came back is no answer of a breach list".to_owned(),
    }
}
