//! Where the store lies, how its key is had, and the store once it is open.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use keyholder_app::keychain::{Keychain, MemoryKeychain, OsKeychain};
use keyholder_app::vault::{Keep, MasterKey, RecoveryKey};
use keyholder_app::{FILE_NAME, Needs, OpenStore, data_dir, source};
use keyholder_breach::{RangeClient, RangeSettings};
use keyholder_core::audit::{Program, Source};
use keyholder_core::breach::BreachCheck;
use keyholder_core::clock::{SharedClock, SystemClock, entropy};
use keyholder_core::directory::StoredAuthentication;
use keyholder_core::error::Code;
use keyholder_core::password::Argon2Params;

use crate::arguments::Options;
use crate::failure::Failure;

/// Password hashes made at the same time: a command needs one.
const HASHES_AT_A_TIME: usize = 1;
/// How often a command looks whether another one is done with the store: for two seconds.
const LOOKS: u32 = 20;
/// The time between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// Names another breach list.
const RANGE_VARIABLE: &str = "KEYHOLDER_RANGE_URL";

/// Where the store lies and how its key is had.
pub(crate) struct Site {
    path: PathBuf,
    key_file: Option<PathBuf>,
    needs: Needs,
    pub(crate) source: Source,
}

impl Site {
    /// As the options say.
    pub(crate) fn of(options: &Options) -> Result<Self, Failure> {
        let path = match &options.store {
            Some(path) => path.clone(),
            None => data_dir()
                .map_err(|error| Failure::usage(error.to_string(), "Name the store with --store PATH."))?
                .join(FILE_NAME),
        };
        Self::new(path, options.key_file.clone())
    }

    /// A store in that file, with its key in the key file or in the keychain.
    pub(crate) fn new(path: PathBuf, key_file: Option<PathBuf>) -> Result<Self, Failure> {
        let clock: SharedClock = Arc::new(SystemClock);
        let breaches = Arc::new(RangeClient::new(range_settings()?, clock.clone()));
        let own = data_dir().unwrap_or_else(|_| directory_of(&path).to_owned());
        let source = source(Program::CommandLine, &own, &mut entropy()?);
        Ok(Self {
            path,
            key_file,
            needs: Needs {
                clock,
                breaches,
                hashing: Argon2Params::default(),
                hashes_at_a_time: HASHES_AT_A_TIME,
            },
            source,
        })
    }

    /// What time it is.
    pub(crate) fn clock(&self) -> &SharedClock {
        &self.needs.clock
    }

    /// Who knows breaches.
    pub(crate) fn breaches(&self) -> Arc<dyn BreachCheck> {
        Arc::clone(&self.needs.breaches)
    }

    /// The same with the store in another place.
    pub(crate) fn at(&self, path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            key_file: self.key_file.clone(),
            needs: self.needs.clone(),
            source: self.source.clone(),
        }
    }

    /// The file of the store.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The key file that was named, if one was.
    pub(crate) fn key_file(&self) -> Option<&Path> {
        self.key_file.as_deref()
    }

    /// The keychain; where a key file was named, none of the system's is spoken to.
    pub(crate) fn keychain(&self) -> Box<dyn Keychain> {
        if self.key_file.is_some() {
            Box::new(MemoryKeychain::default())
        } else {
            Box::new(OsKeychain::new())
        }
    }

    /// Whether there is a store.
    pub(crate) fn exists(&self) -> Result<bool, Failure> {
        self.path.try_exists().map_err(|error| {
            Failure::of(
                Code::ReadOnly,
                format!("{} cannot be looked at: {error}", self.path.display()),
            )
        })
    }

    /// The key of the store, or of the copy of it at `path`.
    pub(crate) async fn master_of(&self, path: &Path) -> Result<MasterKey, Failure> {
        let keychain = self.keychain();
        Ok(OpenStore::master_key(path, self.keep(&*keychain)).await?)
    }

    fn keep<'a>(&'a self, keychain: &'a dyn Keychain) -> Keep<'a> {
        self.key_file().map_or(Keep::Keychain(keychain), Keep::KeyFile)
    }

    /// Opens the store.
    pub(crate) async fn open(&self) -> Result<Open<'_>, Failure> {
        self.must_exist()?;
        let master = self.master_of(&self.path).await?;
        self.open_with(Arc::new(master)).await
    }

    /// Opens the store with a key that is at hand. Waits a little for another command to be done.
    pub(crate) async fn open_with(&self, master: Arc<MasterKey>) -> Result<Open<'_>, Failure> {
        let mut looks = tokio::time::interval(LOOK_AGAIN);
        for _ in 0..LOOKS {
            looks.tick().await;
            match self.open_now(Arc::clone(&master)).await {
                Err(failure) if failure.code() == Some(Code::InUse) => {}
                other => return other,
            }
        }
        self.open_now(master).await
    }

    /// Opens the store, or says at once that another program has it.
    pub(crate) async fn open_now(&self, master: Arc<MasterKey>) -> Result<Open<'_>, Failure> {
        let store = OpenStore::open(&self.path, master, &self.needs, entropy()?).await?;
        Ok(Open { site: self, store })
    }

    /// Makes a store where there is none, and keeps its key.
    pub(crate) async fn create(&self) -> Result<(Open<'_>, RecoveryKey), Failure> {
        let keychain = self.keychain();
        let keep = self.keep(&*keychain);
        let (store, key) = OpenStore::create(&self.path, keep, &self.needs, entropy()?).await?;
        Ok((Open { site: self, store }, key))
    }

    /// Refuses where there is no store.
    pub(crate) fn must_exist(&self) -> Result<(), Failure> {
        if self.exists()? {
            Ok(())
        } else {
            Err(Failure::of(
                Code::NoStore,
                format!("there is no store at {}", self.path.display()),
            ))
        }
    }
}

/// An open store, and where it lies.
pub(crate) struct Open<'a> {
    pub(crate) site: &'a Site,
    pub(crate) store: OpenStore,
}

impl Open<'_> {
    /// The rules over the store.
    pub(crate) fn authentication(&self) -> &StoredAuthentication {
        self.store.authentication()
    }

    /// Closes the store; its key can open it again.
    pub(crate) async fn close(self) -> Result<Arc<MasterKey>, Failure> {
        self.store.close().await?;
        Ok(Arc::clone(self.store.master()))
    }
}

/// The path with an ending put behind it.
pub(crate) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The directory that a file lies in.
pub(crate) fn directory_of(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn range_settings() -> Result<RangeSettings, Failure> {
    let settings = RangeSettings::default();
    match std::env::var(RANGE_VARIABLE) {
        Err(_) => Ok(settings),
        Ok(url) => settings.with_base_url(&url).map_err(|refused| {
            Failure::usage(
                format!("{RANGE_VARIABLE}: {refused}"),
                "Unset it for the public list.",
            )
        }),
    }
}
