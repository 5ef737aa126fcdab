//! Where the console stands: what the window shows follows from it and from nothing else.

use keyholder_core::directory::Me;
use serde::Serialize;
use specta::Type;

use super::{ConnectionShown, IpcError, PlaceShown};

/// Where the console stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Status {
    /// Where the shop on the screen is.
    pub place: PlaceShown,
    /// The shops that this console knows.
    pub connections: Vec<ConnectionShown>,
    /// The name of the shop, once it could be asked.
    pub shop: Option<String>,
    /// Why the keychain does not have the key of the open store; none while it has. Until it has, each
    /// start needs the recovery key.
    pub key_not_kept: Option<KeyTrouble>,
    /// What can be done now.
    pub phase: Phase,
    /// Why the service cannot be asked at this moment, if it cannot: then the phase is the one known
    /// from before, until the moment of the lock.
    pub lost: Option<IpcError>,
}

/// What can be done now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Phase {
    /// There is no shop yet: set one up.
    NoStore,
    /// There is a store and its key is not at hand: mend the keychain and try again, or open it with
    /// the recovery key.
    KeyNeeded {
        /// Why not.
        why: KeyTrouble,
        /// The store's file, as this computer writes it.
        store: String,
    },
    /// There is a store that cannot be opened, or a service that cannot be asked.
    Unusable {
        /// Why not.
        error: IpcError,
    },
    /// Nobody is signed in.
    Closed {
        /// Whether somebody was until now, and the session ended by itself or elsewhere.
        ended: bool,
    },
    /// The password was right; the code of the authenticator app is asked.
    SecondFactor {
        /// Who signs in.
        email: String,
    },
    /// Signed in, but something must be done before anything else: see the duties.
    SetUp {
        /// Who, with what is to be done.
        me: Me,
    },
    /// Signed in.
    Open {
        /// Who, with which rights.
        me: Me,
    },
    /// Signed in and locked: the password opens it.
    Locked {
        /// Who is signed in.
        email: String,
        /// What they are called; may be empty.
        name: String,
    },
}

/// Why the key of a store is not at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum KeyTrouble {
    /// The keychain is locked, or its question for the password was turned away.
    Locked,
    /// The keychain is asking for its password at this moment.
    Prompting,
    /// The keychain is there and has no entry for this store: the file comes from another computer,
    /// or the keychain was replaced.
    Missing,
    /// There is no keychain, or none with a place for entries.
    NoKeychain,
    /// The keychain does not answer.
    Silent,
    /// The entry does not open this store.
    WrongKey,
}
