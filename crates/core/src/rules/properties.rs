//! What holds whatever people do, in whatever order.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rand::SeedableRng as _;

use super::accounts::{Case, fresh};
use super::{Act, guard, session};
use crate::account::{Account, AccountId, Email, Name, Reason, Role};
use crate::audit::{Program, Source};
use crate::change::{Decision, Write};
use crate::clock::Rng;
use crate::credential::{Credential, StoredPassword};
use crate::directory::{AccountEdit, NewAccount};
use crate::password::PasswordHash;
use crate::policy::Policy;
use crate::rights::{may, rights_of};
use crate::session::Stage;
use crate::store::Person;

pub(super) fn monday() -> Timestamp {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

pub(super) fn desk() -> Source {
    Source {
        program: Program::Window,
        address: None,
        device: None,
        user_agent: None,
    }
}

pub(super) fn person(place: usize, role: Role, enrolled: bool, rng: &mut Rng) -> Person {
    let email = Email::parse(&format!("p{place}@rose.example")).unwrap();
    let new = NewAccount {
        email,
        name: Name::default(),
        role,
    };
    let account = fresh(new, AccountId::fresh(monday(), rng), monday());
    let hash = PasswordHash::parse("$2b$04$KNyA4IM0uV3S1qMEXZVLSOQ1PtjfkM6LwZ8mW3ZBzEo0FfHV0OgS2").unwrap();
    let password = StoredPassword {
        hash,
        set_at: monday(),
        must_change: false,
        breached: None,
    };
    let credential = Credential {
        password: enrolled.then_some(password),
        ..Credential::empty(account.id)
    };
    Person { account, credential }
}

#[derive(Debug, Clone, Copy)]
enum Deed {
    Disable,
    Enable,
    Lock,
    Unlock,
    Delete,
    Restore,
    Become(Role),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        Just(Deed::Disable),
        Just(Deed::Enable),
        Just(Deed::Lock),
        Just(Deed::Unlock),
        Just(Deed::Delete),
        Just(Deed::Restore),
        prop::sample::select(&Role::ALL[..]).prop_map(Deed::Become),
    ]
}

fn decide(case: &Case<'_>, subject: &Person, deed: Deed) -> Decision {
    let why = || Reason::parse("a reason").unwrap();
    match deed {
        Deed::Disable => case.disable(subject, why()),
        Deed::Enable => case.enable(subject, None),
        Deed::Lock => case.lock(subject, why()),
        Deed::Unlock => case.unlock(subject, why()),
        Deed::Delete => case.delete(subject, None),
        Deed::Restore => case.restore(subject),
        Deed::Become(role) => {
            let Account {
                email,
                name,
                revision,
                ..
            } = subject.account.clone();
            case.edit(subject, revision, AccountEdit { email, name, role })
        }
    }
}

proptest! {
    #[test]
    fn an_owner_remains_who_can_sign_in(deeds in prop::collection::vec((0_usize..5, 0_usize..5, deed()), 1..60)) {
        let mut rng = Rng::seed_from_u64(1);
        let roles = [Role::Owner, Role::Owner, Role::Owner, Role::Support, Role::Customer];
        let mut people: Vec<_> =
            roles.into_iter().enumerate().map(|(place, role)| person(place, role, place != 2, &mut rng)).collect();
        let policy = Policy::default();
        for (by, on, deed) in deeds {
            let actor = people[by].account.clone();
            if actor.disabled.is_some() || actor.locked.is_some() || actor.deleted.is_some() {
                continue;
            }
            let owners: Vec<_> = people.iter().filter(|person| person.account.role == Role::Owner).cloned().collect();
            let act = Act::by(&actor, monday(), desk());
            let case = Case { act: &act, actor: &actor, policy: &policy, owners: &owners };
            let before = people[on].account.clone();
            match decide(&case, &people[on], deed) {
                Err(denial) => {
                    prop_assert_eq!(denial.change.events().len(), 1, "a refusal is recorded");
                    prop_assert!(denial.change.account().is_none(), "and changes nothing");
                }
                Ok(change) => {
                    prop_assert!(!change.events().is_empty(), "a change without its event cannot be made");
                    prop_assert!(!rights_of(actor.role).is_empty(), "who has no right did nothing");
                    if let Some(write) = change.account() {
                        prop_assert!(matches!(write, Write::Replace(_)), "the account was there");
                        prop_assert_eq!(write.value().revision, before.revision + 1, "each change counts");
                        people[on].account = write.value().clone();
                    }
                }
            }
            let nobody = AccountId::from(uuid::Uuid::nil());
            let left = guard::remaining_owner(&people, nobody, &policy, monday());
            prop_assert!(left.is_ok(), "after {deed:?} by {by} on {on} nobody holds the keys");
        }
    }

    #[test]
    fn a_session_never_outlives_its_hours_nor_wakes_up(
        offsets in prop::collection::vec(-100_000_000_i64..100_000_000, 1..20),
        touched in 0_i64..43_200,
    ) {
        let mut rng = Rng::seed_from_u64(2);
        let (owner, policy) = (person(0, Role::Owner, true, &mut rng), Policy::default());
        let (mut session, _) = session::begin(&owner, Stage::Open, &policy, desk(), monday(), &mut rng);
        session.seen_at = monday().saturating_add(SignedDuration::from_secs(touched)).unwrap();
        for offset in offsets {
            let now = monday().saturating_add(SignedDuration::from_secs(offset)).unwrap();
            let alive = session::alive(&session, &owner.account, now).is_ok();
            prop_assert!(!(alive && offset >= 12 * 3600), "twelve hours are the end, at {offset} s");
            if offset >= touched + 15 * 60 {
                prop_assert!(session::locked(&session, &policy, now), "a quarter of an hour unattended locks, at {offset} s");
            }
        }
    }

    #[test]
    fn nobody_does_what_the_table_does_not_give(by in prop::sample::select(&Role::ALL[..]), to in prop::sample::select(&Role::ALL[..]), deed in deed()) {
        let mut rng = Rng::seed_from_u64(3);
        let (actor, subject) = (person(0, by, true, &mut rng), person(1, to, true, &mut rng));
        let owners = [person(2, Role::Owner, true, &mut rng)];
        let policy = Policy::default();
        let act = Act::by(&actor.account, monday(), desk());
        let case = Case { act: &act, actor: &actor.account, policy: &policy, owners: &owners };
        if decide(&case, &subject, deed).is_ok() {
            use crate::rights::Right;
            let right = match deed {
                Deed::Disable | Deed::Enable => Right::DisableAccounts,
                Deed::Lock | Deed::Unlock => Right::LockAccounts,
                Deed::Delete | Deed::Restore => Right::DeleteAccounts,
                Deed::Become(_) => Right::EditAccounts,
            };
            prop_assert!(may(by, right), "{by:?} may not {}", right.as_words());
            prop_assert!(by == Role::Owner || to > by, "{by:?} touched {to:?}");
            if let Deed::Become(role) = deed {
                prop_assert!(by == Role::Owner || role > by, "{by:?} made somebody {role:?}");
            }
        }
    }
}
