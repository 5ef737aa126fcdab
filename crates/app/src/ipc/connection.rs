//! The shops that a console knows, and what a service shows of itself before anybody trusts it.

use jiff::Timestamp;
use serde::Serialize;
use specta::Type;

use crate::place::{Place, ServicePlace};
use crate::remote::{Certificate, Trust};

/// A shop that this console knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ConnectionShown {
    /// Names it among the others.
    pub id: String,
    /// What the person calls it; none if they call it what it calls itself.
    pub label: Option<String>,
    /// What the shop calls itself; none until it has said so.
    pub shop: Option<String>,
    /// Where it is.
    pub place: PlaceShown,
    /// Whether it is this computer's own shop, which cannot be forgotten.
    pub home: bool,
    /// Whether it is the one on the screen.
    pub present: bool,
}

/// Where a shop is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PlaceShown {
    /// In a store on this computer.
    Store {
        /// The file, as this computer writes it.
        path: String,
    },
    /// Behind a service.
    Service {
        /// Its address.
        address: String,
        /// How what is said on the way is kept from others.
        security: Security,
    },
    /// The sample shop, which is thrown away.
    Demo,
}

/// How what is said to a service is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// By TLS; the system trusts whoever vouches for the service.
    Vouched,
    /// By TLS, with the one certificate that a person has compared and confirmed.
    Pinned,
    /// It never leaves this computer, and is not encrypted.
    Loopback,
}

/// What is at an address that somebody typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ServiceSeen {
    /// A shop that can be connected to.
    Shop {
        /// The address as it is remembered.
        address: String,
        /// What the shop calls itself.
        shop: String,
        /// How what is said there is kept from others.
        security: Security,
    },
    /// Nobody whom this computer trusts vouches for its certificate: a person must.
    Unvouched {
        /// The address as it is remembered.
        address: String,
        /// What to compare.
        certificate: CertificateShown,
        /// The fingerprint that was trusted there until now, if it was another.
        before: Option<String>,
    },
    /// A service in which no shop is set up yet.
    NotSetUp,
    /// What was typed is no address.
    NotAnAddress,
    /// Plain `http` to another computer, on which others could read along.
    NotSecret,
}

/// What a certificate says of itself. Only the fingerprint cannot be made up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CertificateShown {
    /// Whom it was made out to.
    pub subject: String,
    /// Who made it out.
    pub issuer: String,
    /// The names and addresses that it is for.
    pub names: Vec<String>,
    /// Good from then.
    pub not_before: Timestamp,
    /// Good until then.
    pub not_after: Timestamp,
    /// SHA-256, in pairs of hexadecimal digits with colons.
    pub fingerprint: String,
}

impl From<&Place> for PlaceShown {
    fn from(place: &Place) -> Self {
        match place {
            Place::File(path) => Self::Store {
                path: path.display().to_string(),
            },
            Place::Service(service) => Self::Service {
                address: service.address.as_str().to_owned(),
                security: service.into(),
            },
            Place::Demo => Self::Demo,
        }
    }
}

impl From<&ServicePlace> for Security {
    fn from(service: &ServicePlace) -> Self {
        match service.trust {
            Trust::Pinned(_) => Self::Pinned,
            Trust::System if service.address.is_https() => Self::Vouched,
            Trust::System => Self::Loopback,
        }
    }
}

impl From<Certificate> for CertificateShown {
    fn from(certificate: Certificate) -> Self {
        let Certificate {
            subject,
            issuer,
            names,
            not_before,
            not_after,
            fingerprint,
        } = certificate;
        Self {
            subject,
            issuer,
            names,
            not_before,
            not_after,
            fingerprint: fingerprint.to_string(),
        }
    }
}
