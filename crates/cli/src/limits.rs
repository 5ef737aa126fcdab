//! `keyholder limits`

use clap::{Args, Subcommand};
use keyholder_core::limit::{LimitInForce, LimitName, LimitsPage};

use crate::account::needed;
use crate::arguments::Options;
use crate::failure::Failure;
use crate::operator::signed_in;
use crate::output::Output;
use crate::site::Site;
use crate::table::Table;
use crate::text::time;

/// What can be done about limits.
#[derive(Debug, Subcommand)]
pub(crate) enum LimitsCommand {
    /// How often somebody may come, and who is held up now
    List,
    /// Let somebody go on who is held up; with --reason
    Clear(Clear),
}

/// `keyholder limits clear`
#[derive(Debug, Args)]
pub(crate) struct Clear {
    /// The limit by its name
    #[arg(value_name = "LIMIT", value_parser = LimitName::parse)]
    limit: LimitName,
    /// Who is held up, as the list shows them: an address, a network or an e-mail address
    #[arg(value_name = "WHO")]
    subject: String,
}

impl LimitsCommand {
    pub(crate) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        match self {
            Self::List => {
                let page =
                    signed_in(site, options, async |_, directory| Ok(directory.limits().await?)).await?;
                Ok(out.answer(&page, |out| told(&page, out))?)
            }
            Self::Clear(Clear { limit, subject }) => {
                let reason = needed(options.reason.clone())?;
                signed_in(site, options, async |_, directory| {
                    Ok(directory.clear_limit(&limit, &subject, reason).await?)
                })
                .await?;
                let cleared = serde_json::json!({ "limit": limit, "subject": subject });
                Ok(out.answer(&cleared, |out| {
                    out.line(&format!(
                        "{subject} is not held up by {} any more.",
                        limit.as_str()
                    ))
                })?)
            }
        }
    }
}

fn told(page: &LimitsPage, out: &mut Output) -> std::io::Result<()> {
    let mut limits = Table::new(&["LIMIT", "AT ONCE", "ONE BACK EACH", "WHOSE NUMBER"]);
    for limit in &page.limits {
        let source = limit
            .source
            .clone()
            .unwrap_or_else(|| "the shop's own".to_owned());
        limits.row([limit.limit.clone(), limit.count.to_string(), each(limit), source]);
    }
    out.table(&limits)?;
    out.line("")?;
    if page.held_up.is_empty() {
        return out.line("Nobody is held up.");
    }
    let mut held_up = Table::new(&["HELD UP BY", "WHO", "UNTIL"]);
    for held in &page.held_up {
        held_up.row([held.limit.clone(), held.subject.clone(), time(held.until)]);
    }
    out.table(&held_up)
}

/// Such as `12 s`.
fn each(limit: &LimitInForce) -> String {
    let seconds = f64::from(limit.window_secs) / f64::from(limit.count.max(1));
    if seconds >= 60.0 {
        format!("{:.0} min", seconds / 60.0)
    } else {
        format!("{} s", (seconds * 10.0).round() / 10.0)
    }
}
