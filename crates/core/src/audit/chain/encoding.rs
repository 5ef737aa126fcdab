//! The canonical encoding of an event: one event has one, and no two events share one.
//!
//! Version 1: a byte with the version, then the fields in the order of [`AuditEvent`]. Numbers are
//! big-endian. A text is its length in bytes (32 bits) and its UTF-8; what may be absent is a byte
//! 0, or a byte 1 and the value; a list is its length (32 bits) and its members; closed lists are
//! the words or numbers that are stored. Version 2 adds the user agent behind the last field, and is used
//! only where there is one. It does not depend on any library's order of fields.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use crate::account::{AccountId, Reason};
use crate::audit::{Action, Actor, AuditEvent, Details, FieldChange, Outcome, Program, Source};
use crate::error::Code;
use crate::lockout::DeviceId;

const VERSION_1: u8 = 1;
const VERSION_2: u8 = 2;

/// The bytes are not the canonical encoding of an event that this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the encoding of an audit event")]
pub struct Unreadable;

/// The canonical encoding of an event.
pub fn encode(event: &AuditEvent) -> Vec<u8> {
    let agent = event.source.user_agent.as_deref();
    let mut out = Writer(vec![if agent.is_some() { VERSION_2 } else { VERSION_1 }]);
    out.time(event.at);
    out.actor(&event.actor);
    out.text(event.action.as_str());
    out.text(event.outcome.as_str());
    out.option(event.code, |out, code| out.0.extend(code.number().to_be_bytes()));
    out.option(event.subject, |out, id| out.0.extend(id.uuid().as_bytes()));
    out.option(event.subject_email.as_deref(), Writer::text);
    out.option(event.reason.as_ref().map(Reason::as_str), Writer::text);
    out.source(&event.source);
    out.length(event.details.changes.len());
    for change in &event.details.changes {
        out.text(&change.field);
        out.option(change.before.as_deref(), Writer::text);
        out.option(change.after.as_deref(), Writer::text);
    }
    out.length(event.details.facts.len());
    for (name, value) in &event.details.facts {
        out.text(name);
        out.text(value);
    }
    if let Some(agent) = agent {
        out.text(agent);
    }
    out.0
}

/// Time, actor and action: what the hash of a row says of it beside the commitment.
pub(super) fn header(event: &AuditEvent) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    out.time(event.at);
    out.actor(&event.actor);
    out.text(event.action.as_str());
    out.0
}

