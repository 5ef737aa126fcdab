//! Who has an account: names that repeat as names do, standing in every way there is.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use keyholder_core::account::Role;
use keyholder_core::change::Change;
use keyholder_core::credential::ConfirmedTotp;
use keyholder_core::lockout::{Budget, Factor, Scope};
use keyholder_core::second_factor::{Totp, TotpSecret};
use keyholder_core::testing::store_contract::material;
use rand::RngExt as _;

/// Digits in every address that make it the only one of its kind.
pub(crate) const ADDRESS_DIGITS: usize = 5;
/// A name that one in five thousand has, and its letters nobody else.
pub(crate) const RARE: &str = "Женя Щукина";

const FIRST: [&str; 24] = [
    "Amara", "Bernard", "Celine", "Dmitri", "Elena", "Farid", "Greta", "Henrik", "Imani", "Joanna", "Karim",
    "Leonie", "Marek", "Noor", "Olivia", "Pavel", "Ruben", "Sofia", "Thomas", "Uma", "Valentin", "Willem",
    "Yasmin", "Zora",
];
const LAST: [&str; 24] = [
    "Andersen", "Becker", "Costa", "Dubois", "Engel", "Ferrari", "Gruber", "Hoffmann", "Ilves", "Janssen",
    "Keller", "Lambert", "Moreau", "Nielsen", "Olsen", "Pereira", "Romano", "Schmidt", "Tanaka", "Urban",
    "Vogel", "Wagner", "Yildiz", "Zeman",
];

/// The account of that number is made.
pub(super) fn joins(number: u64) -> Change {
    let mut rng = material::rng(number ^ 0x00ac_c0de);
    let (first, last) = (
        FIRST[rng.random_range(0..FIRST.len())],
        LAST[rng.random_range(0..LAST.len())],
    );
    let name = if number % 5_000 == 4_999 {
        RARE.to_owned()
    } else {
        format!("{first} {last}")
    };
    let address = format!("{first}.{last}.{number:0ADDRESS_DIGITS$}@mail.example");
    let role = match number {
        0..2 => Role::Owner,
        2..200 => Role::Support,
        200..250 => Role::Auditor,
        250..5_000 => Role::Staff,
        _ => Role::Customer,
    };
    let mut person = material::newcomer(number, &address, &name, role);
    let mark = |chance: u32| (chance < 3).then(|| material::mark(90_000));
    person.account.deleted = mark(rng.random_range(0..100));
    person.account.disabled = mark(rng.random_range(0..100));
    person.account.locked = mark(rng.random_range(0..100));
    let credential = &mut person.credential;
    if rng.random_range(0..10) > 0 {
        credential.password = Some(material::password());
        if rng.random_range(0..4) == 0 {
            let totp = Totp::new(TotpSecret::generate(&mut rng));
            credential.totp = Some(ConfirmedTotp {
                totp,
                since: material::moment(3),
            });
        }
        if rng.random_range(0..10) > 2 {
            credential.last_sign_in_at = Some(material::moment(rng.random_range(100_000..10_000_000)));
        }
        if rng.random_range(0..100) == 0 {
            let waits = Budget {
                failures: 7,
                wait_until: Some(super::now() + SignedDuration::from_mins(5)),
                ..Budget::default()
            };
            credential.budgets = BTreeMap::from([((Factor::Password, Scope::Anywhere), waits)]);
        }
    }
    material::added(&person)
}
