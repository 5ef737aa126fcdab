//! The measure of a keychain that never freezes the program: one process asks, another holds the
//! watch.

use std::io::{self, BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use keyholder_app::testing::PrivateBus;

/// An answer comes within five seconds; half a second more is for a busy machine.
const ANSWER: Duration = Duration::from_millis(5_500);
/// The event loop stands still for less than this: what a person does not notice as a stutter.
const STALL: Duration = Duration::from_millis(200);
/// The program ends within this after its last answer.
const EXIT: Duration = Duration::from_secs(2);

/// What came of one question.
#[derive(Debug, Clone, serde::Deserialize)]
struct Answer {
    words: String,
    took_ms: u64,
    stall_ms: u64,
}

/// What came of all questions of one process.
#[derive(Debug)]
pub(crate) struct Measured {
    answers: Vec<Answer>,
    asked: usize,
    exit: Option<Duration>,
}

impl Measured {
    /// Whether every question was answered in time, the event loop went on and the process ended.
    pub(crate) fn keeps_the_promise(&self) -> Result<(), String> {
        if self.answers.len() < self.asked {
            return Err(format!(
                "{} of {} questions were answered",
                self.answers.len(),
                self.asked
            ));
        }
        for answer in &self.answers {
            if Duration::from_millis(answer.took_ms) > ANSWER {
                return Err(format!("\"{}\" took {} ms", answer.words, answer.took_ms));
            }
            if Duration::from_millis(answer.stall_ms) > STALL {
                return Err(format!("the event loop stood still for {} ms", answer.stall_ms));
            }
        }
        match self.exit {
            Some(exit) if exit <= EXIT => Ok(()),
            Some(exit) => Err(format!(
                "the program ended {} ms after its last answer",
                exit.as_millis()
            )),
            None => Err("the program did not end".into()),
        }
    }

    /// The words of the answers.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.answers.iter().map(|answer| answer.words.as_str()).collect()
    }
}

/// A process that will ask.
#[derive(Debug)]
pub(crate) struct Probe(Command);

impl Probe {
    pub(crate) fn on(bus: &PrivateBus) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keychain-probe"));
        bus.enter(&mut command);
        Self(command)
    }

    /// A process for which the variable is not set.
    pub(crate) fn without(mut self, variable: &str) -> Self {
        self.0.env_remove(variable);
        self
    }

    /// A process for which the variable is set.
    pub(crate) fn with(mut self, variable: &str, value: &str) -> Self {
        self.0.env(variable, value);
        self
    }

    /// Asks these questions, joined by commas, one after the other, under the usual deadline.
    pub(crate) fn start(self, questions: &str) -> io::Result<Asking> {
        self.start_with(questions, &[])
    }

    /// The broken program: it has no deadline to speak of.
    pub(crate) fn start_without_deadline(self, questions: &str) -> io::Result<Asking> {
        self.start_with(questions, &["3600000"])
    }

    pub(crate) fn ask(self, questions: &str) -> io::Result<Measured> {
        self.start(questions)?.finish()
    }

    fn start_with(mut self, questions: &str, deadline: &[&str]) -> io::Result<Asking> {
        let mut child = self
            .0
            .arg(questions)
            .args(deadline)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child
            .stdout
            .take()
            .ok_or_else(|| io::Error::other("the probe has no output"))?;
        let (tell, lines) = channel();
        thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok).map(Some);
            // The output is closed when the process is gone; that is when it ended.
            for line in lines.chain([None]) {
                if tell.send((Instant::now(), line)).is_err() {
                    break;
                }
            }
        });
        Ok(Asking {
            child,
            lines,
            asked: questions.split(',').count(),
        })
    }
}

/// A process that is asking.
#[derive(Debug)]
pub(crate) struct Asking {
    child: Child,
    lines: Receiver<(Instant, Option<String>)>,
    asked: usize,
}

impl Asking {
    /// Waits for the answers and the end of the process, a little longer than the promise allows.
    pub(crate) fn finish(self) -> io::Result<Measured> {
        let (mut answers, mut exit) = (Vec::new(), None);
        let mut last = Instant::now();
        while let Ok((at, line)) = self.lines.recv_timeout(ANSWER + EXIT) {
            match line {
                Some(line) => answers.push(serde_json::from_str(&line)?),
                None => exit = Some(at.duration_since(last)),
            }
            last = at;
        }
        Ok(Measured {
            answers,
            asked: self.asked,
            exit,
        })
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
