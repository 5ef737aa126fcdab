//! `keyholder audit tail`: looks every second, and leaves the store to others in between.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use keyholder_app::vault::MasterKey;
use keyholder_core::audit::RecordedEvent;
use keyholder_core::directory::{Authentication as _, Directory};
use keyholder_core::error::Code;
use keyholder_core::query::EventQuery;
use keyholder_core::session::SessionToken;

use super::filter::Filter;
use super::search::all;
use crate::arguments::Options;
use crate::failure::Failure;
use crate::operator::sign_in;
use crate::output::Output;
use crate::site::Site;
use crate::text::time;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(1);

/// `keyholder audit tail`
#[derive(Debug, Args)]
pub(crate) struct Tail {
    #[command(flatten)]
    filter: Filter,

    /// Begin with so many events of before
    #[arg(long, value_name = "N", default_value_t = 10)]
    lines: usize,
}

impl Tail {
    pub(super) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let open = site.open().await?;
        let began = async {
            let token = sign_in(&open, options).await?;
            let directory = open.authentication().directory(&token);
            let query = self.filter.query(&*directory, false).await?;
            let mut events = all(&*directory, query.clone(), self.lines.max(1)).await?;
            let seen = events.first().map_or(0, |newest| newest.seq);
            events.truncate(self.lines);
            write(out, events)?;
            Ok::<_, Failure>(Follow { token, query, seen })
        }
        .await;
        let master = open.close().await;
        let (mut follow, master) = (began?, master?);
        let followed = follow.until_interrupted(site, &master, out).await;
        let signed_out = follow.sign_out(site, master).await;
        followed?;
        signed_out
    }
}

/// A session that looks again and again.
struct Follow {
    token: SessionToken,
    query: EventQuery,
    /// The number of the last event that was written.
    seen: u32,
}

impl Follow {
    async fn until_interrupted(
        &mut self,
        site: &Site,
        master: &Arc<MasterKey>,
        out: &mut Output,
    ) -> Result<(), Failure> {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let interrupted = tokio::signal::ctrl_c();
        tokio::pin!(interrupted);
        loop {
            tokio::select! {
                _ = &mut interrupted => return Ok(()),
                _ = ticks.tick() => self.look(site, master, out).await?,
            }
        }
    }

    async fn look(&mut self, site: &Site, master: &Arc<MasterKey>, out: &mut Output) -> Result<(), Failure> {
        let open = match site.open_now(Arc::clone(master)).await {
            Ok(open) => open,
            // The window or another command has it: what they do is seen when they are done.
            Err(failure) if failure.code() == Some(Code::InUse) => return Ok(()),
            Err(failure) => return Err(failure),
        };
        let directory = open.authentication().directory(&self.token);
        let new = self.new_events(&*directory).await;
        open.close().await?;
        write(out, new?)
    }

    /// Everything after what was seen, the newest first.
    async fn new_events(&mut self, directory: &dyn Directory) -> Result<Vec<RecordedEvent>, Failure> {
        // Whoever follows the trail is at work.
        directory.touch().await?;
        let mut query = self.query.clone();
        let mut new = Vec::new();
        loop {
            let page = directory.events(&query).await?;
            let (before, count) = (new.len(), page.rows.len());
            new.extend(page.rows.into_iter().filter(|event| event.seq > self.seen));
            query.after = page.next;
            if new.len() - before < count || query.after.is_none() {
                break;
            }
        }
        self.seen = new.first().map_or(self.seen, |newest| newest.seq);
        Ok(new)
    }

    async fn sign_out(self, site: &Site, master: Arc<MasterKey>) -> Result<(), Failure> {
        let open = match site.open_with(master).await {
            Ok(open) => open,
            // Nothing else can be done while the window is open; the session ends by itself.
            Err(failure) if failure.code() == Some(Code::InUse) => return Ok(()),
            Err(failure) => return Err(failure),
        };
        let signed_out = open.authentication().directory(&self.token).sign_out().await;
        open.close().await?;
        match signed_out.map_err(Failure::from) {
            Err(failure) if failure.code() == Some(Code::SessionEnded) => Ok(()),
            other => other,
        }
    }
}

/// Writes events that came newest first, the oldest first.
fn write(out: &mut Output, mut events: Vec<RecordedEvent>) -> Result<(), Failure> {
    events.reverse();
    for event in &events {
        if out.is_json() {
            out.json_line(event)?;
        } else {
            out.line(&told(event))?;
        }
    }
    Ok(out.flush()?)
}

/// One event on one line: those to come are not known, so that there are no columns to line up.
fn told(RecordedEvent { seq, event }: &RecordedEvent) -> String {
    let (action, outcome) = (event.action.as_str(), event.outcome.as_str());
    let mut line = format!(
        "{seq}  {}  {outcome:7}  {action}  by {}",
        time(event.at),
        event.actor.label()
    );
    for (word, text) in [
        (" on", event.subject_email.clone()),
        (" from", event.source.address.clone()),
        (", because", event.code.map(|code| code.to_string())),
        (":", event.reason.as_ref().map(ToString::to_string)),
    ] {
        if let Some(text) = text {
            line.push_str(word);
            line.push(' ');
            line.push_str(&text);
        }
    }
    line
}
