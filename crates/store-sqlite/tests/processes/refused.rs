//! Stories of a store that the person may not write, or that is taken away while it is open.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;

use keyholder_core::error::Code;
use keyholder_store_sqlite::SqliteStore;
use tempfile::TempDir;

use crate::common::{fresh, keys};
use crate::writer::{Writer, saved};

/// Who has no rights but their own (Debian's `nobody`).
const NOBODY: u32 = 65_534;

/// A closed store that belongs to somebody who is not the administrator, and how that person starts
/// a program: the administrator may write anything, so here somebody else does.
async fn of_a_person() -> (std::path::PathBuf, TempDir, Vec<String>) {
    let (store, kept) = fresh().await;
    store.close().await.unwrap();
    let path = store.path().to_owned();
    let folder = path.parent().unwrap();
    if std::fs::metadata(folder).unwrap().uid() != 0 {
        return (path, kept, Vec::new());
    }
    set_permissions(kept.path(), Permissions::from_mode(0o755)).unwrap();
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    for path in files.chain([folder.to_owned()]) {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let become_nobody = [
        "setpriv".to_owned(),
        format!("--reuid={NOBODY}"),
        format!("--regid={NOBODY}"),
        "--clear-groups".to_owned(),
    ];
    (path, kept, become_nobody.into())
}

fn write(person: &[String], store: &Path) -> Vec<String> {
    let wrapper: Vec<_> = person.iter().map(String::as_str).collect();
    Writer::within(&wrapper, "1", store).finish()
}

/// Takes the right to write from the person and looks what comes of it.
async fn without_the_right(mode: u32, of: impl Fn(&Path) -> &Path) {
    let (store, _kept, person) = of_a_person().await;
    assert_eq!(saved(&write(&person, &store)), 1, "with it, they can write");
    let before = std::fs::read(&store).unwrap();
    let right = std::fs::metadata(of(&store)).unwrap().permissions();
    set_permissions(of(&store), Permissions::from_mode(mode)).unwrap();
    let said = write(&person, &store);
    assert!(
        said.len() == 1 && said[0].starts_with("refused ") && said[0].contains(&Code::ReadOnly.to_string()),
        "one answer that says what is wrong: {said:?}"
    );
    assert_eq!(std::fs::read(&store).unwrap(), before, "the file is as it was");
    set_permissions(of(&store), right).unwrap();
    assert_eq!(saved(&write(&person, &store)), 1, "given back, they go on");
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
