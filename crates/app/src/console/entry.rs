//! The way in: the store, the first shop, signing in, the lock.

use std::sync::Arc;

use keyholder_core::account::{Email, Name, TextRefused};
use keyholder_core::directory::NewOwner;
use keyholder_core::error::{Code, Refusal};
use keyholder_core::sample;
use keyholder_core::session::SessionToken;

use super::{Console, Session};
use crate::demo;
use crate::ipc::{Answer, IpcError, Secret, Status};
use crate::shop_file::{Closed, ShopFile};

impl Console {
    /// Tries to open the store again, after the keychain was mended.
    pub async fn retry_keychain(&self) -> Status {
        let mut file = self.file.lock().await;
        if !matches!(&*file, Some(Ok(_))) {
            *file = None;
        }
        drop(file);
        self.status().await
    }

    /// Opens the sample shop, where there is no shop yet.
    pub async fn open_demo(&self) -> Answer<Status> {
        let mut file = self.file.lock().await;
        if !matches!(&*file, Some(Err(Closed::Absent))) {
            return Err(Code::AlreadySetUp.into());
        }
        let demo = Arc::new(ShopFile::demo(&self.surroundings).await?);
        self.enter_demo(&demo).await;
        *file = Some(Ok(demo));
        drop(file);
        Ok(self.status().await)
    }

    /// Signs the owner of the sample shop in: whoever looks at it should not have to.
    pub(super) async fn enter_demo(&self, file: &ShopFile) {
        let Ok(password) = demo::owner_password() else {
            return;
        };
        let source = self.surroundings.source.clone();
        match file
            .authentication()
            .sign_in(sample::OWNER, &password, source)
            .await
        {
            Ok(signed_in) => self.hold(signed_in),
            Err(error) => tracing::warn!("the sample shop's owner is not signed in: {error}"),
        }
    }

    /// Opens the store with its recovery key, and gives the keychain its key again; if that does not take
    /// it, the status says so.
    pub async fn open_with_recovery_key(&self, key: &Secret) -> Answer<Status> {
        let mut file = self.file.lock().await;
        if !matches!(&*file, Some(Err(Closed::KeyNeeded { .. }))) {
            return Err(Refusal::Unchanged.into());
        }
        let opened = ShopFile::open_with_recovery_key(&self.surroundings, key.expose()).await?;
        *file = Some(Ok(Arc::new(opened)));
        drop(file);
        Ok(self.status().await)
    }

    /// Gives the keychain the key of the open store, after it was mended. Whoever is signed in must not
    /// be locked; nobody has to be, as nobody had to when the store was opened.
    pub async fn keep_key(&self) -> Answer<Status> {
        if self.token().is_ok() {
            self.me().await?;
        }
        let file = self.file().await?;
        // The key of the sample shop is kept nowhere.
        if file.key_not_kept().is_some() {
            file.keep_key(&*self.surroundings.keychain).await?;
        }
        Ok(self.status().await)
    }

    /// Makes the store with its shop and first owner, who is signed in at once.
    pub async fn set_up_shop(&self, shop: &str, email: &str, name: &str, password: Secret) -> Answer<Status> {
        let shop = Name::parse(shop)?;
        if shop.is_empty() {
            return Err(TextRefused::Empty.into());
        }
        let owner = NewOwner {
            email: Email::parse(email)?,
            name: Name::parse(name)?,
            password: password.into_password()?,
        };
        let file = self.made().await?;
        let signed_in = file
            .authentication()
            .set_up(shop, owner, self.surroundings.source.clone())
            .await?;
        self.hold(signed_in);
        Ok(self.status().await)
    }

    /// The store; a new one where there is none. Only a new store has a recovery key to show.
    async fn made(&self) -> Answer<Arc<ShopFile>> {
        let mut file = self.file.lock().await;
        match &*file {
            Some(Ok(opened)) => Ok(opened.clone()),
            Some(Err(Closed::Absent)) => {
                let (made, recovery_key) = ShopFile::create(&self.surroundings).await?;
                let made = Arc::new(made);
                *file = Some(Ok(made.clone()));
                self.show_recovery_key(recovery_key, &mut super::rng()?);
                Ok(made)
            }
            Some(Err(closed)) => Err(IpcError::from(closed.clone())),
            // The window asks for the status first.
            None => Err(Refusal::NotSetUp.into()),
        }
    }

    /// The first step of signing in.
    pub async fn sign_in(&self, email: &str, password: Secret) -> Answer<Status> {
        let password = password.into_password()?;
        let file = self.file().await?;
        self.hold(
            file.authentication()
                .sign_in(email, &password, self.surroundings.source.clone())
                .await?,
        );
        Ok(self.status().await)
    }

    /// The second step, with the authenticator app.
    pub async fn give_code(&self, code: &Secret) -> Answer<Status> {
        let token = self.token()?;
        self.hold(
            self.file()
                .await?
                .authentication()
                .second_factor(&token, code.expose())
                .await?,
        );
        Ok(self.status().await)
    }

    /// The second step, with a recovery code.
    pub async fn give_recovery_code(&self, code: &Secret) -> Answer<Status> {
        let token = self.token()?;
        self.hold(
            self.file()
                .await?
                .authentication()
                .recovery_code(&token, code.expose())
                .await?,
        );
        Ok(self.status().await)
    }

    /// Chooses a password with an enrolment code, and signs in.
    pub async fn redeem_enrolment(&self, email: &str, code: &Secret, password: Secret) -> Answer<Status> {
        let password = password.into_password()?;
        let file = self.file().await?;
        let source = self.surroundings.source.clone();
        self.hold(
            file.authentication()
                .enrol(email, code.expose(), &password, source)
                .await?,
        );
        Ok(self.status().await)
    }

    /// Opens the lock.
    pub async fn unlock(&self, password: Secret) -> Answer<Status> {
        let (token, password) = (self.token()?, password.into_password()?);
        self.hold(
            self.file()
                .await?
                .authentication()
                .unlock(&token, &password)
                .await?,
        );
        Ok(self.status().await)
    }

    /// Locks.
    pub async fn lock(&self) -> Answer<Status> {
        self.inside().await?.lock().await?;
        self.forget_all_shown();
        Ok(self.status().await)
    }

    /// Ends the session. The window closes even if the store could not note it: the token is gone.
    pub async fn sign_out(&self) -> Answer<Status> {
        let directory = self.inside().await;
        self.leave(Session::None);
        if let Ok(directory) = directory {
            directory.sign_out().await?;
        }
        Ok(self.status().await)
    }

    /// Notes that the person did something.
    pub async fn touch(&self) -> Answer<()> {
        Ok(self.inside().await?.touch().await?)
    }

    fn token(&self) -> Answer<SessionToken> {
        match &*self.session() {
            Session::Held(held) => Ok(held.token.clone()),
            Session::None | Session::Ended => Err(Refusal::SessionEnded.into()),
        }
    }
}
