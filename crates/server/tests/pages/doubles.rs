//! Ways in that break a promise on purpose, so that its measure can be seen to fail.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use keyholder_core::account::{Email, Name};
use keyholder_core::audit::Source;
use keyholder_core::directory::{
    Authentication, DeviceSessions, Directory, IssuedEnrolment, NewOwner, SignedIn, StoredAuthentication,
};
use keyholder_core::entry::EntryKey;
use keyholder_core::error::{Code, Error, Refusal, Result, StoreError};
use keyholder_core::password::Password;
use keyholder_core::session::{DeviceKey, SessionToken};
use keyholder_core::shop::ShopFront;
use keyholder_core::testing::directory_contract::OLGA;

/// What is wrong with a way in.
pub(crate) enum Flaw {
    /// It breaks off when it is asked for the shop.
    BreaksOff,
    /// Its store is busy when it is asked for the shop.
    Busy,
    /// It says of a wrong password whether the account is Olga's.
    TellsWhoIsThere,
    /// It opens this session to every token.
    OpensToAnybody(SessionToken),
}

/// The rules with a flaw.
pub(crate) struct Flawed {
    pub(crate) rules: StoredAuthentication,
    pub(crate) flaw: Flaw,
}

#[async_trait]
impl Authentication for Flawed {
    async fn front(&self) -> Result<Option<ShopFront>> {
        assert!(!matches!(self.flaw, Flaw::BreaksOff), "out of luck in /srv/shop");
        if matches!(self.flaw, Flaw::Busy) {
            return Err(Error::Broken(StoreError {
                code: Code::Busy,
                context: "lock /srv/shop".to_owned(),
            }));
        }
        self.rules.front().await
    }

    async fn set_up(&self, shop: Name, owner: NewOwner, source: Source) -> Result<SignedIn> {
        self.rules.set_up(shop, owner, source).await
    }

    async fn sign_in(&self, email: &str, password: &Password, source: Source) -> Result<SignedIn> {
        match self.rules.sign_in(email, password, source).await {
            Err(_) if matches!(self.flaw, Flaw::TellsWhoIsThere) && email != OLGA => {
                Err(Refusal::EnrolmentRefused.into())
            }
            answer => answer,
        }
    }

    async fn second_factor(&self, token: &SessionToken, code: &str) -> Result<SignedIn> {
        self.rules.second_factor(token, code).await
    }

    async fn recovery_code(&self, token: &SessionToken, code: &str) -> Result<SignedIn> {
        self.rules.recovery_code(token, code).await
    }

    async fn enrol(&self, email: &str, code: &str, password: &Password, source: Source) -> Result<SignedIn> {
        self.rules.enrol(email, code, password, source).await
    }

    async fn unlock(&self, token: &SessionToken, password: &Password) -> Result<SignedIn> {
        self.rules.unlock(token, password).await
    }

    async fn recover_owner(&self, owner: Option<&Email>, source: Source) -> Result<IssuedEnrolment> {
        self.rules.recover_owner(owner, source).await
    }

    fn directory(&self, token: &SessionToken) -> Box<dyn Directory> {
        match &self.flaw {
            Flaw::OpensToAnybody(anybody) => self.rules.directory(anybody),
            _ => self.rules.directory(token),
        }
    }
}

/// No page is asked by a device that signs.
#[async_trait]
impl DeviceSessions for Flawed {
    fn of_device(&self, key: DeviceKey) -> Arc<dyn DeviceSessions> {
        self.rules.of_device(key)
    }

    async fn use_up(&self, token: &SessionToken, once: EntryKey, until: Timestamp) -> Result<()> {
        self.rules.use_up(token, once, until).await
    }
}
