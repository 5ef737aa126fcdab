//! What the routes share.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use ipnet::IpNet;
use keyholder_core::clock::{Rng, SharedClock};
use keyholder_core::directory::{DeviceSessions, Limits};

use crate::proof::Nonces;

/// Whether a shop can be set up over HTTP, as long as there is none: whoever comes first is its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUpOffer {
    /// It can: until somebody has done it, the address must be out of reach of strangers.
    Open,
    /// It cannot: it is done at the machine of the store.
    Closed,
}

impl FromRequestParts<Endpoint> for SetUpOffer {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, endpoint: &Endpoint) -> Result<Self, Infallible> {
        Ok(endpoint.set_up)
    }
}

/// Whose questions are answered, and from where they come. Clones are the same endpoint.
#[derive(Clone)]
pub struct Endpoint {
    pub(crate) way_in: Arc<dyn DeviceSessions>,
    pub(crate) clock: SharedClock,
    pub(crate) proxies: Arc<[IpNet]>,
    pub(crate) set_up: SetUpOffer,
    pub(crate) nonces: Nonces,
    pub(crate) limits: Option<Arc<dyn Limits>>,
    rng: Arc<Mutex<Rng>>,
}

impl Endpoint {
    /// Answers by `way_in`. Only `proxies` are believed about whom they ask for. `rng` names requests.
    pub fn new(
        way_in: Arc<dyn DeviceSessions>,
        clock: SharedClock,
        proxies: &[IpNet],
        set_up: SetUpOffer,
        rng: Rng,
    ) -> Self {
        Self {
            way_in,
            clock,
            proxies: proxies.into(),
            set_up,
            nonces: Nonces::default(),
            limits: None,
            rng: Arc::new(Mutex::new(rng)),
        }
    }

    /// The same where whoever has no session and no token asks only so often.
    #[must_use]
    pub fn limited_by(self, limits: Arc<dyn Limits>) -> Self {
        Self {
            limits: Some(limits),
            ..self
        }
    }

    /// By what a request is found in the log: ours alone, so that nobody forges a line of it.
    pub(crate) fn request_id(&self) -> String {
        let mut random = [0; 16];
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        rand::Rng::fill_bytes(&mut *rng, &mut random);
        uuid::Builder::from_random_bytes(random).into_uuid().to_string()
    }
}
