//! `keyholder audit verify`

use std::io;

use keyholder_core::audit::chain::Verdict;
use keyholder_core::error::Code;

use crate::arguments::Options;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::operator::signed_in;
use crate::output::Output;
use crate::site::Site;

pub(super) async fn run(site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
    let verdict = signed_in(site, options, async |_, directory| {
        Ok(directory.verify_trail().await?)
    })
    .await?;
    out.answer(&verdict, |out| say("The audit trail", &verdict, out))?;
    judged("The audit trail", &verdict)
}

/// The verdict in words.
pub(crate) fn say(whose: &str, verdict: &Verdict, out: &mut Output) -> io::Result<()> {
    match verdict {
        Verdict::Whole { rows, head } => {
            out.line(&format!("{whose} is whole: {rows} rows, each as it was written."))?;
            out.line(&format!("Hash of the last row  {head}"))
        }
        Verdict::Broken { first_bad_seq, .. } => {
            out.line(&format!("{whose} cannot be trusted from row {first_bad_seq} on."))
        }
    }
}

/// A trail that is not whole is a no.
pub(crate) fn judged(whose: &str, verdict: &Verdict) -> Result<(), Failure> {
    match verdict {
        Verdict::Whole { .. } => Ok(()),
        Verdict::Broken { first_bad_seq, why } => Err(Failure::of(
            Code::Damaged,
            format!("{whose} is not whole from row {first_bad_seq} on: {why}"),
        )
        .exit(Exit::Refused)
        .advice("Keep this file as it is: it is evidence. Compare it with the last backup: keyholder backup verify FILE.")),
    }
}
