//! Where the store lies.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use tempfile::TempDir;

/// The name of the store's file.
pub const FILE_NAME: &str = "shop.keyholder";

/// The environment variable that names another store.
pub const STORE_VARIABLE: &str = "KEYHOLDER_STORE";

/// Where the store lies.
#[derive(Debug)]
pub enum Place {
    /// In this file, which may not be there yet.
    File(PathBuf),
    /// A sample shop in a directory that goes when the program does.
    Demo(TempDir),
}

impl Place {
    /// A new place for the sample shop.
    ///
    /// # Errors
    /// The system gives no directory for temporary files.
    pub fn demo() -> std::io::Result<Self> {
        tempfile::Builder::new()
            .prefix("keyholder-demo-")
            .tempdir()
            .map(Self::Demo)
    }

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

    /// The store's file.
    pub fn path(&self) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::Demo(dir) => dir.path().join(FILE_NAME),
        }
    }

    /// Whether it is the sample shop.
    pub fn is_demo(&self) -> bool {
        matches!(self, Self::Demo(_))
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

/// The directory that a store's backups are written to: beside the store.
pub(crate) fn backup_dir(store: &Path) -> PathBuf {
    store.parent().unwrap_or(Path::new("")).join("backups")
}

/// The person has no home directory, so there is nowhere to look for the store.
#[derive(Debug, thiserror::Error)]
#[error("there is no home directory to keep the store in: name one with --store or {STORE_VARIABLE}")]
pub struct NoHome;
