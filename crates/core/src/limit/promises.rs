//! The promises of limits as measures over anything that lets people through, so that the same measure
//! judges the rule and a broken double of it.

use jiff::{SignedDuration, Timestamp};

use super::{Rate, spend};

/// Something that lets through or does not.
trait Gate {
    fn admits(&mut self, now: Timestamp) -> bool;
}

/// The rule, with a store that keeps what it is told to.
struct Rules {
    full_at: Timestamp,
    rate: Rate,
}

impl Gate for Rules {
    fn admits(&mut self, now: Timestamp) -> bool {
        let spent = spend(self.full_at, &self.rate, now);
        self.full_at = spent.full_at;
        spent.outcome.is_ok()
    }
}

fn rules() -> Rules {
    Rules {
        full_at: Timestamp::MIN,
        rate: five_a_minute(),
    }
}

fn five_a_minute() -> Rate {
    Rate::per(5, SignedDuration::from_mins(1))
}

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn later(at: Timestamp, secs: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(secs)).unwrap()
}

/// Of an attacker who never stops, five come through at once, and one every twelve seconds.
fn never_more_than_the_burst(gate: &mut impl Gate) -> Result<(), String> {
    let times: Vec<i64> = (0..7_200)
        .filter(|tenth| gate.admits(later(noon(), tenth / 10)))
        .map(|tenth| tenth / 10)
        .collect();
    for (first, from) in times.iter().enumerate() {
        for (last, to) in times.iter().enumerate().skip(first) {
            let (came, most) = (last - first + 1, 5 + (to - from) / 12);
            if i64::try_from(came).unwrap() > most {
                return Err(format!(
                    "{came} came through between second {from} and second {to}, not {most}"
                ));
            }
        }
    }
    if times.len() == 5 + 719 / 12 {
        Ok(())
    } else {
        Err(format!("{} came through in twelve minutes", times.len()))
    }
}

/// P23: wherever the clock jumps, nobody waits for longer than one takes to come back, and a clock that
/// goes back gives nothing.
fn p23_clock_jumps(make: impl Fn() -> Box<dyn Gate>) -> Result<(), String> {
    let far = ["1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z"].map(|far| far.parse().unwrap());
    let near = [3_600, -3_600, 86_400, -86_400].map(|secs| later(noon(), secs));
    for there in near.into_iter().chain(far) {
        for (from, to) in [(noon(), there), (there, noon())] {
            let mut gate = make();
            while gate.admits(from) {}
            if to < from && gate.admits(to) {
                return Err(format!("the clock going back from {from} to {to} gave one more"));
            }
            while gate.admits(to) {}
            if !gate.admits(later(to, 12)) {
                return Err(format!(
                    "after the jump from {from} to {to} somebody waited too long"
                ));
            }
        }
    }
    Ok(())
}

#[test]
fn the_rule_keeps_its_promises() {
    assert_eq!(never_more_than_the_burst(&mut rules()), Ok(()), "five a minute");
    assert_eq!(
        p23_clock_jumps(|| Box::new(rules())),
        Ok(()),
        "whatever the clock does"
    );
}

impl Gate for Box<dyn Gate> {
    fn admits(&mut self, now: Timestamp) -> bool {
        (**self).admits(now)
    }
}

/// Counts anew each minute, as the simplest limits do.
#[derive(Default)]
struct EachMinuteAnew(i64, u32);

impl Gate for EachMinuteAnew {
    fn admits(&mut self, now: Timestamp) -> bool {
        let minute = now.as_second() / 60;
        if self.0 != minute {
            *self = Self(minute, 0);
        }
        self.1 += 1;
        self.1 <= 5
    }
}

#[test]
fn mutant_minutes_that_begin_anew_are_found() {
    let found = never_more_than_the_burst(&mut EachMinuteAnew::default());
    assert!(
        found.is_err(),
        "ten at the turn of a minute are not five a minute"
    );
}

/// Believes whatever was stored.
struct Believing(Rules);

impl Gate for Believing {
    fn admits(&mut self, now: Timestamp) -> bool {
        let ahead = self.0.full_at.duration_since(now);
        ahead <= SignedDuration::from_secs(48) && self.0.admits(now)
    }
}

/// Forgets what a clock that went back cannot explain.
struct Forgiving(Rules);

impl Gate for Forgiving {
    fn admits(&mut self, now: Timestamp) -> bool {
        if self.0.full_at.duration_since(now) > SignedDuration::from_mins(1) {
            self.0.full_at = now;
        }
        self.0.admits(now)
    }
}

#[test]
fn p23_mutants_that_believe_or_forgive_the_clock_are_found() {
    let believing = p23_clock_jumps(|| Box::new(Believing(rules())));
    assert!(believing.is_err(), "waiting for a year that is over is found");
    let forgiving = p23_clock_jumps(|| Box::new(Forgiving(rules())));
    assert!(
        forgiving.is_err(),
        "a bucket that a clock fills by going back is found"
    );
}
