//! [`Authentication`] with the rules over any store: load, decide, commit; again if somebody else
//! was quicker.

mod answering;
mod attempt;
mod devices;
mod engine;
mod enrol;
mod inside;
mod limits;
mod links;
mod moving;
mod own;
mod pages;
mod passkeys;
mod provisioning;
mod shop;
mod sign_in;
mod strangers;
mod strength;
mod tokens;

use std::sync::Arc;

use async_trait::async_trait;

use self::engine::Engine;
use self::inside::StoredDirectory;
use self::tokens::StoredProgram;
use super::{Authentication, Directory, Holder, IssuedEnrolment, NewOwner, PageSessions, SignedIn};
use super::{ProgramDirectory, Programs};
use crate::account::{Email, Name};
use crate::api_token::ApiToken;
use crate::audit::Source;
use crate::breach::BreachCheck;
use crate::clock::{Rng, SharedClock};
use crate::error::Result;
use crate::link::LinkKey;
use crate::password::{Hasher, Password};
use crate::session::{DeviceKey, SessionToken};
use crate::shop::{Shop, ShopFront};
use crate::store::Store;

/// The way in, answered by the rules over a store.
#[derive(Clone)]
pub struct StoredAuthentication {
    engine: Arc<Engine>,
    /// The device that asks, where it has proved to hold its key.
    device: Option<DeviceKey>,
    /// Whether who signs in is counted by address.
    by_address: bool,
}

impl StoredAuthentication {
    /// Answers from `store`. `rng` must be seeded by [`crate::clock::entropy`] outside of tests.
    pub fn new(
        store: Arc<dyn Store>,
        hasher: Hasher,
        clock: SharedClock,
        breach: Arc<dyn BreachCheck>,
        rng: Rng,
    ) -> Self {
        Self {
            engine: Arc::new(Engine::new(store, hasher, clock, breach, rng)),
            device: None,
            by_address: false,
        }
    }

    /// The same for a service, which strangers reach: each address signs in only so often (see
    /// [`Limit`](crate::limit::Limit)), but for this machine's own and for devices that the account knows.
    #[must_use]
    pub fn limited_by_address(self) -> Self {
        Self {
            by_address: true,
            ..self
        }
    }

    /// The shop with all that it has decided, once it is set up: no secret to whoever has the store open.
    pub async fn shop(&self) -> Result<Option<Shop>> {
        Ok(self.engine.store.shop().await?)
    }

    /// Writes letters from now on, with links that are signed with that key. For whoever posts them: the
    /// auth service where it has a mail server.
    pub fn write_letters(&self, key: LinkKey) {
        // One key for one store: a second one would be the same.
        let _ = self.engine.letters.set(key);
    }

    /// Tells whoever's password was right three minutes ago, and no second factor came; says how many
    /// were told. Called every few seconds where letters are written.
    pub async fn tell_of_missing_codes(&self) -> Result<u32> {
        self.engine.tell_of_missing_codes().await
    }

    /// Waits until the breach checks that sign-ins began are through: at most their deadline. For
    /// programs that end right after, and for tests.
    pub async fn breach_checks_done(&self) {
        self.engine.breach_checks_done().await;
    }

    /// Takes away what the store keeps and what has expired, such as limits of addresses that came once;
    /// says how much. Called at the start and from time to time.
    pub async fn sweep(&self) -> Result<u32> {
        self.engine.sweep().await
    }

    /// Removes accounts for good whose days in the recycle bin are over; says how many. Called at
    /// the start and once a day.
    pub async fn empty_recycle_bin(&self) -> Result<u32> {
        self.engine.empty_recycle_bin().await
    }

    fn shown(&self, token: &SessionToken) -> SessionToken {
        token.shown_by(self.device)
    }
}

#[async_trait]
impl Authentication for StoredAuthentication {
    async fn front(&self) -> Result<Option<ShopFront>> {
        Ok(self.shop().await?.as_ref().map(ShopFront::from))
    }

    async fn set_up(&self, name: Name, owner: NewOwner, source: Source) -> Result<SignedIn> {
        self.engine.set_up(name, owner, source, self.device).await
    }

    async fn sign_in(&self, email: &str, password: &Password, source: Source) -> Result<SignedIn> {
        let limited = self.limited(&source);
        let attempt = self.engine.password(email, password, source, self.device);
        self.engine.one_try(email, limited, attempt).await
    }

    async fn second_factor(&self, token: &SessionToken, code: &str) -> Result<SignedIn> {
        self.engine.code(&self.shown(token), code).await
    }

    async fn recovery_code(&self, token: &SessionToken, code: &str) -> Result<SignedIn> {
        self.engine.recovery_code(&self.shown(token), code).await
    }

    async fn enrol(&self, email: &str, code: &str, password: &Password, source: Source) -> Result<SignedIn> {
        let limited = self.limited(&source);
        let attempt = self.engine.enrol(email, code, password, source, self.device);
        self.engine.one_try(email, limited, attempt).await
    }

    async fn unlock(&self, token: &SessionToken, password: &Password) -> Result<SignedIn> {
        self.engine.unlock(&self.shown(token), password).await
    }

    async fn recover_owner(&self, owner: Option<&Email>, source: Source) -> Result<IssuedEnrolment> {
        self.engine.recover_owner(owner, source).await
    }

    fn directory(&self, token: &SessionToken) -> Box<dyn Directory> {
        Box::new(StoredDirectory::new(Arc::clone(&self.engine), self.shown(token)))
    }
}

impl Programs for StoredAuthentication {
    fn program(&self, token: &ApiToken, source: Source) -> Box<dyn ProgramDirectory> {
        Box::new(StoredProgram {
            engine: Arc::clone(&self.engine),
            token: token.clone(),
            source,
        })
    }
}

#[async_trait]
impl PageSessions for StoredAuthentication {
    async fn renew(&self, token: &SessionToken, keep: bool) -> Result<SignedIn> {
        self.engine.renew(&self.shown(token), keep).await
    }

    async fn holder(&self, token: &SessionToken) -> Result<Holder> {
        self.engine.holder(&self.shown(token)).await
    }
}
