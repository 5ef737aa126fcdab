//! The Secret Service of the session bus (GNOME Keyring, `KWallet`, `KeePassXC`).
//!
//! The store library alone cannot be trusted with the question "is there a key?": without a default
//! collection it answers "no entry", and a locked keychain makes it wait for a prompt. So the
//! service is looked at first, with calls that never prompt.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyring_core::api::CredentialStoreApi as _;
use zbus::blocking::{Connection, connection};
use zbus::zvariant::{OwnedObjectPath, OwnedValue};
use zbus_secret_service_keyring_store::Store;

use super::os::OpenPrompt;
use super::{Entry, KeychainError, KeychainState, Secret};

const SECRETS: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";
const APPLICATION: &str = "shop.keyholder";

/// Longest wait for one call that needs no person, so that the thread itself is free again when the
/// deadline of its caller is over.
const CALL_LIMIT: Duration = Duration::from_secs(5);

/// A prompt that is over sooner than this was seen by nobody: there is no screen to show it on.
const SOONEST_HUMAN_ANSWER: Duration = Duration::from_secs(1);

/// What the thread holds between two questions.
pub(super) struct Platform {
    prompt: OpenPrompt,
    session: Option<Session>,
}

/// A session with one running service; it ends when another process takes the service over.
struct Session {
    owner: String,
    store: Arc<Store>,
}

/// The service as a look without a prompt finds it.
struct Sight {
    owner: String,
    locked: bool,
}

impl Platform {
    pub(super) fn new(prompt: OpenPrompt) -> Self {
        Self {
            prompt,
            session: None,
        }
    }

    pub(super) fn get(&mut self, entry: &Entry) -> Result<Option<Secret>, KeychainError> {
        let value = self.with_entry(entry, keyring_core::Entry::get_password)?;
        value
            .map(|text| Secret::new(text).map_err(|_| foreign_value()))
            .transpose()
    }

