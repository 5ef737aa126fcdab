//! Running the workspace's tests with nextest, and reading what came of it.

use std::fs;
use std::io::ErrorKind;

use crate::junit::{self, Case};
use crate::setup;
use crate::workspace::{FEATURES, Result, Workspace};

/// What a run of nextest gave.
pub(crate) struct Outcome {
    /// Every test that was executed.
    pub(crate) cases: Vec<Case>,
    /// Nextest's own verdict.
    pub(crate) succeeded: bool,
}

/// Runs the tests of `profile`, the ones `filter` chooses or all; `environment` is added to theirs.
pub(crate) fn run(
    workspace: &Workspace,
    profile: &str,
    filter: Option<&str>,
    environment: &[(&str, &str)],
) -> Result<Outcome> {
    // Always in the root's target folder, wherever the build goes: nextest resolves it from there.
    let report = workspace
        .root
        .join("target/nextest")
        .join(profile)
        .join("junit.xml");
    match fs::remove_file(&report) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }

    let mut command = workspace.cargo("nextest");
    command
        .args(["run", "--workspace", "--profile", profile])
        .args(FEATURES);
    if profile == "trust" {
        // What takes too long for every run is named and left out there, and run here.
        command.args(["--run-ignored", "all"]);
    }
    if let Some(filter) = filter {
        command.args(["--filterset", filter]);
    }
    command
        .env("KEYHOLDER_BIN", workspace.built("keyholder"))
        .env("KEYHOLDER_DESKTOP_BIN", workspace.built("keyholder-desktop"))
        .env("KEYHOLDER_ORACLES", setup::oracles_folder(workspace))
        // A test run compares the words on screen, it never rewrites them.
        .env("INSTA_UPDATE", "no")
        .envs(environment.iter().copied());
    let succeeded = workspace.status(&mut command)?.success();

    // No report: nothing was executed, be it that nothing compiled or that nothing was chosen.
    let cases = fs::read_to_string(&report)
        .map(|report| junit::cases(&report))
        .unwrap_or_default();
    Ok(Outcome { cases, succeeded })
}
