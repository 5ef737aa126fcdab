//! Bodies about tokens of programs.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Place, Secret, bad_message};
use crate::api_token::{ApiToken, ApiTokenId, ApiTokenRow, IssuedApiToken, NewApiToken};
use crate::error::Error;
use crate::password::Password;

impl Place for ApiTokenId {
    fn parts(&self) -> Vec<String> {
        vec![self.uuid().to_string()]
    }
}

/// Makes a token for a program.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct NewApiTokenBody {
    /// What it is, and for what.
    pub token: NewApiToken,
    /// The password of who makes it.
    pub password: Secret,
}

impl NewApiTokenBody {
    /// Of both.
    pub fn new(token: NewApiToken, password: &Password) -> Self {
        Self {
            token,
            password: password.into(),
        }
    }
}

/// A new token, shown once.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct IssuedApiTokenBody {
    /// What its holder sends.
    pub token: Secret,
    /// What the list says of it.
    pub row: ApiTokenRow,
}

impl From<IssuedApiToken> for IssuedApiTokenBody {
    fn from(issued: IssuedApiToken) -> Self {
        Self {
            token: issued.token.text().into(),
            row: issued.row,
        }
    }
}

impl TryFrom<IssuedApiTokenBody> for IssuedApiToken {
    type Error = Error;

    fn try_from(body: IssuedApiTokenBody) -> Result<Self, Error> {
        let token = ApiToken::parse(body.token.expose());
        Ok(Self {
            token: token.ok_or_else(|| bad_message("read a token"))?,
            row: body.row,
        })
    }
}
