//! A shop that is open: over its own file, or over a line to its service.

use std::sync::{Arc, Mutex, PoisonError};

use keyholder_core::directory::{Authentication, Directory, Duty, Me};
use keyholder_core::error::{Code, Error, Refusal};
use keyholder_core::policy::Policy;
use keyholder_core::rights::Right;
use keyholder_core::shop::{Shop, ShopFront};

use crate::console::Surroundings;
use crate::device_key::DeviceKeyring;
use crate::ipc::{Answer, KeyTrouble};
use crate::place::{Place, ServicePlace};
use crate::remote::{Connection, Deadlines, RemoteAuthentication};
use crate::shop_file::{Closed, ShopFile};

/// A shop that is open.
pub(crate) enum OpenShop {
    /// Its store is a file here.
    File(ShopFile),
    /// Its store is elsewhere.
    Service(Service),
}

/// The line to a shop's service.
pub(crate) struct Service {
    authentication: RemoteAuthentication,
    known: Mutex<Known>,
}

/// What the shop last said of itself, so that nobody asks for its name, or for what it decided about
/// passwords, with every key they press.
#[derive(Clone, Default)]
struct Known {
    front: Option<ShopFront>,
    policy: Option<Policy>,
}

impl Service {
    /// A line to the service there. Nothing is sent before the first question.
    pub(crate) fn at(around: &Surroundings, place: &ServicePlace) -> Answer<Self> {
        let ServicePlace { address, trust } = place.clone();
        let device = DeviceKeyring::in_keychain(Arc::clone(&around.keychain), &address);
        let line = Connection::new(address, trust, Deadlines::default(), around.clock.clone())?;
        let line = line.with_device(device);
        Ok(Self {
            authentication: RemoteAuthentication::over(line),
            known: Mutex::default(),
        })
    }

    /// What anybody may see of the shop, if it is set up.
    pub(crate) async fn front(&self) -> Result<Option<ShopFront>, Error> {
        let front = self.authentication.front().await?;
        self.known().front.clone_from(&front);
        Ok(front)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenShop {
    /// Opens the shop at that place.
    pub(crate) async fn open(around: &Surroundings, place: &Place) -> Result<Self, Closed> {
        match place {
            Place::File(path) => ShopFile::open(around, path).await.map(Self::File),
            Place::Demo => Self::demo(around).await.map_err(Closed::Unusable),
            Place::Service(service) => Service::at(around, service)
                .map(Self::Service)
                .map_err(Closed::Unusable),
        }
    }

    /// Makes the sample shop.
    pub(crate) async fn demo(around: &Surroundings) -> Answer<Self> {
        ShopFile::demo(around).await.map(Self::File)
    }

    /// The way in.
    pub(crate) fn authentication(&self) -> &dyn Authentication {
        match self {
            Self::File(file) => file.authentication(),
            Self::Service(service) => &service.authentication,
        }
    }

    /// Its file; refused where that is elsewhere, since what concerns it is done there.
    pub(crate) fn file(&self) -> Answer<&ShopFile> {
        match self {
            Self::File(file) => Ok(file),
            Self::Service(_) => Err(Refusal::NotAllowed(Right::KeepStore).into()),
        }
    }

    /// What anybody may see of the shop, if it is set up. A service is asked once.
    pub(crate) async fn front(&self) -> Answer<Option<ShopFront>> {
        let Self::Service(service) = self else {
            return Ok(self.authentication().front().await?);
        };
        let known = service.known().front.clone();
        match known {
            Some(front) => Ok(Some(front)),
            None => Ok(service.front().await?),
        }
    }

    /// What the shop has decided, as far as a password that is being typed needs it: a service is asked
    /// once.
    pub(crate) async fn policy(&self, inside: &dyn Directory) -> Answer<Policy> {
        let known = match self {
            Self::File(_) => None,
            Self::Service(service) => service.known().policy.clone(),
        };
        if let Some(policy) = known {
            return Ok(policy);
        }
        let shop = inside.shop().await?;
        self.note(&shop);
        Ok(shop.policy)
    }

    /// The shop as it is now.
    pub(crate) fn note(&self, shop: &Shop) {
        if let Self::Service(service) = self {
            *service.known() = Known {
                front: Some(ShopFront::from(shop)),
                policy: Some(shop.policy.clone()),
            };
        }
    }

    /// Whoever is signed in, with the duties that can be done here.
    pub(crate) fn here(&self, mut me: Me) -> Me {
        if let Self::Service(_) = self {
            me.duties.retain(|duty| *duty != Duty::ConfirmRecoveryKey);
        }
        me
    }

    /// Whether what went wrong passes by itself, so that a person may stay where they are meanwhile.
    pub(crate) fn passes(&self, code: Code) -> bool {
        matches!(self, Self::Service(_))
            && matches!(
                code,
                Code::Unreachable | Code::NoAnswer | Code::TooManyRequests | Code::Unavailable
            )
    }

    /// Why this computer's keychain does not keep the key to it: that of the store, or that by which the
    /// service knows this device.
    pub(crate) async fn key_not_kept(&self) -> Option<KeyTrouble> {
        match self {
            Self::File(file) => file.key_not_kept(),
            Self::Service(service) => service.authentication.device().not_kept().await,
        }
    }

    /// Gives up whatever is asked of a service at this moment.
    pub(crate) fn stop_waiting(&self) {
        if let Self::Service(service) = self {
            service.authentication.stop_waiting();
        }
    }

    /// Lets go of it.
    pub(crate) async fn close(&self) {
        match self {
            Self::File(file) => file.close().await,
            Self::Service(service) => service.authentication.stop_waiting(),
        }
    }
}
