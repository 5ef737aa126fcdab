//! The shop that a store belongs to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::account::Name;
use crate::policy::{Number, Policy};

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

/// What anybody may see of a shop: its name, and what a way in needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ShopFront {
    /// The shop's name.
    pub name: Name,
    /// Code points that a password needs that stands alone.
    pub password_length: u32,
    /// Code points that a password needs beside an enforced second factor.
    pub password_length_with_second_factor: u32,
    /// Whether there is a role that cannot go on without a second factor.
    pub second_factor_required: bool,
}

impl From<&Shop> for ShopFront {
    fn from(shop: &Shop) -> Self {
        let policy = &shop.policy;
        Self {
            name: shop.name.clone(),
            password_length: policy.number(Number::PasswordLength),
            password_length_with_second_factor: policy.number(Number::PasswordLengthWithSecondFactor),
            second_factor_required: !policy.second_factor_required.is_empty(),
        }
    }
}
