//! The key file: the master key in a file the operator asked for, on machines without a keychain.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER_PERMISSIVE};
use zeroize::Zeroizing;

use super::{MasterKey, VaultError, files};

/// More than any spelling of 32 bytes needs.
const LONGEST: u64 = 1024;

/// Writes the master key to a new file, readable by its owner alone.
///
/// # Errors
/// [`VaultError::Exists`] when a file is there already.
pub fn write_key_file(path: &Path, master: &MasterKey) -> Result<(), VaultError> {
    let mut line = Zeroizing::new(BASE64.encode(master.expose()));
    line.push('\n');
    files::write_new(path, line.as_bytes())
}

pub(super) fn read(path: &Path) -> Result<MasterKey, VaultError> {
    let file = File::open(path).map_err(files::failed("read", path))?;
    refuse_exposed(path, &file)?;
    let mut text = Zeroizing::new(Vec::with_capacity(usize::try_from(LONGEST).unwrap_or_default()));
    file.take(LONGEST)
        .read_to_end(&mut text)
        .map_err(files::failed("read", path))?;
    let bytes = decode(text.trim_ascii()).ok_or_else(|| VaultError::KeyFileUnusable(path.to_owned()))?;
    Ok(MasterKey::from_bytes(&bytes))
}

/// Asks the open file, not its name: the answer is about what will be read.
#[cfg(unix)]
fn refuse_exposed(path: &Path, file: &File) -> Result<(), VaultError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file
        .metadata()
        .map_err(files::failed("read", path))?
        .permissions()
        .mode()
        & 0o7777;
    let for_others = mode & 0o077;
    if for_others == 0 {
        Ok(())
    } else {
        Err(VaultError::KeyFileExposed {
            path: path.to_owned(),
            mode,
        })
    }
}

/// Windows keeps a person's files from other people by where they lie.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same shape as on Unix")]
fn refuse_exposed(_path: &Path, _file: &File) -> Result<(), VaultError> {
    Ok(())
}

fn decode(text: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let spelling = match text.len() {
        64 => &HEXLOWER_PERMISSIVE,
        44 => &BASE64,
        43 => &BASE64_NOPAD,
        _ => return None,
    };
    let bytes = Zeroizing::new(spelling.decode(text).ok()?);
    Some(Zeroizing::new(bytes.as_slice().try_into().ok()?))
}
