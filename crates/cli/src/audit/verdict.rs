//! `keyholder audit verify`

use keyholder_core::audit::chain::Verdict;
use keyholder_core::error::Code;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::operator::signed_in;
use crate::output::Output;
use crate::site::Site;

pub(super) async fn run(site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
    let verdict = signed_in(site, options, async |_, directory| {
        Ok(directory.verify_trail().await?)
    })
    .await?;
    answer("The audit trail", &verdict, out)
}

/// Says the verdict; a trail that is not whole is a no.
pub(crate) fn answer(whose: &str, verdict: &Verdict, out: &mut Output) -> Result<(), Failure> {
    out.answer(verdict, |out| match verdict {
        Verdict::Whole { rows, head } => {
            out.line(&format!("{whose} is whole: {rows} rows, each as it was written."))?;
            out.line(&format!("Hash of the last row  {head}"))
        }
        Verdict::Broken { first_bad_seq, .. } => {
            out.line(&format!("{whose} cannot be trusted from row {first_bad_seq} on."))
        }
    })?;
    match verdict {
        Verdict::Whole { .. } => Ok(()),
        Verdict::Broken { first_bad_seq, why } => Err(Failure::refused(
            format!(
                "{whose} is not whole from row {first_bad_seq} on: {why} ({})",
                Code::Damaged
            ),
            "Keep this file as it is: it is evidence. Compare it with the last backup (keyholder backup verify FILE).",
        )),
    }
}
