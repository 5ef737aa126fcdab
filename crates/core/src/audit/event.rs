//! One audit event.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::Action;
use crate::account::{AccountId, Reason};
use crate::error::Code;
use crate::lockout::DeviceId;

/// The program through which somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Program {
    /// The window.
    Window,
    /// The command line.
    CommandLine,
    /// Keyholder itself, when nobody asked.
    Keyholder,
    /// The pages that the auth service serves to people.
    Page,
    /// A program that asks the auth service.
    Api,
}

impl Program {
    /// Every program.
    pub const ALL: [Self; 5] = [
        Self::Window,
        Self::CommandLine,
        Self::Keyholder,
        Self::Page,
        Self::Api,
    ];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::CommandLine => "command_line",
            Self::Keyholder => "keyholder",
            Self::Page => "page",
            Self::Api => "api",
        }
    }

    /// The program of that word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|program| program.as_str() == word)
    }
}

/// Where an act comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Source {
    /// The program.
    pub program: Program,
    /// The machine by its name, or an address, as the console knows it.
    pub address: Option<String>,
    /// The installation, once it is known to the account.
    pub device: Option<DeviceId>,
    /// What the person's program says of itself (RFC 9110, `User-Agent`), in printable characters and
    /// at most 256 of them.
    #[serde(default)]
    pub user_agent: Option<String>,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Actor {
    /// Somebody with an account.
    Account {
        /// The account.
        id: AccountId,
        /// Its e-mail address at that time.
        email: String,
    },
    /// Somebody who has not (yet) proved who they are, with the e-mail address they gave.
    Unknown {
        /// As given.
        email: String,
    },
    /// Somebody who has proved to know an account's password, and nothing more yet: its holder on the
    /// way in, or whoever stole it.
    PasswordHolder {
        /// The account.
        id: AccountId,
        /// Its e-mail address at that time.
        email: String,
    },
    /// A program with a token.
    ApiToken {
        /// What the token is called.
        name: String,
    },
    /// Keyholder itself, for example when the recycle bin is emptied.
    Keyholder,
    /// Whoever holds the recovery key.
    RecoveryKey,
}

impl Actor {
    /// How the actor is shown in a list.
    pub fn label(&self) -> &str {
        match self {
            Self::Account { email, .. } | Self::Unknown { email } | Self::PasswordHolder { email, .. } => {
                email
            }
            Self::ApiToken { name } => name,
            Self::Keyholder => "Keyholder",
            Self::RecoveryKey => "recovery key",
        }
    }

    /// The actor's account, if they have proved with all it asks for that it is theirs.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account { id, .. } => Some(*id),
            Self::Unknown { .. }
            | Self::PasswordHolder { .. }
            | Self::ApiToken { .. }
            | Self::Keyholder
            | Self::RecoveryKey => None,
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// A secret was evaluated and was wrong.
    Failed,
    /// It was refused without any secret being evaluated.
    Refused,
}

impl Outcome {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    /// The outcome of that word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Done, Self::Failed, Self::Refused]
            .into_iter()
            .find(|outcome| outcome.as_str() == word)
    }
}

/// One field before and after; secrets are never here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldChange {
    /// The field by its name in the types.
    pub field: String,
    /// Before, if there was something.
    pub before: Option<String>,
    /// After, if there is something.
    pub after: Option<String>,
}

/// What else is worth knowing of an event. Words are chosen where it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
pub struct Details {
    /// Fields that changed.
    pub changes: Vec<FieldChange>,
    /// Facts by name, such as `failures` or `rows`.
    pub facts: BTreeMap<String, String>,
}

impl Details {
    /// With one more fact.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and words are handed over as they are"
    )]
    pub fn fact(mut self, name: &str, value: impl ToString) -> Self {
        self.facts.insert(name.to_owned(), value.to_string());
        self
    }

    /// With one more change, if the field did change.
    #[must_use]
    pub fn change(mut self, field: &str, before: Option<String>, after: Option<String>) -> Self {
        if before != after {
            self.changes.push(FieldChange {
                field: field.to_owned(),
                before,
                after,
            });
        }
        self
    }
}

/// What happened. Only rules make events, each together with its change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it was refused or failed.
    pub code: Option<Code>,
    /// To whose account.
    pub subject: Option<AccountId>,
    /// The subject's e-mail address at that time.
    pub subject_email: Option<String>,
    /// Why, in the words of the actor.
    pub reason: Option<Reason>,
    /// From where.
    pub source: Source,
    /// What else.
    pub details: Details,
}

impl AuditEvent {
    /// What a search for a text looks through: the addresses of actor and subject and the reason,
    /// folded ([`crate::query::folded`]), a line each.
    pub fn searchable(&self) -> String {
        let texts = [
            Some(self.actor.label()),
            self.subject_email.as_deref(),
            self.reason.as_ref().map(Reason::as_str),
        ];
        let texts: Vec<_> = texts.into_iter().flatten().map(crate::query::folded).collect();
        texts.join("\n")
    }
}

/// An event with its place in the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct RecordedEvent {
    /// Its place, from 1 without gaps.
    pub seq: u32,
    /// What happened.
    pub event: AuditEvent,
}
