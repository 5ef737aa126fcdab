//! Small files that are there whole or not at all, and are their owner's alone.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use keyholder_core::clock::Rng;
use tempfile::NamedTempFile;

use super::VaultError;

pub(super) fn random<const N: usize>(rng: &mut Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rand::Rng::fill_bytes(rng, &mut bytes);
    bytes
}

pub(super) fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    let path = path.to_owned();
    move |source| VaultError::Io { verb, path, source }
}

pub(super) fn exists(path: &Path) -> Result<bool, VaultError> {
    // A link that leads nowhere occupies the name too.
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed("read", path)(error)),
    }
}

/// The content, or `None` where no file is; of a longer file only `limit` bytes.
pub(super) fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, VaultError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(failed("read", path))?;
    Ok(Some(bytes))
}

/// Makes the directory of `path`, open to its owner alone, where it is missing.
pub(super) fn create_parent(path: &Path) -> Result<(), VaultError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let parent = parent(path);
    builder.create(&parent).map_err(failed("written", &parent))
}

/// Writes a file of mode 0600 where none is.
pub(super) fn write_new(path: &Path, content: &[u8]) -> Result<(), VaultError> {
    let written = write_beside(path, content)?;
    written
        .persist_noclobber(path)
        .map_err(|refused| match refused.error.kind() {
            io::ErrorKind::AlreadyExists => VaultError::Exists(path.to_owned()),
            _ => failed("written", path)(refused.error),
        })?;
    sync_directory(path)
}

/// Writes a file of mode 0600 in the place of the one that is there: after a crash it is the old
/// one or the new one.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), VaultError> {
    let written = write_beside(path, content)?;
    written
        .persist(path)
        .map_err(|refused| failed("written", path)(refused.error))?;
    sync_directory(path)
}

/// Gives a file another name, so that its place is free and nothing is lost.
pub(super) fn set_aside(path: &Path, rng: &mut Rng) -> Result<(), VaultError> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(format!(
        ".{}.old",
        uuid::Builder::from_random_bytes(random(rng)).as_uuid().simple()
    ));
    fs::rename(path, PathBuf::from(aside)).map_err(failed("set aside", path))?;
    sync_directory(path)
}

/// A new file in the same directory, on the disk already; temporary files are 0600 from the start.
fn write_beside(path: &Path, content: &[u8]) -> Result<NamedTempFile, VaultError> {
    let mut file =
        NamedTempFile::with_prefix_in(".keyholder-", parent(path)).map_err(failed("written", path))?;
    file.write_all(content)
        .and_then(|()| file.as_file().sync_all())
        .map_err(failed("written", path))?;
    Ok(file)
}

/// A name is on the disk only when its directory is.
fn sync_directory(path: &Path) -> Result<(), VaultError> {
    if cfg!(unix) {
        let parent = parent(path);
        File::open(&parent)
            .and_then(|directory| directory.sync_all())
            .map_err(failed("written", path))?;
    }
    Ok(())
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
