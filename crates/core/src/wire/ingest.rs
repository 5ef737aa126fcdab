//! The body of the shop's own events.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::shop_event::ShopEvent;

/// What happened in the shop.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct RecordEventsBody {
    /// One event, or up to [`EVENTS_MOST`](crate::shop_event::EVENTS_MOST) in their order.
    pub events: Vec<ShopEvent>,
}
