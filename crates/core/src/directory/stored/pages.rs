//! The sessions of the pages: renewed as long as somebody is there, and looked at for every picture of a
//! shop that stands behind them.

use super::engine::Engine;
use crate::directory::{Holder, SignedIn};
use crate::error::{Refusal, Result};
use crate::rules::{Act, session};
use crate::session::{SessionToken, Stage};

impl Engine {
    /// A new token for a session that goes on.
    pub(super) async fn renew(&self, token: &SessionToken, keep: bool) -> Result<SignedIn> {
        let (present, person) = self.holder_of(token).await?;
        let act = Act::by(&person.account, self.now(), present.source.clone());
        self.decide(person.account.id, |person, rng| {
            let (change, renewed, token) = session::renew(&present, keep, &act, &person.account, rng)?;
            let signed_in = SignedIn {
                token,
                stage: renewed.stage,
                account: person.account.clone(),
            };
            Ok((change, signed_in))
        })
        .await
    }

    /// Whose session it is that is open: two reads for one of the pages, and no write.
    pub(super) async fn holder(&self, token: &SessionToken) -> Result<Holder> {
        let (present, person) = self.holder_of(token).await?;
        match present.stage {
            Stage::SecondFactor => return Err(Refusal::SecondFactorNeeded.into()),
            Stage::Rebind | Stage::SetUp => return Err(Refusal::SetUpNeeded.into()),
            Stage::Open => {}
        }
        // What is bound to a device has to be proven by it, which is not asked here.
        if present.device_key.is_some() {
            return Err(Refusal::SessionEnded.into());
        }
        if present.locked_at.is_some() {
            return Err(Refusal::SessionLocked.into());
        }
        let ends_at = if let Some(ends_at) = session::page_ends_at(&present) {
            ends_at
        } else {
            let policy = self.policy().await?;
            if session::locked(&present, &policy, self.now()) {
                return Err(Refusal::SessionLocked.into());
            }
            session::locks_at(&present, &policy)
        };
        Ok(Holder {
            account: person.account,
            seen_at: present.seen_at,
            ends_at,
        })
    }
}
