//! Bodies of what somebody does to their own account.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Secret, bad_message};
use crate::account::Email;
use crate::directory::SecondFactorBegun;
use crate::error::Error;
use crate::password::Password;
use crate::second_factor::{RecoveryCode, TotpSecret};

/// Chooses a new password.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct ChangePasswordBody {
    /// The present one.
    pub present: Secret,
    /// The new one.
    pub new: Secret,
}

impl ChangePasswordBody {
    /// Of both.
    pub fn new(present: &Password, new: &Password) -> Self {
        Self {
            present: present.into(),
            new: new.into(),
        }
    }
}

/// Asks for another e-mail address.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct AddressBody {
    /// The new one.
    pub email: Email,
    /// The present password.
    pub password: Secret,
}

/// A second factor that was begun.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct SecondFactorBegunBody {
    /// In base 32.
    pub secret: Secret,
    /// To show as a picture (`otpauth://`).
    pub uri: Secret,
}

impl From<SecondFactorBegun> for SecondFactorBegunBody {
    fn from(begun: SecondFactorBegun) -> Self {
        Self {
            secret: begun.secret.base32().into(),
            uri: Secret::from(&begun.uri),
        }
    }
}

impl TryFrom<SecondFactorBegunBody> for SecondFactorBegun {
    type Error = Error;

    fn try_from(body: SecondFactorBegunBody) -> Result<Self, Error> {
        let secret = TotpSecret::from_base32(body.secret.expose());
        Ok(Self {
            secret: secret.ok_or_else(|| bad_message("read the secret of a second factor"))?,
            uri: body.uri.into_text(),
        })
    }
}

/// A sheet of recovery codes, shown once.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct RecoveryCodesBody {
    /// As they are printed.
    pub codes: Vec<Secret>,
}

impl From<Vec<RecoveryCode>> for RecoveryCodesBody {
    fn from(codes: Vec<RecoveryCode>) -> Self {
        let codes = codes.iter().map(|code| code.printed().into());
        Self {
            codes: codes.collect(),
        }
    }
}

impl TryFrom<RecoveryCodesBody> for Vec<RecoveryCode> {
    type Error = Error;

    fn try_from(body: RecoveryCodesBody) -> Result<Self, Error> {
        let read = |code: &Secret| RecoveryCode::parse(code.expose());
        let codes: Option<Self> = body.codes.iter().map(read).collect();
        codes.ok_or_else(|| bad_message("read recovery codes"))
    }
}
