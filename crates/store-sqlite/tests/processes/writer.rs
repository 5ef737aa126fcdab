//! The program of the stories: `examples/writer.rs`, which is built with the tests.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A writer at work; dropping it kills it, as a power cut would.
pub(crate) struct Writer {
    child: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Writer {
    /// Starts it on that store.
    pub(crate) fn start(part: &str, store: &Path) -> Self {
        Self::within(&[], part, store)
    }

    /// Starts it within another program, such as `strace`.
    pub(crate) fn within(wrapper: &[&str], part: &str, store: &Path) -> Self {
        Self::of(&program(), wrapper, part, store)
    }

    /// Starts a copy of it.
    pub(crate) fn of(program: &Path, wrapper: &[&str], part: &str, store: &Path) -> Self {
        let mut command = match wrapper {
            [] => Command::new(program),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        let mut child = command
            .arg(store)
            .arg(part)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program is there: cargo xtask setup");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let input = child.stdin.take();
        Self { child, input, lines }
    }

    /// What it says next; nothing once it has ended.
    pub(crate) fn next(&mut self) -> Option<String> {
        self.lines.next().map(Result::unwrap)
    }

    /// Gives it a line of input.
    pub(crate) fn tell(&mut self) {
        self.input.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// Everything it says up to its end.
    pub(crate) fn finish(mut self) -> Vec<String> {
        drop(self.input.take());
        self.lines.by_ref().map(Result::unwrap).collect()
    }

    /// Kills it at once and gives what it had said by then.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.lines.by_ref().map(Result::unwrap).collect()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // What has ended by itself needs no killing.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}

/// Where cargo puts examples: beside the folder of the tests.
pub(crate) fn program() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let built = this.parent().and_then(Path::parent).unwrap();
    let program = built
        .join("examples")
        .join("writer")
        .with_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        program.is_file(),
        "{} is built by cargo build -p keyholder-store-sqlite --examples",
        program.display()
    );
    program
}

/// How many of these lines say "saved".
pub(crate) fn saved(lines: &[String]) -> usize {
    lines.iter().filter(|line| line.starts_with("saved ")).count()
}