    pub(super) fn set(&mut self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError> {
        self.with_entry(entry, |kept| kept.set_password(secret.expose()))
            .map(drop)
    }

    pub(super) fn delete(&mut self, entry: &Entry) -> Result<(), KeychainError> {
        self.with_entry(entry, keyring_core::Entry::delete_credential)
            .map(drop)
    }

    pub(super) fn state(&self) -> KeychainState {
        match look() {
            Ok(sight) if !sight.locked => KeychainState::Unlocked,
            Ok(sight) if self.prompt.is_of(&sight.owner) => KeychainState::Prompting,
            Ok(_) => KeychainState::Locked,
            Err(error) => KeychainState::from(&error),
        }
    }

    fn with_entry<T>(
        &mut self,
        entry: &Entry,
        act: impl FnOnce(&keyring_core::Entry) -> keyring_core::Result<T>,
    ) -> Result<Option<T>, KeychainError> {
        let sight = look()?;
        if sight.locked && self.prompt.is_of(&sight.owner) {
            return Err(KeychainError::PromptUnanswered);
        }
        let store = self.store(&sight)?;
        let label = HashMap::from([("label", "Keyholder")]);
        let kept = store
            .build(APPLICATION, entry.name(), Some(&label))
            .map_err(|error| refused(&error))?;

        let asked = Instant::now();
        let _prompt = sight.locked.then(|| self.prompt.open(&sight.owner));
        match act(&kept) {
            Ok(value) => Ok(Some(value)),
            // Some services do not look into what is locked.
            Err(keyring_core::Error::NoEntry) if sight.locked && is_locked() => Err(KeychainError::Locked),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(keyring_core::Error::NoStorageAccess(_)) if asked.elapsed() < SOONEST_HUMAN_ANSWER => {
                Err(KeychainError::Locked)
            }
            Err(keyring_core::Error::NoStorageAccess(_)) => Err(KeychainError::Dismissed),
            Err(error) => Err(self.failed(&sight, &error)),
        }
    }

    fn store(&mut self, sight: &Sight) -> Result<Arc<Store>, KeychainError> {
        if let Some(session) = self
            .session
            .as_ref()
            .filter(|session| session.owner == sight.owner)
        {
            return Ok(Arc::clone(&session.store));
        }
        let store = Store::new().map_err(|error| self.failed(sight, &error))?;
        self.session = Some(Session {
            owner: sight.owner.clone(),
            store: Arc::clone(&store),
        });
        Ok(store)
    }

    /// Tells a service that said no from one that is gone.
    fn failed(&mut self, before: &Sight, error: &keyring_core::Error) -> KeychainError {
        self.session = None;
        match look() {
            Ok(after) if after.owner == before.owner => refused(error),
            _ => KeychainError::NotAnswering,
        }
    }
}

/// Who runs the service, and whether the default collection is locked.
fn look() -> Result<Sight, KeychainError> {
    let bus = session_bus()?;
    let owner = owner(&bus)?;

    let default: OwnedObjectPath = call(
        &bus,
        PATH,
        "org.freedesktop.Secret.Service",
        "ReadAlias",
        &("default",),
    )?;
    if default.as_str() == "/" {
        return Err(KeychainError::NoCollection);
    }
    let property = ("org.freedesktop.Secret.Collection", "Locked");
    let locked: OwnedValue = call(
        &bus,
        &default,
        "org.freedesktop.DBus.Properties",
        "Get",
        &property,
    )?;
    let locked = bool::try_from(locked).map_err(|error| KeychainError::Refused(error.to_string()))?;
    Ok(Sight { owner, locked })
}

/// The process behind the service; one that is installed but does not run yet is started by the bus.
fn owner(bus: &Connection) -> Result<String, KeychainError> {
    let dbus = zbus::blocking::fdo::DBusProxy::new(bus).map_err(|_| KeychainError::NotAnswering)?;
    let name = zbus::names::WellKnownName::from_static_str_unchecked(SECRETS);
    let running = dbus.get_name_owner(name.clone().into()).or_else(|_| {
        dbus.start_service_by_name(name.clone(), 0)?;
        dbus.get_name_owner(name.into())
    });
    running
        .map(|owner| owner.to_string())
        .map_err(|error| fdo_error(&error))
}

fn is_locked() -> bool {
    look().is_ok_and(|sight| sight.locked)
}

/// The session bus that is there. One that would first have to be started has no keychain on it.
fn session_bus() -> Result<Connection, KeychainError> {
    let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
    if address.starts_with("autolaunch:") {
        return Err(KeychainError::NoService);
    }
    let bus = connection::Builder::session().map_err(|_| KeychainError::NoService)?;
    bus.method_timeout(CALL_LIMIT)
        .build()
        .map_err(|_| KeychainError::NoService)
}

fn call<A, R>(
    bus: &Connection,
    path: &str,
    interface: &str,
    method: &str,
    arguments: &A,
) -> Result<R, KeychainError>
where
    A: serde::Serialize + zbus::zvariant::DynamicType,
    R: serde::de::DeserializeOwned + zbus::zvariant::Type,
{
    let reply = bus
        .call_method(Some(SECRETS), path, Some(interface), method, arguments)
        .map_err(|error| bus_error(&error))?;
    reply
        .body()
        .deserialize()
        .map_err(|error| KeychainError::Refused(error.to_string()))
}

fn bus_error(error: &zbus::Error) -> KeychainError {
    let name = match error {
        zbus::Error::MethodError(name, ..) => name.as_str(),
        zbus::Error::FDO(error) => return fdo_error(error),
        _ => return KeychainError::NotAnswering,
    };
    let short = name.strip_prefix("org.freedesktop.DBus.Error.").unwrap_or(name);
    match short {
        "ServiceUnknown" | "NameHasNoOwner" => KeychainError::NoService,
        "NoReply" | "Timeout" | "TimedOut" | "Disconnected" => KeychainError::NotAnswering,
        spawning if spawning.starts_with("Spawn.") => KeychainError::NoService,
        _ => KeychainError::Refused(error.to_string()),
    }
}

fn fdo_error(error: &zbus::fdo::Error) -> KeychainError {
    use zbus::fdo::Error as Fdo;
    match error {
        Fdo::ServiceUnknown(_)
        | Fdo::NameHasNoOwner(_)
        | Fdo::SpawnExecFailed(_)
        | Fdo::SpawnChildExited(_)
        | Fdo::SpawnFailed(_)
        | Fdo::SpawnServiceNotFound(_) => KeychainError::NoService,
        Fdo::ZBus(error) => bus_error(error),
        _ => KeychainError::NotAnswering,
    }
}

fn refused(error: &keyring_core::Error) -> KeychainError {
    KeychainError::Refused(error.to_string())
}

fn foreign_value() -> KeychainError {
    KeychainError::Refused("the entry was changed by another program".into())
}
