//! Ways in that break a promise on purpose, so that its measure can be seen to fail.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use keyholder_core::account::{Email, Name};
use keyholder_core::audit::Source;
use keyholder_core::directory::{
    Authentication, DeviceSessions, Directory, IssuedEnrolment, NewOwner, SignedIn,
};
use keyholder_core::entry::EntryKey;
use keyholder_core::error::{Code, Error, Refusal, Result, StoreError};
use keyholder_core::password::Password;
use keyholder_core::session::{DeviceKey, SessionToken};
use keyholder_core::shop::ShopFront;
use keyholder_core::testing::directory_contract::OLGA;

/// What is wrong with a way in.
#[derive(Clone)]
pub(crate) enum Flaw {
    /// It breaks off when it is asked for the shop.
    BreaksOff,
    /// It breaks off once it has signed somebody in.
    BreaksOffAfterwards,
    /// Its store is busy when it is asked for the shop.
    Busy,
    /// It says of a wrong password whether the account is Olga's.
    TellsWhoIsThere,
    /// It opens this session to every token.
    OpensToAnybody(SessionToken),
    /// It binds no session to a device.
    BindsNothing,
    /// What was done once can be done again.
    ForgetsWhatWasDone,
    /// Whoever wants to be known is taken for this device.
    BelievesAnyDevice(DeviceKey),
}

/// The rules with a flaw.
pub(crate) struct Flawed {
    pub(crate) rules: Arc<dyn DeviceSessions>,
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
        let source = match self.flaw {
            Flaw::BelievesAnyDevice(key) => Source {
                device: source.device.map(|_| key.device()),
                ..source
            },
            _ => source,
        };
        let answer = self.rules.sign_in(email, password, source).await;
        let broken = matches!(self.flaw, Flaw::BreaksOffAfterwards);
        assert!(!broken, "out of luck with {email}");
        match answer {
            Err(_) if matches!(self.flaw, Flaw::TellsWhoIsThere) && email != OLGA => {
                Err(Refusal::Disabled.into())
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

#[async_trait]
impl DeviceSessions for Flawed {
    fn of_device(&self, key: DeviceKey) -> Arc<dyn DeviceSessions> {
        let rules = match self.flaw {
            Flaw::BindsNothing => Arc::clone(&self.rules),
            _ => self.rules.of_device(key),
        };
        let flaw = self.flaw.clone();
        Arc::new(Self { rules, flaw })
    }

    async fn use_up(&self, token: &SessionToken, once: EntryKey, until: Timestamp) -> Result<()> {
        match self.flaw {
            Flaw::ForgetsWhatWasDone => Ok(()),
            _ => self.rules.use_up(token, once, until).await,
        }
    }
}
