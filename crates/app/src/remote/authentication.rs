//! The way in, asked from afar.

use std::sync::Arc;

use async_trait::async_trait;
use keyholder_core::account::{Email, Name};
use keyholder_core::audit::Source;
use keyholder_core::directory::{Authentication, Directory, IssuedEnrolment, NewOwner, SignedIn};
use keyholder_core::error::{Refusal, Result};
use keyholder_core::password::Password;
use keyholder_core::rights::Right;
use keyholder_core::session::SessionToken;
use keyholder_core::shop::ShopFront;
use keyholder_core::wire::{
    CodeBody, Enrol, EnrolBody, GetShop, GiveCode, GiveRecoveryCode, Operation, PasswordBody, SetUp,
    SetUpBody, SignIn, SignInBody, SignedInBody, Unlock, or_absent,
};

use super::answer::understood;
use super::connection::{Connection, Question};
use super::directory::RemoteDirectory;
use crate::device_key::DeviceKeyring;

/// The way in to a shop whose service is elsewhere.
#[derive(Clone)]
pub struct RemoteAuthentication {
    connection: Arc<Connection>,
}

impl RemoteAuthentication {
    /// Asks over that line.
    pub fn over(connection: Connection) -> Self {
        Self {
            connection: Arc::new(connection),
        }
    }

    /// Gives up whatever is under way: what changes something is answered with
    /// [`Code::OutcomeUnknown`](keyholder_core::error::Code::OutcomeUnknown), what only reads with
    /// [`Code::NoAnswer`](keyholder_core::error::Code::NoAnswer).
    pub fn stop_waiting(&self) {
        self.connection.stop_waiting();
    }

    /// The key of this device.
    pub(crate) fn device(&self) -> &DeviceKeyring {
        self.connection.device()
    }

    /// A step of signing in: each does something and answers who is in.
    async fn step<O>(&self, token: Option<&SessionToken>, body: O::Body) -> Result<SignedIn>
    where
        O: Operation<Place = (), Query = (), Answer = SignedInBody>,
    {
        let question = Question::<O> {
            place: (),
            query: (),
            body,
            revision: None,
        };
        let answer = self.connection.ask(token, question).await?;
        understood(answer.try_into())
    }
}

#[async_trait]
impl Authentication for RemoteAuthentication {
    async fn front(&self) -> Result<Option<ShopFront>> {
        let question = Question::<GetShop> {
            place: (),
            query: (),
            body: (),
            revision: None,
        };
        or_absent(self.connection.ask(None, question).await)
    }

    async fn set_up(&self, shop: Name, owner: NewOwner, source: Source) -> Result<SignedIn> {
        let source = self.connection.begin(source).await?;
        self.step::<SetUp>(None, SetUpBody::new(shop, &owner, &source))
            .await
    }

    async fn sign_in(&self, email: &str, password: &Password, source: Source) -> Result<SignedIn> {
        let source = self.connection.begin(source).await?;
        self.step::<SignIn>(None, SignInBody::new(email, password, &source))
            .await
    }

    async fn second_factor(&self, token: &SessionToken, code: &str) -> Result<SignedIn> {
        self.step::<GiveCode>(Some(token), CodeBody::from(code)).await
    }

    async fn recovery_code(&self, token: &SessionToken, code: &str) -> Result<SignedIn> {
        self.step::<GiveRecoveryCode>(Some(token), CodeBody::from(code))
            .await
    }

    async fn enrol(&self, email: &str, code: &str, password: &Password, source: Source) -> Result<SignedIn> {
        let source = self.connection.begin(source).await?;
        self.step::<Enrol>(None, EnrolBody::new(email, code, password, &source))
            .await
    }

    async fn unlock(&self, token: &SessionToken, password: &Password) -> Result<SignedIn> {
        self.step::<Unlock>(Some(token), PasswordBody::from(password))
            .await
    }

    /// Refused: the recovery key is used at the machine of the store.
    async fn recover_owner(&self, _owner: Option<&Email>, _source: Source) -> Result<IssuedEnrolment> {
        Err(Refusal::NotAllowed(Right::KeepStore).into())
    }

    fn directory(&self, token: &SessionToken) -> Box<dyn Directory> {
        Box::new(RemoteDirectory::new(Arc::clone(&self.connection), token.clone()))
    }
}
