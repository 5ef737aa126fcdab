//! Where things lie, and how a step's program is started.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use crate::process::GLANCE;
use crate::stop::Stop;

/// What a task answers; the error is told to the developer as it is.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The features every build shares: other features would mean other artefacts, and a second build of Tauri.
pub(crate) const FEATURES: [&str; 2] = ["--features", "keyholder-desktop/custom-protocol"];

/// The checkout, its target folder, and the wish to stop.
pub(crate) struct Workspace {
    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Where everything goes that can be made again.
    pub(crate) target: PathBuf,
    /// Hears Ctrl-C.
    pub(crate) stop: Stop,
}

impl Workspace {
    /// Finds the checkout this program was built from.
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").ok_or("start this through `cargo xtask`")?;
        let root = Path::new(&manifest)
            .ancestors()
            .nth(2)
            .ok_or("xtask has left its workspace")?;
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Self {
            root: root.to_owned(),
            target,
            stop: Stop::listen()?,
        })
    }

    /// Where the tools are installed that only this workspace needs.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// A program the build made, by the name of its binary.
    pub(crate) fn built(&self, name: &str) -> PathBuf {
        self.target
            .join("debug")
            .join(name)
            .with_extension(env::consts::EXE_EXTENSION)
    }

    /// `program`, started in the root, with the workspace's own tools first on its path.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let paths = [self.tools().join("bin")]
            .into_iter()
            .chain(env::split_paths(&inherited));
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        // What cargo told this program about itself would make other crates' build scripts run again.
        for (name, _) in env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
            {
                command.env_remove(name);
            }
        }
        if let Ok(path) = env::join_paths(paths) {
            command.env("PATH", path);
        }
        command
    }

    /// `cargo`, the one that started this.
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.arg(subcommand);
        command
    }

    /// Shows the command, runs it to its end, and gives its status.
    pub(crate) fn status(&self, command: &mut Command) -> Result<ExitStatus> {
        let shown = shown(command);
        println!("\n$ {shown}");
        let mut child = command
            .spawn()
            .map_err(|error| format!("`{shown}` does not start: {error}"))?;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if self.stop.asked_within(GLANCE) {
                #[cfg(unix)]
                let _ = rustix::process::kill_process(
                    rustix::process::Pid::from_child(&child),
                    rustix::process::Signal::TERM,
                );
                child.wait()?;
                return Err("stopped".into());
            }
        }
    }

    /// Runs the command to its end; anything but success is an error.
    pub(crate) fn run(&self, command: &mut Command) -> Result {
        let status = self.status(command)?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("`{}`: {status}", shown(command)).into())
        }
    }
}

/// A command as a person would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
