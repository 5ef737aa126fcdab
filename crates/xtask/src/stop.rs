//! Hearing that the developer, or the machine, wants this to end.

use std::cell::Cell;
use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

/// Ctrl-C, SIGTERM or a closed terminal, heard instead of died of, so that children are ended first.
///
/// Windows ends every program of the console on Ctrl-C by itself; nothing is heard there.
pub(crate) struct Stop {
    heard: Receiver<()>,
    asked: Cell<bool>,
    /// Kept so that the channel stays open where nobody else holds its other end.
    _open: Sender<()>,
}

impl Stop {
    /// Starts listening.
    pub(crate) fn listen() -> io::Result<Self> {
        let (sender, heard) = mpsc::channel();
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
            let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
            let sender = sender.clone();
            std::thread::spawn(move || {
                for _ in signals.forever() {
                    if sender.send(()).is_err() {
                        return;
                    }
                }
            });
        }
        Ok(Self {
            heard,
            asked: Cell::new(false),
            _open: sender,
        })
    }

    /// Waits up to `span`, less when asked to stop; says whether that has ever happened.
    pub(crate) fn asked_within(&self, span: Duration) -> bool {
        if !self.asked.get() && self.heard.recv_timeout(span) != Err(RecvTimeoutError::Timeout) {
            self.asked.set(true);
        }
        self.asked.get()
    }

    /// Whether this was ever asked to stop.
    pub(crate) fn was_asked(&self) -> bool {
        self.asked_within(Duration::ZERO)
    }
}
