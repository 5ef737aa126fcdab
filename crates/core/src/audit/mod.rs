//! The audit trail: who did what to whom, when, from where, with what outcome and why.

mod action;
pub mod chain;
mod event;

pub use self::action::Action;
pub use self::event::{Actor, AuditEvent, Details, FieldChange, Outcome, Program, RecordedEvent, Source};
