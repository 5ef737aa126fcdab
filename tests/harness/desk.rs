//! A desk with a computer on it: a display, a session bus, a keyring and a home of its own.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use keyholder_app::testing::{Keyring, PrivateBus};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use crate::programs::Running;
use crate::story::Told;
use crate::window::Window;

/// Opens the keyring of every desk.
const KEYRING_PASSWORD: &str = "the password of this computer";

/// What the person started at this computer so far, all of it ended with the desk.
#[derive(Debug)]
pub struct Desk {
    story: &'static str,
    variables: Vec<(&'static str, String)>,
    display: String,
    // Ended in this order.
    keyring: Keyring,
    _server: Running,
    bus: PrivateBus,
}

impl Desk {
    /// A computer on which Keyholder was never started, its keyring open. Pictures are named after
    /// the story.
    ///
    /// # Errors
    /// A program is missing or does not start.
    pub fn new(story: &'static str) -> Told<Self> {
        let (bus, keyring) = aside(|| {
            let bus = PrivateBus::start()?;
            let keyring = Keyring::unlocked(&bus, KEYRING_PASSWORD)?;
            Ok((bus, keyring))
        })?;
        let temporary = bus.folder().join("tmp");
        fs::create_dir(&temporary)?;
        let log = log(bus.folder())?;
        let mut server = Running::start(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
                .args(["-nolisten", "tcp", "-noreset"])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(log),
        )?;
        let mut number = String::new();
        let stdout = server.head().stdout.take().ok_or("Xvfb has no output")?;
        BufReader::new(stdout).read_line(&mut number)?;
        if number.trim().is_empty() {
            return Err("Xvfb ended before it named its display".into());
        }
        let variables = vec![
            ("TMPDIR", temporary.display().to_string()),
            ("KEYHOLDER_STORE", store(bus.folder()).display().to_string()),
        ];
        Ok(Self {
            story,
            variables,
            display: format!(":{}", number.trim()),
            keyring,
            _server: server,
            bus,
        })
    }

    /// Sets a variable of the environment for every window from now on.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Everything that was written at this desk lies below this folder.
    pub fn folder(&self) -> &Path {
        self.bus.folder()
    }

    /// Where the store is, or will be.
    pub fn store(&self) -> PathBuf {
        store(self.folder())
    }

    /// Locks the keyring, as a screen lock does.
    ///
    /// # Errors
    /// The keyring does not lock.
    pub fn lock_keyring(&self) -> Told {
        aside(|| Ok(self.keyring.lock(&self.bus)?))
    }

    /// Opens the keyring again, as whoever knows the password of this computer does.
    ///
    /// # Errors
    /// The keyring does not start.
    pub fn unlock_keyring(&mut self) -> Told {
        self.keyring.die();
        self.keyring = aside(|| Ok(Keyring::unlocked(&self.bus, KEYRING_PASSWORD)?))?;
        Ok(())
    }

    /// Everything that the keyring keeps, as it would hand it to a program of this person.
    ///
    /// # Errors
    /// The keyring does not answer.
    pub fn kept_in_keyring(&self) -> Told<Vec<Vec<u8>>> {
        const NAME: &str = "org.freedesktop.secrets";
        const PATH: &str = "/org/freedesktop/secrets";
        const SERVICE: &str = "org.freedesktop.Secret.Service";
        type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

        aside(|| {
            let bus = self.bus.connect()?;
            let (_, session): (OwnedValue, OwnedObjectPath) = bus
                .call_method(
                    Some(NAME),
                    PATH,
                    Some(SERVICE),
                    "OpenSession",
                    &("plain", Value::from("")),
                )?
                .body()
                .deserialize()?;
            let everything: HashMap<&str, &str> = HashMap::new();
            let (open, _): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) = bus
                .call_method(Some(NAME), PATH, Some(SERVICE), "SearchItems", &(everything,))?
                .body()
                .deserialize()?;
            let secrets: HashMap<OwnedObjectPath, Secret> = bus
                .call_method(Some(NAME), PATH, Some(SERVICE), "GetSecrets", &(open, session))?
                .body()
                .deserialize()?;
            Ok(secrets.into_values().map(|(_, _, value, _)| value).collect())
        })
    }

    /// Carries a store with all that lies beside it over from another desk.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn bring_store_of(&self, other: &Self) -> Told {
        let folder = |desk: &Self| desk.store().parent().map(Path::to_path_buf).ok_or("a folder");
        let (from, to) = (folder(other)?, folder(self)?);
        fs::create_dir_all(&to)?;
        for file in fs::read_dir(from)? {
            let file = file?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), to.join(file.file_name()))?;
            }
        }
        Ok(())
    }

    /// Starts Keyholder and waits for its first screen.
    ///
    /// # Errors
    /// No window opens.
    pub async fn open(&self, arguments: &[&str]) -> Told<Window> {
        Window::open(self.story, &self.display, arguments, || {
            self.furnished("WebKitWebDriver")
        })
        .await
    }

    /// A program that is at home at this desk.
    fn furnished(&self, program: &str) -> Told<Command> {
        let mut command = Command::new(program);
        self.bus
            .enter(&mut command)
            .env("DISPLAY", &self.display)
            .env("GDK_BACKEND", "x11")
            .env("TZ", "UTC")
            // Reaches for a bus that is not there, and says so at length.
            .env("NO_AT_BRIDGE", "1")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log(self.folder())?)
            .stderr(log(self.folder())?);
        Ok(command)
    }
}

/// Where the window and the display write what goes wrong.
fn log(folder: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("desk.log"))
}

fn store(folder: &Path) -> PathBuf {
    folder.join("shop").join("shop.keyholder")
}

/// The bus is spoken to by calls that block, which a thread of the stories' own runtime must not.
fn aside<T: Send>(act: impl FnOnce() -> Told<T> + Send) -> Told<T> {
    std::thread::scope(|scope| scope.spawn(act).join()).map_err(|_| "the thread beside panicked")?
}
