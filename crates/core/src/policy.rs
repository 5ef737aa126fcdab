//! Every number that a shop may set, with its default, its bounds and where it comes from.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::account::Role;
use crate::limit::{LimitName, NamedLimit, newsletter};
use crate::lockout::LockoutPolicy;

/// What the shop has decided. A new shop has the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// The numbers, by their key. A number that is not here has its default.
    pub numbers: std::collections::BTreeMap<Number, u32>,
    /// Roles that cannot go on without a second factor.
    pub second_factor_required: BTreeSet<Role>,
    /// Whether passwords are checked against known breaches over the network.
    pub breach_check: bool,
    /// Whether somebody whose password is in a breach must choose a new one at the next sign-in.
    pub breach_forces_change: bool,
    /// Whether anybody can make an account, once its e-mail address is theirs.
    pub registration: bool,
    /// What the shop's own pages may ask about, by the name the shop has given it.
    pub limits: std::collections::BTreeMap<LimitName, NamedLimit>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            numbers: std::collections::BTreeMap::new(),
            second_factor_required: BTreeSet::new(),
            breach_check: true,
            breach_forces_change: false,
            registration: false,
            limits: newsletter(),
        }
    }
}

/// A number that the shop may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// Code points of a password that stands alone.
    PasswordLength,
    /// Code points of a password beside an enforced second factor.
    PasswordLengthWithSecondFactor,
    /// Minutes without a touch until the console locks.
    IdleMinutes,
    /// Hours until one must sign in anew however busy one was.
    SessionHours,
    /// Wrong passwords in a row that cost nothing but the try.
    FreeFailures,
    /// Seconds of the first wait after them.
    FirstWaitSeconds,
    /// Minutes of the longest wait.
    LongestWaitMinutes,
    /// Failures in a row after which a factor is disabled until it is set anew.
    DisableAfterFailures,
    /// Hours an enrolment code is good for.
    EnrolmentHours,
    /// Days until a second factor that was put off is offered again.
    PutOffDays,
    /// Days an account lies in the recycle bin.
    RecycleBinDays,
    /// Days an audit event is kept at least.
    AuditDays,
    /// Tries to sign in that an address has within a minute.
    SignInsPerMinute,
    /// Wrong tries to sign in that an address has before it waits.
    FailedSignIns,
    /// Minutes of that wait, after which it has one more.
    FailedSignInWaitMinutes,
    /// Links to sign in with that an e-mail address is sent within a minute.
    SignInLinksPerMinute,
    /// Requests within a minute of an address whose program has no session and no token.
    RequestsPerMinute,
    /// Accounts that an address may register within an hour.
    RegistrationsPerHour,
    /// Links to set a new password that an address may ask for within an hour.
    ResetsPerHour,
}

/// The default of a number, how far it may be set, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct Bounds {
    /// What a new shop has.
    pub default: u32,
    /// The least that may be set.
    pub least: u32,
    /// The most that may be set.
    pub most: u32,
    /// The publication behind default and bounds.
    pub source: &'static str,
}

impl Number {
    /// Every number, in the order of the settings page.
    pub const ALL: [Self; 19] = [
        Self::PasswordLength,
        Self::PasswordLengthWithSecondFactor,
        Self::IdleMinutes,
        Self::SessionHours,
        Self::FreeFailures,
        Self::FirstWaitSeconds,
        Self::LongestWaitMinutes,
        Self::DisableAfterFailures,
        Self::EnrolmentHours,
        Self::PutOffDays,
        Self::RecycleBinDays,
        Self::AuditDays,
        Self::SignInsPerMinute,
        Self::FailedSignIns,
        Self::FailedSignInWaitMinutes,
        Self::SignInLinksPerMinute,
        Self::RequestsPerMinute,
        Self::RegistrationsPerHour,
        Self::ResetsPerHour,
    ];

