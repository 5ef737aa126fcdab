//! What a built program holds that nobody should find in it: the web view's developer tools, with which
//! whoever sits in front of an open window could read and change everything, and commands of Tauri's own.
#![cfg(target_os = "linux")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is in a program that can open them: the web view's functions, and Tauri's script for the key.
const TRACES: [&str; 3] = [
    "webkit_web_view_get_inspector",
    "webkit_web_inspector_show",
    "plugin:webview|internal_toggle_devtools",
];

/// The traces in this program.
fn traces(program: &Path) -> Result<Vec<&'static str>, Box<dyn Error>> {
    let bytes = std::fs::read(program)?;
    let in_it = |trace: &&str| memchr::memmem::find(&bytes, trace.as_bytes()).is_some();
    Ok(TRACES.into_iter().filter(in_it).collect())
}

#[test]
#[ignore = "builds the programs as they are shipped, which takes many minutes: cargo xtask trust P28"]
fn p28_the_shipped_program_has_no_developer_tools() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new("cargo")
        .args(["xtask", "release"])
        .current_dir(&root)
        .status()?;
    assert!(built.success(), "the README's own command builds it");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let found = traces(&target.join("release/keyholder-desktop"))?;
    assert!(found.is_empty(), "found in the program: {found:?}");
    Ok(())
}

/// A debug build has them: the search finds each thing that it looks for.
#[test]
fn p28_mutant_developer_tools_are_found() -> Result<(), Box<dyn Error>> {
    let found = traces(Path::new(env!("CARGO_BIN_EXE_keyholder-desktop")))?;
    assert_eq!(
        found, TRACES,
        "what is not found here proves nothing where it is not found either"
    );
    Ok(())
}

/// The commands that the build has let in, or none if it was not told to choose.
fn let_in(out: &Path) -> Result<Option<Vec<String>>, Box<dyn Error>> {
    match std::fs::read(out.join("allowed-commands.json")) {
        Ok(list) => {
            let mut list: serde_json::Value = serde_json::from_slice(&list)?;
            Ok(Some(serde_json::from_value(list["commands"].take())?))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn only_our_own(commands: Option<&[String]>) -> bool {
    commands.is_some_and(|all| !all.is_empty() && !all.iter().any(|command| command.contains(':')))
}

#[test]
fn p28_no_command_of_tauri_is_built_in() -> Result<(), Box<dyn Error>> {
    let commands = let_in(Path::new(env!("OUT_DIR")))?;
    assert!(only_our_own(commands.as_deref()), "{commands:?}");
    Ok(())
}

#[test]
fn p28_mutant_a_build_that_lets_tauri_s_commands_in_is_seen() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    assert!(
        !only_our_own(let_in(folder.path())?.as_deref()),
        "not told to choose"
    );
    let list = r#"{ "commands": ["status", "plugin:webview|set_webview_zoom"], "has_app_acl": true }"#;
    std::fs::write(folder.path().join("allowed-commands.json"), list)?;
    assert!(
        !only_our_own(let_in(folder.path())?.as_deref()),
        "told to let one in"
    );
    Ok(())
}
