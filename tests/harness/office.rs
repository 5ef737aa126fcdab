//! A shop that is kept without a window: the program, a store with its owner, and the files that a
//! person has beside them.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::programs::{answer, built};
use crate::story::Told;

/// The owner.
pub const ADA: &str = "ada@cornerbooks.example";
const PASSWORD: &str = "a canary in the cellar of the shop";

/// Who has no rights but their own (Debian's `nobody`).
const NOBODY: u32 = 65_534;

/// A shop that Ada has set up.
#[derive(Debug)]
pub struct Office {
    folder: TempDir,
    program: PathBuf,
    /// Comes before each program that Ada starts.
    as_herself: Vec<String>,
}

impl Office {
    /// Sets up the shop. Whoever tells the story as administrator tells it of somebody who is not.
    ///
    /// # Errors
    /// The program is missing or fails.
    pub fn open() -> Told<Self> {
        let folder = tempfile::tempdir()?;
        let mut office = Self {
            program: built("KEYHOLDER_BIN", "keyholder")?,
            folder,
            as_herself: Vec::new(),
        };
        if std::fs::metadata(office.folder.path())?.uid() == 0 {
            // Where it was built may be closed to others.
            let program = office.folder.path().join("keyholder");
            std::fs::copy(&office.program, &program)?;
            office.program = program;
            let (user, group) = (format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"));
            office.as_herself = ["setpriv", &user, &group, "--clear-groups"]
                .map(str::to_owned)
                .into();
            set_permissions(office.folder.path(), Permissions::from_mode(0o755))?;
            std::fs::create_dir(office.hers())?;
            chown(office.hers(), Some(NOBODY), Some(NOBODY))?;
        } else {
            std::fs::create_dir(office.hers())?;
        }
        let password = office.hers().join("password");
        std::fs::write(password, PASSWORD)?;
        let recovery_key = office.hers().join("recovery-key");
        let mut init = office.command(&["init", "--shop", "Corner Books", "--owner", ADA]);
        answer(init.arg("--recovery-key-file").arg(recovery_key), "")?;
        Ok(office)
    }

    /// What belongs to Ada lies below this folder.
    pub fn hers(&self) -> PathBuf {
        self.folder.path().join("hers")
    }

    /// The store.
    pub fn store(&self) -> PathBuf {
        self.hers().join("shop").join("shop.keyholder")
    }

    /// The key of the store, in base64.
    pub fn key_file(&self) -> PathBuf {
        self.hers().join("key")
    }

    /// A program, as Ada starts it.
    pub fn started(&self, program: &Path) -> Command {
        match self.as_herself.as_slice() {
            [] => Command::new(program),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        }
    }

    /// Keyholder, as Ada starts it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.started(&self.program);
        command
            .args(arguments)
            .env("KEYHOLDER_STORE", self.store())
            // Nobody answers there.
            .env("KEYHOLDER_RANGE_URL", "http://127.0.0.1:1")
            .arg("--key-file")
            .arg(self.key_file())
            .arg("--password-file")
            .arg(self.hers().join("password"));
        command
    }

    /// Does it with these rights on something of Ada's, which gets back those it had.
    ///
    /// # Errors
    /// It fails, or the rights cannot be changed.
    pub fn with_rights<T>(&self, of: &Path, mode: u32, act: impl FnOnce() -> Told<T>) -> Told<T> {
        let before = std::fs::metadata(of)?.permissions();
        set_permissions(of, Permissions::from_mode(mode))?;
        let done = act();
        set_permissions(of, before)?;
        done
    }
}
