//! `cargo xtask trust`: the measures of the promises, run whole.

use std::fs;

use crate::nextest;
use crate::promises::{self, Promise, Proof};
use crate::setup;
use crate::ui;
use crate::workspace::{FEATURES, Result, Workspace};

/// Runs the measures of `ids`, of everything the README promises when there are none, and prints a table.
pub(crate) fn trust(workspace: &Workspace, ids: &[String]) -> Result {
    let promised = promises::promised(&fs::read_to_string(workspace.root.join("README.md"))?);
    let mut asked = ids
        .iter()
        .map(|id| id.parse())
        .collect::<std::result::Result<Vec<Promise>, _>>()?;
    if asked.is_empty() {
        asked = promised;
    }
    if asked.is_empty() {
        return Err("the README's table of promises has no rows".into());
    }

    setup::everything(workspace)?;
    ui::build(workspace)?;
    // The programs the measures start, beside the tests themselves.
    workspace.run(
        workspace
            .cargo("build")
            .args(["--workspace", "--bins", "--examples", "--tests"])
            .args(FEATURES),
    )?;
    // Tests read this and run whole where they are shortened otherwise.
    let whole = [("KEYHOLDER_TRUST", "full")];
    let outcome = nextest::run(workspace, "trust", Some(&promises::filter(&asked)), &whole)?;

    println!(
        "\n{:<8} {:>8} {:>8} {:>9}  result",
        "promise", "measures", "mutants", "took"
    );
    let mut broken = 0;
    for promise in asked {
        let proof = Proof::of(promise, &outcome.cases);
        let verdict = proof.verdict().map_or_else(|why| why, |()| "kept".to_owned());
        broken += usize::from(proof.verdict().is_err());
        println!(
            "{promise:<8} {:>8} {:>8} {:>7.1} s  {verdict}",
            proof.measures,
            proof.mutants,
            proof.took.as_secs_f64()
        );
    }
    match (broken, outcome.succeeded) {
        (0, true) => Ok(()),
        (0, false) => Err("nextest found fault with the run".into()),
        (broken, _) => Err(format!("{broken} promises are not proven").into()),
    }
}
