//! What the settings and the password field show.

use keyholder_core::password::{Strength, Weakness};
use keyholder_core::policy::{Bounds, Number};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A number of the settings page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct NumberBounds {
    /// Which.
    pub number: Number,
    /// Its default, how far it may be set, and why.
    pub bounds: Bounds,
}

/// What is known about the account whose password is typed. An empty text says nothing.
#[derive(Debug, Clone, Default, Deserialize, Type)]
pub struct PasswordContext {
    /// The shop's name.
    pub shop: String,
    /// The person's name.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
}

/// How good a password would be, by what is known without a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct StrengthShown {
    /// From 0 (found at once) to 4 (out of reach).
    pub score: Strength,
    /// What speaks against it; empty if it would be taken.
    pub weaknesses: Vec<Weakness>,
}

/// Where the store lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct StoreInfo {
    /// The file, as this computer writes it.
    pub path: String,
    /// Its size in KiB, rounded up; none if it cannot be read.
    pub kib: Option<u32>,
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct BackupMade {
    /// The file, as this computer writes it.
    pub path: String,
}
