//! `keyholder audit search`

use std::borrow::Cow;

use clap::Args;
use keyholder_core::account::Reason;
use keyholder_core::audit::RecordedEvent;
use keyholder_core::directory::Directory;
use keyholder_core::query::{EventQuery, PAGE_MAX};

use super::filter::Filter;
use crate::arguments::Options;
use crate::failure::Failure;
use crate::operator::signed_in;
use crate::output::Output;
use crate::site::Site;
use crate::table::Table;
use crate::text::time;

/// `keyholder audit search`
#[derive(Debug, Args)]
pub(crate) struct Search {
    #[command(flatten)]
    filter: Filter,

    /// The oldest first
    #[arg(long)]
    oldest_first: bool,

    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

impl Search {
    pub(super) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let events = signed_in(site, options, async |_, directory| {
            let query = self.filter.query(directory, self.oldest_first).await?;
            all(directory, query, self.limit).await
        })
        .await?;
        Ok(out.answer(&serde_json::json!({ "events": events }), |out| {
            if events.is_empty() {
                out.line("No events.")
            } else {
                out.table(&drawn(&events))
            }
        })?)
    }
}

/// The first events of a query, at most so many.
pub(super) async fn all(
    directory: &dyn Directory,
    mut query: EventQuery,
    most: usize,
) -> Result<Vec<RecordedEvent>, Failure> {
    query.limit = PAGE_MAX.min(u32::try_from(most).unwrap_or(PAGE_MAX)).max(1);
    let mut events = Vec::new();
    while events.len() < most {
        let page = directory.events(&query).await?;
        events.extend(page.rows);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    events.truncate(most);
    Ok(events)
}

/// Events as people read them.
fn drawn(events: &[RecordedEvent]) -> Table {
    let mut table = Table::new(&["No.", "When", "Who", "What", "Outcome", "Account", "Why", "From"]);
    for recorded in events {
        table.row(cells(recorded));
    }
    table
}

fn cells(RecordedEvent { seq, event }: &RecordedEvent) -> [String; 8] {
    let why = match (&event.reason, event.code) {
        (Some(reason), None) => Cow::Borrowed(Reason::as_str(reason)),
        (Some(reason), Some(code)) => Cow::Owned(format!("{code}: {reason}")),
        (None, Some(code)) => Cow::Owned(code.to_string()),
        (None, None) => Cow::Borrowed(""),
    };
    [
        seq.to_string(),
        time(event.at),
        event.actor.label().to_owned(),
        event.action.as_str().to_owned(),
        event.outcome.as_str().to_owned(),
        event.subject_email.clone().unwrap_or_default(),
        why.into_owned(),
        event.source.address.clone().unwrap_or_default(),
    ]
}
