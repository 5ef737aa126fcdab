//! Keyholder's window.
#![cfg_attr(all(not(debug_assertions), windows), windows_subsystem = "windows")]

mod bindings;
#[cfg(test)]
mod border;
mod commands;
mod desk;
mod environment;
#[cfg(test)]
mod lockdown;
mod options;
mod window;

use std::process::ExitCode;

fn main() -> ExitCode {
    keyholder_app::leave_no_core_dump();
    environment::prepare();
    keyholder_app::log::begin("warn");
    match options::Options::read(std::env::args_os().skip(1)).and_then(options::Options::surroundings) {
        Ok(surroundings) => match window::run(keyholder_app::Console::new(surroundings)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error),
        },
        Err(error) => failed(&*error),
    }
}

fn failed(error: &dyn std::error::Error) -> ExitCode {
    tracing::error!("{error}");
    ExitCode::FAILURE
}
