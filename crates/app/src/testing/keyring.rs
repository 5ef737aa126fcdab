use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use zbus::zvariant::{ObjectPath, OwnedObjectPath};

use super::{PrivateBus, Running, start, until};

const SECRETS: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";

/// A real `gnome-keyring-daemon` on a private bus.
#[derive(Debug)]
pub struct Keyring(Running);

impl Keyring {
    /// A keyring that is open, with a default collection.
    ///
    /// # Errors
    /// `gnome-keyring-daemon` is missing or does not start.
    pub fn unlocked(bus: &PrivateBus, password: &str) -> io::Result<Self> {
        let keyring = Self::launch(bus, Some(password))?;
        until("the default collection", || {
            default_collection(bus).ok().flatten()
        })?;
        Ok(keyring)
    }

    /// A keyring that runs and has nowhere to put an entry.
    ///
    /// # Errors
    /// `gnome-keyring-daemon` is missing or does not start.
    pub fn no_collection(bus: &PrivateBus) -> io::Result<Self> {
        Self::launch(bus, None)
    }

    /// Locks the default collection, as a screen lock does.
    ///
    /// # Errors
    /// The keyring does not lock it.
    pub fn lock(&self, bus: &PrivateBus) -> io::Result<()> {
        let collection = default_collection(bus)?.ok_or_else(|| io::Error::other("no default collection"))?;
        let collection = ObjectPath::from(collection);
        bus.connect()?
            .call_method(Some(SECRETS), PATH, Some(SERVICE), "Lock", &(vec![collection],))
            .map_err(io::Error::other)?;
        Ok(())
    }

    /// Stops it in the middle of whatever it does: it stays on the bus and answers nobody.
    ///
    /// # Errors
    /// There is no `kill` on this machine.
    pub fn freeze(&self) -> io::Result<()> {
        let killed = start(Command::new("kill").args(["-STOP", &self.0.pid().to_string()]))?.wait()?;
        if killed.success() {
            Ok(())
        } else {
            Err(io::Error::other("the keyring could not be stopped"))
        }
    }

    /// Kills it, as a crash does.
    pub fn die(&mut self) {
        self.0.end();
    }

    fn launch(bus: &PrivateBus, password: Option<&str>) -> io::Result<Self> {
        let mut command = Command::new("gnome-keyring-daemon");
        command
            .args(["--foreground", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        command.arg(format!(
            "--control-directory={}",
            bus.folder().join("keyring").display()
        ));
        if password.is_some() {
            command.arg("--unlock");
        }
        let mut child = start(bus.enter(&mut command).stderr(Stdio::null()))?;
        let stdin = child.stdin.take();
        let keyring = Self(Running(child));
        if let (Some(mut stdin), Some(password)) = (stdin, password) {
            stdin.write_all(password.as_bytes())?;
        }
        until("the keyring on the bus", || bus.has(SECRETS).then_some(()))?;
        Ok(keyring)
    }
}

fn default_collection(bus: &PrivateBus) -> io::Result<Option<OwnedObjectPath>> {
    let reply = bus
        .connect()?
        .call_method(Some(SECRETS), PATH, Some(SERVICE), "ReadAlias", &("default",))
        .map_err(io::Error::other)?;
    let path: OwnedObjectPath = reply.body().deserialize().map_err(io::Error::other)?;
    Ok((path.as_str() != "/").then_some(path))
}
