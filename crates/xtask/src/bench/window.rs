//! Start and memory of the window beside an empty one, turn by turn on the same private desktop.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use super::memory;
use super::programs::Programs;
use super::table::Figure;
use crate::process::Group;
use crate::session::PrivateDesktop;
use crate::steps::{self, Step};
use crate::workspace::{Result, Workspace};

/// Starts of each window.
const STARTS: usize = 15;
/// Times that the memory of each window is looked at.
const LOOKS: usize = 5;
/// Most that Keyholder may take of either, as a multiple of the empty window.
const RATIO: f64 = 1.3;
/// Longest a first paint may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often memory is looked at until it has settled, and how long at most.
const LOOK: Duration = Duration::from_millis(500);
const SETTLING: Duration = Duration::from_secs(20);
/// Looks in a row, each within a hundredth of the one before, that mean settled.
const CALM: usize = 4;

/// Start to first paint, and memory once somebody is signed in.
pub(crate) fn figures(workspace: &Workspace, programs: &Programs, folder: &Path) -> Result<Vec<Figure>> {
    // A shop and a keyring of this run alone: a store of another version would be migrated first.
    let home = folder.join("home");
    match fs::remove_dir_all(&home) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let desktop = PrivateDesktop::open(workspace, &home)?;
    let stage = Stage {
        workspace,
        desktop: &desktop,
    };
    stage.set_up_shop(&programs.console)?;

    let empty = || {
        let mut empty = workspace.command(&programs.empty);
        // What Keyholder sets for itself, at the cost of its own start.
        empty
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .envs([("LC_ALL", "en_US.UTF-8"), ("LANG", "en_US.UTF-8")]);
        empty
    };
    let signing_in = || workspace.command(&programs.window);
    // The sample shop signs its owner in by itself, with the same password hash as anywhere.
    let signed_in = || {
        let mut window = workspace.command(&programs.window);
        window.arg("--demo");
        window
    };
    let start = |window, step| Ok(stage.start(window, step)?.1.as_secs_f64() * 1_000.0);
    let memory = |window, step| stage.memory(&mut stage.start(window, step)?.0);
    Ok(vec![
        beside(
            "start to first paint, beside an empty window",
            "ms",
            STARTS,
            || start(empty(), Step::Painted),
            || start(signing_in(), Step::Painted),
        )?,
        Figure {
            goal: String::new(),
            kept: None,
            ..beside(
                "start to the sign-in, beside the first paint of an empty window",
                "ms",
                STARTS,
                || start(empty(), Step::Painted),
                || start(signing_in(), Step::Shown),
            )?
        },
        beside(
            "memory once signed in, beside an empty window",
            "MiB",
            LOOKS,
            || memory(empty(), Step::Painted),
            || memory(signed_in(), Step::Loaded),
        )?,
    ])
}

/// Measures both by turns, and compares their medians.
fn beside(
    what: &str,
    unit: &str,
    times: usize,
    empty: impl Fn() -> Result<f64>,
    own: impl Fn() -> Result<f64>,
) -> Result<Figure> {
    let (mut nothing, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..times {
        nothing.push(empty()?);
        ours.push(own()?);
    }
    let (nothing, ours) = (median(nothing), median(ours));
    let ratio = ours / nothing;
    Ok(Figure {
        what: what.to_owned(),
        measured: format!("{ratio:.2} × ({ours:.0} to {nothing:.0} {unit})"),
        goal: format!("≤ {RATIO:.1} ×"),
        kept: Some(ratio <= RATIO),
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the page tells its moments by the computer's clock"
)]
fn wall_clock() -> SystemTime {
    SystemTime::now()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Where windows open.
struct Stage<'a> {
    workspace: &'a Workspace,
    desktop: &'a PrivateDesktop,
}

impl Stage<'_> {
    /// A shop of one's own, so that the first screen is the one seen every morning.
    fn set_up_shop(&self, console: &Path) -> Result {
        let password = self.desktop.scratch("password");
        fs::write(&password, "three horses and a paper boat\n")?;
        let mut init = self.workspace.command(console);
        init.args([
            "init",
            "--shop",
            "Corner Books",
            "--owner",
            "ada@cornerbooks.example",
        ])
        .arg("--password-file")
        .arg(&password)
        .arg("--recovery-key-file")
        .arg(self.desktop.scratch("recovery-key"));
        self.desktop.furnish(&mut init);
        self.workspace.run(&mut init)
    }

    /// Opens a window, and says how long it took to paint that step.
    fn start(&self, mut window: Command, step: Step) -> Result<(Group, Duration)> {
        let steps = self.desktop.scratch("steps");
        match fs::remove_file(&steps) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        self.desktop.furnish(&mut window);
        // Nobody outside is asked about the sample shop's password.
        window
            .env("KEYHOLDER_RANGE_URL", "http://127.0.0.1:9")
            .env("KEYHOLDER_STEPS_FILE", &steps);
        let (started, patience) = (wall_clock(), Instant::now());
        let mut window = Group::spawn("the window", &mut window)?;
        loop {
            if let Some(at) = steps::reached(&steps, step) {
                return Ok((window, at.duration_since(started)?));
            }
            if patience.elapsed() > PATIENCE {
                return Err(format!("nothing was painted within {} s", PATIENCE.as_secs()).into());
            }
            if let Some(status) = window.ended()? {
                return Err(format!("the window closed before it painted anything: {status}").into());
            }
            if self.workspace.stop.asked_within(Duration::from_millis(1)) {
                return Err("stopped".into());
            }
        }
    }

    /// Its memory in MiB, once that changes no more.
    fn memory(&self, window: &mut Group) -> Result<f64> {
        let deadline = Instant::now() + SETTLING;
        let (mut last, mut calm) = (0, 0);
        while calm < CALM && Instant::now() < deadline {
            if self.workspace.stop.asked_within(LOOK) {
                return Err("stopped".into());
            }
            let now = memory::of_tree(window.id())?;
            calm = if now.abs_diff(last) * 100 <= now {
                calm + 1
            } else {
                0
            };
            last = now;
        }
        #[expect(clippy::cast_precision_loss, reason = "far fewer KiB than 2^52")]
        Ok(last as f64 / 1_024.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_bigger_than_it_may_be_is_missed() -> Result {
        let figure = |own: f64| beside("memory", "MiB", 3, || Ok(100.0), || Ok(own));
        assert_eq!(figure(130.0)?.kept, Some(true), "just as much as it may");
        let missed = figure(131.0)?;
        assert_eq!(missed.kept, Some(false), "a little more");
        assert_eq!(
            missed.measured, "1.31 × (131 to 100 MiB)",
            "with both sides of the ratio"
        );
        Ok(())
    }

    #[test]
    fn one_slow_start_does_not_decide() {
        assert!(
            (median(vec![5.0, 900.0, 4.0]) - 5.0).abs() < f64::EPSILON,
            "the middle one does"
        );
    }
}
