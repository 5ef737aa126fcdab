//! The key by which a service knows this device: another one for each service. Its private half lies in the
//! keychain where the person wants the device to be known, and otherwise only in memory, as long as the
//! program runs.

use std::sync::Arc;

use keyholder_core::clock::{EntropyUnavailable, entropy};
use keyholder_core::wire::DeviceSecret;
use secrecy::SecretString;
use tokio::sync::Mutex;

use crate::ipc::KeyTrouble;
use crate::keychain::{Entry, Keychain, KeychainError, Secret};
use crate::remote::Address;

/// The key of this device for one service.
#[derive(Default)]
pub struct DeviceKeyring {
    /// Where it is kept, if anywhere.
    keychain: Option<(Arc<dyn Keychain>, Entry)>,
    held: Mutex<Option<Held>>,
}

/// The key that sessions are bound to at present.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) secret: Arc<DeviceSecret>,
    pub(crate) keeping: Keeping,
}

/// What becomes of a key at the end of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// The keychain has it: the device stays known.
    Kept,
    /// Nobody wanted it to be kept.
    NotWanted,
    /// The keychain did not take it, or did not give it out.
    Refused(KeyTrouble),
}

impl DeviceKeyring {
    /// One that forgets its key at the end of the program.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// One that has this key, as long as the program runs.
    pub fn holding(secret: DeviceSecret) -> Self {
        let held = Held {
            secret: Arc::new(secret),
            keeping: Keeping::NotWanted,
        };
        Self {
            keychain: None,
            held: Mutex::new(Some(held)),
        }
    }

    /// One that keeps the key for the service at that address where it is wanted.
    pub fn in_keychain(keychain: Arc<dyn Keychain>, service: &Address) -> Self {
        Self {
            keychain: Some((keychain, Entry::device_key(service.as_str()))),
            held: Mutex::default(),
        }
    }

    /// The key for a session that begins now. It is made at the first sign-in; `keep` says whether the
    /// service is to know this device from now on.
    ///
    /// # Errors
    /// The system gives no randomness to make one of.
    pub(crate) async fn begin(&self, keep: bool) -> Result<Held, EntropyUnavailable> {
        let mut held = self.held.lock().await;
        let present = held.clone();
        let is_kept = present.as_ref().is_some_and(|held| held.keeping == Keeping::Kept);
        let begun = match (&self.keychain, present) {
            (Some(_), Some(present)) if keep && is_kept => present,
            (Some((keychain, entry)), present) if keep => {
                kept(&**keychain, entry, present.map(|held| held.secret)).await?
            }
            // Whoever does not want to be known does not come with the key of the device that is.
            (_, present) => Held {
                secret: match present {
                    Some(present) if !is_kept => present.secret,
                    _ => fresh()?,
                },
                keeping: Keeping::NotWanted,
            },
        };
        *held = Some(begun.clone());
        Ok(begun)
    }

    /// The key that requests are signed with; none before anybody has signed in.
    pub(crate) async fn present(&self) -> Option<Arc<DeviceSecret>> {
        let held = self.held.lock().await;
        held.as_ref().map(|held| Arc::clone(&held.secret))
    }

    /// Why the service will not know this device again, although that was wanted.
    pub(crate) async fn not_kept(&self) -> Option<KeyTrouble> {
        match self.held.lock().await.as_ref()?.keeping {
            Keeping::Refused(why) => Some(why),
            Keeping::Kept | Keeping::NotWanted => None,
        }
    }
}

/// The key that the keychain has, or a new one that it is given. Without a keychain the key lives in
/// memory.
async fn kept(
    keychain: &dyn Keychain,
    entry: &Entry,
    before: Option<Arc<DeviceSecret>>,
) -> Result<Held, EntropyUnavailable> {
    let there = keychain.get(entry).await;
    let known = match &there {
        Ok(text) => text.as_ref().and_then(|text| DeviceSecret::parse(text.expose())),
        Err(_) => None,
    };
    if let Some(known) = known {
        return Ok(Held {
            secret: Arc::new(known),
            keeping: Keeping::Kept,
        });
    }
    // The device is known by nothing yet, so that a key in memory may become the one that is kept.
    let secret = before.map_or_else(fresh, Ok)?;
    // One that it may have and does not give out now is not written over.
    let given = match there {
        Ok(_) => give(keychain, entry, &secret).await,
        Err(error) => Err(error),
    };
    let keeping = match given {
        Ok(()) => Keeping::Kept,
        Err(error) => {
            tracing::warn!("the key of this device is not kept: {error}");
            Keeping::Refused(KeyTrouble::from(&error))
        }
    };
    Ok(Held { secret, keeping })
}

