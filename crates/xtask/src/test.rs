//! `cargo xtask test`: every check there is, counted.

use std::time::{Duration, Instant};

use crate::nextest;
use crate::setup;
use crate::tally::Tally;
use crate::ui;
use crate::workspace::{FEATURES, Result, Workspace};

struct Step {
    name: &'static str,
    run: fn(&Workspace) -> Result<Tally>,
}

/// Quick ones first, so that a slip is known within a minute. The UI comes before Rust because the window
/// is compiled with `ui/dist` inside. Clippy leaves what the documentation needs, the build what the tests do.
const STEPS: &[Step] = &[
    Step {
        name: "format",
        run: |w| check(w, w.cargo("fmt").args(["--all", "--check"])),
    },
    Step {
        name: "dependencies",
        run: dependencies,
    },
    Step {
        name: "ui types",
        run: |w| check(w, &mut ui::script(w, "check")),
    },
    Step {
        name: "ui lint",
        run: |w| check(w, &mut ui::script(w, "lint")),
    },
    Step {
        name: "ui tests",
        run: ui::test,
    },
    Step {
        name: "ui build",
        run: |w| ui::build(w).map(|()| Tally::of_one(true)),
    },
    Step {
        name: "clippy",
        run: clippy,
    },
    Step {
        name: "documentation",
        run: documentation,
    },
    Step {
        name: "build",
        run: build,
    },
    Step {
        name: "tests",
        run: tests,
    },
];

/// Runs every step, also after one that failed, and ends with the count alone on its line.
pub(crate) fn test(workspace: &Workspace) -> Result {
    let begun = Instant::now();
    let mut lines = Vec::new();
    let mut total = Tally::default();
    let ready = Step {
        name: "set-up",
        run: |w| setup::everything(w).map(|()| Tally::of_one(true)),
    };
    for step in std::iter::once(&ready).chain(STEPS) {
        let started = Instant::now();
        let tally = (step.run)(workspace).unwrap_or_else(|error| {
            eprintln!("error: {error}");
            Tally::of_one(false)
        });
        total += tally;
        lines.push(line(step.name, tally, started.elapsed()));
        if workspace.stop.was_asked() {
            return Err("stopped".into());
        }
        // Without what it installs, every other step would fail of that and say nothing of its own.
        if step.name == ready.name && !tally.is_green() {
            break;
        }
    }
    println!(
        "\n{}\n{}\n\n{total}",
        lines.join("\n"),
        line("all", total, begun.elapsed())
    );
    if total.is_green() {
        Ok(())
    } else {
        Err("not everything passed".into())
    }
}

fn line(name: &str, tally: Tally, took: Duration) -> String {
    let verdict = if tally.is_green() { "ok" } else { "FAILED" };
    format!("{verdict:<7} {name:<14} {:>7.1} s  {tally}", took.as_secs_f64())
}

fn check(workspace: &Workspace, command: &mut std::process::Command) -> Result<Tally> {
    Ok(Tally::of_one(workspace.status(command)?.success()))
}

fn dependencies(workspace: &Workspace) -> Result<Tally> {
    let mut deny = workspace.command("cargo-deny");
    // That a crate is there in two versions is worth a look by hand, not thirty warnings in every run.
    deny.args([
        "check",
        "--hide-inclusion-graph",
        "--allow",
        "duplicate",
        "bans",
        "licenses",
        "sources",
    ]);
    check(workspace, &mut deny)
}

fn clippy(workspace: &Workspace) -> Result<Tally> {
    let mut clippy = workspace.cargo("clippy");
    clippy
        .args(["--workspace", "--all-targets"])
        .args(FEATURES)
        .args(["--", "--deny", "warnings"]);
    check(workspace, &mut clippy)
}

fn documentation(workspace: &Workspace) -> Result<Tally> {
    let mut doc = workspace.cargo("doc");
    doc.args(["--workspace", "--no-deps", "--document-private-items"])
        .args(FEATURES);
    check(workspace, doc.env("RUSTDOCFLAGS", "--deny warnings"))
}

/// The programs the stories start, together with the tests: one set of features, one compilation.
fn build(workspace: &Workspace) -> Result<Tally> {
    check(
        workspace,
        workspace
            .cargo("build")
            .args(["--workspace", "--bins", "--examples", "--tests"])
            .args(FEATURES),
    )
}

fn tests(workspace: &Workspace) -> Result<Tally> {
    let outcome = nextest::run(workspace, "default", None, &[])?;
    let passed = outcome.cases.iter().filter(|case| case.passed).count();
    Ok(Tally {
        passed,
        failed: outcome.cases.len() - passed,
    }
    .of_runner(outcome.succeeded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_told_in_one_line() {
        let told = line(
            "tests",
            Tally {
                passed: 411,
                failed: 2,
            },
            Duration::from_millis(95_250),
        );
        assert_eq!(
            told, "FAILED  tests             95.2 s  411 passed, 2 failed",
            "verdict, name, time, count"
        );
    }
}
