//! Which shop is on the screen: services looked at and connected to, stores opened, one or the other
//! turned to. Turning to another ends the session in the present one, and all that was held of it.

use std::path::PathBuf;
use std::sync::Arc;

use keyholder_core::account::Name;
use keyholder_core::error::{Code, Refusal};

use super::{Console, Held, Session};
use crate::ipc::{Answer, IpcError, Security, ServiceSeen, Status};
use crate::open_shop::{OpenShop, Service};
use crate::place::{Place, ServicePlace};
use crate::remote::{Address, AddressRefused, Deadlines, Fingerprint, Trust, look_at};

impl Console {
    /// Looks at what is at an address that somebody typed. Nothing is remembered, and nothing secret
    /// is sent there.
    pub async fn look_at_service(&self, typed: &str) -> Answer<ServiceSeen> {
        self.unless_locked().await?;
        let address = match Address::parse(typed) {
            Ok(address) => address,
            Err(AddressRefused::NotAnAddress) => return Ok(ServiceSeen::NotAnAddress),
            Err(AddressRefused::NotSecret) => return Ok(ServiceSeen::NotSecret),
        };
        let trusted = self.pinned_at(&address);
        let place = ServicePlace {
            trust: trusted.map_or(Trust::System, Trust::Pinned),
            address,
        };
        match self.ask_shop(&place).await {
            Ok((_, shop)) => Ok(ServiceSeen::Shop {
                security: Security::from(&place),
                address: place.address.as_str().to_owned(),
                shop,
            }),
            Err(error) if error.code == Code::NotSetUp => Ok(ServiceSeen::NotSetUp),
            Err(error) if matches!(error.code, Code::CertificateUnknown | Code::CertificateChanged) => {
                let certificate = look_at(&place.address, Deadlines::default()).await?;
                Ok(ServiceSeen::Unvouched {
                    address: place.address.as_str().to_owned(),
                    certificate: certificate.into(),
                    before: trusted.map(|fingerprint| fingerprint.to_string()),
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Connects to the service at `address`, with the certificate of that fingerprint if a person has
    /// confirmed one. It is remembered once its shop has answered.
    pub async fn connect(&self, address: &str, fingerprint: Option<&str>) -> Answer<Status> {
        self.unless_locked().await?;
        let address = Address::parse(address).map_err(|_| IpcError::from(Code::BadRequest))?;
        let confirmed: Option<Fingerprint> = fingerprint
            .map(str::parse)
            .transpose()
            .map_err(|_| IpcError::from(Code::BadRequest))?;
        let pinned = confirmed.or_else(|| self.pinned_at(&address));
        let place = ServicePlace {
            trust: pinned.map_or(Trust::System, Trust::Pinned),
            address,
        };
        let (service, _) = self.ask_shop(&place).await?;
        self.turn_to(Place::Service(place), Some(service)).await;
        Ok(self.status().await)
    }

    /// Opens the store in a file that the person has chosen.
    pub async fn open_store(&self, path: PathBuf) -> Answer<Status> {
        self.unless_locked().await?;
        self.turn_to(Place::File(path), None).await;
        Ok(self.status().await)
    }

    /// Turns to a shop that is known.
    pub async fn switch_connection(&self, id: &str) -> Answer<Status> {
        let place = self.connections().find(id).ok_or(Refusal::NotFound)?;
        self.turn_unless_there(place).await;
        Ok(self.status().await)
    }

    /// Turns to this computer's own shop, whether there is one yet or not.
    pub async fn turn_home(&self) -> Answer<Status> {
        let home = self.connections().home().clone();
        self.turn_unless_there(home).await;
        Ok(self.status().await)
    }

    /// Whoever is there already stays signed in.
    async fn turn_unless_there(&self, place: Place) {
        let there = place == *self.connections().present();
        if !there {
            self.turn_to(place, None).await;
        }
    }

    /// Calls a connection by another name; by the shop's own if that is empty.
    pub async fn rename_connection(&self, id: &str, name: &str) -> Answer<Status> {
        self.unless_locked().await?;
        let name = Name::parse(name)?;
        if !self.connections().rename(id, name.as_str()) {
            return Err(Refusal::NotFound.into());
        }
        Ok(self.status().await)
    }

    /// Forgets a connection. What lies there stays as it is.
    pub async fn forget_connection(&self, id: &str) -> Answer<Status> {
        self.unless_locked().await?;
        let left = self.connections().forget(id);
        if left {
            let home = self.connections().home().clone();
            self.turn_to(home, None).await;
        }
        Ok(self.status().await)
    }

    /// Gives up what is asked of a service at this moment: whoever asked is answered at once.
    pub async fn stop_waiting(&self) {
        self.stop.notify_waiters();
        if let Some(Ok(shop)) = &*self.shop.lock().await {
            shop.stop_waiting();
        }
    }

    /// Makes another place the present one. The session in the one before ends, and nothing of it is kept.
    async fn turn_to(&self, place: Place, service: Option<Service>) {
        let mut shop = self.shop.lock().await;
        let held = self.held().ok();
        self.leave(Session::None);
        let opened = service.map(|service| Ok(Arc::new(OpenShop::Service(service))));
        let before = std::mem::replace(&mut *shop, opened);
        self.connections().turn_to(place);
        if let Some(Ok(before)) = before {
            let_go(before, held).await;
        }
    }

    /// A line to the service there, and the name of its shop.
    async fn ask_shop(&self, place: &ServicePlace) -> Answer<(Service, String)> {
        let service = Service::at(&self.surroundings, place)?;
        let front = tokio::select! {
            front = service.front() => front?,
            () = self.stop.notified() => return Err(Code::NoAnswer.into()),
        };
        let front = front.ok_or(Refusal::NotSetUp)?;
        Ok((service, front.name.as_str().to_owned()))
    }

    /// The certificate that a person has confirmed for that address.
    fn pinned_at(&self, address: &Address) -> Option<Fingerprint> {
        match self.connections().find(address.as_str()) {
            Some(Place::Service(ServicePlace {
                trust: Trust::Pinned(fingerprint),
                ..
            })) => Some(fingerprint),
            _ => None,
        }
    }

    /// Whoever passes by a locked window changes nothing about where it leads. One that cannot be asked
    /// is not held against the person: they may want to go elsewhere for that very reason.
    async fn unless_locked(&self) -> Answer<()> {
        match self.held() {
            Ok(held) => match held.directory().me().await.map_err(IpcError::from) {
                Err(error) if error.code == Code::SessionLocked => Err(error),
                _ => Ok(()),
            },
            Err(_) => Ok(()),
        }
    }
}

/// Lets go of a shop and ends the session in it. A service is told behind the person's back: if it cannot
/// be reached, the session ends by itself, and nobody has its token any more.
async fn let_go(shop: Arc<OpenShop>, held: Option<Held>) {
    let end = async move |held: Option<Held>| {
        if let Some(held) = held
            && let Err(error) = held.directory().sign_out().await
        {
            tracing::warn!("the session in the shop before was not ended: {error}");
        }
    };
    match &*shop {
        OpenShop::File(_) => {
            end(held).await;
            shop.close().await;
        }
        OpenShop::Service(_) => {
            shop.stop_waiting();
            tokio::spawn(end(held));
        }
    }
}
