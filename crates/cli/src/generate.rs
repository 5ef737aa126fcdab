//! What a package ships beside the program: completions and man pages.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output::Output;

/// `keyholder completions`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// For which shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, out: &mut Output) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "keyholder", &mut script);
        std::io::Write::write_all(out.writer(), &script)?;
        Ok(out.flush()?)
    }
}

/// `keyholder man`
#[derive(Debug, Args)]
pub(crate) struct ManPage {
    /// Write a page for each command into this directory instead
    #[arg(long, value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
}

impl ManPage {
    pub(crate) fn run(&self, out: &mut Output) -> Result<(), Failure> {
        if let Some(directory) = &self.directory {
            return clap_mangen::generate_to(Arguments::command(), directory)
                .map_err(|error| Failure::file(directory, "written", &error));
        }
        clap_mangen::Man::new(Arguments::command()).render(out.writer())?;
        Ok(out.flush()?)
    }
}
