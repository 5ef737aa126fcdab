//! Time-based codes against RFC 6238, the promises, and broken doubles of the rules.

use jiff::Timestamp;
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::promises::{Door, Rules, later, noon, p18_window, p19_once, p20_guesses, secret, shown};
use super::{CodeRefused, LARGEST_DRIFT, Totp, TotpCode, TotpProgress, TotpSecret, step_at};

#[test]
fn p18_the_codes_are_those_of_rfc_6238() {
    // Appendix B, SHA-1: eight digits there, of which we show the last six.
    for (second, eight_digits) in [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ] {
        let now = Timestamp::from_second(second).unwrap();
        assert_eq!(
            shown(now, 0).digits(),
            &eight_digits[2..],
            "the code at second {second}"
        );
    }
}

#[test]
fn p18_the_window_is_the_expected_step_and_the_one_before() {
    assert_eq!(
        p18_window(|drift| Box::new(Rules::with_drift(drift))),
        Ok(()),
        "P18 on the rules"
    );
}

/// Broken: also takes the code of the next step, as many servers do.
struct TooWide(i8);

impl Door for TooWide {
    fn evaluates(&mut self, _: Timestamp) -> bool {
        true
    }

    fn opens(&mut self, code: &TotpCode, now: Timestamp) -> bool {
        [self.0, self.0 + 1]
            .into_iter()
            .any(|drift| Rules::with_drift(drift).opens(code, now))
    }
}

#[test]
fn p18_mutant_a_window_that_is_too_wide_is_noticed() {
    let measured = p18_window(|drift| Box::new(TooWide(drift.min(1)))).unwrap_err();
    assert!(
        measured.contains("accepted"),
        "one step too many must fail the measure: {measured}"
    );
}

#[test]
fn p18_mutant_a_drift_that_is_not_used_is_noticed() {
    let measured = p18_window(|_| Box::new(Rules::with_drift(0)));
    assert!(measured.is_err(), "a learned drift must count");
}

#[test]
fn p19_a_code_works_once() {
    assert_eq!(
        p19_once(|| Box::new(Rules::with_drift(0))),
        Ok(()),
        "P19 on the rules"
    );
}

/// Broken in one of the ways other programs were.
struct Forgetful {
    rules: Rules,
    forgets: Forgets,
}

#[derive(Clone, Copy)]
enum Forgets {
    Everything,
    AtRestart,
    OlderSteps,
}

impl Door for Forgetful {
    fn evaluates(&mut self, now: Timestamp) -> bool {
        self.rules.evaluates(now)
    }

    fn opens(&mut self, code: &TotpCode, now: Timestamp) -> bool {
        let last = self.rules.0.progress.last_step;
        match self.forgets {
            Forgets::Everything => self.rules.0.progress.last_step = None,
            Forgets::OlderSteps if last.is_some_and(|last| !secret().code_at(last).matches(code)) => {
                self.rules.0.progress.last_step = None;
            }
            Forgets::OlderSteps | Forgets::AtRestart => {}
        }
        self.rules.opens(code, now)
    }

    fn restart(&mut self) {
        if matches!(self.forgets, Forgets::AtRestart) {
            self.rules.0.progress = TotpProgress::default();
        }
    }
}

#[test]
fn p19_mutant_a_replay_memory_that_forgets_is_noticed() {
    let measure = |forgets| {
        p19_once(|| {
            Box::new(Forgetful {
                rules: Rules::with_drift(0),
                forgets,
            })
        })
    };
    let reason = |forgets| measure(forgets).unwrap_err();
    assert_eq!(
        reason(Forgets::Everything),
        "a used code opened again at once, restart: false",
        "no memory"
    );
    assert_eq!(
        reason(Forgets::AtRestart),
        "a used code opened again at once, restart: true",
        "memory in the program"
    );
    assert_eq!(
        reason(Forgets::OlderSteps),
        "an older code opened after a newer one",
        "only the last code is known"
    );
}

#[test]
fn p20_three_codes_are_evaluated_in_a_step() {
    assert_eq!(p20_guesses(&mut Rules::with_drift(0)), Ok(()), "P20 on the rules");
}

#[test]
fn p20_mutant_a_count_that_a_restart_forgets_is_noticed() {
    let mut door = Forgetful {
        rules: Rules::with_drift(0),
        forgets: Forgets::AtRestart,
    };
    let measured = p20_guesses(&mut door);
    assert_eq!(
        measured,
        Err("1000 codes were evaluated in step 0, not 3".to_owned()),
        "a count in memory is none"
    );
}

#[test]
fn who_tried_too_often_learns_when_the_next_step_begins() {
    let mut door = Rules::with_drift(0);
    let now = later(noon(), 12);
    assert_eq!((0..3).filter(|_| door.evaluates(now)).count(), 3, "three tries");
    assert_eq!(
        door.0.begin(now).unwrap_err().until,
        later(noon(), 30),
        "the fourth has to wait for the next code"
    );
}

