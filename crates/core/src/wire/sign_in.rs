//! Bodies of the ways in.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Secret, bad_message};
use crate::account::{Account, Email, Name};
use crate::audit::{Program, Source};
use crate::directory::{NewOwner, SignedIn};
use crate::error::{Error, Refusal};
use crate::password::Password;
use crate::session::{DeviceKey, SessionToken, Stage};

/// Where somebody signs in from, as far as they say so themselves. The address is not theirs to say:
/// the service sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Origin {
    /// The program.
    pub program: Program,
    /// Whether the device is to be known from then on: it then has tries of its own, as long as it signs
    /// with the same key.
    #[serde(default)]
    pub keep_device: bool,
}

impl From<&Source> for Origin {
    fn from(source: &Source) -> Self {
        Self {
            program: source.program,
            keep_device: source.device.is_some(),
        }
    }
}

impl Origin {
    /// The source of an act that comes from that address, through what calls itself `user_agent`, and
    /// the key that its session is bound to. `proven` is the key that it was signed with; what somebody
    /// merely says of their device counts for nothing.
    ///
    /// # Errors
    /// [`Code::BadRequest`](crate::error::Code::BadRequest): nobody who comes over the wire is
    /// Keyholder itself, or its pages, and no console comes without the key of its device.
    pub fn source(
        self,
        address: String,
        user_agent: Option<String>,
        proven: Option<DeviceKey>,
    ) -> Result<(Source, Option<DeviceKey>), Error> {
        let bound_to = match self.program {
            Program::Keyholder | Program::Page => return Err(bad_message("sign in as Keyholder itself")),
            Program::Window | Program::CommandLine if proven.is_none() => {
                return Err(bad_message(
                    "sign in from a console without the key of its device",
                ));
            }
            Program::Window | Program::CommandLine => proven,
            Program::Api => None,
        };
        let known = proven.filter(|_| self.keep_device);
        let source = Source {
            program: self.program,
            address: Some(address),
            device: known.map(|key| key.device()),
            user_agent,
        };
        Ok((source, bound_to))
    }
}

/// Sets up the shop.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct SetUpBody {
    /// The shop's name.
    pub shop: Name,
    /// The first owner's e-mail address.
    pub email: Email,
    /// The first owner's name.
    pub name: Name,
    /// Chosen by the first owner.
    pub password: Secret,
    /// From where.
    pub origin: Origin,
}

impl SetUpBody {
    /// Of what [`set_up`](crate::directory::Authentication::set_up) is asked with.
    pub fn new(shop: Name, owner: &NewOwner, source: &Source) -> Self {
        Self {
            shop,
            email: owner.email.clone(),
            name: owner.name.clone(),
            password: Secret::from(&owner.password),
            origin: source.into(),
        }
    }

    /// The shop's name, its first owner, and from where they come.
    ///
    /// # Errors
    /// The password is too long.
    pub fn into_parts(self) -> Result<(Name, NewOwner, Origin), Refusal> {
        let owner = NewOwner {
            email: self.email,
            name: self.name,
            password: self.password.into_password()?,
        };
        Ok((self.shop, owner, self.origin))
    }
}

/// Signs in.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct SignInBody {
    /// The e-mail address as typed: what is none is answered like one that nobody has.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// From where.
    pub origin: Origin,
}

impl SignInBody {
    /// Of what [`sign_in`](crate::directory::Authentication::sign_in) is asked with.
    pub fn new(email: &str, password: &Password, source: &Source) -> Self {
        Self {
            email: email.to_owned(),
            password: password.into(),
            origin: source.into(),
        }
    }
}

/// Uses an enrolment code to set a password.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct EnrolBody {
    /// The e-mail address as typed.
    pub email: String,
    /// The enrolment code as typed.
    pub code: Secret,
    /// Chosen by the person.
    pub password: Secret,
    /// From where.
    pub origin: Origin,
}

impl EnrolBody {
    /// Of what [`enrol`](crate::directory::Authentication::enrol) is asked with.
    pub fn new(email: &str, code: &str, password: &Password, source: &Source) -> Self {
        Self {
            email: email.to_owned(),
            code: Secret::new(code.to_owned()),
            password: password.into(),
            origin: source.into(),
        }
    }
}

/// A code as typed.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct CodeBody {
    /// Of the authenticator app, or from the sheet of recovery codes.
    pub code: Secret,
}

impl From<&str> for CodeBody {
    fn from(code: &str) -> Self {
        Self {
            code: Secret::new(code.to_owned()),
        }
    }
}

/// A password.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct PasswordBody {
    /// The password.
    pub password: Secret,
}

impl From<&Password> for PasswordBody {
    fn from(password: &Password) -> Self {
        Self {
            password: password.into(),
        }
    }
}

/// The answer to a step of signing in.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct SignedInBody {
    /// The session token in [base64url](SessionToken::text).
    pub token: Secret,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// Whose it is.
    pub account: Account,
}

impl From<SignedIn> for SignedInBody {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            token: signed_in.token.text().into(),
            stage: signed_in.stage,
            account: signed_in.account,
        }
    }
}

impl TryFrom<SignedInBody> for SignedIn {
    type Error = Error;

    fn try_from(body: SignedInBody) -> Result<Self, Error> {
        let token = SessionToken::parse(body.token.expose());
        Ok(Self {
            token: token.ok_or_else(|| bad_message("read a session token"))?,
            stage: body.stage,
            account: body.account,
        })
    }
}
