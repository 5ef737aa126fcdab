//! Which events are meant.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use keyholder_core::audit::{Action, Outcome};
use keyholder_core::directory::Directory;
use keyholder_core::query::{EventQuery, PAGE_MAX};

use crate::arguments::{Subject, time};
use crate::failure::Failure;
use crate::operator::find;

/// Which events are meant: all that is said must hold.
#[derive(Debug, Args)]
pub(super) struct Filter {
    /// By or about this account
    #[arg(long, value_name = "E-MAIL|ID", value_parser = Subject::parse)]
    account: Option<Subject>,

    /// This action, such as `sign_in.password` or `account.locked`
    #[arg(long, value_parser = action(), hide_possible_values = true)]
    action: Option<Action>,

    /// With this outcome
    #[arg(long, value_parser = outcome())]
    outcome: Option<Outcome>,

    /// From this address
    #[arg(long)]
    address: Option<String>,

    /// Not before this day or moment (2026-01-31 or 2026-01-31T12:00:00Z)
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Timestamp>,

    /// Before this day or moment
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,

    /// Part of the e-mail address of who acted or of whose account, or of the reason
    #[arg(long)]
    text: Option<String>,
}

fn action() -> impl TypedValueParser<Value = Action> {
    let words = Action::ALL
        .iter()
        .map(|action| action.as_str())
        .collect::<Vec<_>>();
    PossibleValuesParser::new(words).try_map(|word| Action::parse(&word).ok_or("no such action"))
}

fn outcome() -> impl TypedValueParser<Value = Outcome> {
    PossibleValuesParser::new(["done", "failed", "refused"])
        .try_map(|word| Outcome::parse(&word).ok_or("no such outcome"))
}

impl Filter {
    /// The query for its first page.
    pub(super) async fn query(
        self,
        directory: &dyn Directory,
        oldest_first: bool,
    ) -> Result<EventQuery, Failure> {
        let account = match &self.account {
            Some(subject) => Some(find(directory, subject).await?.id),
            None => None,
        };
        Ok(EventQuery {
            account,
            action: self.action,
            outcome: self.outcome,
            address: self.address,
            from: self.from,
            until: self.until,
            text: self.text,
            oldest_first,
            after: None,
            limit: PAGE_MAX,
        })
    }
}
