//! The console behind the window: which store is open, who is signed in, what is shown this moment.
//!
//! One method for each command of the window. There are no rules here: what is allowed, and whether
//! a session is locked, is asked of the [`Directory`] each time. What does not pass through it, such
//! as a file of recovery codes, asks it first.

mod accounts;
mod entry;
mod own;
mod settings;
mod shown;
#[cfg(test)]
mod tests;
mod trail;

use std::sync::{Arc, Mutex, PoisonError};

use keyholder_core::audit::Source;
use keyholder_core::breach::BreachCheck;
use keyholder_core::clock::{Rng, SharedClock, entropy};
use keyholder_core::directory::{Directory, Me, SignedIn};
use keyholder_core::error::{Code, Error, Refusal};
use keyholder_core::password::Argon2Params;
use keyholder_core::rights::Right;
use keyholder_core::session::{SessionToken, Stage};

use self::shown::Shown;
use crate::ipc::{Answer, IpcError, Phase, Status};
use crate::keychain::Keychain;
use crate::place::Place;
use crate::shop_file::{Closed, ShopFile};

pub use self::shown::Sheet;

/// What the console needs of the world around it.
pub struct Surroundings {
    /// Where the store lies.
    pub place: Place,
    /// Where its key lies.
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
    /// None until somebody first asks, so that a keychain that does not answer holds up no start.
    file: tokio::sync::Mutex<Option<Result<Arc<ShopFile>, Closed>>>,
    session: Mutex<Session>,
    shown: Mutex<Shown>,
}

/// Whether somebody is signed in.
enum Session {
    None,
    /// It ended by itself, or elsewhere.
    Ended,
    Held(Held),
}

#[derive(Clone)]
struct Held {
    token: SessionToken,
    email: String,
    name: String,
}

impl Console {
    /// A console that has not looked at its store yet.
    pub fn new(surroundings: Surroundings) -> Self {
        Self {
            surroundings,
            file: tokio::sync::Mutex::new(None),
            session: Mutex::new(Session::None),
            shown: Mutex::default(),
        }
    }

    /// Closes the store at the end of the program.
    pub async fn close(&self) {
        if let Some(Ok(file)) = self.file.lock().await.take() {
            file.close().await;
        }
    }

    /// Where the console stands. Opens the store when asked for the first time.
    pub async fn status(&self) -> Status {
        let status = |phase| Status {
            demo: false,
            shop: None,
            key_not_kept: None,
            phase,
        };
        match self.opened().await {
            Ok(file) => self
                .look(&file)
                .await
                .unwrap_or_else(|error| status(Phase::Unusable { error })),
            Err(Closed::Absent) => status(Phase::NoStore),
            Err(Closed::KeyNeeded { why, store }) => status(Phase::KeyNeeded {
                why,
                store: store.display().to_string(),
            }),
            Err(Closed::Unusable(error)) => status(Phase::Unusable { error }),
        }
    }

    async fn look(&self, file: &ShopFile) -> Answer<Status> {
        let (demo, key_not_kept) = (file.is_demo(), file.key_not_kept());
        // A crash in the first step of setting up leaves a store without a shop: it starts again.
        let Some(shop) = file.authentication().front().await? else {
            return Ok(Status {
                demo,
                shop: None,
                key_not_kept,
                phase: Phase::NoStore,
            });
        };
        let phase = self.session_phase(file).await?;
        Ok(Status {
            demo,
            shop: Some(shop.name.as_str().to_owned()),
            key_not_kept,
            phase,
        })
    }

    async fn session_phase(&self, file: &ShopFile) -> Answer<Phase> {
        let held = match &*self.session() {
            Session::None => return Ok(Phase::Closed { ended: false }),
            Session::Ended => return Ok(Phase::Closed { ended: true }),
            Session::Held(held) => held.clone(),
        };
        match file.authentication().directory(&held.token).me().await {
            Ok(me) if me.stage == Stage::Open => Ok(Phase::Open { me }),
            Ok(me) => Ok(Phase::SetUp { me }),
            Err(Error::Refused(Refusal::SecondFactorNeeded)) => Ok(Phase::SecondFactor { email: held.email }),
            Err(Error::Refused(Refusal::SessionLocked)) => {
                self.forget_all_shown();
                Ok(Phase::Locked {
                    email: held.email,
                    name: held.name,
                })
            }
            Err(Error::Refused(_)) => {
                self.leave(Session::Ended);
                Ok(Phase::Closed { ended: true })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The store, opened by whoever asks first.
    async fn opened(&self) -> Result<Arc<ShopFile>, Closed> {
        let mut file = self.file.lock().await;
        if let Some(opened) = &*file {
            return opened.clone();
        }
        let opened = ShopFile::open(&self.surroundings).await.map(Arc::new);
        if let Ok(opened) = &opened
            && opened.is_demo()
        {
            self.enter_demo(opened).await;
        }
        file.insert(opened).clone()
    }

    async fn file(&self) -> Answer<Arc<ShopFile>> {
        self.opened().await.map_err(IpcError::from)
    }

    /// What the person who is signed in can do. Whether the session is still good, and not locked, is
    /// looked at with each question that the directory is asked.
    async fn inside(&self) -> Answer<Box<dyn Directory>> {
        let token = match &*self.session() {
            Session::Held(held) => held.token.clone(),
            Session::None | Session::Ended => return Err(Refusal::SessionEnded.into()),
        };
        Ok(self.file().await?.authentication().directory(&token))
    }

    /// Who is signed in; refused while that is nobody, unfinished or locked.
    async fn me(&self) -> Answer<Me> {
        Ok(self.inside().await?.me().await?)
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

    fn hold(&self, signed_in: SignedIn) {
        let SignedIn { token, account, .. } = signed_in;
        let (email, name) = (
            account.email.as_str().to_owned(),
            account.name.as_str().to_owned(),
        );
        *self.session() = Session::Held(Held { token, email, name });
    }

    fn leave(&self, session: Session) {
        *self.session() = session;
        self.forget_all_shown();
    }

    fn session(&self) -> std::sync::MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fresh randomness for one act.
pub(crate) fn rng() -> Answer<Rng> {
    entropy().map_err(|error| {
        tracing::error!("{error}");
        Code::Broken.into()
    })
}
