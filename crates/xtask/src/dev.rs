//! `cargo xtask dev`: the window on the UI's development server.

use std::fs;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::process::{Group, holds_within};
use crate::run;
use crate::setup;
use crate::ui;
use crate::workspace::{Result, Workspace};

/// How long the development server may take to answer.
const START: Duration = Duration::from_secs(30);

/// Starts the development server and opens the window on it; both end together.
///
/// Without the feature `custom-protocol` the window loads `devUrl` instead of what was built in.
pub(crate) fn dev(workspace: &Workspace) -> Result {
    setup::for_window(workspace)?;
    workspace.run(workspace.cargo("build").args(["--package", "keyholder-desktop"]))?;
    let settings = fs::read_to_string(workspace.root.join("src-tauri/tauri.conf.json"))?;
    let address = address(&settings)?;
    let _server = Group::spawn("the development server (Vite)", &mut ui::script(workspace, "dev"))?;
    if !holds_within(START, || TcpStream::connect(&address).is_ok()) {
        return Err(format!("the development server does not answer on {address}").into());
    }
    run::open(workspace, workspace.command(workspace.built("keyholder-desktop")))
}

/// Host and port of the window's `devUrl`.
fn address(settings: &str) -> Result<String> {
    let settings: Value = serde_json::from_str(settings)?;
    let url = settings["build"]["devUrl"]
        .as_str()
        .ok_or("tauri.conf.json names no build.devUrl")?;
    let address = url.strip_prefix("http://").unwrap_or(url);
    Ok(address.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_and_the_server_agree_on_an_address() -> Result {
        let settings = r#"{ "build": { "devUrl": "http://127.0.0.1:5173/" } }"#;
        assert_eq!(address(settings)?, "127.0.0.1:5173", "what Vite listens on");
        assert!(
            address("{}").is_err(),
            "a window without an address would stay blank"
        );
        Ok(())
    }
}
