//! Letters as the trail knows them: one that leaves the outbox without being sent leaves an event.

use jiff::Timestamp;

use crate::account::Email;
use crate::audit::{Action, Actor, Details, Program, Source};
use crate::change::Change;
use crate::entry::Entry;
use crate::error::Code;
use crate::rules::Act;

/// A letter that is not sent.
#[derive(Debug, Clone, Copy)]
pub struct NotSent<'a> {
    /// As it lies in the outbox.
    pub entry: &'a Entry,
    /// Which it is, in a word.
    pub kind: &'a str,
    /// To whom it would have gone, if that can still be read.
    pub to: Option<&'a Email>,
    /// Why it is not sent.
    pub why: Why<'a>,
}

/// Why a letter is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why<'a> {
    /// Its recipient just got as many of its kind as anybody gets.
    TooMany,
    /// No mail server took it, for that reason.
    Undeliverable(&'a str),
}

/// Takes a letter out of the outbox, with its event. A conflict if somebody else has it.
pub fn not_sent(letter: NotSent<'_>, at: Timestamp) -> Change {
    let NotSent { entry, kind, to, why } = letter;
    let act = Act {
        at,
        actor: Actor::Keyholder,
        source: Source {
            program: Program::Keyholder,
            address: None,
            device: None,
            user_agent: None,
        },
    };
    let details = Details::default().fact("letter", kind);
    let mut event = match why {
        Why::TooMany => act
            .failed(Action::LetterDropped, Code::TooManyRequests)
            .with(details),
        Why::Undeliverable(why) => act
            .failed(Action::LetterFailed, Code::Unreachable)
            .with(details.fact("why", why)),
    };
    event.subject = entry.account;
    event.subject_email = to.map(ToString::to_string);
    Change::of(event).take_entry(entry)
}