/// The event of a canonical encoding.
///
/// # Errors
/// The bytes are not exactly what [`encode`] makes of an event.
pub fn decode(bytes: &[u8]) -> Result<AuditEvent, Unreadable> {
    let mut input = Reader(bytes);
    let version = input.byte()?;
    if !matches!(version, VERSION_1 | VERSION_2) {
        return Err(Unreadable);
    }
    let mut event = AuditEvent {
        at: input.time()?,
        actor: input.actor()?,
        action: Action::parse(input.text()?).ok_or(Unreadable)?,
        outcome: Outcome::parse(input.text()?).ok_or(Unreadable)?,
        code: input.option(Reader::code)?,
        subject: input.option(Reader::uuid)?.map(AccountId::from),
        subject_email: input.option(Reader::owned)?,
        reason: input.option(Reader::reason)?,
        source: input.source()?,
        details: Details {
            changes: input.list(Reader::change)?,
            facts: input.facts()?,
        },
    };
    if version == VERSION_2 {
        event.source.user_agent = Some(input.owned()?);
    }
    if input.0.is_empty() {
        Ok(event)
    } else {
        Err(Unreadable)
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn time(&mut self, at: Timestamp) {
        self.0.extend(at.as_second().to_be_bytes());
        self.0.extend(at.subsec_nanosecond().to_be_bytes());
    }

    fn length(&mut self, length: usize) {
        // Over 4 GiB of one field would have exhausted memory long before; should it ever be, the
        // row is refused when it is checked instead of being taken for another.
        self.0
            .extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend(text.as_bytes());
    }

    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.0.push(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn actor(&mut self, actor: &Actor) {
        match actor {
            Actor::Account { id, email } => {
                self.0.push(1);
                self.0.extend(id.uuid().as_bytes());
                self.text(email);
            }
            Actor::Unknown { email } => {
                self.0.push(2);
                self.text(email);
            }
            Actor::ApiToken { name } => {
                self.0.push(6);
                self.text(name);
            }
            Actor::Keyholder => self.0.push(3),
            Actor::RecoveryKey => self.0.push(4),
            Actor::PasswordHolder { id, email } => {
                self.0.push(5);
                self.0.extend(id.uuid().as_bytes());
                self.text(email);
            }
        }
    }

    fn source(&mut self, source: &Source) {
        self.0.push(match source.program {
            Program::Window => 1,
            Program::CommandLine => 2,
            Program::Keyholder => 3,
            Program::Page => 4,
            Program::Api => 5,
        });
        self.option(source.address.as_deref(), Self::text);
        self.option(source.device, |out, device| {
            out.0.extend(device.uuid().as_bytes());
        });
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Unreadable> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Unreadable)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(Unreadable)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn time(&mut self) -> Result<Timestamp, Unreadable> {
        let second = i64::from_be_bytes(self.array()?);
        let nanosecond = i32::from_be_bytes(self.array()?);
        let at = Timestamp::new(second, nanosecond).map_err(|_| Unreadable)?;
        // A time can be written as more than one pair; only one of them is canonical.
        if (at.as_second(), at.subsec_nanosecond()) == (second, nanosecond) {
            Ok(at)
        } else {
            Err(Unreadable)
        }
    }

    fn length(&mut self) -> Result<usize, Unreadable> {
        usize::try_from(u32::from_be_bytes(self.array()?)).map_err(|_| Unreadable)
    }

    fn text(&mut self) -> Result<&'a str, Unreadable> {
        let length = self.length()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| Unreadable)
    }

    fn owned(&mut self) -> Result<String, Unreadable> {
        self.text().map(str::to_owned)
    }

    fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, Unreadable> {
        match self.byte()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(Unreadable),
        }
    }

    fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<Vec<T>, Unreadable> {
        let length = self.length()?;
        // No room is set aside for a length that was only claimed.
        (0..length).map(|_| read(self)).collect()
    }

    fn uuid(&mut self) -> Result<Uuid, Unreadable> {
        self.array().map(Uuid::from_bytes)
    }

    fn code(&mut self) -> Result<Code, Unreadable> {
        let number = u16::from_be_bytes(self.array()?);
        Code::ALL
            .iter()
            .copied()
            .find(|code| code.number() == number)
            .ok_or(Unreadable)
    }

    fn reason(&mut self) -> Result<Reason, Unreadable> {
        let text = self.text()?;
        let reason = Reason::parse(text).map_err(|_| Unreadable)?;
        if reason.as_str() == text {
            Ok(reason)
        } else {
            Err(Unreadable)
        }
    }

    fn actor(&mut self) -> Result<Actor, Unreadable> {
        Ok(match self.byte()? {
            1 => Actor::Account {
                id: self.uuid()?.into(),
                email: self.owned()?,
            },
            2 => Actor::Unknown { email: self.owned()? },
            3 => Actor::Keyholder,
            4 => Actor::RecoveryKey,
            5 => Actor::PasswordHolder {
                id: self.uuid()?.into(),
                email: self.owned()?,
            },
            6 => Actor::ApiToken { name: self.owned()? },
            _ => return Err(Unreadable),
        })
    }

    fn source(&mut self) -> Result<Source, Unreadable> {
        let program = match self.byte()? {
            1 => Program::Window,
            2 => Program::CommandLine,
            3 => Program::Keyholder,
            4 => Program::Page,
            5 => Program::Api,
            _ => return Err(Unreadable),
        };
        Ok(Source {
            program,
            address: self.option(Self::owned)?,
            device: self.option(Self::uuid)?.map(DeviceId::from),
            user_agent: None,
        })
    }

    fn change(&mut self) -> Result<FieldChange, Unreadable> {
        Ok(FieldChange {
            field: self.owned()?,
            before: self.option(Self::owned)?,
            after: self.option(Self::owned)?,
        })
    }

    fn facts(&mut self) -> Result<BTreeMap<String, String>, Unreadable> {
        let pairs = self.list(|input| Ok((input.owned()?, input.owned()?)))?;
        // In ascending order without repetition, or there would be a second encoding.
        if pairs.is_sorted_by(|(one, _), (other, _)| one < other) {
            Ok(pairs.into_iter().collect())
        } else {
            Err(Unreadable)
        }
    }
}
