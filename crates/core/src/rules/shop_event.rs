//! The shop's own events, as the trail has them.

use super::Act;
use crate::account::AccountId;
use crate::audit::Details;
use crate::change::Change;
use crate::shop_event::Told;

/// An event with the account that it is about, as far as that is known.
pub(crate) struct Known {
    pub(crate) told: Told,
    pub(crate) subject: Option<AccountId>,
    pub(crate) subject_email: Option<String>,
}

/// The events of one request; none if there are none.
pub(crate) fn told(events: Vec<Known>, act: &Act) -> Option<Change> {
    let mut events = events.into_iter().map(|known| {
        let Known {
            told,
            subject,
            subject_email,
        } = known;
        let mut event = act.done(told.kind.action()).because(Some(told.what));
        event.subject = subject;
        event.subject_email = subject_email;
        event.with(Details {
            facts: told.facts,
            ..Details::default()
        })
    });
    let first = Change::of(events.next()?);
    Some(events.fold(first, Change::and_event))
}
