//! Stores of a size that no shop has, kept between runs: filling them takes minutes.

mod people;
mod story;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use keyholder_core::change::Change;
use keyholder_core::store::Store as _;
use keyholder_core::testing::store_contract::material;
use keyholder_store_sqlite::SqliteStore;
use keyholder_tests::keys;

use crate::Result;

/// How many accounts the lists have to cope with.
pub(crate) const ACCOUNTS: usize = 100_000;
/// How many events.
pub(crate) const EVENTS: u64 = 1_000_000;
/// Changes of one commit while a store is filled.
const TOGETHER: usize = 2_000;

/// What the files were made with: other tables are other files. Later migrations are made up for when a
/// file is opened.
const TABLES: &str = include_str!("../../crates/store-sqlite/migrations/0001_store.sql");
/// Counts what is put into them.
const CONTENT: u32 = 1;

pub(crate) use people::{ADDRESS_DIGITS, RARE};
pub(crate) use story::{actor, addresses};

/// The moment the figures are taken at, for whom the stores were filled.
pub(crate) fn now() -> Timestamp {
    material::moment(200 * 24 * 3_600)
}

/// A folder of prepared stores.
pub(crate) struct Shelf(PathBuf);

impl Shelf {
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// A shop with 100,000 accounts.
    pub(crate) async fn accounts(&self) -> Result<SqliteStore> {
        self.prepared("accounts", (0..ACCOUNTS as u64).map(people::joins))
            .await
    }

    /// A trail of 1,000,000 events.
    pub(crate) async fn trail(&self) -> Result<SqliteStore> {
        self.prepared("trail", (0..EVENTS).map(story::happens)).await
    }

    /// A copy of a prepared store that is closed, to be written to.
    pub(crate) async fn copy(&self, name: &str) -> Result<SqliteStore> {
        let scratch = self.0.join("scratch.keyholder");
        clear(&scratch)?;
        std::fs::copy(self.file(name), &scratch)?;
        Ok(SqliteStore::open(&scratch, &keys()).await?)
    }

    /// A store with nothing in it, to be written to.
    pub(crate) async fn fresh(&self) -> Result<SqliteStore> {
        let scratch = self.0.join("scratch.keyholder");
        clear(&scratch)?;
        Ok(SqliteStore::create(&scratch, &keys()).await?)
    }

    fn file(&self, name: &str) -> PathBuf {
        let mut tables = DefaultHasher::new();
        TABLES.hash(&mut tables);
        let tables = tables.finish();
        self.0.join(format!("{name}-{tables:016x}-{CONTENT}.keyholder"))
    }

    async fn prepared(&self, name: &str, changes: impl Iterator<Item = Change>) -> Result<SqliteStore> {
        let file = self.file(name);
        if !file.exists() {
            eprintln!("filling the store of {name}; it is kept for the next run");
            // Under another name until it is whole: a run that was ended leaves nothing to trust.
            let draft = self.0.join("draft.keyholder");
            clear(&draft)?;
            let store = SqliteStore::create(&draft, &keys()).await?;
            store.commit(vec![material::set_up(material::shop())]).await?;
            let mut changes = changes.peekable();
            while changes.peek().is_some() {
                store.commit(changes.by_ref().take(TOGETHER).collect()).await?;
            }
            store.close().await?;
            std::fs::rename(draft, &file)?;
        }
        Ok(SqliteStore::open(&file, &keys()).await?)
    }
}

/// Removes a store with what lies beside it.
fn clear(path: &Path) -> std::io::Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        match std::fs::remove_file(&beside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
