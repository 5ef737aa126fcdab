//! `cargo xtask bench`: how quick and how small Keyholder is, beside what is wanted of it.

mod machine;
mod memory;
mod processor;
mod programs;
mod service;
mod table;
mod window;

use std::fs;

use clap::ValueEnum;
use serde_json::Value;

use crate::setup;
use crate::ui;
use crate::workspace::{Result, Workspace};

use self::programs::Programs;
use self::table::Figure;

/// What can be measured alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Lists, the audit trail and signing in
    Store,
    /// Start and memory of the window
    Window,
    /// The auth service under load, beside a peer
    Service,
}

/// Builds optimised as for a release, measures `part` or everything, and prints a table with the
/// machine, also into `target/bench/figures.md`. A goal that is missed is an error.
pub(crate) fn bench(workspace: &Workspace, part: Option<Part>) -> Result {
    if !cfg!(target_os = "linux") {
        return Err("the figures are taken on Linux, where memory can be told apart by process".into());
    }
    setup::to_measure(workspace)?;
    ui::build(workspace)?;
    let folder = workspace.target.join("bench");
    fs::create_dir_all(&folder)?;
    let programs = Programs::build(workspace, &folder)?;

    let machine = machine::described()?;
    let mut figures = Vec::new();
    let wanted = |this| part.is_none_or(|part| part == this);
    if wanted(Part::Store) {
        let lines = folder.join("store.jsonl");
        let mut store = workspace.command(&programs.figures);
        store.arg(folder.join("stores")).stdout(fs::File::create(&lines)?);
        workspace.run(&mut store)?;
        figures.extend(read(&fs::read_to_string(lines)?)?);
    }
    if wanted(Part::Service) {
        figures.extend(service::figures(workspace, &programs, &folder)?);
    }
    if wanted(Part::Window) {
        figures.extend(window::figures(workspace, &programs, &folder)?);
    }

    let table = format!("{}\n{machine}\n", table::of(&figures));
    print!("\n{table}");
    fs::write(folder.join("figures.md"), table)?;
    match figures.iter().filter(|figure| figure.kept == Some(false)).count() {
        0 => Ok(()),
        missed => Err(format!("{missed} goals are missed").into()),
    }
}

/// Figures as the program of the store's figures prints them.
fn read(lines: &str) -> Result<Vec<Figure>> {
    let figure = |line| {
        let value: Value = serde_json::from_str(line)?;
        Figure::of(&value).ok_or_else(|| format!("this is no figure: {line}").into())
    };
    lines.lines().map(figure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_read_whole_or_not_at_all() -> Result {
        let whole = r#"{"what":"a page","measured":"3 ms","goal":"< 20 ms","kept":true}"#;
        assert_eq!(read(whole)?[0].kept, Some(true), "as it was measured");
        assert!(
            read(r#"{"what":"a page","measured":"3 ms"}"#).is_err(),
            "a figure without its goal would look as if it were kept"
        );
        Ok(())
    }
}
