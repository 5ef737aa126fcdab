//! The lockout rules by example, against the promises, and broken doubles of them.

use jiff::Timestamp;

use super::promises::{
    Gate, Rules, later, noon, p08_parallel_attempts, p10_crashes, p13_a_year_at_full_speed, p23_clock_jumps,
};
use super::{Budget, LockState, Locked, LockoutPolicy, begin, clear, fail, state, succeed};

fn failed(times: u32) -> Budget {
    let policy = LockoutPolicy::default();
    (0..times).fold(Budget::default(), |budget, _| fail(&budget, &policy, noon()))
}

#[test]
fn four_failures_are_free_and_waits_double_from_the_fifth_on() {
    let waits: Vec<Option<i64>> = (1..=12)
        .map(|failures| {
            LockoutPolicy::default()
                .wait_after(failures)
                .map(|wait| wait.as_secs())
        })
        .collect();
    let free = [None; 4];
    let doubling = [30, 60, 120, 240, 480, 900, 900, 900].map(Some);
    assert_eq!(
        waits,
        [free.as_slice(), doubling.as_slice()].concat(),
        "seconds of wait after each failure"
    );
}

#[test]
fn the_screen_says_how_many_tries_are_left_and_when_the_next_is() {
    let policy = LockoutPolicy::default();
    let state_after = |failures| state(&failed(failures), &policy, noon());
    assert_eq!(state_after(0), LockState::Open { left: 5 }, "nothing has failed");
    assert_eq!(
        state_after(4),
        LockState::Open { left: 1 },
        "the next failure starts a wait"
    );
    assert_eq!(
        state_after(5),
        LockState::Waiting {
            until: later(noon(), 30)
        },
        "the first wait is 30 s"
    );
    assert_eq!(
        state(&failed(5), &policy, later(noon(), 30)),
        LockState::Open { left: 1 },
        "one try after the wait"
    );
    assert_eq!(
        state_after(100),
        LockState::Disabled,
        "100 in a row are the most that NIST allows"
    );
}

#[test]
fn a_refusal_says_what_to_do() {
    let refused = |failures| {
        begin(&failed(failures), &LockoutPolicy::default(), noon())
            .admitted
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(5),
        "5 failed attempts in a row; try again after 2026-03-01T12:00:30Z",
        "a wait has an end"
    );
    assert_eq!(
        refused(100),
        "100 failed attempts in a row; this way of signing in is switched off until it is set up anew",
        "a disabled factor has none"
    );
}

#[test]
fn a_refused_attempt_is_not_counted() {
    let locked = failed(7);
    let begun = begin(&locked, &LockoutPolicy::default(), noon());
    assert!(begun.admitted.is_err(), "seven failures start a wait");
    assert_eq!(begun.budget, locked, "trying during the wait changes nothing");
}

#[test]
fn success_forgets_the_failures_and_keeps_what_is_under_way() {
    let policy = LockoutPolicy::default();
    let two_under_way = begin(&begin(&failed(3), &policy, noon()).budget, &policy, noon()).budget;
    let after = succeed(&two_under_way);
    assert_eq!(
        (after.failures, after.reserved),
        (0, 1),
        "the other attempt may still fail"
    );
    assert_eq!(fail(&after, &policy, noon()).failures, 1, "and then it counts");
}

#[test]
fn a_person_can_lift_a_wait_but_not_a_disabled_factor() {
    let policy = LockoutPolicy::default();
    let lifted = clear(&failed(99), &policy).unwrap();
    assert_eq!(
        state(&lifted, &policy, noon()),
        LockState::Open { left: 5 },
        "99 failures are forgiven"
    );
    assert_eq!(
        clear(&failed(100), &policy),
        Err(Locked::FactorDisabled { failures: 100 }),
        "a disabled factor must be bound anew"
    );
}

#[test]
fn attempts_of_a_program_that_died_count_from_when_they_were_begun() {
    let policy = LockoutPolicy::default();
    let under_way = (0..5).fold(Budget::default(), |budget, _| {
        begin(&budget, &policy, noon()).budget
    });
    let waiting = begin(&under_way, &policy, later(noon(), 60));
    assert_eq!(waiting.orphans, 0, "a minute is not yet too long");
    assert!(waiting.admitted.is_err(), "five are under way");

    let begun = begin(&under_way, &policy, later(noon(), 61));
    assert_eq!(begun.orphans, 5, "the audit event says how many");
    assert_eq!(
        begun.budget.wait_until,
        Some(later(noon(), 30)),
        "the wait is that of the attempt, not of the finding"
    );
    assert_eq!(
        (begun.budget.failures, begun.budget.reserved),
        (5, 1),
        "and one new try, because the wait is over"
    );
}

#[test]
fn a_death_learned_of_late_does_not_shorten_a_wait() {
    let policy = LockoutPolicy::default();
    let under_way = begin(&failed(3), &policy, noon()).budget;
    let newer = Budget {
        failures: 12,
        last_failure: Some(later(noon(), 55)),
        ..under_way
    };
    let begun = begin(&newer, &policy, later(noon(), 70));
    assert_eq!(
        begun.budget.wait_until,
        Some(later(noon(), 55 + 900)),
        "the later failure rules"
    );
}

