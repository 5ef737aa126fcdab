//! Who has an account in the demo shop.

use jiff::{SignedDuration, Timestamp};
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;

use super::{ACCOUNTS, OWNER};
use crate::account::{AccountId, Email, Name, Role};
use crate::clock::Rng;
use crate::credential::{ConfirmedTotp, Credential, StoredPassword};
use crate::directory::NewAccount;
use crate::password::PasswordHash;
use crate::rules::accounts::fresh;
use crate::rules::session::later;
use crate::second_factor::{Totp, TotpSecret, enrolment};
use crate::store::Person;

const FIRST: [&str; 32] = [
    "Ada", "Bruno", "Chiara", "Dilek", "Emil", "Fatima", "Goran", "Hanna", "Ines", "Jonas", "Kofi", "Lena",
    "Mateo", "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Sven", "Tomoko", "Ulla", "Victor", "Wanda",
    "Ximena", "Yusuf", "Zoë", "Arjun", "Birgit", "Cem", "Daria", "Eoin", "Femke",
];
const LAST: [&str; 32] = [
    "Abel",
    "Bianchi",
    "Castro",
    "Demir",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Mbeki",
    "Novák",
    "Okafor",
    "Petit",
    "Quinn",
    "Rossi",
    "Sato",
    "Turner",
    "Ünal",
    "Visser",
    "Weber",
    "Xu",
    "Yilmaz",
    "Zimmer",
    "O'Brien",
    "Nguyen",
    "Larsen",
    "Khan",
    "Horvat",
    "Silva",
];

/// The owner first, then support, auditors, staff and customers.
pub(super) fn all(
    opened: Timestamp,
    owner: &PasswordHash,
    nobody: &PasswordHash,
    rng: &mut Rng,
) -> Vec<Person> {
    let boss = person(OWNER, "Maja Lindqvist", Role::Owner, opened, Some(owner), rng);
    let mut people = vec![boss];
    for place in 1..ACCOUNTS {
        let role = match place {
            1 => Role::Owner,
            2..=5 => Role::Support,
            6..=7 => Role::Auditor,
            8..=30 => Role::Staff,
            _ => Role::Customer,
        };
        let (first, last) = (
            FIRST.choose(rng).unwrap_or(&"Ada"),
            LAST.choose(rng).unwrap_or(&"Abel"),
        );
        let house = if role == Role::Customer {
            "mail.example"
        } else {
            "marigold-finch.example"
        };
        let address = format!("{}.{}{place}@{house}", plain(first), plain(last));
        // Team members were there from the start; customers came over the weeks.
        let days = if role == Role::Customer {
            rng.random_range(0..88)
        } else {
            0
        };
        let joined = later(
            opened,
            SignedDuration::from_hours(24 * days + rng.random_range(1..9)),
        );
        // One customer in twelve has an invitation and has not come yet.
        let enrolled = role != Role::Customer || rng.random_range(0..12) != 0;
        people.push(person(
            &address,
            &format!("{first} {last}"),
            role,
            joined,
            enrolled.then_some(nobody),
            rng,
        ));
    }
    people
}

fn person(
    address: &str,
    called: &str,
    role: Role,
    joined: Timestamp,
    hash: Option<&PasswordHash>,
    rng: &mut Rng,
) -> Person {
    let new = NewAccount {
        email: email(address),
        name: name(called),
        role,
    };
    let account = fresh(new, AccountId::fresh(joined, rng), joined);
    let mut credential = Credential::empty(account.id);
    credential.password = hash.map(|hash| StoredPassword {
        hash: hash.clone(),
        set_at: joined,
        must_change: false,
        breached: None,
    });
    // The owner's phone is not there to show a code.
    let careful =
        matches!(role, Role::Support | Role::Auditor) || (role != Role::Owner && rng.random_range(0..5) == 0);
    if careful && hash.is_some() {
        credential.totp = Some(ConfirmedTotp {
            totp: Totp::new(TotpSecret::generate(rng)),
            since: joined,
        });
    }
    if hash.is_none() {
        let until = later(joined, SignedDuration::from_hours(48));
        credential.enrolment = Some(enrolment::issue(rng, until).1);
    }
    Person { account, credential }
}

/// Letters that go into any address.
fn plain(word: &str) -> String {
    let plain = |c: char| match c {
        'ë' => 'e',
        'í' => 'i',
        'á' => 'a',
        'Ü' | 'ü' => 'u',
        other => other.to_ascii_lowercase(),
    };
    word.chars()
        .map(plain)
        .filter(char::is_ascii_alphabetic)
        .collect()
}

#[expect(
    clippy::expect_used,
    reason = "every address here is made of ASCII letters, a number and a fixed house"
)]
pub(super) fn email(address: &str) -> Email {
    Email::parse(address).expect("a plain address")
}

#[expect(clippy::expect_used, reason = "every name here stands in the lists above")]
pub(super) fn name(text: &str) -> Name {
    Name::parse(text).expect("a plain name")
}
