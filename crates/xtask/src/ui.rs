//! The UI's packages, its build, and its tests.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::tally::Tally;
use crate::workspace::{Result, Workspace};

/// Folders of `ui/` that are made, not written.
const MADE: [&str; 3] = ["node_modules", "dist", "paraglide"];

/// A script of `ui/package.json`.
pub(crate) fn script(workspace: &Workspace, name: &str) -> Command {
    let mut command = npm(workspace);
    command.args(["run", "--silent", name]);
    command
}

/// Installs the packages the lock file names, unless they are the ones that are there.
///
/// Not `npm ci`: that refuses a lock file without the binaries of every other system, and not every registry
/// has them all. The packages that want such a binary name its exact version themselves.
pub(crate) fn install(workspace: &Workspace) -> Result {
    let ui = workspace.root.join("ui");
    let stamp = workspace.target.join("xtask/ui-packages");
    let wanted = fs::read_to_string(ui.join("package-lock.json"))?;
    if ui.join("node_modules").exists()
        && fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted)
    {
        return Ok(());
    }
    workspace.run(npm(workspace).args(["install", "--no-save", "--no-audit", "--no-fund"]))?;
    leave(&stamp, &wanted)
}

/// Builds `ui/dist`, unless it was built from the very files that are there now: a new `dist` means that
/// the window is compiled anew.
pub(crate) fn build(workspace: &Workspace) -> Result {
    let ui = workspace.root.join("ui");
    let stamp = workspace.target.join("xtask/ui-dist");
    let sources = format!("{:016x}", fingerprint(&ui)?);
    if ui.join("dist/index.html").exists() && fs::read_to_string(&stamp).is_ok_and(|built| built == sources) {
        return Ok(());
    }
    workspace.run(&mut script(workspace, "build"))?;
    leave(&stamp, &sources)
}

/// Runs Vitest and counts its tests.
pub(crate) fn test(workspace: &Workspace) -> Result<Tally> {
    let report = workspace.target.join("xtask/vitest.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut command = script(workspace, "test");
    command.args(["--", "--reporter=default", "--reporter=json"]);
    command.arg(format!("--outputFile.json={}", report.display()));
    let succeeded = workspace.status(&mut command)?.success();
    let report = fs::read(&report)
        .ok()
        .and_then(|report| serde_json::from_slice(&report).ok());
    Ok(counted(&report.unwrap_or_default()).of_runner(succeeded))
}

/// Notes what something was made of.
fn leave(stamp: &Path, made_of: &str) -> Result {
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(stamp, made_of)?)
}

fn npm(workspace: &Workspace) -> Command {
    let mut command = workspace.command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(workspace.root.join("ui"));
    command
}

fn counted(report: &Value) -> Tally {
    let count = |key: &str| {
        report[key]
            .as_u64()
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(0)
    };
    Tally {
        passed: count("numPassedTests"),
        failed: count("numFailedTests"),
    }
}

/// The names and contents of everything below `folder` that somebody wrote.
fn fingerprint(folder: &Path) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    let mut entries = fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        if MADE.iter().any(|made| name == *made) {
            continue;
        }
        name.hash(&mut hasher);
        if entry.file_type()?.is_dir() {
            fingerprint(&entry.path())?.hash(&mut hasher);
        } else {
            fs::read(entry.path())?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn vitest_is_believed_about_its_tests() {
        let report =
            json!({ "numTotalTests": 5, "numPassedTests": 3, "numFailedTests": 1, "numPendingTests": 1 });
        assert_eq!(
            counted(&report),
            Tally { passed: 3, failed: 1 },
            "a skipped test has not passed"
        );
        assert_eq!(counted(&Value::Null), Tally::default(), "no report, no tests");
    }

    #[test]
    fn a_build_is_due_when_a_source_changes_and_not_when_a_made_file_does() -> Result {
        let ui = tempfile::tempdir()?;
        fs::create_dir_all(ui.path().join("src"))?;
        fs::create_dir_all(ui.path().join("dist"))?;
        fs::write(ui.path().join("src/main.tsx"), "one")?;
        let before = fingerprint(ui.path())?;

        fs::write(ui.path().join("dist/index.html"), "built")?;
        assert_eq!(
            fingerprint(ui.path())?,
            before,
            "the build's own result asks for no second build"
        );

        fs::write(ui.path().join("src/main.tsx"), "two")?;
        assert_ne!(
            fingerprint(ui.path())?,
            before,
            "a changed screen must be seen in the window"
        );
        Ok(())
    }
}
