//! Where the console stands: what the window shows follows from it and from nothing else.

use std::sync::Arc;

use keyholder_core::directory::Me;
use keyholder_core::error::{Error, Refusal};
use keyholder_core::session::Stage;

use super::{Console, Held, Session};
use crate::ipc::{Answer, IpcError, Phase, PlaceShown, Status};
use crate::open_shop::OpenShop;
use crate::shop_file::Closed;

impl Console {
    /// Where the console stands. Opens the shop when asked for the first time.
    pub async fn status(&self) -> Status {
        let (name, stands) = match self.opened().await {
            Ok(shop) => self.look(&shop).await.unwrap_or_else(|error| {
                let unusable = Phase::Unusable { error };
                (None, Stands::at(unusable))
            }),
            Err(Closed::Absent) => (None, Stands::at(Phase::NoStore)),
            Err(Closed::KeyNeeded { why, store }) => {
                let store = store.display().to_string();
                (None, Stands::at(Phase::KeyNeeded { why, store }))
            }
            Err(Closed::Unusable(error)) => (None, Stands::at(Phase::Unusable { error })),
        };
        let key_not_kept = match &*self.shop.lock().await {
            Some(Ok(shop)) => shop.key_not_kept().await,
            _ => None,
        };
        let connections = self.connections();
        Status {
            place: PlaceShown::from(connections.present()),
            connections: connections.shown(),
            shop: name,
            key_not_kept,
            phase: stands.phase,
            lost: stands.lost,
        }
    }

    async fn look(&self, shop: &Arc<OpenShop>) -> Answer<(Option<String>, Stands)> {
        let Some(front) = shop.front().await? else {
            return match shop.file() {
                // A crash in the first step of setting up leaves a store without a shop: it starts again.
                Ok(_) => Ok((None, Stands::at(Phase::NoStore))),
                Err(_) => Err(Refusal::NotSetUp.into()),
            };
        };
        let name = front.name.as_str().to_owned();
        self.connections().note(&name);
        Ok((Some(name), self.stands().await?))
    }

    /// Where whoever is signed in stands.
    async fn stands(&self) -> Answer<Stands> {
        let held = match &*self.session() {
            Session::None => return Ok(Stands::at(Phase::Closed { ended: false })),
            Session::Ended => return Ok(Stands::at(Phase::Closed { ended: true })),
            Session::Held(held) => held.clone(),
        };
        match held.directory().me().await {
            Ok(me) => {
                let me = held.shop.here(me);
                self.remember(&held, &me);
                Ok(Stands::at(inside(me)))
            }
            Err(Error::Refused(Refusal::SecondFactorNeeded)) => {
                Ok(Stands::at(Phase::SecondFactor { email: held.email }))
            }
            Err(Error::Refused(Refusal::SessionLocked)) => {
                self.forget_all_shown();
                Ok(Stands::at(Phase::Locked {
                    email: held.email,
                    name: held.name,
                }))
            }
            Err(Error::Refused(_)) => {
                self.leave(Session::Ended);
                Ok(Stands::at(Phase::Closed { ended: true }))
            }
            Err(error) => self.stays(held, error.into()),
        }
    }

    /// The line is lost for a while: whoever was inside stays there until the moment of the lock, which
    /// nobody could tell them of.
    fn stays(&self, held: Held, error: IpcError) -> Answer<Stands> {
        let now = self.surroundings.clock.now();
        match held.last {
            Some(me) if held.shop.passes(error.code) && now < me.locks_at.min(me.ends_at) => Ok(Stands {
                phase: inside(*me),
                lost: Some(error),
            }),
            _ => Err(error),
        }
    }

    fn remember(&self, held: &Held, me: &Me) {
        if let Session::Held(now) = &mut *self.session()
            && Arc::ptr_eq(&now.shop, &held.shop)
        {
            now.last = Some(Box::new(me.clone()));
        }
    }
}

/// Where the console stands, and what of it is only known from before.
struct Stands {
    phase: Phase,
    lost: Option<IpcError>,
}

impl Stands {
    fn at(phase: Phase) -> Self {
        Self { phase, lost: None }
    }
}

fn inside(me: Me) -> Phase {
    if me.stage == Stage::Open {
        Phase::Open { me }
    } else {
        Phase::SetUp { me }
    }
}
