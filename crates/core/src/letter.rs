//! Letters to people: which there are, what each needs, and the outbox in which they wait. One goes into it
//! in the same change as what it tells of.
//!
//! Not in here: what letters say, and how they are sent. The auth service alone does that.

mod device;
mod kinds;
mod link;
mod not_sent;
mod outbox;

pub use self::device::{Browser, Device, System};
pub use self::kinds::{Letter, LetterKind, Visit};
pub use self::link::{Link, LinkRefused};
pub use self::not_sent::{NotSent, Why, not_sent};
pub use self::outbox::{Sent, Waiting};
