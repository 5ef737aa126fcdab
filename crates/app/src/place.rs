//! Where a shop is: in a store on this computer, or behind a service.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use crate::remote::{Address, Trust};

/// The name of the store's file.
pub const FILE_NAME: &str = "shop.keyholder";

/// The environment variable that names another store.
pub const STORE_VARIABLE: &str = "KEYHOLDER_STORE";

/// The name of the file that remembers the shops this console knows.
const CONNECTIONS: &str = "connections.json";

/// Where a shop is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In this file, which may not be there yet.
    File(PathBuf),
    /// Behind this service.
    Service(ServicePlace),
    /// Nowhere: the sample shop, which is thrown away.
    Demo,
}

/// Where a service is, and who vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePlace {
    /// Its address.
    pub address: Address,
    /// Whose word for it is taken.
    pub trust: Trust,
}

impl Place {
    /// The place that was asked for, or the one for a person's data on this system: with XDG
    /// `~/.local/share/keyholder`, on macOS `~/Library/Application Support`, on Windows `%APPDATA%`.
    ///
    /// # Errors
    /// None was asked for, and the person has no home directory.
    pub fn asked(path: Option<PathBuf>) -> Result<Self, NoHome> {
        match path.or_else(|| std::env::var_os(STORE_VARIABLE).map(PathBuf::from)) {
            Some(path) => Ok(Self::File(path)),
            None => Ok(Self::File(data_dir()?.join(FILE_NAME))),
        }
    }
}

/// The directory for Keyholder's own data.
///
/// # Errors
/// The person has no home directory.
pub fn data_dir() -> Result<PathBuf, NoHome> {
    let strategy = etcetera::base_strategy::choose_native_strategy().map_err(|_| NoHome)?;
    Ok(strategy.data_dir().join("keyholder"))
}

/// The file that remembers the shops this console knows; no secret is in it.
///
/// # Errors
/// The person has no home directory.
pub fn connections_file() -> Result<PathBuf, NoHome> {
    Ok(data_dir()?.join(CONNECTIONS))
}

/// The directory of the local log: with XDG `~/.local/state/keyholder`, elsewhere with the data.
///
/// # Errors
/// The person has no home directory.
pub fn log_dir() -> Result<PathBuf, NoHome> {
    let strategy = etcetera::base_strategy::choose_native_strategy().map_err(|_| NoHome)?;
    let folder = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Ok(folder.join("keyholder"))
}

/// The directory that a store's backups are written to: beside the store.
pub fn backup_dir(store: &Path) -> PathBuf {
    store.parent().unwrap_or(Path::new("")).join("backups")
}

/// The person has no home directory, so there is nowhere to look for the store.
#[derive(Debug, thiserror::Error)]
#[error("there is no home directory to keep the store in: name one with --store or {STORE_VARIABLE}")]
pub struct NoHome;
