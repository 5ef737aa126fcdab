//! `cargo xtask`: set up a machine, open the window, run every test, measure what is promised.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "talking to the developer is its purpose"
)]

mod bench;
mod dev;
mod junit;
mod nextest;
mod process;
mod promises;
mod queries;
mod release;
mod run;
mod session;
mod setup;
mod steps;
mod stop;
mod tally;
mod test;
mod trust;
mod ui;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Keyholder's own commands.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what this machine lacks to build, run and test
    Setup,
    /// Build the console and open its window
    Run {
        /// Open a sample shop that is thrown away afterwards
        #[arg(long)]
        demo: bool,
    },
    /// Open the window on the UI's development server: a saved file is seen at once
    Dev,
    /// Ask a database about the store's SQL anew, after a migration or a statement was changed
    Queries,
    /// Build the programs as they are shipped, into target/release
    Release,
    /// Run every check and every test, and count them
    Test,
    /// Run the measures of the promises whole, and the same measures on builds that break them
    Trust {
        /// Promises as the README names them (P08); all of them when none is given
        #[arg(value_name = "PROMISE")]
        ids: Vec<String>,
    },
    /// Measure how quick and how small Keyholder is, built as for a release
    Bench {
        /// Only this part
        part: Option<bench::Part>,
    },
}

fn main() -> ExitCode {
    let workspace = match Workspace::find() {
        Ok(workspace) => workspace,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    let done = match Cli::parse().task {
        Task::Setup => setup::everything(&workspace),
        Task::Run { demo } => run::run(&workspace, demo),
        Task::Dev => dev::dev(&workspace),
        Task::Queries => queries::queries(&workspace),
        Task::Release => release::release(&workspace),
        Task::Test => test::test(&workspace),
        Task::Trust { ids } => trust::trust(&workspace, &ids),
        Task::Bench { part } => bench::bench(&workspace, part),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // The shell's own code for a program ended by Ctrl-C.
        Err(_) if workspace.stop.was_asked() => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
