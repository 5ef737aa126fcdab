//! Secrets that are on the screen this moment. Only these can be saved or copied, and they go when
//! their page does, at the lock, and at the end of the session.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::PoisonError;

use keyholder_core::clock::Rng;
use keyholder_core::error::Refusal;
use zeroize::Zeroizing;

use super::Console;
use crate::ipc::{Answer, Saved, ShownKind};
use crate::shop_file::broken;
use crate::vault::RecoveryKey;

#[derive(Default)]
pub(super) struct Shown {
    sheets: BTreeMap<ShownKind, Sheet>,
    pub(super) recovery_key: Option<AskedBack>,
}

/// A recovery key with the two groups that are asked back.
pub(super) struct AskedBack {
    pub(super) key: RecoveryKey,
    pub(super) asked: [usize; 2],
}

/// What of a shown secret can be saved and copied.
#[derive(Clone)]
pub struct Sheet {
    /// A name for its file.
    pub file_name: String,
    /// What it is and whose, for a file or printer; the secret is not in it.
    pub heading: String,
    /// The secret alone, for the clipboard.
    pub secret: Zeroizing<String>,
}

impl Sheet {
    /// Writes the sheet to a file that is its owner's alone, in the place of one of that name.
    ///
    /// # Errors
    /// The file cannot be written; none is left behind.
    pub fn save(&self, path: &Path) -> std::io::Result<()> {
        let mut text = Zeroizing::new(String::with_capacity(self.heading.len() + self.secret.len() + 2));
        let _ = write!(text, "{}\n{}\n", self.heading, *self.secret);
        let dir = path
            .parent()
            .filter(|dir| !dir.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        std::io::Write::write_all(&mut file, text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|refused| refused.error)?;
        Ok(())
    }
}

impl Console {
    /// What is shown, to be saved or copied.
    pub async fn sheet(&self, kind: ShownKind) -> Answer<Sheet> {
        self.me().await?;
        let sheet = self.shown().sheets.get(&kind).cloned();
        sheet.ok_or_else(|| Refusal::NotFound.into())
    }

    /// Saves what is shown to a file that the person has chosen.
    pub async fn save_shown(&self, kind: ShownKind, path: &Path) -> Answer<Saved> {
        let sheet = self.sheet(kind).await?;
        sheet.save(path).map_err(|error| broken(path, &error))?;
        Ok(Saved {
            path: path.display().to_string(),
        })
    }

    /// The page that showed it is gone.
    pub fn forget_shown(&self, kind: ShownKind) {
        self.shown().sheets.remove(&kind);
    }

    pub(super) fn forget_all_shown(&self) {
        *self.shown() = Shown::default();
    }

    pub(super) fn show(&self, kind: ShownKind, sheet: Sheet) {
        self.shown().sheets.insert(kind, sheet);
    }

    pub(super) fn show_recovery_key(&self, key: RecoveryKey, rng: &mut Rng) {
        let asked = RecoveryKey::challenge(rng);
        self.shown().recovery_key = Some(AskedBack { key, asked });
    }

    pub(super) fn shown(&self) -> std::sync::MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
