//! `cargo xtask release`: the programs as they are shipped.

use crate::setup;
use crate::ui;
use crate::workspace::{FEATURES, Result, Workspace};

/// Builds the window and the console, optimised, with the pages of the window inside.
pub(crate) fn release(workspace: &Workspace) -> Result {
    setup::to_build(workspace)?;
    ui::build(workspace)?;
    let mut build = workspace.cargo("build");
    build
        .args([
            "--release",
            "--package",
            "keyholder-desktop",
            "--package",
            "keyholder",
        ])
        .args(FEATURES);
    workspace.run(&mut build)?;
    let folder = workspace.target.join("release");
    println!(
        "\nThe programs keyholder-desktop and keyholder are in {}.",
        folder.display()
    );
    Ok(())
}
