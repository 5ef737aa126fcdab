//! The desktop the window opens on: the developer's own, or a private one on a machine without a display.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::process::{Group, holds_within};
use crate::workspace::{Result, Workspace};

/// How long each part of a private desktop may take to come up.
const START: Duration = Duration::from_secs(20);

/// How long a painted window may take to reach the display.
const PICTURE: Duration = Duration::from_secs(20);

/// Opens the keyring of the private desktop, which holds nothing but the keys of stores in `target`.
const KEYRING_PASSWORD: &str = "kept in target, worth nothing elsewhere";

/// Whether a window can be opened for somebody to see.
pub(crate) fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// A display in memory with a session bus and a keyring of its own; dropping it ends all three.
///
/// Home and state lie in a folder away from the developer's own, and are there again the next time.
pub(crate) struct PrivateDesktop {
    display: String,
    variables: Vec<(&'static str, OsString)>,
    // Ended in this order.
    _keyring: Group,
    _bus: Group,
    _server: Group,
    runtime: TempDir,
}

impl PrivateDesktop {
    /// Brings up the display, the bus and the unlocked keyring, all at home in `home`.
    pub(crate) fn open(workspace: &Workspace, home: &Path) -> Result<Self> {
        fs::create_dir_all(home)?;
        // Not in `target`: a socket's path has room for about a hundred characters.
        let runtime = tempfile::Builder::new().prefix("keyholder-").tempdir()?;
        let log = fs::File::create(home.join("desktop.log"))?;
        let mut variables = folders(home, runtime.path());

        let mut server = Group::spawn(
            "the virtual display (Xvfb)",
            workspace
                .command("Xvfb")
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    "1440x960x24",
                    "-nolisten",
                    "tcp",
                    "-noreset",
                ])
                .stdout(Stdio::piped())
                .stderr(log.try_clone()?),
        )?;
        let display = format!(":{}", server.first_line(START)?);
        variables.push(("DISPLAY", display.clone().into()));

        let mut bus = Group::spawn(
            "the private session bus (dbus-daemon)",
            workspace
                .command("dbus-daemon")
                .args(["--session", "--nofork", "--print-address=1"])
                .envs(variables.iter().map(|(name, value)| (name, value)))
                .stdout(Stdio::piped())
                .stderr(log.try_clone()?),
        )?;
        variables.push(("DBUS_SESSION_BUS_ADDRESS", bus.first_line(START)?.into()));

        let mut keyring = Group::spawn(
            "the private keyring (gnome-keyring-daemon)",
            workspace
                .command("gnome-keyring-daemon")
                .args(["--foreground", "--unlock", "--components=secrets"])
                .envs(variables.iter().map(|(name, value)| (name, value)))
                .stdin(Stdio::piped())
                .stdout(log.try_clone()?)
                .stderr(log),
        )?;
        keyring.tell(KEYRING_PASSWORD)?;

        let desktop = Self {
            display,
            variables,
            _keyring: keyring,
            _bus: bus,
            _server: server,
            runtime,
        };
        desktop.await_keyring(workspace)?;
        Ok(desktop)
    }

    /// The display's name, as in `DISPLAY`.
    pub(crate) fn display(&self) -> &str {
        &self.display
    }

    /// A path that is free, and gone with the desktop.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.runtime.path().join(name)
    }

    /// Makes a command's window open here.
    pub(crate) fn furnish(&self, command: &mut Command) {
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.env("GDK_BACKEND", "x11").env_remove("WAYLAND_DISPLAY");
    }

    /// Writes a picture of the window; a blank display is waited on, and refused in the end.
    pub(crate) fn picture(&self, workspace: &Workspace, file: &Path) -> Result {
        let taken = holds_within(PICTURE, || {
            let mut import = workspace.command("import");
            import
                .args(["-silent", "-window", "root", "-trim", "+repage"])
                .arg(file);
            self.furnish(&mut import);
            import.status().is_ok_and(|status| status.success()) && shows_something(workspace, file)
        });
        if taken {
            Ok(())
        } else {
            Err("the window said that it is ready, but the display stayed blank".into())
        }
    }

    /// Waits until the keyring answers on the bus: asked earlier, the bus would start a second, locked one.
    fn await_keyring(&self, workspace: &Workspace) -> Result {
        let answers = holds_within(START, || {
            let mut ask = workspace.command("dbus-send");
            ask.args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/org/freedesktop/DBus",
            ]);
            ask.args([
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ]);
            self.furnish(&mut ask);
            ask.output()
                .is_ok_and(|reply| String::from_utf8_lossy(&reply.stdout).contains("boolean true"))
        });
        if answers {
            Ok(())
        } else {
            Err("the private keyring does not answer on its bus".into())
        }
    }
}

fn folders(home: &Path, runtime: &Path) -> Vec<(&'static str, OsString)> {
    vec![
        ("HOME", home.into()),
        ("XDG_CACHE_HOME", home.join("cache").into()),
        ("XDG_CONFIG_HOME", home.join("config").into()),
        ("XDG_DATA_HOME", home.join("data").into()),
        ("XDG_STATE_HOME", home.join("state").into()),
        ("XDG_RUNTIME_DIR", runtime.into()),
    ]
}

/// Whether a picture has the size of a window and more colours than an empty one.
fn shows_something(workspace: &Workspace, file: &Path) -> bool {
    let said = workspace
        .command("identify")
        .args(["-format", "%w %h %k"])
        .arg(file)
        .output();
    said.is_ok_and(|said| is_a_window(&String::from_utf8_lossy(&said.stdout)))
}

fn is_a_window(width_height_colours: &str) -> bool {
    let numbers: Vec<u32> = width_height_colours
        .split(' ')
        .filter_map(|number| number.parse().ok())
        .collect();
    matches!(numbers[..], [width, height, colours] if width >= 400 && height >= 300 && colours >= 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_window_is_no_picture() {
        assert!(is_a_window("1180 800 2113"), "text and edges have many shades");
        assert!(!is_a_window("1180 800 1"), "a white window has painted nothing");
        assert!(!is_a_window("1 1 1"), "an empty display is trimmed to a dot");
        assert!(!is_a_window(""), "no picture is no window");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_private_desktop_is_there_and_gone_again() -> Result {
        let workspace = Workspace::find()?;
        let home = tempfile::tempdir()?;
        let desktop = PrivateDesktop::open(&workspace, home.path())?;
        let mut look = workspace.command("xdpyinfo");
        desktop.furnish(&mut look);
        assert!(
            look.output()?.status.success(),
            "a window can open on the display"
        );

        let runtime = desktop.scratch("");
        drop(desktop);

        assert!(
            !look.output()?.status.success(),
            "the display ends with the desktop"
        );
        assert!(!runtime.exists(), "and so does its runtime folder");
        Ok(())
    }
}
