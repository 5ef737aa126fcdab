//! What holds for every rate and at every time.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{Rate, give_back, spend};

fn any_time() -> impl Strategy<Value = Timestamp> {
    let (least, most) = (Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
    (least..=most).prop_map(|at| Timestamp::from_microsecond(at).unwrap())
}

fn any_rate() -> impl Strategy<Value = Rate> {
    (any::<u32>(), any::<i64>())
        .prop_map(|(count, micros)| Rate::per(count, SignedDuration::from_micros(micros)))
}

fn usual_rate() -> impl Strategy<Value = Rate> {
    (1..=20_u32, 1..=3_600_i64).prop_map(|(count, secs)| Rate::per(count, SignedDuration::from_secs(secs)))
}

proptest! {
    #[test]
    fn no_window_of_time_holds_more_than_the_burst_and_what_came_back(
        rate in usual_rate(),
        gaps in proptest::collection::vec(0..20_000_000_i64, 1..150),
    ) {
        let mut now = Timestamp::from_second(1_772_438_400).unwrap();
        let (mut full_at, mut came) = (Timestamp::MIN, Vec::new());
        for gap in gaps {
            now = now.checked_add(SignedDuration::from_micros(gap)).unwrap();
            let spent = spend(full_at, &rate, now);
            full_at = spent.full_at;
            if spent.outcome.is_ok() {
                came.push(now);
            }
        }
        for (first, from) in came.iter().enumerate() {
            for (last, to) in came.iter().enumerate().skip(first) {
                let back = to.duration_since(*from).as_micros() / rate.each.as_micros();
                let most = i128::from(rate.count) + back;
                prop_assert!(
                    (last - first + 1) as i128 <= most,
                    "{} came within {} s, not {most}", last - first + 1, to.duration_since(*from)
                );
            }
        }
    }

    #[test]
    fn whoever_waits_as_told_gets_in(rate in usual_rate(), spare in 0..50_i64) {
        let now = Timestamp::from_second(1_772_438_400).unwrap();
        let mut full_at = now;
        let mut left = Vec::new();
        let until = loop {
            let spent = spend(full_at, &rate, now);
            full_at = spent.full_at;
            match spent.outcome {
                Ok(more) => left.push(more),
                Err(until) => break until,
            }
        };
        let expected: Vec<u32> = (0..rate.count).rev().collect();
        prop_assert_eq!(&left, &expected, "the whole burst, counted down");
        let early = until.checked_sub(SignedDuration::from_micros(1 + spare)).unwrap();
        if early >= now {
            prop_assert!(spend(full_at, &rate, early).outcome.is_err(), "not a moment sooner");
        }
        prop_assert_eq!(spend(full_at, &rate, until).outcome, Ok(0), "and not a moment later");
    }

    #[test]
    fn p23_whatever_is_stored_and_whatever_the_clock_says(
        stored in any_time(), now in any_time(), rate in any_rate(),
    ) {
        let spent = spend(stored, &rate, now);
        if let Err(until) = spent.outcome {
            prop_assert!(until.duration_since(now) <= rate.each, "nobody waits for longer than one takes");
            if until < Timestamp::MAX {
                prop_assert!(spend(spent.full_at, &rate, until).outcome.is_ok(), "then the next one comes in");
            }
        }
        prop_assert!(spent.full_at.duration_since(now) <= rate.whole().max(SignedDuration::ZERO), "as empty as can be");
    }

    #[test]
    fn what_is_given_back_was_never_taken(rate in usual_rate(), taken in 0..20_u32) {
        let now = Timestamp::from_second(1_772_438_400).unwrap();
        let mut full_at = now;
        for _ in 0..taken {
            full_at = spend(full_at, &rate, now).full_at;
        }
        let spent = spend(full_at, &rate, now);
        if spent.outcome.is_ok() {
            prop_assert_eq!(give_back(spent.full_at, &rate, now), full_at, "as if nobody had come");
        }
        prop_assert!(give_back(now, &rate, now) <= now, "a full bucket does not run over");
    }
}
