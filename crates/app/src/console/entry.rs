//! The way in: the store, the first shop, signing in, the lock.

use std::sync::Arc;

use keyholder_core::account::{Email, Name, TextRefused};
use keyholder_core::directory::{NewOwner, SignedIn};
use keyholder_core::error::{Code, Error, Refusal};
use keyholder_core::sample;

use super::{Console, Held, Session};
use crate::demo;
use crate::ipc::{Answer, IpcError, Secret, Status};
use crate::open_shop::OpenShop;
use crate::place::Place;
use crate::shop_file::{Closed, ShopFile};

impl Console {
    /// Tries to open the store again, after the keychain was mended.
    pub async fn retry_keychain(&self) -> Status {
        let mut shop = self.shop.lock().await;
        if !matches!(&*shop, Some(Ok(_))) {
            *shop = None;
        }
        drop(shop);
        self.status().await
    }

    /// Opens the sample shop, where there is no shop yet.
    pub async fn open_demo(&self) -> Answer<Status> {
        let mut shop = self.shop.lock().await;
        if !matches!(&*shop, Some(Err(Closed::Absent))) {
            return Err(Code::AlreadySetUp.into());
        }
        let demo = Arc::new(OpenShop::demo(&self.surroundings).await?);
        self.enter_demo(&demo).await;
        self.connections().turn_to(Place::Demo);
        *shop = Some(Ok(demo));
        drop(shop);
        Ok(self.status().await)
    }

    /// Signs the owner of the sample shop in: whoever looks at it should not have to.
    pub(super) async fn enter_demo(&self, shop: &Arc<OpenShop>) {
        let Ok(password) = demo::owner_password() else {
            return;
        };
        let source = self.surroundings.source.clone();
        match shop
            .authentication()
            .sign_in(sample::OWNER, &password, source)
            .await
        {
            Ok(signed_in) => self.enter(shop, signed_in),
            Err(error) => tracing::warn!("the sample shop's owner is not signed in: {error}"),
        }
    }

    /// Opens the store with its recovery key, and gives the keychain its key again; if that does not take
    /// it, the status says so.
    pub async fn open_with_recovery_key(&self, key: &Secret) -> Answer<Status> {
        let mut shop = self.shop.lock().await;
        let Some(Err(Closed::KeyNeeded { store, .. })) = &*shop else {
            return Err(Refusal::Unchanged.into());
        };
        let opened = ShopFile::open_with_recovery_key(&self.surroundings, store, key.expose()).await?;
        *shop = Some(Ok(Arc::new(OpenShop::File(opened))));
        drop(shop);
        Ok(self.status().await)
    }

    /// Gives the keychain the key of the open store, after it was mended. Whoever is signed in must not
    /// be locked; nobody has to be, as nobody had to when the store was opened.
    pub async fn keep_key(&self) -> Answer<Status> {
        if self.held().is_ok() {
            self.me().await?;
        }
        let shop = self.open_shop().await?;
        let file = shop.file()?;
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
        let made = self.made().await?;
        let source = self.surroundings.source.clone();
        let signed_in = made.authentication().set_up(shop, owner, source).await?;
        self.go_on(&made, signed_in).await
    }

    /// The store; a new one where there is none. Only a new store has a recovery key to show. The shop
    /// of a service is made there.
    async fn made(&self) -> Answer<Arc<OpenShop>> {
        let mut shop = self.shop.lock().await;
        match &*shop {
            Some(Ok(opened)) => {
                opened.file()?;
                Ok(opened.clone())
            }
            Some(Err(Closed::Absent)) => {
                let Place::File(path) = self.connections().present().clone() else {
                    return Err(Code::AlreadySetUp.into());
                };
                let (made, recovery_key) = ShopFile::create(&self.surroundings, &path).await?;
                let made = Arc::new(OpenShop::File(made));
                *shop = Some(Ok(made.clone()));
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
        let shop = self.open_shop().await?;
        let source = self.surroundings.source.clone();
        let signed_in = shop.authentication().sign_in(email, &password, source).await?;
        self.go_on(&shop, signed_in).await
    }

    /// The second step, with the authenticator app.
    pub async fn give_code(&self, code: &Secret) -> Answer<Status> {
        let Held { shop, token, .. } = self.held()?;
        let signed_in = shop.authentication().second_factor(&token, code.expose()).await?;
        self.go_on(&shop, signed_in).await
    }

    /// The second step, with a recovery code.
    pub async fn give_recovery_code(&self, code: &Secret) -> Answer<Status> {
        let Held { shop, token, .. } = self.held()?;
        let signed_in = shop.authentication().recovery_code(&token, code.expose()).await?;
        self.go_on(&shop, signed_in).await
    }

    /// Chooses a password with an enrolment code, and signs in.
    pub async fn redeem_enrolment(&self, email: &str, code: &Secret, password: Secret) -> Answer<Status> {
        let password = password.into_password()?;
        let shop = self.open_shop().await?;
        let source = self.surroundings.source.clone();
        let signed_in = shop
            .authentication()
            .enrol(email, code.expose(), &password, source)
            .await?;
        self.go_on(&shop, signed_in).await
    }

    /// Opens the lock.
    pub async fn unlock(&self, password: Secret) -> Answer<Status> {
        let Held { shop, token, .. } = self.held()?;
        let password = password.into_password()?;
        let signed_in = shop.authentication().unlock(&token, &password).await?;
        self.go_on(&shop, signed_in).await
    }

    async fn go_on(&self, shop: &Arc<OpenShop>, signed_in: SignedIn) -> Answer<Status> {
        self.hold(shop, signed_in).await?;
        Ok(self.status().await)
    }

    /// Locks. Where the service cannot be told, the session is let go instead: whoever locks wants
    /// nothing to be open.
    pub async fn lock(&self) -> Answer<Status> {
        match self.inside()?.lock().await {
            Ok(()) => self.forget_all_shown(),
            Err(Error::Remote(error)) => {
                tracing::warn!(code = %error.code, "locked without its service: {}", error.context);
                self.leave(Session::Ended);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(self.status().await)
    }

    /// Ends the session. The window closes even if the store could not note it: the token is gone.
    pub async fn sign_out(&self) -> Answer<Status> {
        let directory = self.inside();
        self.leave(Session::None);
        if let Ok(directory) = directory {
            directory.sign_out().await?;
        }
        Ok(self.status().await)
    }

    /// Notes that the person did something.
    pub async fn touch(&self) -> Answer<()> {
        Ok(self.inside()?.touch().await?)
    }
}
