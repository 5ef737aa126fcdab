//! What lists can be asked: filters, an order, and a page at a time by key, never by offset.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;
use unicode_normalization::UnicodeNormalization as _;

use crate::account::{Account, AccountId, Role};
use crate::audit::{Action, Outcome};

/// The most rows of one page.
pub const PAGE_MAX: u32 = 500;

/// The rows of a page where nobody says how many.
pub const PAGE: u32 = 100;

/// The most events that one page looks through for a text of one or two characters. No index knows
/// so short a text, and of a million events to read each would take seconds.
pub const LOOKED_THROUGH_MAX: u32 = 4_096;

/// A text as it is searched and sorted: lower case, NFC. Every store folds both sides with it.
pub fn folded(text: &str) -> String {
    text.to_lowercase().nfc().collect()
}

/// Where the next page begins; opaque to everybody but the store that gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct Cursor(pub String);

impl Cursor {
    /// Behind the event of that number: events have their numbers for cursors in every store, so that
    /// whoever follows the trail can go on where they were.
    pub fn behind_event(seq: u32) -> Self {
        Self(seq.to_string())
    }

    /// Behind which event a page of the trail ended.
    pub fn event(&self) -> Option<u32> {
        self.0.parse().ok()
    }
}

/// Rows in order, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; none at the end. A page can be shorter than was asked, even empty,
    /// and have a next one: see [`LOOKED_THROUGH_MAX`].
    pub next: Option<Cursor>,
}

/// How an account stands, by what matters first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Can sign in.
    Active,
    /// Has no password yet.
    Invited,
    /// Locked, by hand or after failures.
    Locked,
    /// Disabled by the shop.
    Disabled,
    /// In the recycle bin.
    Deleted,
}

/// Which accounts are wanted. All that are set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
pub struct AccountFilter {
    /// Part of the name or e-mail address, in any case.
    pub text: Option<String>,
    /// Of this role.
    pub role: Option<Role>,
    /// Standing so; without it, all but the recycle bin.
    pub standing: Option<Standing>,
    /// With a second factor, or without.
    pub second_factor: Option<bool>,
}

/// What accounts are sorted by. Equal ones follow by id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AccountSort {
    /// E-mail address.
    #[default]
    Email,
    /// Name.
    Name,
    /// Role, owners first.
    Role,
    /// When the account was made.
    CreatedAt,
    /// When it last signed in; never comes first.
    LastSignInAt,
}

/// A page of accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AccountQuery {
    /// Which ones.
    #[serde(default)]
    pub filter: AccountFilter,
    /// In which order.
    #[serde(default)]
    pub sort: AccountSort,
    /// Whether the order is turned round.
    #[serde(default)]
    pub descending: bool,
    /// Where to begin; none for the first page.
    #[serde(default)]
    pub after: Option<Cursor>,
    /// How many rows at the most, 1 to [`PAGE_MAX`].
    pub limit: u32,
}

/// What a list shows of an account beside the account itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// How it stands now.
    pub standing: Standing,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// When it last signed in.
    pub last_sign_in_at: Option<Timestamp>,
}

/// A page of audit events, the newest first unless turned round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
pub struct EventQuery {
    /// By or about this account.
    pub account: Option<AccountId>,
    /// This action.
    pub action: Option<Action>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// From this address.
    pub address: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Part of the e-mail address of actor or subject, or of the reason, in any case. One or two
    /// characters are looked for in [`LOOKED_THROUGH_MAX`] events at a time.
    pub text: Option<String>,
    /// Whether the oldest come first.
    pub oldest_first: bool,
    /// Where to begin; none for the first page.
    pub after: Option<Cursor>,
    /// How many rows at the most, 1 to [`PAGE_MAX`].
    pub limit: u32,
}
