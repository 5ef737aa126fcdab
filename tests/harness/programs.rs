//! The programs a story starts: where they are, and their end.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::story::Told;

/// What to do when a program is missing.
const SET_UP: &str = "run cargo xtask setup";

/// The folder of the workspace.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder of what was built.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}

/// A program of this workspace, named by `variable` or else as it was built last.
///
/// # Errors
/// It is not there.
pub fn built(variable: &str, name: &str) -> Told<PathBuf> {
    let path = std::env::var_os(variable).map_or_else(|| target().join("debug").join(name), PathBuf::from);
    if path.is_file() {
        Ok(path.canonicalize()?)
    } else {
        Err(format!(
            "{} is not there: run cargo xtask test, which builds it",
            path.display()
        )
        .into())
    }
}

/// What a program of the system answers to `input`, without the line's end.
///
/// # Errors
/// It is missing or fails.
pub fn answer(command: &mut Command, input: &str) -> Told<String> {
    let mut child = spawn(
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped()),
    )?;
    if let Some(mut stdin) = child.stdin.take() {
        std::io::Write::write_all(&mut stdin, input.as_bytes())?;
    }
    let said = child.wait_with_output()?;
    if said.status.success() {
        Ok(String::from_utf8(said.stdout)?.trim().to_owned())
    } else {
        let program = command.get_program().display();
        Err(format!("{program} fails: {}", String::from_utf8_lossy(&said.stderr)).into())
    }
}

/// A program with all that it starts; dropping it kills them, as a power cut would. They stay in
/// the test's own process group, so that whoever ends the test from outside ends them too.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Starts it.
    ///
    /// # Errors
    /// It is missing.
    pub fn start(command: &mut Command) -> Told<Self> {
        spawn(command).map(Self)
    }

    /// The processes that it has started, and those they have started in turn.
    pub fn family(&self) -> Vec<u32> {
        family_of(self.0.id())
    }

    /// The program itself.
    pub fn head(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let family = family_of(self.0.id());
        // What has ended by itself needs no killing.
        let _ = self.0.kill();
        for pid in family {
            if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        let _ = self.0.wait();
    }
}

/// The processes that a process has started, and those they have started in turn.
fn family_of(head: u32) -> Vec<u32> {
    let children = |parent: u32| {
        let threads = std::fs::read_dir(format!("/proc/{parent}/task"))
            .into_iter()
            .flatten()
            .flatten();
        threads
            .filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok())
            .flat_map(|pids| {
                pids.split(' ')
                    .filter_map(|pid| pid.parse().ok())
                    .collect::<Vec<u32>>()
            })
            .collect::<Vec<_>>()
    };
    let mut family = children(head);
    let mut next = 0;
    while let Some(&member) = family.get(next) {
        family.extend(children(member));
        next += 1;
    }
    family
}

fn spawn(command: &mut Command) -> Told<Child> {
    command.spawn().map_err(|error| {
        let program = command.get_program().display();
        match error.kind() {
            std::io::ErrorKind::NotFound => format!("{program} is not installed: {SET_UP}").into(),
            _ => format!("{program} does not start: {error}").into(),
        }
    })
}
