//! Stories of a store that the person may not write, or that is taken away while it is open.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use keyholder_core::error::Code;
use keyholder_store_sqlite::SqliteStore;
use tempfile::TempDir;

use crate::common::{fresh, keys};
use crate::writer::{Writer, program, saved};

/// Who has no rights but their own (Debian's `nobody`).
const NOBODY: u32 = 65_534;

/// Somebody with a closed store who is not the administrator: that one may write anything.
struct Person {
    store: PathBuf,
    kept: TempDir,
    /// Comes before each program they start.
    as_themselves: Vec<String>,
}

impl Person {
    async fn with_a_store() -> Self {
        let (store, kept) = fresh().await;
        store.close().await.unwrap();
        let mut person = Self {
            store: store.path().to_owned(),
            kept,
            as_themselves: Vec::new(),
        };
        let folder = person.store.parent().unwrap();
        if std::fs::metadata(folder).unwrap().uid() == 0 {
            let files = std::fs::read_dir(folder)
                .unwrap()
                .map(|file| file.unwrap().path());
            for path in files.chain([folder.to_owned()]) {
                chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
            }
            // The folder above is the tests' own, and so may be the one of the program.
            set_permissions(person.kept.path(), Permissions::from_mode(0o755)).unwrap();
            std::fs::copy(program(), person.program()).unwrap();
            let (user, group) = (format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"));
            person.as_themselves = ["setpriv", &user, &group, "--clear-groups"]
                .map(str::to_owned)
                .into();
        }
        person
    }

    fn program(&self) -> PathBuf {
        self.kept.path().join("writer")
    }

    fn write(&self) -> Vec<String> {
        if self.as_themselves.is_empty() {
            return Writer::start("1", &self.store).finish();
        }
        let before: Vec<_> = self.as_themselves.iter().map(String::as_str).collect();
        Writer::of(&self.program(), &before, "1", &self.store).finish()
    }
}

/// Takes the right to write from the person and looks what comes of it.
async fn without_the_right(mode: u32, of: impl Fn(&Path) -> &Path) {
    let person = Person::with_a_store().await;
    let (store, barred) = (&person.store, of(&person.store));
    assert_eq!(saved(&person.write()), 1, "with it, they can write");
    let before = std::fs::read(store).unwrap();
    let right = std::fs::metadata(barred).unwrap().permissions();
    set_permissions(barred, Permissions::from_mode(mode)).unwrap();
    let said = person.write();
    assert!(
        said.len() == 1 && said[0].starts_with("refused ") && said[0].contains(&Code::ReadOnly.to_string()),
        "one answer that says what is wrong: {said:?}"
    );
    assert_eq!(std::fs::read(store).unwrap(), before, "the file is as it was");
    set_permissions(barred, right).unwrap();
    assert_eq!(saved(&person.write()), 1, "given back, they go on");
}

#[tokio::test]
async fn p41_a_file_that_may_not_be_written_is_refused_by_name() {
    without_the_right(0o400, |store| store).await;
}

#[tokio::test]
async fn p41_a_folder_that_may_not_be_written_is_refused_by_name() {
    without_the_right(0o500, |store| store.parent().unwrap()).await;
}

/// Takes the whole folder away from a store that is open; gives what is said of the next write.
async fn said_once_it_is_gone(part: &str) -> Vec<String> {
    let (store, kept) = fresh().await;
    store.close().await.unwrap();
    let mut writer = Writer::start(part, store.path());
    assert_eq!(writer.next().as_deref(), Some("saved 0"), "it is open");
    std::fs::remove_dir_all(kept.path().join("rose")).unwrap();
    writer.tell();
    let said = writer.finish();
    let gone = SqliteStore::open(store.path(), &keys()).await.unwrap_err();
    assert_eq!(gone.code, Code::NoStore, "it does not come back");
    said
}

#[tokio::test]
async fn p41_a_store_that_is_taken_away_while_it_is_open_saves_nothing_more() {
    let said = said_once_it_is_gone("orphan").await;
    assert!(
        said.len() == 1 && said[0].starts_with("refused ") && said[0].contains(&Code::NoStore.to_string()),
        "what is written into a file that is gone is not saved: {said:?}"
    );
}

#[tokio::test]
async fn p41_mutant_a_store_that_does_not_look_for_its_file_is_found() {
    let said = said_once_it_is_gone("deaf orphan").await;
    assert_eq!(saved(&said), 1, "what is gone was said to be saved: {said:?}");
}
