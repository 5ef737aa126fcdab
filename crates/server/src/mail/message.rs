//! A letter as it travels (RFC 5322, RFC 2045).

use email_encoding::headers::rfc2047;
use email_encoding::headers::writer::EmailWriter;
use jiff::Timestamp;
use keyholder_core::account::Email;
use keyholder_core::clock::Rng;
use keyholder_core::letter::Letter;
use lettre::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use uuid::Uuid;

use super::address::address;
use super::letterhead::Letterhead;
use super::render::render;

/// Whom a letter is for.
#[derive(Debug, Clone, Copy)]
pub struct Addressed<'a> {
    /// Where it goes.
    pub to: &'a Email,
    /// Where it comes from.
    pub from: &'a Email,
    /// Names it for ever: sent again it has the same Message-ID, by which mail programs know it as one.
    pub id: Uuid,
    /// When it was written.
    pub at: Timestamp,
}

/// A letter that a mail server can take.
pub struct Written(pub(super) Message);

/// Why a letter cannot be written: it never will be.
#[derive(Debug, thiserror::Error)]
pub enum CannotBeWritten {
    /// Mail servers take no such address.
    #[error("the address is none that mail servers take: {0}")]
    Address(#[from] lettre::address::AddressError),
    /// The template could not be filled in.
    #[error("the letter cannot be written: {0}")]
    Template(#[from] askama::Error),
    /// The subject could not be encoded.
    #[error("the subject cannot be written: {0}")]
    Subject(#[from] std::fmt::Error),
    /// A header is missing.
    #[error("the letter cannot be put together: {0}")]
    Message(#[from] lettre::error::Error),
}

impl Written {
    /// Puts a letter into its envelope. The same arguments give the same bytes.
    ///
    /// # Errors
    /// See [`CannotBeWritten`].
    pub fn new(
        letter: &Letter,
        head: &Letterhead,
        addressed: Addressed<'_>,
    ) -> Result<Self, CannotBeWritten> {
        let Addressed { to, from, id, at } = addressed;
        let rendered = render(letter, head, at)?;
        let from = address(from)?;
        let parts = MultiPart::alternative()
            .boundary(format!("part-{}", id.simple()))
            .singlepart(part(ContentType::TEXT_PLAIN, rendered.text))
            .singlepart(part(ContentType::TEXT_HTML, rendered.html));
        let message = Message::builder()
            .message_id(Some(message_id(id, &from)))
            .date(at.into())
            .from(Mailbox::new(Some(head.shop().to_owned()), from))
            .to(address(to)?.into())
            .raw_header(subject(rendered.subject)?)
            .header(AutoSubmitted)
            .multipart(parts)?;
        Ok(Self(message))
    }

    /// The letter as it travels.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.formatted()
    }
}

/// A fresh name for a letter.
pub fn letter_id(at: Timestamp, rng: &mut Rng) -> Uuid {
    let mut random = [0; 10];
    rand::Rng::fill_bytes(rng, &mut random);
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

fn message_id(id: Uuid, from: &Address) -> String {
    format!("<{id}@{}>", from.domain())
}

/// Encoded also where it is ASCII and looks encoded already (RFC 2047, 2): a mail program would decode it
/// then, and show what nobody looked at.
fn subject(text: String) -> Result<HeaderValue, std::fmt::Error> {
    const NAME: &str = "Subject";
    let name = HeaderName::new_from_ascii_str(NAME);
    if !text.contains("=?") {
        return Ok(HeaderValue::new(name, text));
    }
    let mut encoded = String::new();
    let mut writer = EmailWriter::new(&mut encoded, NAME.len() + ": ".len(), 0, false);
    rfc2047::encode(&text, &mut writer)?;
    drop(writer);
    Ok(HeaderValue::dangerous_new_pre_encoded(name, text, encoded))
}

/// Quoted-printable whatever it holds: then no line is longer than 76 characters (RFC 2045, 6.7), and no
/// server on the way has a reason to change it.
fn part(kind: ContentType, content: String) -> SinglePart {
    SinglePart::builder()
        .content_type(kind)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(content)
}

/// Says that a program wrote it: then no program answers that somebody is away (RFC 3834, 5).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
