//! The console behind the window: which shop is open, who is signed in, what is shown this moment.
//!
//! One method for each command of the window. There are no rules here: what is allowed, and whether
//! a session is locked, is asked of the [`Directory`] each time. What does not pass through it, such
//! as a file of recovery codes, asks it first.

mod accounts;
mod connecting;
mod entry;
mod own;
mod settings;
mod shown;
mod status;
#[cfg(test)]
mod tests;
mod trail;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use keyholder_core::audit::Source;
use keyholder_core::breach::BreachCheck;
use keyholder_core::clock::{Rng, SharedClock, entropy};
use keyholder_core::directory::{Directory, Me, SignedIn};
use keyholder_core::error::{Code, Refusal};
use keyholder_core::password::Argon2Params;
use keyholder_core::rights::Right;
use keyholder_core::session::SessionToken;
use tokio::sync::Notify;

use self::shown::Shown;
use crate::connections::Connections;
use crate::ipc::{Answer, IpcError};
use crate::keychain::Keychain;
use crate::open_shop::OpenShop;
use crate::place::Place;
use crate::shop_file::Closed;

pub use self::shown::Sheet;

/// What the console needs of the world around it.
pub struct Surroundings {
    /// Where this computer's own shop is.
    pub place: Place,
    /// Where the shops are remembered that this console knows; none if nowhere.
    pub connections: Option<PathBuf>,
    /// Whether it begins with the shop that was on the screen last, and not with `place`.
    pub as_last: bool,
    /// Where the keys of stores lie.
    pub keychain: Arc<dyn Keychain>,
    /// What time it is.
    pub clock: SharedClock,
    /// Who knows breaches.
    pub breaches: Arc<dyn BreachCheck>,
    /// Where acts come from.
    pub source: Source,
    /// What one password hash costs.
    pub hashing: Argon2Params,
}

/// The console behind one window.
pub struct Console {
    surroundings: Surroundings,
    connections: Mutex<Connections>,
    /// None until somebody first asks, so that a keychain that does not answer holds up no start.
    shop: tokio::sync::Mutex<Option<Result<Arc<OpenShop>, Closed>>>,
    session: Mutex<Session>,
    shown: Mutex<Shown>,
    /// Told when nobody waits any longer for a service that is being looked at.
    stop: Notify,
}

/// Whether somebody is signed in.
enum Session {
    None,
    /// It ended by itself, or elsewhere.
    Ended,
    Held(Held),
}

/// A session and the shop that it is of: its token is shown to no other.
#[derive(Clone)]
struct Held {
    shop: Arc<OpenShop>,
    token: SessionToken,
    email: String,
    name: String,
    /// Who that was, when it could last be asked.
    last: Option<Box<Me>>,
}

impl Held {
    fn directory(&self) -> Box<dyn Directory> {
        self.shop.authentication().directory(&self.token)
    }
}

impl Console {
    /// A console that has not looked at its shop yet.
    pub fn new(surroundings: Surroundings) -> Self {
        let Surroundings {
            place,
            connections,
            as_last,
            ..
        } = &surroundings;
        Self {
            connections: Mutex::new(Connections::read(connections.clone(), place.clone(), *as_last)),
            surroundings,
            shop: tokio::sync::Mutex::new(None),
            session: Mutex::new(Session::None),
            shown: Mutex::default(),
            stop: Notify::new(),
        }
    }

    /// Closes the shop at the end of the program.
    pub async fn close(&self) {
        if let Some(Ok(shop)) = self.shop.lock().await.take() {
            shop.close().await;
        }
    }

    /// The shop, opened by whoever asks first.
    async fn opened(&self) -> Result<Arc<OpenShop>, Closed> {
        let mut shop = self.shop.lock().await;
        // What could not be opened may be mended by now: its disk is connected, the other window closed.
        if let Some(opened) = &*shop
            && !matches!(opened, Err(Closed::Unusable(_)))
        {
            return opened.clone();
        }
        let (present, home) = {
            let connections = self.connections();
            (connections.present().clone(), connections.home().clone())
        };
        let opened = match OpenShop::open(&self.surroundings, &present).await {
            Ok(opened) => Ok(Arc::new(opened)),
            // A new shop is begun at home alone: elsewhere one was, and its file is gone.
            Err(Closed::Absent) if present != home => Err(Closed::Unusable(Code::NoStore.into())),
            Err(closed) => Err(closed),
        };
        if let Ok(opened) = &opened
            && present == Place::Demo
        {
            self.enter_demo(opened).await;
        }
        shop.insert(opened).clone()
    }

    /// The shop, for whoever needs it open.
    async fn open_shop(&self) -> Answer<Arc<OpenShop>> {
        self.opened().await.map_err(IpcError::from)
    }

    /// What the person who is signed in can do. Whether the session is still good, and not locked, is
    /// looked at with each question that the directory is asked.
    fn inside(&self) -> Answer<Box<dyn Directory>> {
        Ok(self.held()?.directory())
    }

    fn held(&self) -> Answer<Held> {
        match &*self.session() {
            Session::Held(held) => Ok(held.clone()),
            Session::None | Session::Ended => Err(Refusal::SessionEnded.into()),
        }
    }

    /// Who is signed in; refused while that is nobody, unfinished or locked.
    async fn me(&self) -> Answer<Me> {
        Ok(self.inside()?.me().await?)
    }

    /// Who is signed in, if they have that right.
    async fn me_with(&self, right: Right) -> Answer<Me> {
        let me = self.me().await?;
        if me.rights.contains(&right) {
            Ok(me)
        } else {
            Err(Refusal::NotAllowed(right).into())
        }
    }

    /// Holds the session that somebody was given by that shop. If the window has turned to another in
    /// the meantime, it is nobody's: the token is dropped.
    async fn hold(&self, shop: &Arc<OpenShop>, signed_in: SignedIn) -> Answer<()> {
        // Held on to, so that nobody turns away just now.
        let present = self.shop.lock().await;
        match &*present {
            Some(Ok(present)) if Arc::ptr_eq(present, shop) => {
                self.enter(shop, signed_in);
                Ok(())
            }
            _ => Err(Refusal::SessionEnded.into()),
        }
    }

    fn enter(&self, shop: &Arc<OpenShop>, signed_in: SignedIn) {
        let SignedIn { token, account, .. } = signed_in;
        *self.session() = Session::Held(Held {
            shop: shop.clone(),
            token,
            email: account.email.as_str().to_owned(),
            name: account.name.as_str().to_owned(),
            last: None,
        });
    }

    fn leave(&self, session: Session) {
        *self.session() = session;
        self.forget_all_shown();
    }

    fn session(&self) -> std::sync::MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connections(&self) -> std::sync::MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fresh randomness for one act.
pub(crate) fn rng() -> Answer<Rng> {
    entropy().map_err(|error| {
        tracing::error!("{error}");
        Code::Broken.into()
    })
}
