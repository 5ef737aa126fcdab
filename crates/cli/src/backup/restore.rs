//! `keyholder backup restore`: signed in to the backup before it takes the store's place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use keyholder_app::store_keys;
use keyholder_app::vault::{self, MasterKey};
use keyholder_core::directory::StoreAct;
use keyholder_core::error::Code;
use keyholder_store_sqlite::SqliteStore;

use super::card_of;
use crate::arguments::Options;
use crate::failure::Failure;
use crate::operator::{act_in, who};
use crate::output::Output;
use crate::recovery::take_back;
use crate::site::{Site, with_ending};

/// `keyholder backup restore`
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup
    file: PathBuf,

    /// Open it with the recovery key in this file, on a machine that has no key for it; - is
    /// standard input, before the password if that comes from there too
    #[arg(long, value_name = "PATH")]
    recovery_key_file: Option<PathBuf>,
}

impl Restore {
    pub(super) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        who(options)?;
        let card = card_of(&self.file, site)?;
        refuse_another_shop(site, card)?;
        let master = match &self.recovery_key_file {
            Some(file) => take_back(site, card, Some(file)).await?.master,
            None => Arc::new(site.master_of(card).await?),
        };
        // What came of it is looked at in a copy of its own, so that a refusal leaves all as it was.
        let replaced = site.exists()?;
        let copy = with_ending(site.path(), ".restoring");
        remove(&copy);
        let restored = self.by_way_of(&copy, card, &master, site, options).await;
        remove(&copy);
        restored?;
        let document = serde_json::json!({ "store": site.path(), "backup": self.file });
        Ok(out.answer(&document, |out| {
            out.line(&format!("The store is as it was in {}.", self.file.display()))?;
            if replaced {
                let path = site.path().display();
                out.line(&format!(
                    "What was there before lies beside {path}, ending in .replaced."
                ))?;
            }
            Ok(())
        })?)
    }

    async fn by_way_of(
        &self,
        copy: &Path,
        card: &Path,
        master: &Arc<MasterKey>,
        site: &Site,
        options: &Options,
    ) -> Result<(), Failure> {
        SqliteStore::restore(&self.file, copy, &store_keys(master)).await?;
        let beside = site.at(copy);
        let open = beside.open_with(Arc::clone(master)).await?;
        let file = self
            .file
            .file_name()
            .unwrap_or(self.file.as_os_str())
            .to_string_lossy()
            .into_owned();
        let noted = act_in(&open, options, async |_, directory| {
            Ok(directory
                .note_store_act(StoreAct::BackupRestored { file })
                .await?)
        })
        .await;
        open.close().await?;
        noted?;
        put(copy, card, master, site).await
    }
}

/// Gives the copy the store's place, with its key card where there is none.
async fn put(copy: &Path, card: &Path, master: &MasterKey, site: &Site) -> Result<(), Failure> {
    let brought = !vault::card_path(site.path()).exists();
    if brought {
        vault::copy_card(card, site.path())?;
    }
    let restored = SqliteStore::restore(copy, site.path(), &store_keys(master)).await;
    if restored.is_err() && brought {
        vault::remove_card(site.path());
    }
    restored?;
    Ok(())
}

/// A backup of one shop never takes the place of another's store.
fn refuse_another_shop(site: &Site, card: &Path) -> Result<(), Failure> {
    match (vault::store_id(site.path()), vault::store_id(card)) {
        (Ok(store), Ok(backup)) if store != backup => Err(Failure::of(
            Code::AlreadySetUp,
            format!(
                "the store at {} belongs to another shop than the backup",
                site.path().display()
            ),
        )
        .advice("Name another place with --store.")),
        _ => Ok(()),
    }
}

/// Removes the copy with what SQLite puts beside it.
fn remove(copy: &Path) {
    for ending in ["", "-wal", "-shm", ".lock"] {
        // What is not there is removed already; what stays is set aside by the next restore.
        let _ = std::fs::remove_file(with_ending(copy, ending));
    }
}
