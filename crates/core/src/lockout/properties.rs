//! The lockout rules against a naive simulator, and against whatever may be stored.

use jiff::Timestamp;
use proptest::prelude::*;

use super::promises::{FREE_AND_THE_ONE_THAT_LOCKS, Gate, Rules, later, noon};
use super::{Budget, LockState, Locked, LockoutPolicy, begin, state};

/// What the numbers mean, written as naively as possible: a list of what happened.
#[derive(Default)]
struct Naive {
    failures: Vec<Timestamp>,
    under_way: usize,
}

impl Naive {
    fn admits(&self, now: Timestamp) -> bool {
        let count = self.failures.len();
        let waits = [0, 0, 0, 0, 0, 30, 60, 120, 240, 480];
        let wait = waits.get(count).copied().unwrap_or(900);
        let waited = self.failures.last().is_none_or(|last| now >= later(*last, wait));
        let at_once = if count < 5 { 5 - count } else { 1 };
        count < 100 && waited && self.under_way < at_once
    }
}

#[derive(Debug, Clone, Copy)]
enum Move {
    Begin,
    Settle { right: bool },
    Wait { secs: i64 },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let any_move = prop_oneof![
        8 => Just(Move::Begin),
        6 => prop::bool::weighted(0.05).prop_map(|right| Move::Settle { right }),
        2 => (0_i64..40).prop_map(|secs| Move::Wait { secs }),
        1 => (0_i64..1_000).prop_map(|secs| Move::Wait { secs }),
    ];
    prop::collection::vec(any_move, 0..400)
}

proptest! {
    #[test]
    fn every_interleaving_is_judged_as_the_naive_reading_of_the_numbers_does(moves in moves()) {
        let (mut rules, mut naive, mut now) = (Rules::default(), Naive::default(), noon());
        let mut evaluated_since_relief = 0;
        for step in moves {
            match step {
                Move::Begin => {
                    let expected = naive.admits(now);
                    prop_assert_eq!(rules.admits(now), expected, "at {} after {:?}", now, naive.failures);
                    naive.under_way += usize::from(expected);
                    evaluated_since_relief += u32::from(expected);
                    prop_assert!(evaluated_since_relief <= FREE_AND_THE_ONE_THAT_LOCKS, "five at most between waits");
                }
                Move::Settle { right } if naive.under_way > 0 => {
                    rules.settle(right, now);
                    naive.under_way -= 1;
                    if right {
                        naive.failures.clear();
                        evaluated_since_relief = u32::try_from(naive.under_way).unwrap();
                    } else {
                        naive.failures.push(now);
                    }
                }
                // Attempts under way are settled before a minute is over: dead ones are told elsewhere.
                Move::Wait { secs } if naive.under_way == 0 => {
                    now = later(now, secs);
                    if naive.failures.len() >= 5 && naive.admits(now) {
                        evaluated_since_relief = 0;
                    }
                }
                Move::Settle { .. } | Move::Wait { .. } => {}
            }
            let budget = rules.budget;
            prop_assert_eq!((budget.failures as usize, budget.reserved as usize), (naive.failures.len(), naive.under_way), "counts");
        }
    }

    #[test]
    fn p23_no_stored_budget_and_no_clock_make_a_wait_longer_than_the_longest(
        failures in 0_u32..120, reserved in 0_u32..8,
        reserved_at in any_moment(), wait_until in any_moment(), last_failure in any_moment(), now in any_moment(),
    ) {
        let policy = LockoutPolicy::default();
        let stored = Budget { failures, reserved, reserved_at: Some(reserved_at), wait_until: Some(wait_until), last_failure: Some(last_failure) };
        let begun = begin(&stored, &policy, now);
        if let Err(Locked::Waiting { until, .. }) = begun.admitted {
            prop_assert!(until <= later(now, 900), "{} is too far from {}", until, now);
        }
        let orphaned = begin(&begun.budget, &policy, later(now, 961));
        let disabled = matches!(orphaned.admitted, Err(Locked::FactorDisabled { .. }));
        prop_assert!(disabled || orphaned.admitted.is_ok() || now > later(Timestamp::MAX, -1_000), "{:?}", orphaned);
        let screen = matches!(state(&stored, &policy, now), LockState::Open { .. });
        prop_assert_eq!(screen, begun.admitted.is_ok(), "the screen says what the gate does");
    }
}

fn any_moment() -> impl Strategy<Value = Timestamp> {
    let seconds = Timestamp::MIN.as_second()..=Timestamp::MAX.as_second();
    prop_oneof![
        seconds.prop_map(|second| Timestamp::from_second(second).unwrap()),
        (-2_000_i64..2_000).prop_map(|second| later(noon(), second)),
    ]
}
