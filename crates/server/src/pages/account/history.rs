//! What happened to my account.

use axum::http::{StatusCode, Uri};
use keyholder_core::account::AccountId;
use keyholder_core::audit::{AuditEvent, RecordedEvent};
use keyholder_core::query::{Cursor, EventQuery};

use super::super::views::{Happened, History};
use super::super::visit::{Inside, Purpose, Shown, Visit};
use super::super::words::{By, Words};

/// Events that one page looks through.
const EVENTS: u32 = 100;

/// A page of it.
pub(in super::super) async fn show(visit: Visit, uri: Uri) -> Shown {
    let (mut visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let Inside { directory, me, .. } = inside;
    let mut page = visit.frame("").await?;
    let words = page.words;
    words.history_title.clone_into(&mut page.title);
    page.signed_in = true;
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let after = pairs.find(|(name, _)| name == "after");
    let query = EventQuery {
        account: Some(me.account.id),
        after: after.map(|(_, cursor)| Cursor(cursor.into_owned())),
        limit: EVENTS,
        ..EventQuery::default()
    };
    let events = directory.events(&query).await?;
    let shown = History {
        happened: lines(words, &events.rows, me.account.id).collect(),
        older: events.next.map(|Cursor(next)| {
            let mut query = form_urlencoded::Serializer::for_suffix(String::from("?"), 1);
            query.append_pair("after", &next);
            query.finish()
        }),
        page,
    };
    visit.show(StatusCode::OK, &shown)
}

/// The events that are about the account, as lines.
pub(super) fn lines<'a>(
    words: &'static Words,
    events: &'a [RecordedEvent],
    me: AccountId,
) -> impl Iterator<Item = Happened> + 'a {
    events.iter().filter_map(move |RecordedEvent { event, .. }| {
        Some(Happened {
            what: words.happened(event, me)?,
            at: words.moment(event.at),
            stamp: event.at.to_string(),
            place: place(words, event, me),
        })
    })
}

/// From where somebody acted who was, or claimed to be, the holder.
fn place(words: &Words, event: &AuditEvent, me: AccountId) -> Option<String> {
    let address = event.source.address.as_deref()?;
    (By::of(&event.actor, me) != By::Shop).then(|| (words.history_from)(&words.place(Some(address))))
}
