//! A session bus and a keyring of a test's own, in every state a keychain can be in.
//!
//! Everything runs in a temporary folder, is reached by an address that is handed over and never
//! taken from the environment, and ends by its own process id when it is dropped. A program that is
//! missing is a failure that says what to do, never a skipped test.

mod bus;
mod fakes;
mod keyring;
mod wait;

pub use bus::PrivateBus;
pub use fakes::{DyingService, SilentPrompter};
pub use keyring::Keyring;
pub use wait::until;

use std::io;
use std::process::{Child, Command};

/// Starts a program that a test cannot do without.
fn start(command: &mut Command) -> io::Result<Child> {
    command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::new(
            error.kind(),
            format!(
                "{} is not installed: run cargo xtask setup",
                command.get_program().to_string_lossy()
            ),
        ),
        _ => error,
    })
}

/// A process that does not outlive the test.
#[derive(Debug)]
struct Running(Child);

impl Running {
    fn pid(&self) -> u32 {
        self.0.id()
    }

    /// Kills the process and waits until it is gone.
    fn end(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
