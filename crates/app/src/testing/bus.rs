use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use zbus::blocking::{Connection, connection};

use super::{Running, start};

/// Longest a call on the private bus may take.
const CALL_LIMIT: Duration = Duration::from_secs(20);

/// A session bus with nothing on it, and nothing installed that it could start.
#[derive(Debug)]
pub struct PrivateBus {
    _daemon: Running,
    address: String,
    folder: TempDir,
}

impl PrivateBus {
    /// Starts the bus.
    ///
    /// # Errors
    /// `dbus-daemon` is missing or does not start.
    pub fn start() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("keyholder-bus-").tempdir()?;
        let config = folder.path().join("bus.conf");
        std::fs::write(&config, config_for(folder.path()))?;
        let mut child = start(
            Command::new("dbus-daemon")
                .arg(format!("--config-file={}", config.display()))
                .args(["--nofork", "--nopidfile", "--print-address"])
                .stdin(Stdio::null())
                .stdout(Stdio::piped()),
        )?;
        let stdout = child.stdout.take();
        let daemon = Running(child);
        let mut address = String::new();
        BufReader::new(stdout.ok_or_else(|| io::Error::other("dbus-daemon has no output"))?)
            .read_line(&mut address)?;
        match address.trim() {
            "" => Err(io::Error::other("dbus-daemon ended before it gave its address")),
            address => Ok(Self {
                _daemon: daemon,
                address: address.to_owned(),
                folder,
            }),
        }
    }

    /// Its address, for `DBUS_SESSION_BUS_ADDRESS` of a child process.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A folder that goes with the bus: home of whatever runs on it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Gives a child process this bus and this home, and nothing of the person's own session.
    pub fn enter<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("HOME", self.folder())
            .env("XDG_DATA_HOME", self.folder().join("data"))
            .env("XDG_CONFIG_HOME", self.folder().join("config"))
            .env("XDG_CACHE_HOME", self.folder().join("cache"))
            .env("XDG_RUNTIME_DIR", self.folder())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("GNOME_KEYRING_CONTROL")
    }

    /// A connection to it.
    ///
    /// # Errors
    /// The bus is gone.
    pub fn connect(&self) -> io::Result<Connection> {
        self.builder()
            .and_then(connection::Builder::build)
            .map_err(io::Error::other)
    }

    pub(super) fn builder(&self) -> zbus::Result<connection::Builder<'static>> {
        Ok(connection::Builder::address(self.address.as_str())?.method_timeout(CALL_LIMIT))
    }

    /// Whether somebody answers to this name.
    pub fn has(&self, name: &'static str) -> bool {
        let name = zbus::names::BusName::from_static_str(name);
        let asked = self
            .connect()
            .and_then(|bus| zbus::blocking::fdo::DBusProxy::new(&bus).map_err(io::Error::other));
        match (asked, name) {
            (Ok(bus), Ok(name)) => bus.name_has_owner(name).unwrap_or(false),
            _ => false,
        }
    }
}

fn config_for(folder: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        folder.display()
    )
}