#[test]
fn set_up_finds_the_phone_within_two_steps_and_the_next_code_works() {
    for ahead_secs in -300_i64..=300 {
        let confirmed = Totp::new(secret()).confirm(&shown(noon(), ahead_secs), noon());
        let within = ahead_secs.div_euclid(30).abs() <= 2;
        assert_eq!(confirmed.is_ok(), within, "a phone {ahead_secs} s ahead");
        let Ok(progress) = confirmed else { continue };
        let mut door = Rules(Totp {
            secret: secret(),
            progress,
        });
        assert!(
            !door.opens(&shown(noon(), ahead_secs), noon()),
            "the code of the set-up was used by it"
        );
        let next = later(noon(), 30);
        assert!(
            door.opens(&shown(next, ahead_secs), next),
            "the next code of a phone {ahead_secs} s ahead"
        );
    }
}

#[test]
fn a_slow_typist_at_set_up_is_not_taken_for_a_slow_phone() {
    let progress = Totp::new(secret()).confirm(&shown(noon(), -30), noon()).unwrap();
    assert_eq!(
        progress.drift, 0,
        "the code of the step before is acceptable without any drift"
    );
}

#[test]
fn a_clock_that_was_put_right_costs_two_tries() {
    for (learned, ahead) in [
        (0, 2),
        (0, 1),
        (2, 0),
        (-1, 0),
        (0, -2),
        (0, -3),
        (2, -2),
        (-2, 2),
    ] {
        let mut door = Rules::with_drift(learned);
        let tries: Vec<bool> = (0..3)
            .map(|step| later(noon(), step * 30))
            .map(|now| door.opens(&shown(now, i64::from(ahead) * 30), now))
            .collect();
        assert_eq!(
            tries,
            [false, false, true],
            "drift {learned}, then a phone {ahead} steps ahead"
        );
    }
}

#[test]
fn the_same_wrong_code_twice_teaches_nothing() {
    let mut door = Rules::with_drift(0);
    let ahead = shown(noon(), 60);
    assert!(
        (0..50).all(|_| !door.opens(&ahead, noon())),
        "a code two steps ahead stays refused"
    );
    assert_eq!(
        door.0.progress.drift, 0,
        "one code, however often, is no second sighting"
    );
}

#[test]
fn the_beginning_and_the_end_of_time_are_ordinary_moments() {
    for now in [
        Timestamp::MIN,
        Timestamp::UNIX_EPOCH,
        later(Timestamp::UNIX_EPOCH, 31),
        Timestamp::MAX,
    ] {
        let totp = Totp::new(secret());
        let progress = totp.check(&secret().code_at(step_at(now)), now).unwrap();
        let used = Totp { progress, ..totp };
        assert_eq!(
            used.check(&secret().code_at(step_at(now)), now),
            Err(CodeRefused::Replayed),
            "once at {now}"
        );
        assert!(used.begin(now).is_ok(), "counted at {now}");
    }
}

#[derive(Debug, Clone, Copy)]
enum Event {
    /// The clock moves, or jumps.
    Clock { secs: i64 },
    /// A code is typed that a phone so many steps ahead shows.
    Code { ahead: i8 },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        6 => (-4_i8..=4).prop_map(|ahead| Event::Code { ahead }),
        3 => (0_i64..60).prop_map(|secs| Event::Clock { secs }),
        1 => prop_oneof![-3_600_i64..3_600, -90_000_i64..90_000].prop_map(|secs| Event::Clock { secs }),
    ];
    prop::collection::vec(event, 0..120)
}

proptest! {
    #[test]
    fn p19_accepted_steps_only_ever_grow_whatever_the_clock_does(secret in any::<[u8; 20]>(), events in events()) {
        let secret = TotpSecret::from_bytes(secret.to_vec()).unwrap();
        let (mut totp, mut now, mut accepted) = (Totp::new(secret), noon(), None);
        for event in events {
            match event {
                Event::Clock { secs } => now = later(now, secs),
                Event::Code { ahead } => {
                    let step = step_at(now).saturating_add_signed(i32::from(ahead));
                    let before = totp.progress;
                    match totp.check(&totp.secret.code_at(step), now) {
                        Ok(progress) => {
                            prop_assert!(progress.last_step > accepted, "{:?} after {:?}", progress, accepted);
                            prop_assert_eq!(progress.drift, before.drift, "a success does not move the drift");
                            accepted = progress.last_step;
                            totp.progress = progress;
                        }
                        Err(CodeRefused::OutOfTime { next }) => totp.progress = next,
                        Err(CodeRefused::Wrong | CodeRefused::Replayed) => {}
                    }
                    prop_assert!(totp.progress.drift.abs() <= LARGEST_DRIFT, "the drift stays within its bound");
                }
            }
        }
    }
}
