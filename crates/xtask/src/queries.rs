//! `cargo xtask queries`: what the compiler is told about the stores' checked SQL, made anew.
//!
//! A build needs no database: each checked statement has a file in `.sqlx` that says what a database with
//! the store's tables answers to it. A test of each store asks such a database again, so that a file that
//! no longer holds is found by `cargo xtask test`.

/// The server that the store's own tests start. Not by way of the store: it does not compile where a
/// statement has no answer yet.
#[cfg(unix)]
#[expect(unreachable_pub, reason = "it is public where it comes from")]
#[path = "../../store-postgres/src/testing/cluster.rs"]
mod cluster;

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::setup;
use crate::workspace::{Result, Workspace};

/// Asks databases made from the migrations of each store about every checked statement and keeps their answers.
pub(crate) fn queries(workspace: &Workspace) -> Result {
    setup::everything(workspace)?;
    sqlite(workspace)?;
    postgres(workspace)
}

/// Not encrypted: it never holds anything.
fn sqlite(workspace: &Workspace) -> Result {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("plain.db");
    let mut sqlite = workspace
        .command("sqlite3")
        .arg("-bail")
        .arg(&database)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| format!("sqlite3 does not start: {error}"))?;
    let mut input = sqlite.stdin.take().ok_or("sqlite3 takes no input")?;
    for migration in migrations(workspace, "store-sqlite")? {
        input.write_all(&fs::read(migration)?)?;
    }
    drop(input);
    if !sqlite.wait()?.success() {
        return Err("the migrations are not understood".into());
    }
    ask(
        workspace,
        "store-sqlite",
        &format!("sqlite://{}", database.display()),
    )
}

#[cfg(unix)]
fn postgres(workspace: &Workspace) -> Result {
    let server = cluster::Cluster::start().map_err(|error| error.to_string())?;
    let mut psql = workspace.command(server.program("psql"));
    psql.args([
        "--quiet",
        "--no-psqlrc",
        "--set",
        "ON_ERROR_STOP=1",
        "--username=postgres",
    ])
    .arg("--host")
    .arg(server.socket())
    .args(["--command", "CREATE SCHEMA keyholder"])
    .args(["--command", "SET search_path TO keyholder"]);
    for migration in migrations(workspace, "store-postgres")? {
        psql.arg("--file").arg(migration);
    }
    workspace.run(&mut psql)?;
    let database = format!("{}?options[search_path]=keyholder", server.url("postgres"));
    ask(workspace, "store-postgres", &database)
}

#[cfg(not(unix))]
fn postgres(_workspace: &Workspace) -> Result {
    Err(
        "PostgreSQL is started on Linux and macOS alone: the answers of store-postgres are as they were"
            .into(),
    )
}

/// Compiles a store while that database answers for its statements: the answers are written while the
/// crate is compiled, which it is when a source is written.
fn ask(workspace: &Workspace, store: &str, database: &str) -> Result {
    let folder = workspace.root.join("crates").join(store);
    let fresh = tempfile::tempdir()?;
    let source = folder.join("src").join("lib.rs");
    fs::write(&source, fs::read(&source)?)?;
    let mut check = workspace.cargo("check");
    check
        .args(["--package", &format!("keyholder-{store}")])
        .env("DATABASE_URL", database)
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", fresh.path());
    workspace.run(&mut check)?;
    replace(&folder.join(".sqlx"), fresh.path())
}

/// The migrations of a store, the first one first.
fn migrations(workspace: &Workspace, store: &str) -> Result<Vec<PathBuf>> {
    let folder = workspace.root.join("crates").join(store).join("migrations");
    let mut files = fs::read_dir(folder)?
        .map(|file| Ok(file?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
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
