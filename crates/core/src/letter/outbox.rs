//! The rules of the outbox: when a letter is tried again, and how many of its kind somebody gets.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::kinds::Letter;
use crate::account::{AccountId, Email, uuid_v7};
use crate::clock::Rng;
use crate::entry::{Entry, EntryKey, EntryKind};

/// The waits between tries in minutes; the last holds from then on. Short at first, for greylisting
/// (RFC 6647, 2.4), and then as RFC 5321, 4.5.4.1 asks: half an hour at least, for days.
const WAITS: [i64; 5] = [1, 5, 15, 60, 240];
/// The longest that a letter is tried for.
const LONGEST: SignedDuration = SignedDuration::from_hours(48);
/// Letters that a recipient gets of one kind within [`WINDOW`].
const MOST: usize = 2;
/// See [`MOST`].
const WINDOW: SignedDuration = SignedDuration::from_mins(1);

/// A letter that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Names it for ever, as its Message-ID.
    pub id: Uuid,
    /// Where it goes.
    pub to: Email,
    /// What it says.
    pub letter: Letter,
    /// When it was written.
    pub at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
}

impl Waiting {
    /// A letter that was just written.
    pub fn new(id: Uuid, to: Email, letter: Letter, at: Timestamp) -> Self {
        Self {
            id,
            to,
            letter,
            at,
            tries: 0,
        }
    }

    /// The same, under a fresh name.
    pub fn fresh(to: Email, letter: Letter, at: Timestamp, rng: &mut Rng) -> Self {
        Self::new(uuid_v7(at, rng), to, letter, at)
    }

    /// As it lies in the outbox, due at once. Whoever's account it is about, it goes when that goes.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "texts and times are always written as JSON"
    )]
    pub fn entry(&self, account: Option<AccountId>) -> Entry {
        let key = EntryKey::of(&["letter", &self.id.to_string()]);
        let entry = Entry::new(EntryKind::Letter, key, self.at, self).expect("JSON");
        match account {
            Some(account) => entry.of(account),
            None => entry,
        }
    }

    /// Where [`Sent`] is kept of whoever gets it.
    pub fn limit(&self) -> EntryKey {
        EntryKey::of(&["letters", self.to.key(), self.letter.kind().as_str()])
    }

    /// The same after one more try.
    #[must_use]
    pub fn tried(self) -> Self {
        Self {
            tries: self.tries.saturating_add(1),
            ..self
        }
    }

    /// When it is tried again after what was tried until now; never where that would be too late.
    pub fn again(&self, now: Timestamp) -> Option<Timestamp> {
        let place = usize::try_from(self.tries.saturating_sub(1)).unwrap_or(usize::MAX);
        let wait = WAITS[place.min(WAITS.len() - 1)];
        let next = now.saturating_add(SignedDuration::from_mins(wait)).ok()?;
        (next < self.end()).then_some(next)
    }

    /// From when on it is not sent any more: two days after it was written, and not once its link is dead.
    pub fn end(&self) -> Timestamp {
        let end = self.at.saturating_add(LONGEST).unwrap_or(Timestamp::MAX);
        self.letter.link().map_or(end, |link| end.min(link.until))
    }
}

/// When somebody last got letters of one kind: at most two a minute, so that nobody's mailbox can be filled
/// by asking for letters to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent(Vec<Timestamp>);

impl Sent {
    /// The same with one more letter at `now`; none where it would be one too many.
    pub fn and(&self, now: Timestamp) -> Option<Self> {
        // A clock that was set back leaves times to come: those a minute off count for nothing.
        let near = |at: &&Timestamp| at.duration_since(now).abs() < WINDOW;
        let mut times: Vec<_> = self.0.iter().filter(near).copied().collect();
        if times.len() >= MOST {
            return None;
        }
        times.push(now);
        Some(Self(times))
    }

