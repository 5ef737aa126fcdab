//! The lockout promises as measures over anything that counts attempts, so that the same measure
//! judges the rules and, in the tests, a broken double of them.

use jiff::{SignedDuration, Timestamp};

use super::{Begun, Budget, LockoutPolicy, begin, fail, succeed};

/// Something that lets attempts through and counts them.
pub(super) trait Gate {
    /// Whether an attempt that begins now is evaluated.
    fn admits(&mut self, now: Timestamp) -> bool;
    /// An attempt that was let through ends.
    fn settle(&mut self, right: bool, now: Timestamp);
}

/// The rules, with a store that keeps what it is told to.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) budget: Budget,
    pub(super) policy: LockoutPolicy,
}

impl Gate for Rules {
    fn admits(&mut self, now: Timestamp) -> bool {
        let Begun { budget, admitted, .. } = begin(&self.budget, &self.policy, now);
        self.budget = budget;
        admitted.is_ok()
    }

    fn settle(&mut self, right: bool, now: Timestamp) {
        self.budget = if right {
            succeed(&self.budget)
        } else {
            fail(&self.budget, &self.policy, now)
        };
    }
}

/// The default promise about numbers.
pub(super) const FREE_AND_THE_ONE_THAT_LOCKS: u32 = 5;

/// P08: of a thousand wrong attempts at once, exactly five are evaluated; then there is a wait,
/// and after it exactly one of a thousand.
pub(super) fn p08_parallel_attempts(gate: &mut impl Gate, start: Timestamp) -> Result<(), String> {
    let mut now = start;
    for (wait, expected) in [(0, FREE_AND_THE_ONE_THAT_LOCKS), (30, 1), (60, 1), (120, 1)] {
        now = later(now, wait - 1);
        if wait > 0 && gate.admits(now) {
            return Err(format!(
                "an attempt was evaluated {} s into a wait of {wait} s",
                wait - 1
            ));
        }
        now = later(now, 1);
        let evaluated = (0..1_000).filter(|_| gate.admits(now)).count();
        if evaluated != expected as usize {
            return Err(format!(
                "{evaluated} of 1,000 parallel attempts were evaluated, not {expected}"
            ));
        }
        (0..evaluated).for_each(|_| gate.settle(false, now));
    }
    Ok(())
}

/// P10 and P12: a program that dies between evaluating and settling, again and again, gets no more
/// evaluated than one that lives: five, then one for each wait.
pub(super) fn p10_crashes(gate: &mut impl Gate, start: Timestamp) -> Result<(), String> {
    let day = 24 * 60 * 60;
    let evaluated = (0..day)
        .filter(|second| gate.admits(later(start, *second)))
        .count();
    match evaluated {
        5..=100 => Ok(()),
        _ => Err(format!(
            "{evaluated} attempts were evaluated in a day of crashes, not 5 to 100"
        )),
    }
}

/// P13: a year at full speed gets exactly a hundred guesses evaluated, then never another one.
pub(super) fn p13_a_year_at_full_speed(gate: &mut impl Gate, start: Timestamp) -> Result<(), String> {
    let mut evaluated = 0_u32;
    let mut second = 0;
    while second < 366 * 24 * 60 * 60 {
        let now = later(start, second);
        if gate.admits(now) {
            gate.settle(false, now);
            evaluated += 1;
        } else {
            second += 5;
        }
        if evaluated > 1_000 {
            break;
        }
    }
    if evaluated == 100 {
        Ok(())
    } else {
        Err(format!("{evaluated} guesses were evaluated in a year, not 100"))
    }
}

/// P23: wherever the clock jumps, and jumps back, somebody who does nothing but wait gets in after
/// the longest wait; and a jump back gives no free try.
pub(super) fn p23_clock_jumps(make: impl Fn() -> Box<dyn Gate>, start: Timestamp) -> Result<(), String> {
    let (hour, day) = (SignedDuration::from_hours(1), SignedDuration::from_hours(24));
    let jumps = [hour, -hour, day, -day].map(|jump| start.checked_add(jump).unwrap_or(start));
    let far = ["1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z"].map(|far| far.parse().unwrap_or(start));
    for there in jumps.into_iter().chain(far) {
        for (from, to) in [(start, there), (there, start)] {
            let mut gate = make();
            while gate.admits(from) {
                gate.settle(false, from);
            }
            let back = to < from;
            if back && gate.admits(to) {
                return Err(format!(
                    "the clock going back from {from} to {to} opened the gate"
                ));
            }
            let _seen_by_the_rules = gate.admits(to);
            if !gate.admits(later(to, 900)) {
                return Err(format!(
                    "after the jump from {from} to {to} the wait was longer than 15 minutes"
                ));
            }
        }
    }
    Ok(())
}

pub(super) fn later(at: Timestamp, secs: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(secs))
        .unwrap_or(Timestamp::MAX)
}

pub(super) fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}