    /// The word that is stored and that the trail uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PasswordLength => "password_length",
            Self::PasswordLengthWithSecondFactor => "password_length_with_second_factor",
            Self::IdleMinutes => "idle_minutes",
            Self::SessionHours => "session_hours",
            Self::FreeFailures => "free_failures",
            Self::FirstWaitSeconds => "first_wait_seconds",
            Self::LongestWaitMinutes => "longest_wait_minutes",
            Self::DisableAfterFailures => "disable_after_failures",
            Self::EnrolmentHours => "enrolment_hours",
            Self::PutOffDays => "put_off_days",
            Self::RecycleBinDays => "recycle_bin_days",
            Self::AuditDays => "audit_days",
            Self::SignInsPerMinute => "sign_ins_per_minute",
            Self::FailedSignIns => "failed_sign_ins",
            Self::FailedSignInWaitMinutes => "failed_sign_in_wait_minutes",
            Self::SignInLinksPerMinute => "sign_in_links_per_minute",
            Self::RequestsPerMinute => "requests_per_minute",
            Self::RegistrationsPerHour => "registrations_per_hour",
            Self::ResetsPerHour => "resets_per_hour",
        }
    }

    /// Default, bounds and source.
    pub fn bounds(self) -> Bounds {
        let (default, least, most, source) = match self {
            Self::PasswordLength => (15, 15, 64, "NIST SP 800-63B-4, 3.1.1.2"),
            Self::PasswordLengthWithSecondFactor => (8, 8, 64, "NIST SP 800-63B-4, 3.1.1.2"),
            Self::IdleMinutes => (15, 1, 60, "NIST SP 800-63B-4, 2.2.3"),
            Self::SessionHours => (12, 1, 24, "NIST SP 800-63B-4, 2.2.3"),
            Self::FreeFailures => (4, 1, 9, "NIST SP 800-63B-4, 3.2.2"),
            Self::FirstWaitSeconds => (30, 5, 300, "OWASP Authentication Cheat Sheet"),
            Self::LongestWaitMinutes => (15, 1, 60, "NIST SP 800-63B-4, 3.2.2"),
            Self::DisableAfterFailures => (100, 10, 100, "NIST SP 800-63B-4, 3.2.2"),
            Self::EnrolmentHours => (48, 1, 168, "Pow, invitation"),
            Self::PutOffDays => (7, 1, 30, "Keyholder"),
            Self::RecycleBinDays => (30, 1, 365, "Keyholder"),
            Self::AuditDays => (90, 30, 3650, "Berrypod hardening plan, 2.3"),
            Self::SignInsPerMinute => (5, 1, 60, "Berrypod hardening plan, 1.1"),
            Self::FailedSignIns => (100, 10, 1_000, "Pow, security practices"),
            Self::FailedSignInWaitMinutes => (60, 1, 1_440, "Pow, security practices"),
            Self::SignInLinksPerMinute => (3, 1, 10, "Berrypod hardening plan, 1.1"),
            Self::RequestsPerMinute => (60, 10, 6_000, "Berrypod hardening plan, 1.1"),
            Self::RegistrationsPerHour | Self::ResetsPerHour => (10, 1, 1_000, "Keyholder"),
        };
        Bounds {
            default,
            least,
            most,
            source,
        }
    }
}

impl Policy {
    /// The number in force.
    pub fn number(&self, number: Number) -> u32 {
        let bounds = number.bounds();
        self.numbers
            .get(&number)
            .map_or(bounds.default, |set| (*set).clamp(bounds.least, bounds.most))
    }

    /// The first number that is out of its bounds, if one is.
    pub fn out_of_bounds(&self) -> Option<Number> {
        let outside = |(number, set): &(&Number, &u32)| {
            let bounds = number.bounds();
            **set < bounds.least || **set > bounds.most
        };
        self.numbers.iter().find(outside).map(|(number, _)| *number)
    }

    /// The numbers of the lockout rules.
    pub fn lockout(&self) -> LockoutPolicy {
        LockoutPolicy {
            free_failures: self.number(Number::FreeFailures),
            first_wait_secs: self.number(Number::FirstWaitSeconds),
            longest_wait_secs: self.number(Number::LongestWaitMinutes) * 60,
            disable_after: self.number(Number::DisableAfterFailures),
        }
    }

    /// Whether this role cannot go on without a second factor.
    pub fn requires_second_factor(&self, role: Role) -> bool {
        self.second_factor_required.contains(&role)
    }

    /// The least length of a password for somebody whose second factor is enforced, or is not.
    pub fn password_length(&self, second_factor_enforced: bool) -> u32 {
        self.number(if second_factor_enforced {
            Number::PasswordLengthWithSecondFactor
        } else {
            Number::PasswordLength
        })
    }

    /// How long a session may lie idle before it is locked.
    pub fn idle(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.number(Number::IdleMinutes)))
    }

    /// How long a session may last in all.
    pub fn session(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.number(Number::SessionHours)))
    }

    /// How long an enrolment code is good for.
    pub fn enrolment(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.number(Number::EnrolmentHours)))
    }

    /// How long a second factor may be put off.
    pub fn put_off(&self) -> SignedDuration {
        days(self.number(Number::PutOffDays))
    }

    /// How long an account lies in the recycle bin.
    pub fn recycle_bin(&self) -> SignedDuration {
        days(self.number(Number::RecycleBinDays))
    }
}

fn days(count: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_out_of_its_bounds_is_named_and_never_in_force() {
        let mut policy = Policy::default();
        policy.numbers.insert(Number::PasswordLength, 4);
        assert_eq!(
            policy.out_of_bounds(),
            Some(Number::PasswordLength),
            "the settings page says which"
        );
        assert_eq!(
            policy.number(Number::PasswordLength),
            15,
            "NIST's floor holds even in a forged file"
        );
    }
}
