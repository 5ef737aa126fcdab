//! The shop that a store belongs to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::account::Name;
use crate::policy::Policy;

/// The one shop of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Shop {
    /// Counts the changes, from 1.
    pub revision: u32,
    /// Shown in the window's title and in people's authenticator apps; never empty.
    pub name: Name,
    /// What the shop has decided.
    pub policy: Policy,
    /// When it was set up.
    pub created_at: Timestamp,
    /// Since when somebody has proved to hold the recovery key; none while set-up is unfinished.
    pub recovery_key_confirmed_at: Option<Timestamp>,
}
