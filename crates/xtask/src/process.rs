//! Children that outlive a single step, and their end.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::workspace::Result;

/// How often a condition is looked at while it is waited for.
pub(crate) const GLANCE: Duration = Duration::from_millis(50);

/// How long a group may take to end itself before it is ended.
const PATIENCE: Duration = Duration::from_secs(5);

/// Looks at `condition` until it holds; false when `span` has passed first.
pub(crate) fn holds_within(span: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + span;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::park_timeout(GLANCE);
    }
}

/// A child in a process group of its own. Dropping it ends the child and all that the child started.
pub(crate) struct Group {
    name: &'static str,
    child: Child,
}

impl Group {
    /// Starts `command`; `name` is what it is called when something is wrong with it.
    pub(crate) fn spawn(name: &'static str, command: &mut Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command
            .spawn()
            .map_err(|error| format!("{name} does not start: {error}"))?;
        Ok(Self { name, child })
    }

    /// The exit status once the child has ended.
    pub(crate) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// The child's number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Gives the child's standard input `text` and closes it.
    pub(crate) fn tell(&mut self, text: &str) -> Result {
        let mut input = self
            .child
            .stdin
            .take()
            .ok_or_else(|| format!("{} takes no input", self.name))?;
        Ok(io::Write::write_all(&mut input, text.as_bytes())?)
    }

    /// The first line the child writes to its piped standard output.
    pub(crate) fn first_line(&mut self, span: Duration) -> Result<String> {
        let output = self
            .child
            .stdout
            .take()
            .ok_or_else(|| format!("{} gives no output", self.name))?;
        let (sender, line) = mpsc::channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut line = String::new();
            if output.read_line(&mut line).is_ok() && sender.send(line).is_ok() {
                // Read on, so that a later word of the child does not end it with a broken pipe.
                drain(output);
            }
        });
        match line.recv_timeout(span) {
            Ok(line) if !line.trim().is_empty() => Ok(line.trim().to_owned()),
            _ => Err(format!("{} did not come up within {} s", self.name, span.as_secs()).into()),
        }
    }

    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        // An error here says that the group is gone already, which is what was wanted.
        let _ = rustix::process::kill_process_group(rustix::process::Pid::from_child(&self.child), signal);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            use rustix::process::Signal;
            self.signal(Signal::TERM);
            holds_within(PATIENCE, || !matches!(self.child.try_wait(), Ok(None)));
            self.signal(Signal::KILL);
        }
        #[cfg(not(unix))]
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn drain(mut output: impl Read) {
    drop(io::copy(&mut output, &mut io::sink()));
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Stdio;

    use super::*;

    #[test]
    fn a_dropped_group_takes_its_grandchildren_with_it() -> Result {
        let (mut reading, writing) = io::pipe()?;
        let mut command = Command::new("sh");
        command
            .args(["-c", "sleep 600 & echo started; wait"])
            .stdout(writing);
        let group = Group::spawn("a shell", &mut command)?;
        drop(command);
        let mut started = [0; 8];
        reading.read_exact(&mut started)?;

        drop(group);

        // The pipe is at its end only when nobody who could write into it lives; the test's time limit
        // is the deadline.
        let mut rest = Vec::new();
        reading.read_to_end(&mut rest)?;
        assert!(
            rest.is_empty(),
            "a web view's own processes must not outlive the command that opened the window"
        );
        Ok(())
    }

    #[test]
    fn a_child_that_says_nothing_is_named() -> Result {
        let mut group = Group::spawn("the quiet one", Command::new("true").stdout(Stdio::piped()))?;
        let error = group
            .first_line(Duration::from_secs(5))
            .err()
            .map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("the quiet one did not come up within 5 s"));
        Ok(())
    }
}
