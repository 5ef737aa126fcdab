//! `cargo xtask dev`: the window on the UI's development server.

use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::process::{Group, holds_within};
use crate::run;
use crate::setup;
use crate::ui;
use crate::workspace::{Result, Workspace};

/// Where the development server listens, as `ui/vite.config.ts` says.
const ADDRESS: &str = "127.0.0.1:5173";

/// How long the development server may take to answer.
const START: Duration = Duration::from_secs(30);

/// Starts the development server and opens the window on it; both end together.
pub(crate) fn dev(workspace: &Workspace) -> Result {
    setup::for_window(workspace)?;
    let _server = Group::spawn("the development server (Vite)", &mut ui::script(workspace, "dev"))?;
    let mut build = workspace.cargo("build");
    // Without the feature `custom-protocol` the window loads `devUrl`, not what was built in.
    build
        .args(["--package", "keyholder-desktop"])
        .env("TAURI_CONFIG", settings().to_string());
    workspace.run(&mut build)?;
    if !holds_within(START, || TcpStream::connect(ADDRESS).is_ok()) {
        return Err(format!("the development server does not answer on {ADDRESS}").into());
    }
    run::open(workspace, workspace.command(workspace.built("keyholder-desktop")))
}

/// What is added to `tauri.conf.json` for development alone, so that the shipped settings know nothing
/// of it: Vite writes scripts and styles into the page and tells it of changes over a socket.
fn settings() -> Value {
    let policy = format!(
        "default-src 'self' ipc: http://ipc.localhost; script-src 'self' 'unsafe-inline'; \
         style-src 'self' 'unsafe-inline'; connect-src 'self' ipc: http://ipc.localhost ws://{ADDRESS}"
    );
    json!({
        "build": { "devUrl": format!("http://{ADDRESS}") },
        "app": { "security": { "devCsp": policy } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_and_the_server_agree_on_an_address() -> Result {
        let server = std::fs::read_to_string(Workspace::find()?.root.join("ui/vite.config.ts"))?;
        for part in ["port: 5173", "host: \"127.0.0.1\""] {
            assert!(
                server.contains(part),
                "Vite listens elsewhere: no `{part}` in its settings"
            );
        }
        assert_eq!(
            settings()["build"]["devUrl"],
            "http://127.0.0.1:5173",
            "what the window loads"
        );
        Ok(())
    }
}
