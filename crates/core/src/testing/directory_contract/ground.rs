//! What a story stands on.

use std::sync::Arc;

use crate::clock::FixedClock;
use crate::directory::{Authentication, StoredAuthentication};
use crate::session::DeviceKey;
use crate::store::Store;

/// How a story comes to the rules: straight, or over a border.
pub trait Way: Send + Sync {
    /// The way in to a shop that these rules look after, at that time. What it needs goes on as long as
    /// the story.
    fn to(&self, rules: StoredAuthentication, clock: &FixedClock) -> Arc<dyn Authentication>;

    /// Where somebody who says to be [`here`](super::here) comes from, as the trail has it.
    fn seen_from(&self) -> &'static str;

    /// The key of the device that the console runs on, where its sessions are bound to it.
    fn device(&self) -> Option<DeviceKey> {
        None
    }
}

/// No border: who asks and who answers are one program.
pub fn straight() -> Arc<dyn Way> {
    Arc::new(Straight)
}

struct Straight;

impl Way for Straight {
    fn to(&self, rules: StoredAuthentication, _clock: &FixedClock) -> Arc<dyn Authentication> {
        Arc::new(rules)
    }

    fn seen_from(&self) -> &'static str {
        "till-1"
    }
}

/// An empty store, and the way to the rules over it.
#[derive(Clone)]
pub struct Ground {
    pub(super) store: Arc<dyn Store>,
    pub(super) way: Arc<dyn Way>,
}

impl Ground {
    /// The rules over that store, asked straight.
    pub fn of(store: Arc<dyn Store>) -> Self {
        Self::beyond(store, straight())
    }

    /// The rules over that store, asked that way.
    pub fn beyond(store: Arc<dyn Store>, way: Arc<dyn Way>) -> Self {
        Self { store, way }
    }
}
