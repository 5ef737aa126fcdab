//! The peer: better-auth on `SQLite`, as its own documentation sets it up.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use super::load::Load;
use super::{Costs, under};
use crate::process::Group;
use crate::workspace::{Result, Workspace};

/// Filling its store takes a while the first time.
const PATIENCE: Duration = Duration::from_mins(3);

pub(super) struct Peer {
    group: Group,
    port: String,
    /// Of somebody who may list the accounts.
    pub(super) cookie: String,
}

impl Peer {
    /// Installs and starts it, with so many people.
    pub(super) fn start(workspace: &Workspace, folder: &Path, people: usize) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let sources = workspace.root.join("tests/bench/peers");
        for name in ["package.json", "better-auth.mjs"] {
            fs::copy(sources.join(name), folder.join(name))?;
        }
        if !folder.join("node_modules").exists() {
            for step in [["install", "--no-audit"], ["rebuild", "better-sqlite3"]] {
                workspace.run(workspace.command("npm").args(step).current_dir(folder))?;
            }
        }
        let mut command = workspace.command("node");
        command
            .args(["better-auth.mjs", "data", &people.to_string()])
            .current_dir(folder)
            .stdout(Stdio::piped());
        let mut group = Group::spawn("better-auth", &mut command)?;
        let line = group.first_line(PATIENCE)?;
        let mut words = line.splitn(3, ' ').skip(1).map(str::to_owned);
        let (Some(port), Some(cookie)) = (words.next(), words.next()) else {
            return Err(format!("better-auth said something else: {line}").into());
        };
        Ok(Self { group, port, cookie })
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(super) fn under(&self, load: impl Fn() -> Result<Load>) -> Result<Costs> {
        under(self.group.id(), load)
    }
}
