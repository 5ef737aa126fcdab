//! What a person signs in with. Nothing here is `Serialize`: it reaches a store, never a console.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::account::{Account, AccountId, Name};
use crate::lockout::{self, Budget, DeviceId, Factor, LockState, LockoutPolicy, Scope};
use crate::password::PasswordHash;
use crate::query::Standing;
use crate::second_factor::{Enrolment, RecoverySet, Totp, TotpSecret};

/// A password as stored.
#[derive(Debug, Clone)]
pub struct StoredPassword {
    /// Its hash.
    pub hash: PasswordHash,
    /// When it was chosen, or came in from a file.
    pub set_at: Timestamp,
    /// Whether a new one must be chosen at the next sign-in.
    pub must_change: bool,
    /// In how many breaches it was found at the last check, and when that was.
    pub breached: Option<(u32, Timestamp)>,
}

/// A second factor that is asked for.
#[derive(Debug, Clone)]
pub struct ConfirmedTotp {
    /// The secret with what it has learned.
    pub totp: Totp,
    /// Since when it is asked for.
    pub since: Timestamp,
}

/// What an authenticator calls a passkey (`WebAuthn`, credential id): at most 1,023 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(try_from = "String", into = "String")]
#[specta(type = String)]
pub struct PasskeyId(Vec<u8>);

/// The longest credential id (`WebAuthn` Level 3, 4).
const PASSKEY_ID_MOST: usize = 1_023;

impl PasskeyId {
    /// The id of these bytes, unless they are none or too many.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (1..=PASSKEY_ID_MOST)
            .contains(&bytes.len())
            .then_some(Self(bytes))
    }

    /// As an authenticator knows it.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As it stands in texts: base64url without padding.
    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// The id of such a text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::new(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?)
    }
}

impl TryFrom<String> for PasskeyId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no id of a passkey")
    }
}

impl From<PasskeyId> for String {
    fn from(id: PasskeyId) -> Self {
        id.text()
    }
}

/// A passkey as stored. Nothing of it is secret: the private key never leaves the authenticator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// What its owner calls it.
    pub name: Name,
    /// The public key with its counter, as whoever checks signatures wrote it.
    pub material: String,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// All secrets of one account and the count of tries at them, written as one.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Whose.
    pub account: AccountId,
    /// Counts the writes, from 1. Apart from the account's own, so that a failed sign-in does not
    /// disturb somebody who edits the account.
    pub revision: u32,
    /// None until the person has enrolled.
    pub password: Option<StoredPassword>,
    /// The second factor that is asked for.
    pub totp: Option<ConfirmedTotp>,
    /// A secret for a second factor that was shown and is not confirmed yet.
    pub totp_begun: Option<TotpSecret>,
    /// The codes for when the phone is gone.
    pub recovery: Option<RecoverySet>,
    /// Until when setting up a second factor was put off.
    pub put_off_until: Option<Timestamp>,
    /// Passkeys, by what the authenticator calls them.
    pub passkeys: BTreeMap<PasskeyId, Passkey>,
    /// A code that was handed out to set the first, or a new, password.
    pub enrolment: Option<Enrolment>,
    /// The tries at each factor. One that is not here was never tried.
    pub budgets: BTreeMap<(Factor, Scope), Budget>,
    /// Installations the person has signed in from.
    pub known_devices: BTreeSet<DeviceId>,
    /// When the person last signed in.
    pub last_sign_in_at: Option<Timestamp>,
}

/// What a store keeps beside the account so that lists need not read credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Whether there is a password.
    pub enrolled: bool,
    /// Whether there is a second factor: a phone, or a passkey.
    pub second_factor: bool,
    /// When the person last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// Until when some factor is closed to unknown devices after failures; [`Timestamp::MAX`] if it
    /// must be set anew.
    pub closed_until: Option<Timestamp>,
}

impl Credential {
    /// Of an account that has nothing yet.
    pub fn empty(account: AccountId) -> Self {
        Self {
            account,
            revision: 1,
            password: None,
            totp: None,
            totp_begun: None,
            recovery: None,
            put_off_until: None,
            passkeys: BTreeMap::new(),
            enrolment: None,
            budgets: BTreeMap::new(),
            known_devices: BTreeSet::new(),
            last_sign_in_at: None,
        }
    }

    /// Whether there is more than the password: a phone, or a passkey, which is both factors in one.
    pub fn has_second_factor(&self) -> bool {
        self.totp.is_some() || !self.passkeys.is_empty()
    }

    /// Which budget a try from there is counted in: a known device has one of its own, so that
    /// nobody elsewhere can lock its holder out (OWASP, device cookies).
    pub fn scope(&self, device: Option<DeviceId>) -> Scope {
        match device {
            Some(device) if self.known_devices.contains(&device) => Scope::KnownDevice(device),
            _ => Scope::Anywhere,
        }
    }

    /// The tries at that factor from there.
    pub fn budget(&self, factor: Factor, scope: Scope) -> Budget {
        self.budgets.get(&(factor, scope)).copied().unwrap_or_default()
    }

    /// What lists show. `failures` waits are as stored: they end by themselves.
    pub fn summary(&self, policy: &LockoutPolicy) -> Summary {
        let closed_until = self
            .budgets
            .values()
            .filter_map(|budget| {
                if budget.failures >= policy.disable_after {
                    Some(Timestamp::MAX)
                } else {
                    budget.wait_until
                }
            })
            .max();
        Summary {
            enrolled: self.password.is_some(),
            second_factor: self.has_second_factor(),
            last_sign_in_at: self.last_sign_in_at,
            closed_until,
        }
    }

    /// Where each factor stands that is not simply open, for the page of one account.
    pub fn closed(&self, policy: &LockoutPolicy, now: Timestamp) -> Vec<(Factor, Scope, LockState)> {
        self.budgets
            .iter()
            .map(|((factor, scope), budget)| (*factor, *scope, lockout::state(budget, policy, now)))
            .filter(|(_, _, state)| !matches!(state, LockState::Open { .. }))
            .collect()
    }
}

/// How an account stands, by what matters first. The one place that says so: stores ask the same
/// question of their columns.
pub fn standing(account: &Account, summary: Summary, now: Timestamp) -> Standing {
    if account.deleted.is_some() {
        Standing::Deleted
    } else if account.disabled.is_some() {
        Standing::Disabled
    } else if account.locked.is_some() || summary.closed_until.is_some_and(|until| until > now) {
        Standing::Locked
    } else if !summary.enrolled {
        Standing::Invited
    } else {
        Standing::Active
    }
}