async fn give(keychain: &dyn Keychain, entry: &Entry, secret: &DeviceSecret) -> Result<(), KeychainError> {
    let text = SecretString::from(secret.text().as_str());
    keychain.set(entry, &Secret::new(text)?).await
}

fn fresh() -> Result<Arc<DeviceSecret>, EntropyUnavailable> {
    Ok(Arc::new(DeviceSecret::fresh(&mut entropy()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keychain::MemoryKeychain;

    const SERVICE: &str = "https://accounts.rose.example";

    fn ring(keychain: &Arc<MemoryKeychain>) -> DeviceKeyring {
        let keychain: Arc<dyn Keychain> = Arc::<MemoryKeychain>::clone(keychain);
        DeviceKeyring::in_keychain(keychain, &Address::parse(SERVICE).unwrap())
    }

    #[tokio::test]
    async fn a_device_that_is_kept_is_the_same_at_the_next_start() {
        let keychain = Arc::new(MemoryKeychain::default());
        let first = ring(&keychain).begin(true).await.unwrap();
        assert_eq!(first.keeping, Keeping::Kept, "the keychain took it");
        let next = ring(&keychain).begin(true).await.unwrap();
        assert_eq!(
            next.secret.key(),
            first.secret.key(),
            "the service knows it again"
        );
        let keychain: Arc<dyn Keychain> = keychain;
        let other = Address::parse("https://another.example").unwrap();
        let other = DeviceKeyring::in_keychain(keychain, &other);
        let other = other.begin(true).await.unwrap();
        assert_ne!(
            other.secret.key(),
            first.secret.key(),
            "another service cannot tell that it is the same"
        );
    }

    #[tokio::test]
    async fn a_device_that_is_not_to_be_known_leaves_nothing_behind() {
        let keychain = Arc::new(MemoryKeychain::default());
        let ring = ring(&keychain);
        let first = ring.begin(false).await.unwrap();
        assert!(keychain.is_empty(), "the keychain was not asked");
        assert_eq!(ring.not_kept().await, None, "and that is as it was wanted");
        let again = ring.begin(false).await.unwrap();
        assert_eq!(
            again.secret.key(),
            first.secret.key(),
            "one key as long as the program runs"
        );
        ring.begin(true).await.unwrap();
        let apart = ring.begin(false).await.unwrap();
        assert_ne!(
            Some(apart.secret.key()),
            DeviceSecret::parse(&text(&keychain).await).map(|kept| kept.key()),
            "whoever does not want to be known does not come with the key of the known device"
        );
    }

    #[tokio::test]
    async fn without_a_keychain_the_key_lives_in_memory_and_that_is_said() {
        let keychain = Arc::new(MemoryKeychain::default());
        let known = ring(&keychain).begin(true).await.unwrap();
        keychain.fail_with(Some(KeychainError::Locked));
        let ring = ring(&keychain);
        let held = ring.begin(true).await.unwrap();
        assert_ne!(held.secret.key(), known.secret.key(), "it is not given out");
        assert_eq!(
            ring.not_kept().await,
            Some(KeyTrouble::Locked),
            "and the screen can say why"
        );
        keychain.fail_with(None);
        let back = ring.begin(true).await.unwrap();
        assert_eq!(
            back.secret.key(),
            known.secret.key(),
            "what it had is not written over"
        );
        assert_eq!(ring.not_kept().await, None, "and all is well at the next sign-in");
    }

    async fn text(keychain: &MemoryKeychain) -> String {
        let address = Address::parse(SERVICE).unwrap();
        let entry = Entry::device_key(address.as_str());
        keychain.get(&entry).await.unwrap().unwrap().expose().to_owned()
    }
}
