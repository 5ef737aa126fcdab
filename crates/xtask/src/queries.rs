//! `cargo xtask queries`: what the compiler is told about the store's checked SQL, made anew.
//!
//! A build needs no database: each checked statement has a file in `.sqlx` that says what a database with
//! the store's tables answers to it. A test of the store asks such a database again, so that a file that
//! no longer holds is found by `cargo xtask test`.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::setup;
use crate::workspace::{Result, Workspace};

/// Asks a database made from the migrations about every checked statement and keeps its answers.
pub(crate) fn queries(workspace: &Workspace) -> Result {
    setup::everything(workspace)?;
    let store = workspace.root.join("crates").join("store-sqlite");
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("plain.db");
    migrate(workspace, &database, &migrations(&store)?)?;

    // The answers are written while the crate is compiled, which it is when a source is written.
    let fresh = folder.path().join("answers");
    fs::create_dir(&fresh)?;
    let source = store.join("src").join("lib.rs");
    fs::write(&source, fs::read(&source)?)?;
    let mut check = workspace.cargo("check");
    check
        .args(["--package", "keyholder-store-sqlite"])
        .env("DATABASE_URL", format!("sqlite://{}", database.display()))
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", &fresh);
    workspace.run(&mut check)?;
    replace(&store.join(".sqlx"), &fresh)
}

/// The migrations of the store, the first one first.
fn migrations(store: &Path) -> Result<Vec<PathBuf>> {
    let mut files = fs::read_dir(store.join("migrations"))?
        .map(|file| Ok(file?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// Makes a database with the store's tables, not encrypted: it never holds anything.
fn migrate(workspace: &Workspace, database: &Path, migrations: &[PathBuf]) -> Result {
    let mut sqlite = workspace
        .command("sqlite3")
        .arg("-bail")
        .arg(database)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| format!("sqlite3 does not start: {error}"))?;
    let mut input = sqlite.stdin.take().ok_or("sqlite3 takes no input")?;
    for migration in migrations {
        input.write_all(&fs::read(migration)?)?;
    }
    drop(input);
    if sqlite.wait()?.success() {
        Ok(())
    } else {
        Err("the migrations are not understood".into())
    }
}

/// Puts the fresh answers in the place of the old ones, if there are any.
fn replace(kept: &Path, fresh: &Path) -> Result {
    let answers = fs::read_dir(fresh)?.collect::<std::io::Result<Vec<_>>>()?;
    if answers.is_empty() {
        return Err("no statement was checked; the old answers are still there".into());
    }
    match fs::remove_dir_all(kept) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => fs::create_dir(kept)?,
    }
    for answer in &answers {
        fs::copy(answer.path(), kept.join(answer.file_name()))?;
    }
    println!("{} statements were checked", answers.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_replaced_whole_or_not_at_all() -> Result {
        let folder = tempfile::tempdir()?;
        let (kept, fresh) = (folder.path().join("kept"), folder.path().join("fresh"));
        fs::create_dir(&kept)?;
        fs::create_dir(&fresh)?;
        fs::write(kept.join("query-old.json"), "{}")?;
        assert!(replace(&kept, &fresh).is_err(), "nothing was checked");
        assert!(kept.join("query-old.json").exists(), "so the old ones stay");

        fs::write(fresh.join("query-new.json"), "{}")?;
        replace(&kept, &fresh)?;
        assert!(kept.join("query-new.json").exists(), "the new one is there");
        assert!(
            !kept.join("query-old.json").exists(),
            "a statement that is gone leaves nothing"
        );
        Ok(())
    }
}