    /// From when on it says nothing any more.
    pub fn forgotten(now: Timestamp) -> Timestamp {
        now.saturating_add(WINDOW).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::letter::Link;

    fn start() -> Timestamp {
        "2026-03-01T07:00:00Z".parse().unwrap()
    }

    fn waiting(letter: Letter) -> Waiting {
        Waiting::new(
            Uuid::nil(),
            Email::parse("ada@cornerbooks.example").unwrap(),
            letter,
            start(),
        )
    }

    /// Every moment at which a letter is tried, if no server is ever there.
    fn tries(mut waiting: Waiting) -> Vec<SignedDuration> {
        let mut now = Some(start());
        let mut tries = Vec::new();
        while let Some(at) = now {
            tries.push(at.duration_since(start()));
            waiting = waiting.tried();
            now = waiting.again(at);
        }
        tries
    }

    #[test]
    fn a_letter_is_tried_for_two_days_and_less_and_less_often() {
        let tries = tries(waiting(Letter::AddressTaken));
        let minutes: Vec<_> = tries.iter().take(7).map(SignedDuration::as_mins).collect();
        assert_eq!(
            minutes,
            [0, 1, 6, 21, 81, 321, 561],
            "soon at first, then every four hours"
        );
        let last = tries.last().unwrap();
        assert!(
            (44..48).contains(&last.as_hours()),
            "until two days are nearly over, not longer: {last}"
        );
    }

    proptest! {
        #[test]
        fn no_letter_is_tried_once_its_link_is_dead(minutes in 0_i64..6_000) {
            let until = start() + SignedDuration::from_mins(minutes);
            let link = Link::new("/reset/token", until).unwrap();
            let waiting = waiting(Letter::PasswordReset { link });
            let end = waiting.end().duration_since(start());
            prop_assert_eq!(end, SignedDuration::from_mins(minutes.min(48 * 60)), "the link's end, or two days");
            let tries = tries(waiting);
            prop_assert!(tries[1..].iter().all(|at| *at < end), "{tries:?}");
            prop_assert!(tries.windows(2).all(|pair| pair[0] < pair[1]), "time goes on: {tries:?}");
        }

        #[test]
        fn nobody_gets_three_of_a_kind_within_a_minute(gaps in proptest::collection::vec(0_i64..90_000, 1..60)) {
            let (mut sent, mut now, mut times) = (Sent::default(), start(), Vec::new());
            for gap in gaps {
                now += SignedDuration::from_millis(gap);
                if let Some(with) = sent.and(now) {
                    sent = with;
                    times.push(now);
                } else {
                    let recent = times.iter().rev().take(2).filter(|at| now.duration_since(**at) < WINDOW);
                    prop_assert_eq!(recent.count(), 2, "none is dropped without need");
                }
            }
            for three in times.windows(3) {
                prop_assert!(three[2].duration_since(three[0]) >= WINDOW, "{three:?}");
            }
        }

        #[test]
        fn p23_a_clock_that_jumps_keeps_no_letter_back_for_long(jump in -10_000_000_i64..10_000_000) {
            let sent = Sent::default().and(start()).and_then(|sent| sent.and(start())).unwrap();
            let now = start() + SignedDuration::from_secs(jump);
            let soon = now + WINDOW * 2;
            prop_assert!(sent.and(soon).is_some() || sent.and(now).is_some(), "a jump of {jump} s");
        }
    }

    #[test]
    fn what_waits_is_read_as_it_was_written() {
        let link = Link::new("/invitation/T0k-en_~", start()).unwrap();
        let by = "Ada".to_owned().try_into().unwrap();
        let waiting = waiting(Letter::Invitation { by, link }).tried();
        let json = serde_json::to_string(&waiting).unwrap();
        assert_eq!(serde_json::from_str::<Waiting>(&json).unwrap(), waiting, "{json}");
        assert!(
            !format!("{waiting:?}").contains("T0k"),
            "a log line with it in it opens nothing"
        );
        let elsewhere = json.replace("/invitation/T0k-en_~", "//evil.example/");
        assert!(
            serde_json::from_str::<Waiting>(&elsewhere).is_err(),
            "a link leads to the service"
        );
    }
}
