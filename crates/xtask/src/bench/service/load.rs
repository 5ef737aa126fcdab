//! Many requests at once: by `wrk`, which costs the machine little beside what it asks.

use std::path::Path;
use std::process::Command;

use crate::workspace::{Result, Workspace};

/// How it went.
pub(super) struct Load {
    /// Answers in all.
    pub(super) answers: u64,
    /// Answers in a second.
    pub(super) per_second: f64,
    /// What 99 of 100 answers did not take longer than (ms).
    pub(super) p99: f64,
    /// Answers that were not what was asked for.
    pub(super) refused: u64,
}

pub(super) struct Wrk<'a> {
    pub(super) workspace: &'a Workspace,
}

impl Wrk<'_> {
    /// Asks one question with that header, over and over, for ten seconds. Every answer must be good.
    pub(super) fn ask(&self, url: &str, header: &str) -> Result<Load> {
        let mut wrk = self.command(1, 32, 10);
        wrk.args(["-H", header, url]);
        let load = read(&output(&mut wrk)?)?;
        if load.refused > 0 {
            return Err(format!(
                "{} of {} answers of {url} were no good",
                load.refused, load.answers
            )
            .into());
        }
        Ok(load)
    }

    /// People sign in, each from an address of their own.
    pub(super) fn sign_in(&self, url: &str, seconds: u32, people: usize) -> Result<Load> {
        let mut wrk = self.command(1, 16, seconds);
        let load = read(&output(self.script(&mut wrk, url, people))?)?;
        if load.refused > 0 {
            return Err(format!("{} of {} sign-ins were refused", load.refused, load.answers).into());
        }
        Ok(load)
    }

    /// A thousand at once, more than can be answered: they may be told to come back later.
    pub(super) fn flood(&self, url: &str, people: usize) -> Result<Load> {
        let mut wrk = self.command(2, 1_000, 15);
        read(&output(self.script(&mut wrk, url, people))?)
    }

    fn command(&self, threads: u32, connections: u32, seconds: u32) -> Command {
        let mut wrk = self.workspace.command("wrk");
        wrk.args(["--latency", "--timeout", "60"])
            .args(["-t", &threads.to_string()])
            .args(["-c", &connections.to_string()])
            .args(["-d", &seconds.to_string()]);
        wrk
    }

    fn script<'a>(&self, wrk: &'a mut Command, url: &str, people: usize) -> &'a mut Command {
        let script = self.workspace.root.join("tests/bench/peers/sign-in.lua");
        wrk.arg("-s").arg(script).args([url, "--", &people.to_string()])
    }
}

/// Bare hashes in a second on so many cores, with the parameters of a new password.
pub(super) fn bare_hashes(workspace: &Workspace, figures: &Path, permits: usize) -> Result<f64> {
    let mut bare = workspace.command(figures);
    bare.args(["bare-hashes", &permits.to_string()]);
    Ok(output(&mut bare)?.trim().parse()?)
}

fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("{} does not start: {error}", command.get_program().display()))?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(format!("{}: {}", command.get_program().display(), output.status).into())
    }
}

/// What `wrk` says at the end.
fn read(text: &str) -> Result<Load> {
    let behind = |name: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(name))
            .map(str::trim)
    };
    let unreadable = || format!("wrk said something else:\n{text}");
    let answers = text
        .lines()
        .find_map(|line| line.trim().split_once(" requests in "))
        .and_then(|(number, _)| number.parse().ok());
    let per_second = behind("Requests/sec:").and_then(|number| number.parse().ok());
    let errors: u64 = behind("Socket errors:").map_or(0, |errors| {
        errors
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|number| number.parse::<u64>().ok())
            .sum()
    });
    let refused: u64 = behind("Non-2xx or 3xx responses:").map_or(Ok(0), str::parse)?;
    Ok(Load {
        answers: answers.ok_or_else(unreadable)?,
        per_second: per_second.ok_or_else(unreadable)?,
        p99: behind("99%").and_then(millis).ok_or_else(unreadable)?,
        refused: refused + errors,
    })
}

/// A time as `wrk` writes it, in ms.
fn millis(text: &str) -> Option<f64> {
    let split = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(split);
    let number: f64 = number.parse().ok()?;
    match unit {
        "us" => Some(number / 1_000.0),
        "ms" => Some(number),
        "s" => Some(number * 1_000.0),
        "m" => Some(number * 60_000.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Running 10s test @ http://127.0.0.1:1/
  1 threads and 32 connections
  Latency Distribution
     50%    1.10ms
     99%  950.00us
  123456 requests in 10.00s, 20.00MB read
  Socket errors: connect 0, read 1, write 0, timeout 2
  Non-2xx or 3xx responses: 4
Requests/sec:  12345.60
";

    #[test]
    fn what_wrk_says_is_read_whole() -> Result {
        let load = read(SAID)?;
        assert_eq!(
            (load.answers, load.refused),
            (123_456, 7),
            "with everything that went wrong"
        );
        assert!((load.per_second - 12_345.6).abs() < 0.01, "answers in a second");
        assert!(
            (load.p99 - 0.95).abs() < 1e-9,
            "microseconds are not milliseconds"
        );
        assert!(read("no route to host").is_err(), "nothing is no figure");
        Ok(())
    }
}
