//! Letters to people: what they say, and how they reach a mail server.
//!
//! What a letter says is a pure function of the [`Letter`](keyholder_core::letter::Letter), the shop's
//! [`Letterhead`] and the time: see [`render()`]. [`Smtp`] hands a letter over and says what became of it;
//! [`Post`] looks into the outbox, and tries again what was not taken.
//!
//! A letter holds no secret but its link. Nobody who is not of the shop can put words of their own into
//! one: a device is told by words of ours, and nobody is greeted by a name they gave themselves.

mod address;
mod answer;
mod letterhead;
mod message;
mod moment;
mod post;
mod render;
mod smtp;
#[cfg(test)]
mod tests;
mod words;

pub use self::answer::Answer;
pub use self::letterhead::Letterhead;
pub use self::message::{Addressed, CannotBeWritten, Written, letter_id};
pub use self::post::Post;
pub use self::render::{Rendered, render};
pub use self::smtp::{CannotSend, Smtp};
