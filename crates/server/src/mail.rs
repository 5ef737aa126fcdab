//! Letters to people: what they say, how they reach a mail server, and when they are tried again.
//!
//! What a letter says is a pure function of the [`Letter`], the shop's [`Letterhead`] and the time: see
//! [`render`]. [`Smtp`] hands a letter over and says what became of it; [`outbox`] says when to try again.
//!
//! A letter holds no secret but its link. Nobody who is not of the shop can put words of their own into
//! one: a device is told by words of ours, and nobody is greeted by a name they gave themselves.

mod address;
mod answer;
mod device;
mod letter;
mod letterhead;
mod link;
mod message;
mod moment;
pub mod outbox;
mod post;
mod render;
mod smtp;
#[cfg(test)]
mod tests;
mod words;

pub use self::answer::Answer;
pub use self::device::{Browser, Device, System};
pub use self::letter::{Letter, LetterKind, Visit};
pub use self::letterhead::Letterhead;
pub use self::link::{Link, LinkRefused};
pub use self::message::{Addressed, CannotBeWritten, Written, letter_id};
pub use self::post::Post;
pub use self::render::{Rendered, render};
pub use self::smtp::{CannotSend, Smtp};