#[test]
fn numbers_at_the_edge_neither_overflow_nor_open_the_gate() {
    let wild = LockoutPolicy {
        free_failures: u32::MAX,
        first_wait_secs: u32::MAX,
        longest_wait_secs: u32::MAX,
        disable_after: u32::MAX,
    };
    let budget = Budget {
        failures: u32::MAX - 1,
        reserved: u32::MAX,
        ..Budget::default()
    };
    for now in [Timestamp::MIN, Timestamp::MAX] {
        assert!(
            begin(&budget, &wild, now).admitted.is_err(),
            "everything is under way"
        );
        assert_eq!(
            fail(&budget, &wild, now).failures,
            u32::MAX,
            "counting stops at the top"
        );
        assert!(
            begin(&fail(&budget, &wild, now), &wild, now).admitted.is_err(),
            "and the top is locked"
        );
    }
}

#[test]
fn p08_of_a_thousand_parallel_attempts_exactly_five_are_evaluated() {
    assert_eq!(
        p08_parallel_attempts(&mut Rules::default(), noon()),
        Ok(()),
        "P08 on the rules"
    );
}

/// Broken: checks the count at the beginning, and counts only after evaluating.
#[derive(Default)]
struct CountsAfterwards(Rules);

impl Gate for CountsAfterwards {
    fn admits(&mut self, now: Timestamp) -> bool {
        begin(&self.0.budget, &self.0.policy, now).admitted.is_ok()
    }

    fn settle(&mut self, right: bool, now: Timestamp) {
        self.0.settle(right, now);
    }
}

#[test]
fn p08_mutant_a_count_that_is_not_reserved_is_noticed() {
    let measured = p08_parallel_attempts(&mut CountsAfterwards::default(), noon());
    assert_eq!(
        measured,
        Err("1000 of 1,000 parallel attempts were evaluated, not 5".to_owned()),
        "the measure must fail on a count that comes too late"
    );
}

#[test]
fn p10_a_program_that_is_killed_gets_no_more_tries() {
    assert_eq!(
        p10_crashes(&mut Rules::default(), noon()),
        Ok(()),
        "P10 on the rules"
    );
}

#[test]
fn p10_mutant_a_reservation_that_is_forgotten_is_noticed() {
    let measured = p10_crashes(&mut CountsAfterwards::default(), noon());
    assert!(
        measured.is_err(),
        "the measure must fail when a crash leaves no trace"
    );
}

#[test]
fn p13_a_year_of_guessing_gets_a_hundred_evaluated() {
    assert_eq!(
        p13_a_year_at_full_speed(&mut Rules::default(), noon()),
        Ok(()),
        "P13 on the rules"
    );
}

#[test]
fn p13_mutant_a_factor_that_is_never_disabled_is_noticed() {
    let policy = LockoutPolicy {
        disable_after: u32::MAX,
        ..LockoutPolicy::default()
    };
    let measured = p13_a_year_at_full_speed(
        &mut Rules {
            policy,
            ..Rules::default()
        },
        noon(),
    );
    assert!(measured.is_err(), "waiting alone allows 35,000 guesses a year");
}

#[test]
fn p23_clock_jumps_neither_open_the_gate_nor_lock_it_for_ever() {
    assert_eq!(
        p23_clock_jumps(|| Box::new(Rules::default()), noon()),
        Ok(()),
        "P23 on the rules"
    );
}

/// Broken: believes the stored end of the wait whatever the clock says.
#[derive(Default)]
struct BelievesTheWait(Rules);

impl Gate for BelievesTheWait {
    fn admits(&mut self, now: Timestamp) -> bool {
        self.0.budget.wait_until.is_none_or(|until| until <= now) && self.0.admits(now)
    }

    fn settle(&mut self, right: bool, now: Timestamp) {
        self.0.settle(right, now);
    }
}

/// Broken: takes a failure from "later" for none.
#[derive(Default)]
struct ForgetsTheFuture(Rules);

impl Gate for ForgetsTheFuture {
    fn admits(&mut self, now: Timestamp) -> bool {
        if self.0.budget.last_failure.is_some_and(|at| at > now) {
            self.0.budget = Budget::default();
        }
        self.0.admits(now)
    }

    fn settle(&mut self, right: bool, now: Timestamp) {
        self.0.settle(right, now);
    }
}

#[test]
fn p23_mutant_a_clock_that_is_believed_is_noticed() {
    let for_ever = p23_clock_jumps(|| Box::new(BelievesTheWait::default()), noon()).unwrap_err();
    assert!(
        for_ever.contains("longer than 15 minutes"),
        "a wait that ends in another year: {for_ever}"
    );
    let open = p23_clock_jumps(|| Box::new(ForgetsTheFuture::default()), noon()).unwrap_err();
    assert!(
        open.contains("opened the gate"),
        "a jump back as a way in: {open}"
    );
}
