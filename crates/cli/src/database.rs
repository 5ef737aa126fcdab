//! The store as a service names it: `sqlite:PATH`, or `postgres://…` with its password from elsewhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use keyholder_app::store_keys;
use keyholder_app::vault::{self, Keep, MasterKey, RecoveryKey};
use keyholder_core::clock::Rng;
use keyholder_core::error::{Code, StoreError};
use keyholder_core::store::Store;
use keyholder_server::settings::{Database, GivenPassword};
use keyholder_store_postgres::{PostgresStore, StoreKeys as ServerKeys};
use keyholder_store_sqlite::SqliteStore;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::secret::Wanted;
use crate::site::Site;

/// Refuses where an option of every command names another store.
pub(crate) fn one_store(options: &Options, database: &Database) -> Result<(), Failure> {
    match &options.store {
        Some(store) if *database != Database::Sqlite(store.clone()) => Err(Failure::usage(
            format!("two stores are named: {database} and sqlite:{}", store.display()),
            "Keep one of them: --store or KEYHOLDER_STORE, or --database.",
        )),
        _ => Ok(()),
    }
}

/// A shop's place on a database server: every node needs both.
pub(crate) struct Server {
    url: SecretString,
    /// The key of the store. Its key card, which the recovery key needs, lies beside it.
    key_file: PathBuf,
}

impl Server {
    /// At that address, with the password put in where there is one.
    pub(crate) fn new(
        url: &Url,
        password: Option<&GivenPassword>,
        key_file: Option<&Path>,
    ) -> Result<Self, Failure> {
        let Some(key_file) = key_file else {
            return Err(Failure::usage(
                "a shop on a database server needs a key file, the same for every node",
                "Name it with --key-file PATH.",
            ));
        };
        let mut url = url.clone();
        let read;
        let password = match password {
            None => None,
            Some(GivenPassword::Given(password)) => Some(password.expose_secret()),
            Some(GivenPassword::File(file)) => {
                let wanted = Wanted {
                    what: "password of the database",
                    option: "--database-password-file",
                    file: Some(file),
                };
                read = wanted.get()?;
                Some(read.as_str())
            }
        };
        if password.is_some() && url.set_password(password).is_err() {
            return Err(Failure::usage(
                "the address of the database names no host to give a password to",
                "Write it as postgres://USER@HOST/NAME.",
            ));
        }
        Ok(Self {
            url: SecretString::from(String::from(url)),
            key_file: key_file.to_owned(),
        })
    }

    pub(crate) fn key_file(&self) -> &Path {
        &self.key_file
    }

    /// The key, from its file.
    pub(crate) fn master(&self) -> Result<MasterKey, Failure> {
        Ok(vault::open_with_key_file(&self.key_file, &self.key_file)?)
    }

    /// Opens the store.
    pub(crate) async fn open(&self, master: &MasterKey) -> Result<PostgresStore, StoreError> {
        PostgresStore::open(self.url.expose_secret(), &keys(master)).await
    }

    /// Makes a store and its key where there is neither; goes on with an empty store, or a key without a
    /// store, that an earlier attempt left.
    pub(crate) async fn create(
        &self,
        rng: &mut Rng,
    ) -> Result<(PostgresStore, MasterKey, RecoveryKey), Failure> {
        let (url, keep) = (self.url.expose_secret(), Keep::KeyFile(&self.key_file));
        if self.key_file.symlink_metadata().is_err() {
            let (master, recovery) = vault::create(&self.key_file, keep, rng).await?;
            return match PostgresStore::create(url, &keys(&master)).await {
                Ok(store) => Ok((store, master, recovery)),
                Err(error) => {
                    // A key that opens nothing: the next attempt starts as this one did.
                    vault::forget(&self.key_file, keep).await;
                    Err(error.into())
                }
            };
        }
        let master = self.master()?;
        let store = match self.open(&master).await {
            Err(error) if error.code == Code::NoStore => PostgresStore::create(url, &keys(&master)).await?,
            opened => opened?,
        };
        if store.shop().await?.is_some() {
            store.close().await;
            return Err(Failure::of(
                Code::AlreadySetUp,
                "there is a shop in this database already",
            ));
        }
        let recovery = RecoveryKey::generate(rng);
        vault::replace_recovery_key(&self.key_file, &master, &recovery, rng)?;
        Ok((store, master, recovery))
    }
}

fn keys(master: &MasterKey) -> ServerKeys {
    ServerKeys::new(
        *master.store_key().expose_secret(),
        *master.audit_key().expose_secret(),
    )
}

/// A store that a service has open.
pub(crate) enum Opened {
    /// In a file, which nobody else has open.
    File(Arc<SqliteStore>),
    /// On a server, which other nodes may ask as well.
    Server(Arc<PostgresStore>),
}

impl Opened {
    /// Opens the file of that site.
    pub(crate) async fn file(site: &Site) -> Result<(Self, MasterKey), Failure> {
        site.must_exist()?;
        let master = site.master_of(site.path()).await?;
        let store = SqliteStore::open(site.path(), &store_keys(&master)).await?;
        Ok((Self::File(Arc::new(store)), master))
    }

    /// Opens the store on that server.
    pub(crate) async fn server(server: &Server) -> Result<(Self, MasterKey), Failure> {
        let master = server.master()?;
        let store = server.open(&master).await?;
        Ok((Self::Server(Arc::new(store)), master))
    }

    /// What the rules work on.
    pub(crate) fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::File(store) => store.clone(),
            Self::Server(store) => store.clone(),
        }
    }

    /// Does what is waiting, and lets go of it.
    pub(crate) async fn close(&self) -> Result<(), Failure> {
        match self {
            Self::File(store) => Ok(store.close().await?),
            Self::Server(store) => {
                store.close().await;
                Ok(())
            }
        }
    }
}
