//! Who may do what: one table, enforced below every console.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::account::Role;

/// Something a console can ask for that not everybody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// See accounts, their gates and their sessions.
    ReadAccounts,
    /// Make accounts and hand out enrolment codes.
    CreateAccounts,
    /// Change e-mail address, name and role.
    EditAccounts,
    /// Disable and enable.
    DisableAccounts,
    /// Lock and unlock, and end sessions.
    LockAccounts,
    /// Take away somebody's second factor so that they set up a new one.
    ResetSecondFactors,
    /// Put into the recycle bin and take out again.
    DeleteAccounts,
    /// Take accounts in from a file, or out to one.
    MoveAccounts,
    /// Read the audit trail.
    ReadAudit,
    /// Write the audit trail to a file.
    ExportAudit,
    /// Check a password against known breaches.
    CheckBreaches,
    /// Change the shop's name and its numbers.
    ChangePolicy,
    /// Make and restore backups, and make a new recovery key.
    KeepStore,
    /// See, make and revoke tokens of programs.
    KeepTokens,
}

impl Right {
    /// Every right, in the order of the table.
    pub const ALL: [Self; 14] = [
        Self::ReadAccounts,
        Self::CreateAccounts,
        Self::EditAccounts,
        Self::DisableAccounts,
        Self::LockAccounts,
        Self::ResetSecondFactors,
        Self::DeleteAccounts,
        Self::MoveAccounts,
        Self::ReadAudit,
        Self::ExportAudit,
        Self::CheckBreaches,
        Self::ChangePolicy,
        Self::KeepStore,
        Self::KeepTokens,
    ];

    /// The words for it in a sentence that begins "You may not …".
    pub fn as_words(self) -> &'static str {
        match self {
            Self::ReadAccounts => "see accounts",
            Self::CreateAccounts => "make accounts",
            Self::EditAccounts => "change accounts",
            Self::DisableAccounts => "disable or enable accounts",
            Self::LockAccounts => "lock or unlock accounts",
            Self::ResetSecondFactors => "reset a second factor",
            Self::DeleteAccounts => "delete or restore accounts",
            Self::MoveAccounts => "import or export accounts",
            Self::ReadAudit => "read the audit trail",
            Self::ExportAudit => "export the audit trail",
            Self::CheckBreaches => "check passwords against breaches",
            Self::ChangePolicy => "change the shop's settings",
            Self::KeepStore => "look after the store",
            Self::KeepTokens => "look after the tokens of programs",
        }
    }
}

/// The table. Staff and customers sign in to the shop, not to its console.
pub fn rights_of(role: Role) -> &'static [Right] {
    match role {
        Role::Owner => &Right::ALL,
        Role::Support => &[
            Right::ReadAccounts,
            Right::CreateAccounts,
            Right::EditAccounts,
            Right::LockAccounts,
            Right::ResetSecondFactors,
            Right::ReadAudit,
            Right::CheckBreaches,
        ],
        Role::Auditor => &[Right::ReadAccounts, Right::ReadAudit, Right::ExportAudit],
        Role::Staff | Role::Customer => &[],
    }
}

/// Whether somebody of this role may do that at all.
pub fn may(role: Role, right: Right) -> bool {
    rights_of(role).contains(&right)
}

/// Whether `actor` may act on an account of role `subject`: nobody but an owner touches an owner,
/// and nobody gives a role that is more powerful than their own.
pub fn may_touch(actor: Role, subject: Role) -> bool {
    actor == Role::Owner || subject > actor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_owner_touches_an_owner() {
        for role in Role::ALL {
            assert_eq!(
                may_touch(role, Role::Owner),
                role == Role::Owner,
                "{role:?} over an owner would be a way up"
            );
        }
        assert!(
            may_touch(Role::Support, Role::Customer),
            "support is there to help customers"
        );
        assert!(
            !may_touch(Role::Support, Role::Support),
            "a colleague's account is the owner's business"
        );
    }

    #[test]
    fn an_auditor_changes_nothing() {
        let changing =
            |right: &&Right| !matches!(right, Right::ReadAccounts | Right::ReadAudit | Right::ExportAudit);
        assert_eq!(
            rights_of(Role::Auditor).iter().find(changing),
            None,
            "who reads must not be able to write"
        );
    }
}
