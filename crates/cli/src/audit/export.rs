//! `keyholder audit export`: noted first, then written page by page.

use std::borrow::Cow;
use std::path::PathBuf;

use clap::Args;
use keyholder_core::audit::RecordedEvent;
use keyholder_core::directory::Directory;
use keyholder_core::error::Refusal;
use keyholder_core::query::EventQuery;
use keyholder_core::rights::Right;

use super::filter::Filter;
use crate::arguments::Options;
use crate::failure::Failure;
use crate::file::Sink;
use crate::operator::signed_in;
use crate::output::{Output, escaped_json};
use crate::rows::{Format, Rows};
use crate::site::Site;
use crate::text::shown;

const COLUMNS: [&str; 14] = [
    "seq",
    "at",
    "actor",
    "actor_id",
    "action",
    "outcome",
    "code",
    "subject",
    "subject_id",
    "reason",
    "program",
    "address",
    "device",
    "details",
];

/// `keyholder audit export`
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// A new file (mode 0600); - is standard output
    file: PathBuf,

    /// How it is written; otherwise by the file's ending
    #[arg(long, value_enum)]
    format: Option<Format>,

    #[command(flatten)]
    filter: Filter,
}

impl Export {
    pub(super) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let mut sink = Sink::begin(&self.file)?;
        let format = Format::of(self.format, &self.file);
        let count = signed_in(site, options, async |_, directory| {
            if !directory.me().await?.rights.contains(&Right::ExportAudit) {
                return Err(Refusal::NotAllowed(Right::ExportAudit).into());
            }
            let query = self.filter.query(directory, true).await?;
            // Noted before a row leaves; that note comes after the last row that is written.
            let count = each(directory, query.clone(), u32::MAX, |_| Ok(())).await?;
            directory.note_audit_export(&query, count).await?;
            let mut rows = Rows::begin(format, &COLUMNS, sink.writer())?;
            each(directory, query, count, |event| write(event, &mut rows)).await?;
            rows.finish()?;
            Ok(count)
        })
        .await?;
        let words = sink.is_file();
        sink.finish()?;
        if !words {
            return Ok(());
        }
        Ok(
            out.answer(&serde_json::json!({ "rows": count, "file": self.file }), |out| {
                out.line(&format!("{count} events are in {}.", self.file.display()))
            })?,
        )
    }
}

/// Hands over at most so many events, page by page, and says how many.
async fn each(
    directory: &dyn Directory,
    mut query: EventQuery,
    most: u32,
    mut take: impl FnMut(&RecordedEvent) -> Result<(), Failure>,
) -> Result<u32, Failure> {
    let mut count = 0;
    loop {
        let page = directory.events(&query).await?;
        for event in &page.rows {
            if count == most {
                return Ok(count);
            }
            take(event)?;
            count += 1;
        }
        query.after = page.next;
        if query.after.is_none() {
            return Ok(count);
        }
    }
}

fn write(recorded: &RecordedEvent, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let event = &recorded.event;
    let text = |text: Option<&str>| {
        text.map(|text| Cow::Owned(shown(text).into_owned()))
            .unwrap_or_default()
    };
    let id = |id: Option<String>| id.map(Cow::Owned).unwrap_or_default();
    let cells = [
        Cow::Owned(recorded.seq.to_string()),
        Cow::Owned(event.at.to_string()),
        text(Some(event.actor.label())),
        id(event.actor.account().map(|id| id.to_string())),
        event.action.as_str().into(),
        event.outcome.as_str().into(),
        id(event.code.map(|code| code.to_string())),
        text(event.subject_email.as_deref()),
        id(event.subject.map(|id| id.to_string())),
        text(event.reason.as_ref().map(keyholder_core::account::Reason::as_str)),
        event.source.program.as_str().into(),
        text(event.source.address.as_deref()),
        id(event.source.device.map(|device| device.to_string())),
        Cow::Owned(escaped_json(&event.details)),
    ];
    Ok(rows.write(cells, recorded)?)
}
