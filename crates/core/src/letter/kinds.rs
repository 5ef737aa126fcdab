//! Which letters there are, and what each needs to be written.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::device::Device;
use super::link::Link;
use crate::account::Name;

/// A letter, as it waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Letter {
    /// An account was made for somebody, who is to choose a password.
    Invitation {
        /// Who of the shop invites; may be empty.
        by: Name,
        /// Where the password is chosen.
        link: Link,
    },
    /// Somebody asked for a new password.
    PasswordReset {
        /// Where it is chosen.
        link: Link,
    },
    /// Somebody gave this address as theirs.
    ConfirmAddress {
        /// Where they say that it is.
        link: Link,
    },
    /// Somebody tried to register with the address of an account that is there already.
    AddressTaken,
    /// Somebody asked to sign in without a password.
    SignInLink {
        /// Signs them in.
        link: Link,
    },
    /// Somebody signed in from a device that was not known.
    NewDevice {
        /// The sign-in.
        visit: Visit,
        /// "That was not me": ends the session and locks the account.
        link: Link,
    },
    /// The password was changed.
    PasswordChanged {
        /// When.
        at: Timestamp,
    },
    /// The second factor was removed.
    SecondFactorRemoved {
        /// When.
        at: Timestamp,
    },
    /// Somebody gave the right password, and no second factor for three minutes after.
    SecondFactorMissing {
        /// The sign-in that was not finished.
        visit: Visit,
    },
    /// The account has another address now; this goes to the one it had.
    AddressChanged {
        /// When.
        at: Timestamp,
    },
    /// Somebody of the shop tries whether letters arrive.
    Test,
}

/// A sign-in as its holder may recognise it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// When.
    pub at: Timestamp,
    /// With what.
    pub device: Device,
    /// From where, if it is known.
    pub address: Option<IpAddr>,
}

/// Which letter it is, without what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LetterKind {
    /// See [`Letter::Invitation`].
    Invitation,
    /// See [`Letter::PasswordReset`].
    PasswordReset,
    /// See [`Letter::ConfirmAddress`].
    ConfirmAddress,
    /// See [`Letter::AddressTaken`].
    AddressTaken,
    /// See [`Letter::SignInLink`].
    SignInLink,
    /// See [`Letter::NewDevice`].
    NewDevice,
    /// See [`Letter::PasswordChanged`].
    PasswordChanged,
    /// See [`Letter::SecondFactorRemoved`].
    SecondFactorRemoved,
    /// See [`Letter::SecondFactorMissing`].
    SecondFactorMissing,
    /// See [`Letter::AddressChanged`].
    AddressChanged,
    /// See [`Letter::Test`].
    Test,
}

impl LetterKind {
    /// The word for it in the audit trail and the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::ConfirmAddress => "confirm_address",
            Self::AddressTaken => "address_taken",
            Self::SignInLink => "sign_in_link",
            Self::NewDevice => "new_device",
            Self::PasswordChanged => "password_changed",
            Self::SecondFactorRemoved => "second_factor_removed",
            Self::SecondFactorMissing => "second_factor_missing",
            Self::AddressChanged => "address_changed",
            Self::Test => "test",
        }
    }
}

impl Letter {
    /// Which it is.
    pub fn kind(&self) -> LetterKind {
        match self {
            Self::Invitation { .. } => LetterKind::Invitation,
            Self::PasswordReset { .. } => LetterKind::PasswordReset,
            Self::ConfirmAddress { .. } => LetterKind::ConfirmAddress,
            Self::AddressTaken => LetterKind::AddressTaken,
            Self::SignInLink { .. } => LetterKind::SignInLink,
            Self::NewDevice { .. } => LetterKind::NewDevice,
            Self::PasswordChanged { .. } => LetterKind::PasswordChanged,
            Self::SecondFactorRemoved { .. } => LetterKind::SecondFactorRemoved,
            Self::SecondFactorMissing { .. } => LetterKind::SecondFactorMissing,
            Self::AddressChanged { .. } => LetterKind::AddressChanged,
            Self::Test => LetterKind::Test,
        }
    }

    /// The link in it, if there is one.
    pub fn link(&self) -> Option<&Link> {
        match self {
            Self::Invitation { link, .. }
            | Self::PasswordReset { link }
            | Self::ConfirmAddress { link }
            | Self::SignInLink { link }
            | Self::NewDevice { link, .. } => Some(link),
            Self::AddressTaken
            | Self::PasswordChanged { .. }
            | Self::SecondFactorRemoved { .. }
            | Self::SecondFactorMissing { .. }
            | Self::AddressChanged { .. }
            | Self::Test => None,
        }
    }
}
