//! `keyholder backup …`: whole copies of the store, each with its key card beside it.

mod restore;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use keyholder_app::{backup_dir, store_keys, vault};
use keyholder_core::audit::chain::Verdict;
use keyholder_core::directory::StoreAct;
use keyholder_store_sqlite::SqliteStore;

use crate::arguments::Options;
use crate::audit::verdict;
use crate::failure::Failure;
use crate::operator::signed_in;
use crate::output::Output;
use crate::site::Site;

/// What the verdict is about.
const TRAIL: &str = "The audit trail of the backup";

/// What can be done with backups.
#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Make a backup and see that it is whole
    Create(Create),
    /// Check a backup: every page, every row, the audit trail
    Verify(Verify),
    /// Put a backup in the place of the store; sign in as somebody in the backup
    Restore(restore::Restore),
}

/// `keyholder backup create`
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// A new file; otherwise one with the time in its name, in backups/ beside the store
    file: Option<PathBuf>,
}

/// `keyholder backup verify`
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The backup
    file: PathBuf,
}

impl BackupCommand {
    pub(crate) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        match self {
            Self::Create(create) => create.run(site, options, out).await,
            Self::Verify(verify) => verify.run(site, out).await,
            Self::Restore(restore) => restore.run(site, options, out).await,
        }
    }
}

impl Create {
    async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let file = self.file.unwrap_or_else(|| beside(site));
        let verdict = signed_in(site, options, async |open, directory| {
            let name = file
                .file_name()
                .unwrap_or(file.as_os_str())
                .to_string_lossy()
                .into_owned();
            directory
                .note_store_act(StoreAct::BackupCreated { file: name })
                .await?;
            Ok(open.store.back_up(&file).await?)
        })
        .await?;
        out.answer(&document(&file, &verdict), |out| {
            let file = file.display();
            out.line(&format!("The backup is {file}, with its key card beside it."))?;
            verdict::say(TRAIL, &verdict, out)
        })?;
        verdict::judged(TRAIL, &verdict)
    }
}

fn document(file: &Path, trail: &Verdict) -> serde_json::Value {
    serde_json::json!({ "file": file, "trail": trail })
}

/// The place of a backup that nobody named.
fn beside(site: &Site) -> PathBuf {
    let name = site.clock().now().strftime("shop-%Y-%m-%dT%H%M%SZ.keyholder");
    backup_dir(site.path()).join(name.to_string())
}

/// The file whose key card tells which key opens `backup`: itself, or else the store.
fn card_of<'a>(backup: &'a Path, site: &'a Site) -> Result<&'a Path, Failure> {
    std::fs::metadata(backup).map_err(|error| Failure::file(backup, "read", &error))?;
    Ok(if vault::card_path(backup).exists() {
        backup
    } else {
        site.path()
    })
}

impl Verify {
    async fn run(self, site: &Site, out: &mut Output) -> Result<(), Failure> {
        let master = site.master_of(card_of(&self.file, site)?).await?;
        let verdict = SqliteStore::verify_file(&self.file, &store_keys(&master)).await?;
        out.answer(&document(&self.file, &verdict), |out| {
            verdict::say(TRAIL, &verdict, out)
        })?;
        verdict::judged(TRAIL, &verdict)
    }
}
