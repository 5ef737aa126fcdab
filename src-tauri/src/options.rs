//! What the window is started with: `--store PATH` or `--demo`. Everything else is done inside.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use keyholder_app::keychain::OsKeychain;
use keyholder_app::{Place, Surroundings, connections_file, data_dir, source};
use keyholder_breach::{RangeClient, RangeSettings};
use keyholder_core::audit::Program;
use keyholder_core::clock::{SharedClock, SystemClock, entropy};
use keyholder_core::password::Argon2Params;

type Error = Box<dyn std::error::Error>;

/// What the window is started with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    demo: bool,
    store: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments after the program's name.
    pub(crate) fn read(mut arguments: impl Iterator<Item = OsString>) -> Result<Self, Error> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--demo") => options.demo = true,
                Some("--store") => match arguments.next() {
                    Some(path) => options.store = Some(path.into()),
                    None => return Err("--store needs the path of a store".into()),
                },
                _ => {
                    return Err(format!(
                        "{} is not known: there are --store PATH and --demo",
                        argument.display()
                    )
                    .into());
                }
            }
        }
        if options.demo && options.store.is_some() {
            return Err("a demo has a store of its own: give --store or --demo, not both".into());
        }
        Ok(options)
    }

    /// The world around the console that was asked for.
    pub(crate) fn surroundings(self) -> Result<Surroundings, Error> {
        // Whoever names a store or asks for the demo wants to see that one first.
        let as_last = !self.demo && self.store.is_none();
        let place = if self.demo {
            Place::Demo
        } else {
            Place::asked(self.store)?
        };
        let clock: SharedClock = Arc::new(SystemClock);
        Ok(Surroundings {
            source: source(Program::Window, &data_dir()?, &mut entropy()?),
            place,
            connections: Some(connections_file()?),
            as_last,
            keychain: Arc::new(OsKeychain::new()),
            breaches: Arc::new(RangeClient::new(ranges()?, clock.clone())),
            clock,
            hashing: Argon2Params::default(),
        })
    }
}

/// Whom breach checks ask: the public service, or a mirror that `KEYHOLDER_RANGE_URL` names.
fn ranges() -> Result<RangeSettings, Error> {
    match std::env::var("KEYHOLDER_RANGE_URL") {
        Ok(url) => Ok(RangeSettings::default().with_base_url(&url)?),
        Err(_) => Ok(RangeSettings::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Options, String> {
        Options::read(arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_store_or_a_demo_and_nothing_unknown() {
        assert_eq!(read(&[]), Ok(Options::default()), "the person's own store");
        assert_eq!(
            read(&["--store", "/x"]).map(|options| options.store),
            Ok(Some("/x".into())),
            "another one"
        );
        assert!(
            read(&["--demo", "--store", "/x"]).is_err(),
            "a demo never writes to somebody's store"
        );
        assert!(
            read(&["--password", "x"]).unwrap_err().contains("--demo"),
            "says what there is"
        );
    }
}
