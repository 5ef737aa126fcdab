//! Keyholder without a window: administration over SSH or on a machine without a display, on the same
//! store and by the same rules as the window.

mod account;
mod arguments;
mod audit;
mod backup;
mod breach;
mod database;
mod doctor;
mod exit;
mod failure;
mod file;
mod generate;
mod init;
mod limits;
mod mail;
mod operator;
mod output;
mod owner;
mod rebind;
mod recovery;
mod rows;
mod secret;
mod serve;
mod site;
mod status;
mod table;
mod text;
mod token;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::site::Site;

fn main() -> ExitCode {
    keyholder_app::leave_no_core_dump();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return asked_or_wrong(&error).into(),
    };
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    // A service logs as its settings say, and works on every processor.
    if !matches!(arguments.command, Command::Serve(_)) {
        // What fails is told on standard error anyhow.
        keyholder_app::log::begin("off");
        runtime.worker_threads(2);
    }
    let json = arguments.options.json;
    let done = runtime
        .enable_all()
        .build()
        .map_err(|error| Failure::unavailable(format!("the program cannot start: {error}"), ""))
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match done {
        Ok(()) => Exit::Done.into(),
        Err(failure) => failure.tell(json).into(),
    }
}

/// Help and version were asked for; everything else is wrong usage, said without echoing anything
/// that moves the cursor.
fn asked_or_wrong(error: &clap::Error) -> Exit {
    use std::io::Write as _;
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that has gone needs no help.
        let _ = error.print();
        if error.kind() == ErrorKind::DisplayVersion {
            tell_libraries();
        }
        return Exit::Done;
    }
    let text = error.render().to_string();
    let mut err = std::io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(err, "{}", text::shown(line));
    }
    Exit::Usage
}

/// Whoever asks for the version looks into something that is wrong: what writes the file matters then.
fn tell_libraries() {
    use std::io::Write as _;
    let asked = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .ok()
        .and_then(|runtime| runtime.block_on(keyholder_store_sqlite::versions()).ok());
    if let Some(libraries) = asked {
        let _ = writeln!(std::io::stdout().lock(), "{libraries}");
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { options, command } = arguments;
    let (options, out) = (&options, &mut Output::new(options.json));
    let site = || Site::of(options);
    match command {
        Command::Init(init) => init.run(options, out).await,
        Command::Serve(serve) => serve.run(options, out).await,
        Command::Account(command) => command.run(&site()?, options, out).await,
        Command::Audit(command) => command.run(&site()?, options, out).await,
        Command::Breach(command) => command.run(&site()?, options, out).await,
        Command::Limits(command) => command.run(&site()?, options, out).await,
        Command::Owner(command) => command.run(&site()?, options, out).await,
        Command::Backup(command) => command.run(&site()?, options, out).await,
        Command::Mail(command) => command.run(options, out).await,
        Command::Token(command) => command.run(&site()?, options, out).await,
        Command::Status => status::run(&site()?, options, out).await,
        Command::Doctor => doctor::run(&site()?, out).await,
        Command::Completions(asked) => asked.run(out),
        Command::Man(asked) => asked.run(out),
    }
}
