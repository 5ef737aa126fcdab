//! Words for how accounts stand.

use keyholder_core::account::{Account, Mark};
use keyholder_core::directory::{Gate, GateState};
use keyholder_core::lockout::{LockState, Scope};
use keyholder_core::query::Standing;

use crate::text::time;

/// Every standing by its word.
pub(crate) const STANDINGS: [(&str, Standing); 5] = [
    ("active", Standing::Active),
    ("invited", Standing::Invited),
    ("locked", Standing::Locked),
    ("disabled", Standing::Disabled),
    ("deleted", Standing::Deleted),
];

/// The word of a standing.
pub(crate) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "active",
        Standing::Invited => "invited",
        Standing::Locked => "locked",
        Standing::Disabled => "disabled",
        Standing::Deleted => "deleted",
    }
}

/// Name and address, or the address alone.
pub(crate) fn person(account: &Account) -> String {
    if account.name.is_empty() {
        account.email.to_string()
    } else {
        format!("{} <{}>", account.name, account.email)
    }
}

/// A gate in a few words.
pub(crate) fn gate(state: &GateState, account: &Account) -> String {
    let gate = match &state.gate {
        Gate::NotDeleted => marked(
            "not in the recycle bin",
            "put into the recycle bin",
            account.deleted.as_ref(),
        ),
        Gate::Enabled => marked("enabled", "disabled", account.disabled.as_ref()),
        Gate::NotLocked => marked("not locked by hand", "locked by hand", account.locked.as_ref()),
        Gate::Enrolled if state.open => "has a password".to_owned(),
        Gate::Enrolled => "has no password yet: enrol".to_owned(),
        Gate::Tries { factor, scope, state } => format!("{factor}, {}: {}", from(*scope), tries(*state)),
        Gate::SecondFactor { set_up: true, .. } => "second factor is set up".to_owned(),
        Gate::SecondFactor { required: true, .. } => "a second factor is required and not set up".to_owned(),
        Gate::SecondFactor { .. } => "no second factor, and none is required".to_owned(),
        Gate::PasswordChange { forced: true } => "must choose a new password".to_owned(),
        Gate::PasswordChange { .. } => "need not choose a new password".to_owned(),
    };
    match state.opens_at {
        Some(at) => format!("{gate} (opens {})", time(at)),
        None => gate,
    }
}

fn marked(open: &str, shut: &str, mark: Option<&Mark>) -> String {
    match mark {
        None => open.to_owned(),
        Some(Mark { at, by, reason: None }) => format!("{shut} by {by}, {}", time(*at)),
        Some(Mark {
            at,
            by,
            reason: Some(reason),
        }) => format!("{shut} by {by}, {}: {reason}", time(*at)),
    }
}

fn from(scope: Scope) -> &'static str {
    match scope {
        Scope::Anywhere => "from anywhere",
        Scope::KnownDevice(_) => "from a known computer",
    }
}

fn tries(state: LockState) -> String {
    match state {
        LockState::Open { left } => format!("{left} more tries before a wait"),
        LockState::Waiting { .. } => "waiting after failures".to_owned(),
        LockState::Disabled => "switched off after too many failures".to_owned(),
    }
}
