use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use zbus::blocking::Connection;
use zbus::zvariant::OwnedObjectPath;

use super::PrivateBus;

/// A program that says it will show the keyring's prompts, and never does: the prompt nobody
/// answers.
#[derive(Debug)]
pub struct SilentPrompter {
    _bus: Connection,
    asked: Receiver<OwnedObjectPath>,
}

impl SilentPrompter {
    /// Takes the place of the desktop's prompter on this bus.
    ///
    /// # Errors
    /// The bus is gone or the place is taken.
    pub fn on(bus: &PrivateBus) -> io::Result<Self> {
        let (tell, asked) = sync_channel(16);
        let bus = bus
            .builder()
            .and_then(|builder| builder.serve_at("/org/gnome/keyring/Prompter", Prompter { tell }))
            .and_then(|builder| builder.name("org.gnome.keyring.SystemPrompter"))
            .and_then(zbus::blocking::connection::Builder::build)
            .map_err(io::Error::other)?;
        Ok(Self { _bus: bus, asked })
    }

    /// Waits until the keyring asks for a prompt.
    ///
    /// # Errors
    /// It does not ask in time.
    pub fn wait_until_asked(&self, limit: Duration) -> io::Result<()> {
        self.asked
            .recv_timeout(limit)
            .map(drop)
            .map_err(|_| io::Error::other("the keyring did not ask for its password"))
    }

    /// How often the keyring has asked since the last look.
    pub fn times_asked(&self) -> usize {
        self.asked.try_iter().count()
    }
}

struct Prompter {
    tell: SyncSender<OwnedObjectPath>,
}

#[zbus::interface(name = "org.gnome.keyring.internal.Prompter")]
impl Prompter {
    fn begin_prompting(&self, callback: OwnedObjectPath) {
        // A full channel means that enough was told.
        self.tell.try_send(callback).ok();
    }
}

/// A Secret Service that takes a call and is gone before it answers.
#[derive(Debug)]
pub struct DyingService {
    _grave: std::thread::JoinHandle<()>,
}

impl DyingService {
    /// Puts it on this bus.
    ///
    /// # Errors
    /// The bus is gone or the place is taken.
    pub fn on(bus: &PrivateBus) -> io::Result<Self> {
        let (called, death) = sync_channel(1);
        let connection = bus
            .builder()
            .and_then(|builder| builder.serve_at("/org/freedesktop/secrets", Dying { called }))
            .and_then(|builder| builder.name("org.freedesktop.secrets"))
            .and_then(zbus::blocking::connection::Builder::build)
            .map_err(io::Error::other)?;
        let grave = std::thread::Builder::new()
            .name("dying service".into())
            .spawn(move || {
                if death.recv().is_ok() {
                    drop(connection.close());
                }
            })?;
        Ok(Self { _grave: grave })
    }
}

struct Dying {
    called: SyncSender<String>,
}

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
impl Dying {
    /// The first call of every client: the question is taken and never answered.
    async fn read_alias(&self, name: String) -> OwnedObjectPath {
        self.called.try_send(name).ok();
        std::future::pending().await
    }
}
