//! Who writes.

use keyholder_core::account::Name;

use crate::pages::Colour;
use crate::settings::PublicUrl;

/// What is the same on every letter of a shop.
#[derive(Debug, Clone)]
pub struct Letterhead {
    /// The shop.
    pub shop: Name,
    /// Its colour.
    pub accent: Colour,
    /// Where its people reach the service.
    pub public_url: PublicUrl,
}

impl Letterhead {
    /// How the shop is called; one without a name by the address of its service.
    pub(super) fn shop(&self) -> &str {
        if self.shop.is_empty() {
            self.public_url.as_str()
        } else {
            self.shop.as_str()
        }
    }
}
