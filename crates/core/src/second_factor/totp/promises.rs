//! The promises about time-based codes as measures over anything that judges codes, so that the
//! same measure judges the rules and, in the tests, a broken double of them.

use jiff::{SignedDuration, Timestamp};

use super::{LARGEST_DRIFT, STEP_SECS, Totp, TotpCode, TotpProgress, TotpSecret, step_at};

/// Something that judges codes and remembers what it likes.
pub(super) trait Door {
    /// Whether a code that is tried now is evaluated.
    fn evaluates(&mut self, now: Timestamp) -> bool;
    /// Whether it opens.
    fn opens(&mut self, code: &TotpCode, now: Timestamp) -> bool;
    /// The program is killed and started again.
    fn restart(&mut self) {}
}

/// The rules, with a store that keeps what it is told to.
pub(super) struct Rules(pub(super) Totp);

impl Rules {
    pub(super) fn with_drift(drift: i8) -> Self {
        Self(Totp {
            secret: secret(),
            progress: TotpProgress {
                drift,
                ..TotpProgress::default()
            },
        })
    }
}

impl Door for Rules {
    fn evaluates(&mut self, now: Timestamp) -> bool {
        self.0
            .begin(now)
            .map(|progress| self.0.progress = progress)
            .is_ok()
    }

    fn opens(&mut self, code: &TotpCode, now: Timestamp) -> bool {
        match self.0.check(code, now) {
            Ok(progress) => {
                self.0.progress = progress;
                true
            }
            Err(super::CodeRefused::OutOfTime { next }) => {
                self.0.progress = next;
                false
            }
            Err(super::CodeRefused::Wrong | super::CodeRefused::Replayed) => false,
        }
    }
}

/// The secret of RFC 6238's examples. None of the codes that the measures look at are alike.
pub(super) fn secret() -> TotpSecret {
    TotpSecret::from_bytes(b"12345678901234567890".to_vec()).unwrap()
}

pub(super) fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(super) fn later(at: Timestamp, secs: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(secs))
        .unwrap_or(Timestamp::MAX)
}

/// What a phone shows whose clock is so many seconds ahead.
pub(super) fn shown(now: Timestamp, ahead_secs: i64) -> TotpCode {
    secret().code_at(step_at(later(now, ahead_secs)))
}

/// P18: accepted if and only if the code's step is the expected one or the one before it; for
/// every drift, at both ends of a step and within, for phones from 300 s behind to 300 s ahead.
pub(super) fn p18_window(make: impl Fn(i8) -> Box<dyn Door>) -> Result<(), String> {
    for drift in -LARGEST_DRIFT..=LARGEST_DRIFT {
        for into_step in [0, 1, 14, 29] {
            let now = later(noon(), into_step);
            for ahead_secs in -300..=300 {
                let step = i64::from(step_at(later(now, ahead_secs)));
                let expected = i64::from(step_at(now)) + i64::from(drift);
                let promised = step == expected || step == expected - 1;
                let opened = make(drift).opens(&shown(now, ahead_secs), now);
                if opened != promised {
                    let verb = if opened { "accepted" } else { "refused" };
                    return Err(format!(
                        "drift {drift}, second {into_step}: a phone {ahead_secs} s ahead was {verb}"
                    ));
                }
            }
        }
    }
    Ok(())
}

/// P19: a code works once: not again at once, not in the next step, not an older one after a newer
/// one, not after a restart, and not after the clock went back.
pub(super) fn p19_once(make: impl Fn() -> Box<dyn Door>) -> Result<(), String> {
    let step = i64::from(STEP_SECS);
    let (now, next) = (noon(), later(noon(), step));
    let (code, older) = (shown(now, 0), shown(now, -step));

    for (story, again) in [
        ("at once", now),
        ("in the next step", next),
        ("after the clock went back", later(now, -step)),
    ] {
        for restart in [false, true] {
            let mut door = make();
            if !door.opens(&code, now) {
                return Err("a fresh code was refused".to_owned());
            }
            if restart {
                door.restart();
            }
            if (0..500).any(|_| door.opens(&code, again)) {
                return Err(format!("a used code opened again {story}, restart: {restart}"));
            }
        }
    }
    let mut door = make();
    if door.opens(&code, now) && door.opens(&older, now) {
        return Err("an older code opened after a newer one".to_owned());
    }
    if !door.opens(&shown(next, 0), next) {
        return Err("the code of the next step was refused".to_owned());
    }
    Ok(())
}

/// P20: of a thousand tries in a step, exactly three are evaluated, also over restarts and in each
/// step anew.
pub(super) fn p20_guesses(door: &mut dyn Door) -> Result<(), String> {
    for step in 0..20 {
        let begun: Vec<Timestamp> = (0..1_000)
            .map(|attempt| {
                later(
                    noon(),
                    step * i64::from(STEP_SECS) + attempt % i64::from(STEP_SECS),
                )
            })
            .filter(|now| {
                door.restart();
                door.evaluates(*now)
            })
            .collect();
        let wrong = TotpCode::parse("000000").unwrap();
        if begun.iter().any(|now| door.opens(&wrong, *now)) {
            return Err("a guess was right".to_owned());
        }
        if begun.len() != 3 {
            return Err(format!(
                "{} codes were evaluated in step {step}, not 3",
                begun.len()
            ));
        }
    }
    Ok(())
}
