//! The programs that are measured, optimised as they are shipped but for the link.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::workspace::{FEATURES, Result, Workspace};

/// Where cargo put them.
pub(crate) struct Programs {
    /// Measures the store and signing in.
    pub(crate) figures: PathBuf,
    /// Keyholder's window.
    pub(crate) window: PathBuf,
    /// Keyholder without a window.
    pub(crate) console: PathBuf,
    /// An empty window of the same Tauri.
    pub(crate) empty: PathBuf,
}

impl Programs {
    /// Builds them all at once, so that every one is made of the same crates with the same features.
    pub(crate) fn build(workspace: &Workspace, folder: &Path) -> Result<Self> {
        let messages = folder.join("build.jsonl");
        let mut build = workspace.cargo("build");
        build
            .args(["--release", "--message-format", "json-render-diagnostics"])
            .args(["--package", "keyholder-desktop", "--bin", "keyholder-desktop"])
            .args(["--package", "keyholder", "--bin", "keyholder"])
            .args(["--package", "keyholder-tests", "--bench", "figures"])
            .args(["--bench", "empty"])
            .args(FEATURES)
            // Four programs at several minutes each; what they wait for is in libraries in C.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .stdout(fs::File::create(&messages)?);
        workspace.run(&mut build)?;
        let messages = fs::read_to_string(messages)?;
        let program =
            |name: &str| executable(&messages, name).ok_or_else(|| format!("cargo has built no `{name}`"));
        Ok(Self {
            figures: program("figures")?,
            window: program("keyholder-desktop")?,
            console: program("keyholder")?,
            empty: program("empty")?,
        })
    }
}

/// The program of that name among cargo's messages.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    let artifacts = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut named = artifacts.filter(|message| message["target"]["name"] == name);
    named.find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_its_name() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"empty"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"empty"},"executable":"/t/release/deps/empty-1"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(
            executable(messages, "empty"),
            Some("/t/release/deps/empty-1".into()),
            "the program, not the crate"
        );
        assert_eq!(executable(messages, "figures"), None, "it was not built");
    }
}
