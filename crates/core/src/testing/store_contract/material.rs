//! What the stories write: people, sessions and events, repeatable by number.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng as _;

use crate::account::{Account, AccountId, Email, Mark, Name, Reason, Role};
use crate::audit::{Action, Actor, AuditEvent, Details, Outcome, Program, Source};
use crate::change::Change;
use crate::clock::Rng;
use crate::credential::{ConfirmedTotp, Credential, Passkey, PasskeyId, StoredPassword};
use crate::lockout::{Budget, DeviceId, Factor, Scope};
use crate::password::{Argon2Params, PasswordHash};
use crate::policy::Policy;
use crate::second_factor::recovery::{Hashing, StoredCode};
use crate::second_factor::{Enrolment, RecoverySet, Totp, TotpSecret};
use crate::session::{DeviceKey, Session, SessionId, SessionToken, Stage};
use crate::shop::Shop;
use crate::store::Person;

/// A hash of a form that is known; nobody knows its password.
const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The first of June 2026, nine in the morning, and so many seconds.
pub fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_780_304_400 + seconds).unwrap()
}

pub fn rng(number: u64) -> Rng {
    Rng::seed_from_u64(number)
}

pub fn source() -> Source {
    Source {
        program: Program::Window,
        address: Some("till-1".to_owned()),
        device: None,
        user_agent: Some("Keyholder/0.1".to_owned()),
    }
}

pub fn shop() -> Shop {
    Shop {
        revision: 1,
        name: Name::parse("Rose and Thorn").unwrap(),
        policy: Policy::default(),
        created_at: moment(0),
        recovery_key_confirmed_at: None,
    }
}

/// Somebody with an account and nothing else.
pub fn newcomer(number: u64, email: &str, name: &str, role: Role) -> Person {
    let created_at = moment(i64::try_from(number).unwrap());
    let id = AccountId::fresh(created_at, &mut rng(number));
    let account = Account {
        id,
        revision: 1,
        email: Email::parse(email).unwrap(),
        name: Name::parse(name).unwrap(),
        role,
        disabled: None,
        locked: None,
        deleted: None,
        created_at,
        updated_at: created_at,
    };
    Person {
        account,
        credential: Credential::empty(id),
    }
}

/// Somebody who has everything that one can have.
pub fn veteran(number: u64, email: &str) -> Person {
    let mut rng = rng(number);
    let mut person = newcomer(number, email, "Zoë O'Brien", Role::Support);
    let device = DeviceId::fresh(&mut rng);
    let budget = Budget {
        failures: 3,
        reserved: 1,
        reserved_at: Some(moment(5)),
        wait_until: None,
        last_failure: Some(moment(4)),
    };
    person.credential = Credential {
        account: person.account.id,
        revision: 1,
        password: Some(password()),
        totp: Some(ConfirmedTotp {
            totp: Totp::new(TotpSecret::generate(&mut rng)),
            since: moment(2),
        }),
        totp_begun: Some(TotpSecret::generate(&mut rng)),
        recovery: Some(RecoverySet::stored(
            Hashing {
                salt: [9; 16],
                cost: Argon2Params::floor(),
            },
            vec![
                StoredCode {
                    digest: [1; 32],
                    used_at: None,
                },
                StoredCode {
                    digest: [2; 32],
                    used_at: Some(moment(3)),
                },
            ],
        )),
        put_off_until: Some(moment(900)),
        passkeys: BTreeMap::from([(
            PasskeyId::new(vec![7; 20]).unwrap(),
            Passkey {
                name: Name::parse("Zoë's laptop").unwrap(),
                material: "{\"key\":1}".to_owned(),
                created_at: moment(3),
                last_used_at: Some(moment(6)),
            },
        )]),
        enrolment: Some(Enrolment {
            digest: [3; 32],
            expires_at: moment(800),
            used_at: Some(moment(7)),
        }),
        budgets: BTreeMap::from([
            ((Factor::Password, Scope::Anywhere), budget),
            ((Factor::Totp, Scope::KnownDevice(device)), budget),
        ]),
        known_devices: BTreeSet::from([device]),
        last_sign_in_at: Some(moment(6)),
    };
    person
}

pub fn password() -> StoredPassword {
    StoredPassword {
        hash: PasswordHash::parse(HASH).unwrap(),
        set_at: moment(1),
        must_change: true,
        breached: Some((12, moment(2))),
    }
}

pub fn mark(seconds: i64) -> Mark {
    Mark {
        at: moment(seconds),
        by: "olga@rose.example".to_owned(),
        reason: Some(Reason::parse("asked to").unwrap()),
    }
}

pub fn session(number: u64, account: AccountId) -> Session {
    let mut rng = rng(number);
    let created_at = moment(i64::try_from(number).unwrap());
    Session {
        id: SessionId::fresh(created_at, &mut rng),
        account,
        token: SessionToken::fresh(&mut rng).digest(),
        device_key: Some(DeviceKey([u8::try_from(number % 251).unwrap(); 32])),
        stage: Stage::Open,
        source: source(),
        created_at,
        seen_at: created_at,
        expires_at: created_at + SignedDuration::from_hours(12),
        locked_at: None,
        ended_at: None,
    }
}

/// That somebody was refused: the event with the fewest fields.
pub fn event(seconds: i64) -> AuditEvent {
    AuditEvent {
        at: moment(seconds),
        actor: Actor::Unknown {
            email: "nobody@example.com".to_owned(),
        },
        action: Action::SignInPassword,
        outcome: Outcome::Refused,
        code: None,
        subject: None,
        subject_email: None,
        reason: None,
        source: source(),
        details: Details::default(),
    }
}

/// A change that is nothing but its event.
pub fn noted(event: AuditEvent) -> Change {
    Change::of(event)
}

/// A change that adds somebody.
pub fn added(person: &Person) -> Change {
    let event = AuditEvent {
        action: Action::AccountCreated,
        outcome: Outcome::Done,
        subject: Some(person.account.id),
        subject_email: Some(person.account.email.to_string()),
        ..event(0)
    };
    Change::of(event).insert_person(person.account.clone(), person.credential.clone())
}

/// A change that opens a session.
pub fn opened(session: Session) -> Change {
    Change::of(event(0)).put_session(session)
}

/// A change that sets up the shop.
pub fn set_up(shop: Shop) -> Change {
    Change::of(event(0)).insert_shop(shop)
}

/// A change of an account, made from how it stands in `account`.
pub fn edited(account: Account) -> Change {
    let now = account.updated_at;
    Change::of(event(0)).replace_account(account, now)
}

/// A change of a credential, made from how it stands in `credential`.
pub fn rekeyed(credential: Credential) -> Change {
    Change::of(event(0)).replace_credential(credential)
}
