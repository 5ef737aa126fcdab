//! `cargo xtask setup`: what a machine needs, installed once and looked at quickly ever after.

mod oracles;
mod system;
mod tools;

pub(crate) use oracles::folder as oracles_folder;

use crate::session;
use crate::ui;
use crate::workspace::{Result, Workspace};

/// What something is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Compiling the console and opening its window.
    Build,
    /// Opening the window on a machine without a display.
    Headless,
    /// The stories in the real window and the cross-checks with other programs.
    Tests,
    /// Measuring how quick the service is.
    Figures,
}

/// Everything `run`, `dev`, `test` and `trust` need.
pub(crate) fn everything(workspace: &Workspace) -> Result {
    system::install(workspace, &[Purpose::Build, Purpose::Headless, Purpose::Tests])?;
    tools::install(workspace)?;
    oracles::install(workspace)?;
    ui::install(workspace)
}

/// What `bench` needs beside it.
pub(crate) fn to_measure(workspace: &Workspace) -> Result {
    everything(workspace)?;
    system::install(workspace, &[Purpose::Figures])
}

/// Only what it takes to build and open the window here.
pub(crate) fn for_window(workspace: &Workspace) -> Result {
    to_build(workspace)?;
    if session::has_display() {
        return Ok(());
    }
    system::install(workspace, &[Purpose::Headless])
}

/// Only what it takes to build the programs.
pub(crate) fn to_build(workspace: &Workspace) -> Result {
    system::install(workspace, &[Purpose::Build])?;
    ui::install(workspace)
}
