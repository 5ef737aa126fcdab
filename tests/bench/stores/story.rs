//! What happened: mostly sign-ins, some of them wrong, and now and then everything else there is.

use jiff::SignedDuration;
use keyholder_core::account::{AccountId, Reason};
use keyholder_core::audit::{Action, Actor, AuditEvent, Outcome, Program, Source};
use keyholder_core::change::Change;
use keyholder_core::testing::store_contract::material;
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;

/// How many people act, a few of them much more than the others.
const ACTORS: u64 = 20_000;
/// Seconds from one event to the next.
const APART: i64 = 17;

/// Who acts under that number; the lower, the busier.
pub(crate) fn actor(number: u64) -> AccountId {
    AccountId::fresh(material::moment(0), &mut material::rng(number))
}

/// Where acts come from: two tills where most of them do, and a place that was seen once in a while.
pub(crate) fn addresses() -> [&'static str; 4] {
    ["till-1", "till-2", "office", "203.0.113.77"]
}

/// The event of that number.
pub(super) fn happens(number: u64) -> Change {
    let mut rng = material::rng(number ^ 0x00e7_e475);
    let busy: f64 = rng.random();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a number below ACTORS"
    )]
    let who = (busy.powi(4) * ACTORS as f64) as u64;
    let email = format!("person.{who:05}@mail.example");
    let action = match rng.random_range(0..10) {
        0..6 => Action::SignInPassword,
        6..8 => Action::SignInCode,
        _ => *Action::ALL.choose(&mut rng).unwrap_or(&Action::AccountEdited),
    };
    let outcome = match rng.random_range(0..20) {
        0..2 => Outcome::Failed,
        2 => Outcome::Refused,
        _ => Outcome::Done,
    };
    let address = match rng.random_range(0..1_000) {
        0..450 => 0,
        450..900 => 1,
        900..999 => 2,
        _ => 3,
    };
    let about = if rng.random_range(0..5) == 0 {
        rng.random_range(0..ACTORS)
    } else {
        who
    };
    let at = material::moment(0) + SignedDuration::from_secs(APART * number.cast_signed());
    material::noted(AuditEvent {
        at,
        actor: Actor::Account {
            id: actor(who),
            email,
        },
        action,
        outcome,
        subject: Some(actor(about)),
        subject_email: Some(format!("person.{about:05}@mail.example")),
        reason: (about != who)
            .then(|| Reason::parse("asked for it on the phone").ok())
            .flatten(),
        source: Source {
            program: Program::Window,
            address: Some(addresses()[address].to_owned()),
            device: None,
            user_agent: None,
        },
        ..material::event(0)
    })
}
