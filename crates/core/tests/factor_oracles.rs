//! The codes of our authenticators against those of `oathtool`, a program of the OATH Toolkit that
//! shares no line with ours.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::process::Command;

use jiff::{SignedDuration, Timestamp};
use keyholder_core::clock::Rng;
use keyholder_core::second_factor::totp::{STEP_SECS, step_at};
use keyholder_core::second_factor::{Totp, TotpCode, TotpSecret};
use rand::SeedableRng as _;

/// Codes that `oathtool` shows for a secret in base 32: one per step, from a moment on.
fn oathtool(base32: &str, from: Timestamp, codes: usize) -> Vec<String> {
    let now = from.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    let further = (codes - 1).to_string();
    let arguments = [
        "--totp=sha1",
        "--base32",
        "--digits=6",
        "--now",
        &now,
        "--window",
        &further,
        "--",
        base32,
    ];
    let answer = Command::new("oathtool")
        .args(arguments)
        .output()
        .expect("oathtool is missing: run cargo xtask setup");
    assert!(
        answer.status.success(),
        "oathtool refused {arguments:?}: {}",
        String::from_utf8_lossy(&answer.stderr)
    );
    String::from_utf8(answer.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

/// A fresh secret as we make them, and imported ones of every length there may be.
fn secrets() -> Vec<TotpSecret> {
    let mut rng = Rng::seed_from_u64(6238);
    let imported = (10_u8..=64)
        .filter_map(|length| TotpSecret::from_bytes((0..length).map(|byte| byte ^ 0xa5).collect()));
    imported
        .chain((0..5).map(|_| TotpSecret::generate(&mut rng)))
        .collect()
}

#[test]
fn p18_oathtool_shows_the_codes_we_compute() {
    for secret in secrets() {
        for from in [
            "1970-01-01T00:00:00Z",
            "2026-03-01T12:00:17Z",
            "2038-01-19T03:14:07Z",
            "2099-12-31T23:59:59Z",
        ] {
            let from: Timestamp = from.parse().unwrap();
            let ours: Vec<String> = (0..20)
                .map(|ahead| secret.code_at(step_at(from) + ahead).digits().to_owned())
                .collect();
            let length = secret.bytes().len();
            assert_eq!(
                ours,
                oathtool(&secret.base32(), from, 20),
                "a secret of {length} bytes, from {from}"
            );
        }
    }
}

#[test]
fn p18_p19_a_phone_that_runs_oathtool_signs_in_once_per_code() {
    let secret = TotpSecret::generate(&mut Rng::seed_from_u64(19));
    let set_up: Timestamp = "2026-03-01T12:00:10Z".parse().unwrap();
    // The person types into the phone what the screen shows for it.
    let phone = oathtool(&secret.groups(), set_up, 30);
    let mut totp = Totp::new(secret);

    for (step, shown) in phone.iter().enumerate() {
        let elapsed = i64::try_from(step).unwrap() * i64::from(STEP_SECS);
        let now = set_up.checked_add(SignedDuration::from_secs(elapsed)).unwrap();
        let code = TotpCode::parse(&format!("{} {}", &shown[..3], &shown[3..])).unwrap();
        totp.progress = if step == 0 {
            totp.confirm(&code, now).unwrap()
        } else {
            totp.check(&code, now).unwrap()
        };
        assert!(
            totp.check(&code, now).is_err(),
            "code {step} opens no second time"
        );
    }
}
