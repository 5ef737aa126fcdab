//! The rules: pure functions of state, request, time and chance. Each answers a change with its
//! audit event, or a refusal with its own.

pub(crate) mod accounts;
pub(crate) mod api_token;
pub(crate) mod enrolment;
pub(crate) mod guard;
pub(crate) mod import;
pub(crate) mod letter;
pub(crate) mod link;
pub(crate) mod own;
pub(crate) mod page;
pub(crate) mod passkey;
#[cfg(test)]
mod properties;
pub(crate) mod provisioning;
pub(crate) mod retention;
pub(crate) mod session;
pub(crate) mod shop;
pub(crate) mod shop_event;
pub(crate) mod sign_in;

use jiff::Timestamp;

use crate::account::{Account, Email, Reason};
use crate::audit::{Action, Actor, AuditEvent, Details, Outcome, Source};
use crate::change::{Change, Denial};
use crate::error::{Code, Refusal};

/// Who acts, when and from where: what every event of an act says.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    pub(crate) at: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) source: Source,
}

impl Act {
    /// An act by whoever holds this account.
    pub(crate) fn by(account: &Account, at: Timestamp, source: Source) -> Self {
        let actor = Actor::Account {
            id: account.id,
            email: account.email.as_str().to_owned(),
        };
        Self { at, actor, source }
    }

    /// An act by somebody who has yet to prove that the account is theirs.
    pub(crate) fn claimed(account: &Account, at: Timestamp, source: Source) -> Self {
        Self {
            at,
            actor: Actor::Unknown {
                email: account.email.as_str().to_owned(),
            },
            source,
        }
    }

    /// An act by somebody who has no account and says that this address is theirs.
    pub(crate) fn unknown(email: &Email, at: Timestamp, source: Source) -> Self {
        Self {
            at,
            actor: Actor::Unknown {
                email: email.as_str().to_owned(),
            },
            source,
        }
    }

    /// An act by somebody who has proved with the password that the account is theirs, and nothing
    /// more yet: as much as whoever stole the password could.
    pub(crate) fn half_proved(account: &Account, at: Timestamp, source: Source) -> Self {
        Self {
            at,
            actor: Actor::PasswordHolder {
                id: account.id,
                email: account.email.as_str().to_owned(),
            },
            source,
        }
    }

    /// The same act as it goes on at that time.
    pub(crate) fn at(self, at: Timestamp) -> Self {
        Self { at, ..self }
    }

    /// That it was done.
    pub(crate) fn done(&self, action: Action) -> AuditEvent {
        AuditEvent {
            at: self.at,
            actor: self.actor.clone(),
            action,
            outcome: Outcome::Done,
            code: None,
            subject: None,
            subject_email: None,
            reason: None,
            source: self.source.clone(),
            details: Details::default(),
        }
    }

    /// That it was refused before any secret was evaluated.
    pub(crate) fn refused(&self, action: Action, refusal: &Refusal) -> AuditEvent {
        AuditEvent {
            outcome: Outcome::Refused,
            code: Some(refusal.code()),
            ..self.done(action)
        }
    }

    /// That a secret was evaluated and was wrong.
    pub(crate) fn failed(&self, action: Action, why: Code) -> AuditEvent {
        AuditEvent {
            outcome: Outcome::Failed,
            code: Some(why),
            ..self.done(action)
        }
    }

    /// A refusal to act on an account, as a rule answers it.
    pub(crate) fn deny(&self, action: Action, subject: &Account, refusal: Refusal) -> Box<Denial> {
        let event = self.refused(action, &refusal).on(subject);
        Box::new(Denial {
            refusal,
            change: Change::of(event),
        })
    }

    /// A wrong secret of an account, as a rule answers it.
    pub(crate) fn fail(&self, action: Action, subject: &Account, refusal: Refusal) -> Box<Denial> {
        let event = self.failed(action, refusal.code()).on(subject);
        Box::new(Denial {
            refusal,
            change: Change::of(event),
        })
    }
}

impl AuditEvent {
    /// Whose account it is about.
    pub(crate) fn on(mut self, subject: &Account) -> Self {
        self.subject = Some(subject.id);
        self.subject_email = Some(subject.email.as_str().to_owned());
        self
    }

    /// Why, in the words of the actor.
    pub(crate) fn because(mut self, reason: Option<Reason>) -> Self {
        self.reason = reason;
        self
    }

    /// What else is worth knowing.
    pub(crate) fn with(mut self, details: Details) -> Self {
        self.details = details;
        self
    }
}
