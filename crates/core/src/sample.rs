//! The demo shop: 500 accounts and ninety days of events, the same from the same seed and moment.
//!
//! Its changes are built like those of any shop and go through the same store. Only the owner has a
//! password that opens; everybody else's is of nobody knows what.

mod days;
mod people;

use jiff::Timestamp;

use crate::account::Account;
use crate::audit::{Action, Program, Source};
use crate::change::Change;
use crate::clock::Rng;
use crate::password::PasswordHash;
use crate::policy::{Number, Policy};
use crate::rules::Act;
use crate::rules::session::later;
use crate::shop::Shop;

/// How many people have an account in the demo shop.
pub const ACCOUNTS: usize = 500;
/// How far back its events go, in days.
pub const DAYS: i64 = 90;
/// Who owns it.
pub const OWNER: &str = "maja@marigold-finch.example";
/// What the owner signs in with. No secret: the demo's store is thrown away.
pub const OWNER_PASSWORD: &str = "show me the marigolds at noon";

/// Everything that happened in the demo shop up to `now`, in order. `owner` is the hash of
/// [`OWNER_PASSWORD`], `nobody` one that no password matches.
pub fn changes(now: Timestamp, owner: &PasswordHash, nobody: &PasswordHash, rng: &mut Rng) -> Vec<Change> {
    let opened = midnight(later(now, jiff::SignedDuration::from_hours(-24 * DAYS)));
    let people = people::all(opened, owner, nobody, rng);
    let boss = people[0].account.clone();
    let mut changes = vec![shop_opens(opened, &boss)];
    let mut people: Vec<_> = people.into_iter().map(days::Neighbour::from).collect();
    days::live(&mut people, opened, now, &mut changes, rng);
    changes
}

fn shop_opens(opened: Timestamp, boss: &Account) -> Change {
    let policy = Policy {
        numbers: [(Number::IdleMinutes, 30)].into(),
        ..Policy::default()
    };
    let shop = Shop {
        revision: 1,
        name: people::name("Marigold & Finch"),
        policy,
        created_at: opened,
        recovery_key_confirmed_at: Some(opened),
    };
    let act = Act::by(boss, opened, from("office"));
    Change::of(act.done(Action::ShopCreated))
        .and_event(act.done(Action::RecoveryKeyConfirmed))
        .insert_shop(shop)
}

fn from(place: &str) -> Source {
    Source {
        program: Program::Window,
        address: Some(place.to_owned()),
        device: None,
        user_agent: None,
    }
}

/// The midnight (UTC) before a moment.
fn midnight(moment: Timestamp) -> Timestamp {
    let second = moment.as_second();
    Timestamp::from_second(second - second.rem_euclid(86_400)).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;
    use crate::audit::Outcome;

    fn story(seed: u64) -> Vec<Change> {
        let now = "2026-03-02T14:30:00Z".parse().unwrap();
        let hash =
            PasswordHash::parse("$2b$04$KNyA4IM0uV3S1qMEXZVLSOQ1PtjfkM6LwZ8mW3ZBzEo0FfHV0OgS2").unwrap();
        changes(now, &hash, &hash, &mut Rng::seed_from_u64(seed))
    }

    #[test]
    fn the_demo_is_the_same_every_time() {
        let tell = |seed| {
            story(seed)
                .iter()
                .map(|change| format!("{:?}", change.events()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            tell(1),
            tell(1),
            "a picture in the manual must look like the demo"
        );
        assert_ne!(tell(1), tell(2), "the seed is what makes it");
    }

    #[test]
    fn the_demo_has_its_people_and_their_stories() {
        let story = story(1);
        let people = story
            .iter()
            .filter(|change| {
                change
                    .account()
                    .is_some_and(|w| matches!(w, crate::change::Write::Insert(_)))
            })
            .count();
        assert_eq!(people, ACCOUNTS, "five hundred people");
        let events: Vec<_> = story.iter().flat_map(Change::events).collect();
        assert!(
            events.len() > 4_000,
            "ninety days leave thousands of events, {} came",
            events.len()
        );
        let begins = |change: &Change| change.events().first().map(|event| event.at);
        assert!(story.is_sorted_by_key(begins), "told in order");
        assert!(
            events.iter().any(|event| event.outcome == Outcome::Refused),
            "with its lockouts"
        );
    }
}
