//! Recovery codes against the promise, and broken doubles of the rules.

use jiff::Timestamp;
use rand::SeedableRng as _;
use sha2::Digest as _;

use super::{CODES, Digest, Hashing, RecoveryCode, RecoveryCodeRefused, RecoverySet};
use crate::clock::Rng;
use crate::password::Argon2Params;

/// One account's recovery codes.
trait Sheets {
    /// Makes new codes.
    fn renew(&mut self, rng: &mut Rng) -> [RecoveryCode; CODES];
    /// Whether a code opens the door.
    fn opens(&mut self, code: &RecoveryCode) -> bool;
}

/// The rules. A salted digest stands for Argon2id, whose room is elsewhere.
#[derive(Default)]
struct Rules(Option<RecoverySet>);

fn hashed(hashing: Hashing, code: &RecoveryCode) -> Digest {
    sha2::Sha256::new()
        .chain_update(hashing.salt)
        .chain_update(code.canonical())
        .finalize()
        .into()
}

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

impl Sheets for Rules {
    fn renew(&mut self, rng: &mut Rng) -> [RecoveryCode; CODES] {
        let (sheet, hashing) = (
            RecoveryCode::sheet(rng),
            Hashing::fresh(Argon2Params::floor(), rng),
        );
        self.0 = Some(RecoverySet::new(
            hashing,
            sheet.each_ref().map(|code| hashed(hashing, code)),
        ));
        sheet
    }

    fn opens(&mut self, code: &RecoveryCode) -> bool {
        let Some(set) = &self.0 else { return false };
        let used = set.use_code(&hashed(set.hashing(), code), noon());
        used.map(|next| self.0 = Some(next)).is_ok()
    }
}

/// P21: each of eight codes opens once, however it is typed; another account's never; and new
/// codes end all old ones, used or not.
fn p21_once(make: impl Fn() -> Box<dyn Sheets>) -> Result<(), String> {
    let mut rng = Rng::seed_from_u64(21);
    let (mut anna, mut bert) = (make(), make());
    let (of_anna, of_bert) = (anna.renew(&mut rng), bert.renew(&mut rng));

    if of_bert.iter().any(|code| anna.opens(code)) {
        return Err("another account's code opened".to_owned());
    }
    for code in &of_anna[..4] {
        let printed = code.printed().to_string();
        let as_typed = [
            printed.clone(),
            printed.to_lowercase().replace('-', ""),
            printed.replace('0', "O").replace('1', "l"),
            printed.replace('-', " ").replace('1', "i"),
        ];
        let opened = (0..500)
            .filter_map(|time| RecoveryCode::parse(&as_typed[time % as_typed.len()]))
            .filter(|typed| anna.opens(typed))
            .count();
        if opened != 1 {
            return Err(format!("a code opened {opened} times"));
        }
    }
    let renewed = anna.renew(&mut rng);
    if of_anna.iter().any(|code| anna.opens(code)) {
        return Err("an old code opened after new ones were made".to_owned());
    }
    if renewed.iter().all(|code| anna.opens(code)) {
        Ok(())
    } else {
        Err("a new code was refused".to_owned())
    }
}

#[test]
fn p21_a_recovery_code_works_once_for_one_account() {
    assert_eq!(
        p21_once(|| Box::new(Rules::default())),
        Ok(()),
        "P21 on the rules"
    );
}

/// Broken: looks a code up and forgets to use it up.
#[derive(Default)]
struct Reusable(Rules);

impl Sheets for Reusable {
    fn renew(&mut self, rng: &mut Rng) -> [RecoveryCode; CODES] {
        self.0.renew(rng)
    }

    fn opens(&mut self, code: &RecoveryCode) -> bool {
        let before = self.0.0.clone();
        let opened = self.0.opens(code);
        self.0.0 = before;
        opened
    }
}

/// Broken: keeps the old set beside the new one.
#[derive(Default)]
struct KeepsOld(Vec<Rules>);

impl Sheets for KeepsOld {
    fn renew(&mut self, rng: &mut Rng) -> [RecoveryCode; CODES] {
        let mut set = Rules::default();
        let sheet = set.renew(rng);
        self.0.push(set);
        sheet
    }

    fn opens(&mut self, code: &RecoveryCode) -> bool {
        self.0.iter_mut().any(|set| set.opens(code))
    }
}

#[test]
fn p21_mutant_a_code_that_can_be_used_again_is_noticed() {
    let reused = p21_once(|| Box::new(Reusable::default()));
    assert_eq!(
        reused,
        Err("a code opened 500 times".to_owned()),
        "a code must be used up"
    );
    let kept = p21_once(|| Box::new(KeepsOld::default()));
    assert_eq!(
        kept,
        Err("an old code opened after new ones were made".to_owned()),
        "a set is replaced as a whole"
    );
}

#[test]
fn p21_a_code_has_75_bits_in_three_groups() {
    let sheet = RecoveryCode::sheet(&mut Rng::seed_from_u64(3));
    for code in &sheet {
        let printed = code.printed();
        let groups: Vec<&str> = printed.split('-').collect();
        assert_eq!(
            groups.iter().map(|group| group.len()).collect::<Vec<_>>(),
            [5, 5, 5],
            "{} is 15 x 5 bits",
            *printed
        );
        assert_eq!(
            RecoveryCode::parse(&printed).unwrap().canonical(),
            code.canonical(),
            "read as it was printed"
        );
    }
    let different: std::collections::BTreeSet<_> = sheet.iter().map(RecoveryCode::canonical).collect();
    assert_eq!(different.len(), CODES, "no two codes of a sheet are alike");
}

#[test]
fn what_can_be_no_code_is_not_even_tried() {
    for text in [
        "",
        "12345-12345-1234",
        "12345-12345-123456",
        "UUUUU-UUUUU-UUUUU",
        "12345-12345-1234!",
        "123456",
    ] {
        assert!(
            RecoveryCode::parse(text).is_none(),
            "{text:?} is no recovery code"
        );
    }
}

#[test]
fn the_person_sees_how_many_are_left_and_which_were_used() {
    let hashing = Hashing::fresh(Argon2Params::floor(), &mut Rng::seed_from_u64(3));
    let sheet = RecoveryCode::sheet(&mut Rng::seed_from_u64(4));
    let digests = sheet.each_ref().map(|code| hashed(hashing, code));
    let set = RecoverySet::new(hashing, digests);
    assert_eq!(set.left(), 8, "a fresh sheet has eight");

    let used = set.use_code(&digests[5], noon()).unwrap();
    assert_eq!(used.left(), 7, "one less");
    assert_eq!(used.codes()[5].used_at, Some(noon()), "and it is known when");
    assert_eq!(
        used.use_code(&digests[5], noon()),
        Err(RecoveryCodeRefused::AlreadyUsed),
        "used is used"
    );
    assert_eq!(
        used.use_code(&[0; 32], noon()),
        Err(RecoveryCodeRefused::Unknown),
        "a stranger's code"
    );
    assert_eq!(
        RecoverySet::stored(hashing, used.codes().to_vec()),
        used,
        "the store brings back the same set"
    );
    assert_eq!(
        format!("{used:?}"),
        "RecoverySet { left: 7, .. }",
        "no digest in a log"
    );
    assert_eq!(
        format!("{:?}", sheet[0]),
        "RecoveryCode([redacted])",
        "no code in a log"
    );
}
