//! Programs of the Rust world, installed for this workspace alone.

use std::fs;

use crate::workspace::{Result, Workspace};

struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Compares the tests' counts and ends those that hang; also named in `.config/nextest.toml`.
const NEXTEST: Tool = Tool {
    name: "cargo-nextest",
    version: "0.9.143",
};
/// Judges what may be built in.
const DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
};

/// Installs what is not there in the version named here.
pub(super) fn install(workspace: &Workspace) -> Result {
    // What cargo keeps about a folder it installed into; no such file where it never did.
    let installed = fs::read_to_string(workspace.tools().join(".crates.toml")).unwrap_or_default();
    for tool in [NEXTEST, DENY] {
        if !has(&installed, &tool) && !is_on_path(workspace, &tool) {
            // Unoptimised: they run for seconds, and compile in a third of the time.
            workspace.run(
                workspace
                    .cargo("install")
                    .args(["--locked", "--debug", "--quiet", "--root"])
                    .arg(workspace.tools())
                    .arg(format!("{}@{}", tool.name, tool.version)),
            )?;
        }
    }
    Ok(())
}

fn has(installed: &str, tool: &Tool) -> bool {
    installed.contains(&format!("\"{} {} (", tool.name, tool.version))
}

/// Whether the machine has this very version already.
fn is_on_path(workspace: &Workspace, tool: &Tool) -> bool {
    let said = workspace.command(tool.name).arg("--version").output();
    said.is_ok_and(|said| {
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        said.split_whitespace().nth(1) == Some(tool.version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_does_not_count() {
        let installed = "[v1]\n\"cargo-deny 0.20.2 (registry+https://example.org)\" = [\"cargo-deny\"]\n";
        assert!(has(installed, &DENY), "the very version is there");
        assert!(
            !has(
                installed,
                &Tool {
                    version: "0.20",
                    ..DENY
                }
            ),
            "a prefix is another version"
        );
        assert!(!has(installed, &NEXTEST), "another tool is not this one");
    }
}
