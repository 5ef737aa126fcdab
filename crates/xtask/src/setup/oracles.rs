//! Programs and libraries nobody here wrote, to compare and to fuzz with: a Python environment under
//! `target`.

use std::fs;
use std::path::PathBuf;

use crate::workspace::{Result, Workspace};

/// Pinned whole, so that a comparison that fails tomorrow failed because of us.
const REQUIREMENTS: &str = include_str!("oracles.txt");

/// The environment's folder; its Python is `bin/python`.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("oracles")
}

/// Makes the environment, unless it was made of the same requirements before.
pub(super) fn install(workspace: &Workspace) -> Result {
    let folder = folder(workspace);
    let stamp = folder.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|made_of| made_of == REQUIREMENTS) {
        return Ok(());
    }
    let python = if cfg!(windows) { "python" } else { "python3" };
    workspace.run(
        workspace
            .command(python)
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    let wanted = folder.join("wanted.txt");
    fs::write(&wanted, REQUIREMENTS)?;
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let mut pip = workspace.command(programs.join("python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--requirement",
    ]);
    workspace.run(pip.arg(&wanted))?;
    // Only now is it whole.
    Ok(fs::rename(wanted, stamp)?)
}
