//! How long is kept what somebody threw away. What cannot be undone does not follow from a clock that
//! jumped: time is believed only as far as the trail vouches for it.

use jiff::{SignedDuration, Timestamp};

use super::Act;
use super::session::later;
use crate::audit::Action;
use crate::change::Change;
use crate::policy::Policy;
use crate::store::Person;

/// How far ahead of the newest event of the trail the clock is believed: a shop is closed for a day
/// sooner than its clock is right about a year.
const TRUST: SignedDuration = SignedDuration::from_hours(24);

/// The present moment, as far as it is believed: at most a day after the newest event.
pub(crate) fn believed(now: Timestamp, newest: Option<Timestamp>) -> Timestamp {
    newest.map_or(now, |newest| later(newest, TRUST).min(now))
}

/// Before this moment an account must have been thrown away to be removed for good by now.
pub(crate) fn over_before(policy: &Policy, believed: Timestamp) -> Timestamp {
    believed
        .saturating_sub(policy.recycle_bin())
        .unwrap_or(Timestamp::MIN)
}

/// Removes an account for good whose days in the recycle bin are over; it must not have changed since.
pub(crate) fn purge(person: &Person, policy: &Policy, believed: Timestamp, act: &Act) -> Option<Change> {
    let account = &person.account;
    let deleted = account.deleted.as_ref()?;
    let over = later(deleted.at, policy.recycle_bin()) <= believed;
    let change = || Change::of(act.done(Action::AccountPurged).on(account));
    over.then(|| change().requires(account).purge(account.id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::properties::{desk, monday, person};
    use super::*;
    use crate::account::{Mark, Role};
    use crate::audit::Actor;
    use crate::clock::Rng;
    use rand::SeedableRng as _;

    fn hours(hours: i64) -> Timestamp {
        later(monday(), SignedDuration::from_hours(hours))
    }

    /// Whether somebody who was thrown away on Monday is removed for good by then.
    fn removed(deleted: Option<Timestamp>, believed: Timestamp) -> bool {
        let mut person = person(1, Role::Staff, true, &mut Rng::seed_from_u64(1));
        person.account.deleted = deleted.map(|at| Mark {
            at,
            by: "olga@rose.example".to_owned(),
            reason: None,
        });
        let act = Act {
            at: believed,
            actor: Actor::Keyholder,
            source: desk(),
        };
        purge(&person, &Policy::default(), believed, &act).is_some()
    }

    proptest! {
        #[test]
        fn p23_nothing_goes_early_whatever_the_clock_says(
            newest in 0_i64..2_000, jump in -900_000_i64..900_000,
        ) {
            let believed = believed(hours(newest + jump), Some(hours(newest)));
            prop_assert!(believed <= hours(newest + 24), "a day after the trail's last word at most");
            if removed(Some(monday()), believed) {
                prop_assert!(newest + 24 >= 30 * 24, "the trail must vouch for all thirty days but one");
            }
        }

        #[test]
        fn what_is_over_goes_and_what_is_kept_stays(after in 0_i64..2_000) {
            prop_assert_eq!(removed(Some(monday()), hours(after)), after >= 30 * 24, "thirty days");
            prop_assert!(!removed(None, hours(after)), "nobody threw it away");
            let over = over_before(&Policy::default(), hours(after));
            prop_assert_eq!(monday() <= over, after >= 30 * 24, "the store is asked for the same ones");
        }
    }

    #[test]
    fn p23_mutant_a_clock_that_is_believed_is_noticed() {
        assert!(
            removed(Some(monday()), hours(900_000)),
            "a clock that is a century ahead empties the bin"
        );
    }
}
