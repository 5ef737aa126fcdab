//! The file itself: who may read it, who has it open, and whether it can be a store at all.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use keyholder_core::error::{Code, StoreError};

use crate::error::{Tried, broken};

/// How every plain SQLite file begins (<https://www.sqlite.org/fileformat.html>, 1.3). An encrypted
/// one begins with a random salt.
const PLAIN: &[u8; 16] = b"SQLite format 3\0";
/// Bytes of a page: SQLCipher writes whole ones.
const PAGE: u64 = 4_096;

/// That this program has the store open, until dropped. Kept by the operating system: it ends with
/// the program however that ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _beside: File,
    /// The store's file itself, once there is one.
    file: Option<File>,
}

impl Lock {
    /// Takes the store, or says at once that another program has it, under whatever name.
    pub(crate) fn take(path: &Path) -> Result<Self, StoreError> {
        // The lock lies beside the file itself, not beside a link to it.
        let real = path.canonicalize();
        let there = real.is_ok();
        let path = &real.unwrap_or_else(|_| path.to_owned());
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        private(&mut options);
        let beside = options
            .open(with_ending(path, ".lock"))
            .tried("open the lock beside the store")?;
        held(&beside, path)?;
        let mut lock = Self {
            _beside: beside,
            file: None,
        };
        if there {
            lock.hold(path)?;
        }
        Ok(lock)
    }

    /// Holds the file itself as well, which may have a second name with no lock beside it. Only on Linux
    /// are such locks and those of SQLite kept apart; elsewhere the file is only watched.
    pub(crate) fn hold(&mut self, path: &Path) -> Result<(), StoreError> {
        // Windows neither deletes a file that is open nor replaces one that is held.
        if cfg!(windows) {
            return Ok(());
        }
        let file = File::options()
            .read(true)
            .write(true)
            .open(path)
            .tried("open the store")?;
        #[cfg(target_os = "linux")]
        held(&file, path)?;
        self.file = Some(file);
        Ok(())
    }

    /// Makes sure that what is written can be found again: a file that was deleted can be written as
    /// long as it is open.
    pub(crate) fn still_there(&self) -> Result<(), StoreError> {
        #[cfg(unix)]
        if let Some(file) = &self.file
            && std::os::unix::fs::MetadataExt::nlink(&file.metadata().tried("look at the store")?) == 0
        {
            return Err(broken(Code::NoStore, "the store was deleted while it was open"));
        }
        Ok(())
    }
}

fn held(file: &File, store: &Path) -> Result<(), StoreError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(broken(
            Code::InUse,
            format!("another program has {} open", store.display()),
        )),
        Err(TryLockError::Error(cause)) => Err(cause).tried("lock the store"),
    }
}

/// Readable and writable by the owner alone, where the system knows such a thing.
fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// Makes an empty file that must not be there yet.
pub(crate) fn create(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(broken(
            Code::AlreadySetUp,
            format!("there is a file at {} already", path.display()),
        )),
        Err(error) => Err(error).tried("make the file of the store"),
    }
}

/// Makes the directory of a store if it is missing, for its owner alone. One that is there stays as
/// it is: it may be somebody's documents.
pub(crate) fn create_directory(path: &Path) -> Result<(), StoreError> {
    let Some(directory) = path
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty())
    else {
        return Ok(());
    };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).tried("make the directory of the store")
}

/// Looks at a file without opening it as a database, and without its key: is it there, and can it be
/// a store?
///
/// # Errors
/// There is no file, it cannot be read, or it is something else (`Foreign`).
pub fn may_be_store(path: &Path) -> Result<(), StoreError> {
    let mut file = File::open(path).tried("open the store")?;
    let metadata = file.metadata().tried("look at the store")?;
    if !metadata.is_file() {
        return Err(broken(Code::Foreign, format!("{} is not a file", path.display())));
    }
    let mut head = Vec::with_capacity(PLAIN.len());
    file.by_ref()
        .take(PLAIN.len() as u64)
        .read_to_end(&mut head)
        .tried("read the store")?;
    if head == PLAIN {
        return Err(broken(Code::Foreign, "the file is a plain SQLite database"));
    }
    if metadata.len() < PAGE {
        return Err(broken(Code::Foreign, "the file is too short for a store"));
    }
    Ok(())
}

/// Whether what no key opens can at least have been written by SQLCipher.
pub(crate) fn whole_pages(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| metadata.len() % PAGE == 0)
}

/// The path with an ending put behind it.
pub(crate) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The first free path of that kind beside a store: `shop.keyholder.KIND`, `shop.keyholder.KIND-2`, …
pub(crate) fn free_name(path: &Path, kind: &str) -> Result<PathBuf, StoreError> {
    let mut name = with_ending(path, &format!(".{kind}"));
    for number in 2_u32.. {
        if !name.try_exists().tried("look for a free name beside the store")? {
            break;
        }
        name = with_ending(path, &format!(".{kind}-{number}"));
    }
    Ok(name)
}

/// Makes sure that a name in a directory is on disk.
pub(crate) fn sync_directory(path: &Path) -> Result<(), StoreError> {
    // Elsewhere a directory cannot be opened, and names are on disk when the call returns.
    #[cfg(unix)]
    if let Some(directory) = path.parent() {
        let directory = if directory.as_os_str().is_empty() {
            Path::new(".")
        } else {
            directory
        };
        File::open(directory)
            .and_then(|directory| directory.sync_all())
            .tried("write the directory of the store")?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
