//! What is written to people, in the same change as what it tells of. Only where somebody posts it: a
//! [`Desk`] is there for every service with mail, and nowhere else.

use jiff::SignedDuration;

use super::sign_in::barred;
use super::{Act, session};
use crate::account::{AccountId, Email};
use crate::audit::{Action, Program, Source};
use crate::change::Change;
use crate::clock::Rng;
use crate::entry::{Entry, EntryKey, EntryKind};
use crate::letter::{Browser, Device, Letter, Link, Visit, Waiting};
use crate::link::{Does, LinkKey, LinkToken, Purpose, Sent};
use crate::session::{Session, SessionId, Stage};
use crate::store::Person;

/// How long somebody may look for their phone before it is strange that no code comes.
const PATIENCE: SignedDuration = SignedDuration::from_mins(3);
/// How long it is remembered that none came, if nobody looks.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// Where letters are written.
pub(crate) struct Desk<'a> {
    pub(crate) key: &'a LinkKey,
    pub(crate) rng: &'a mut Rng,
    /// When.
    pub(crate) at: jiff::Timestamp,
}

impl Desk<'_> {
    /// Puts a letter into the outbox.
    pub(crate) fn write(
        &mut self,
        change: Change,
        to: &Email,
        account: Option<AccountId>,
        letter: Letter,
    ) -> Change {
        let waiting = Waiting::fresh(to.clone(), letter, self.at, self.rng);
        change.put_entry(waiting.entry(account))
    }

    /// Makes a link and puts a letter with it into the outbox. What `links` has of the same purpose is void:
    /// but for "that was not me", of which each is about a sign-in of its own.
    pub(crate) fn send(
        &mut self,
        change: Change,
        does: Does,
        to: &Email,
        whose: Option<&Person>,
        links: &[Entry],
        letter: impl FnOnce(Link) -> Letter,
    ) -> Change {
        let purpose = does.purpose();
        let token = LinkToken::fresh(purpose, self.key, self.rng);
        let until = session::later(self.at, purpose.lasts());
        let account = whose.map(|person| person.account.id);
        let sent = Sent { does, to: to.clone() };
        let mut change = change.put_entry(kept(token.key(), &sent, account, self.at, until));
        if purpose != Purpose::Disown {
            change = void(change, links, purpose);
        }
        let letter = letter(Link::of(&token, purpose, until));
        self.write(change, to, account, letter)
    }

    /// Somebody has come in: their account's holder is told, if it was from a device that was not known.
    /// Not at the first time, when none can be known.
    pub(crate) fn tell_of_device(
        &mut self,
        change: Change,
        before: &Person,
        session: &Session,
        act: &Act,
    ) -> Change {
        let (account, credential) = (&before.account, &before.credential);
        let device = session.source.device;
        let known = device.is_some_and(|device| credential.known_devices.contains(&device));
        let first = credential.last_sign_in_at.is_none();
        if session.stage == Stage::SecondFactor || known || first || barred(account).is_some() {
            return change;
        }
        let by = Act::by(account, act.at, session.source.clone());
        let change = change.and_event(by.done(Action::DeviceNew).on(account));
        let does = Does::Disown {
            session: session.id,
            device,
        };
        let visit = visit(&session.source, act.at);
        self.send(change, does, &account.email, Some(before), &[], |link| {
            Letter::NewDevice { visit, link }
        })
    }
}

/// The same without the links of that purpose.
fn void(mut change: Change, links: &[Entry], purpose: Purpose) -> Change {
    let of_it = |link: &&Entry| {
        link.read::<Sent>()
            .is_ok_and(|sent| sent.does.purpose() == purpose)
    };
    for link in links.iter().filter(of_it) {
        change = change.take_entry(link);
    }
    change
}

fn kept(
    key: EntryKey,
    sent: &Sent,
    account: Option<AccountId>,
    at: jiff::Timestamp,
    until: jiff::Timestamp,
) -> Entry {
    #[expect(clippy::expect_used, reason = "texts and times are always written as JSON")]
    let entry = Entry::new(EntryKind::Link, key, at, sent).expect("JSON");
    let entry = entry.until(until);
    match account {
        Some(account) => entry.of(account),
        None => entry,
    }
}

/// A sign-in as its holder may recognise it.
pub(crate) fn visit(source: &Source, at: jiff::Timestamp) -> Visit {
    let told = source.user_agent.as_deref().map(Device::of_user_agent);
    let ours = matches!(source.program, Program::Window | Program::CommandLine).then_some(Browser::Keyholder);
    let device = told.unwrap_or_default();
    Visit {
        at,
        device: Device {
            browser: device.browser.or(ours),
            ..device
        },
        address: source.address.as_deref().and_then(|address| address.parse().ok()),
    }
}

/// What is remembered of a password that was right, until the code comes.
pub(crate) fn code_awaited(change: Change, session: &Session, act: &Act) -> Change {
    if session.stage != Stage::SecondFactor {
        return change;
    }
    #[expect(clippy::expect_used, reason = "an id is always written as JSON")]
    let entry = Entry::new(
        EntryKind::CodeAwaited,
        awaited(session.id),
        session::later(act.at, PATIENCE),
        &visit(&act.source, act.at),
    )
    .expect("JSON");
    change.put_entry(
        entry
            .of(session.account)
            .until(session::later(act.at, REMEMBERED)),
    )
}

/// Under what that is kept.
pub(crate) fn awaited(session: SessionId) -> EntryKey {
    EntryKey::of(&["code awaited", &session.uuid().to_string()])
}

/// No code came: the holder is told that somebody knows the password.
pub(crate) fn code_missing(
    person: &Person,
    awaited: &Entry,
    visit: Visit,
    act: &Act,
    desk: &mut Desk<'_>,
) -> Change {
    let account = &person.account;
    let change = Change::of(act.done(Action::SecondFactorMissing).on(account)).take_entry(awaited);
    desk.write(
        change,
        &account.email,
        Some(account.id),
        Letter::SecondFactorMissing { visit },
    )
}

/// What is kept for an address that nobody has, or whose account nobody may enter: as much is made and
/// written as for any other, and it opens nothing. `before` is what was kept for it last time.
pub(crate) fn nothing(change: Change, place: &str, before: &[Option<Entry>], desk: &mut Desk<'_>) -> Change {
    let token = LinkToken::fresh(Purpose::Reset, desk.key, desk.rng);
    let until = session::later(desk.at, Purpose::Reset.lasts());
    drop(Link::of(&token, Purpose::Reset, until));
    let mut change = change;
    let kept = nothing_at(place).into_iter().zip(before).zip(FILLERS);
    for ((key, before), length) in kept {
        let filler = "-".repeat(length);
        let entry = match before {
            Some(before) => before.next(desk.at, &filler),
            None => Entry::new(EntryKind::Link, key, desk.at, &filler),
        };
        if let Ok(entry) = entry {
            change = change.put_entry(entry.until(until));
        }
    }
    change
}

/// As long as what is kept of a link, and of a letter with one.
const FILLERS: [usize; 2] = [110, 290];

/// Under what it is kept.
pub(crate) fn nothing_at(place: &str) -> [EntryKey; 2] {
    ["link", "letter"].map(|what| EntryKey::of(&["nobody", what, place]))
}
