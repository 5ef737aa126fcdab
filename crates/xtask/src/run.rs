//! `cargo xtask run`: from a fresh checkout to an open window.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::process::{GLANCE, Group};
use crate::session::{self, PrivateDesktop};
use crate::setup;
use crate::steps::{self, Step};
use crate::ui;
use crate::workspace::{FEATURES, Result, Workspace};

/// How long the first screen may take; a machine that has just compiled for minutes is slow.
const FIRST_SCREEN: Duration = Duration::from_mins(1);

/// Sets up, builds and opens the window; returns when it is closed or Ctrl-C is pressed.
///
/// The build is the unoptimised one: it is there in half the time and shared with the tests, while
/// hashing and the database, which would be felt, are optimised in it too.
pub(crate) fn run(workspace: &Workspace, demo: bool) -> Result {
    setup::for_window(workspace)?;
    ui::build(workspace)?;
    workspace.run(
        workspace
            .cargo("build")
            .args(["--package", "keyholder-desktop"])
            .args(FEATURES),
    )?;
    let mut window = workspace.command(workspace.built("keyholder-desktop"));
    if demo {
        window.arg("--demo");
    }
    open(workspace, window)
}

/// Opens the window on the developer's desktop, or on a private one, and stays with it.
pub(crate) fn open(workspace: &Workspace, mut window: Command) -> Result {
    if session::has_display() {
        println!("\nKeyholder is open. Ctrl-C here ends it.");
        return stay(workspace, &mut Group::spawn("the window", &mut window)?);
    }

    println!("\nThere is no display: opening a virtual one, with a session bus and a keyring of its own.");
    let desktop = PrivateDesktop::open(workspace, &workspace.target.join("run"))?;
    let steps = desktop.scratch("steps");
    desktop.furnish(&mut window);
    let mut window = Group::spawn("the window", window.env("KEYHOLDER_STEPS_FILE", &steps))?;
    if !await_first_screen(workspace, &mut window, &steps)? {
        return Ok(());
    }
    let picture = workspace.target.join("keyholder.png");
    desktop.picture(workspace, &picture)?;
    println!("\nKeyholder is open on display {}.", desktop.display());
    println!("A picture of its first screen: {}", picture.display());
    println!("Ctrl-C ends it.");
    stay(workspace, &mut window)
}

/// Waits until the first screen shows its data; false when asked to stop before.
fn await_first_screen(workspace: &Workspace, window: &mut Group, steps: &Path) -> Result<bool> {
    let deadline = Instant::now() + FIRST_SCREEN;
    while steps::reached(steps, Step::Loaded).is_none() {
        if let Some(status) = window.ended()? {
            return Err(format!("the window closed before its first screen: {status}").into());
        }
        if Instant::now() >= deadline {
            return Err(format!("no first screen within {} s", FIRST_SCREEN.as_secs()).into());
        }
        if workspace.stop.asked_within(GLANCE) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Until the window is closed, or this is asked to stop.
fn stay(workspace: &Workspace, window: &mut Group) -> Result {
    while !workspace.stop.asked_within(GLANCE) {
        match window.ended()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("the window ended: {status}").into()),
            None => {}
        }
    }
    Ok(())
}
