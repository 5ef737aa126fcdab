//! What the pages of a service ask about passkeys.

use async_trait::async_trait;

use super::SignedIn;
use crate::account::Name;
use crate::audit::Source;
use crate::credential::PasskeyId;
use crate::error::Result;
use crate::passkey::{Begun, Ceremony, RelyingParty};
use crate::password::Password;
use crate::session::SessionToken;

/// Passkeys, made and used in a browser for one place on the web.
#[async_trait]
pub trait Passkeys: Send + Sync {
    /// The first step of adding one's own passkey, knowing the password.
    ///
    /// # Errors
    /// [`Refusal::BadText`](crate::error::Refusal::BadText): the name has not 1 to 64 characters;
    /// [`Refusal::NotOffered`](crate::error::Refusal::NotOffered): there are 20 already.
    async fn begin_passkey(
        &self,
        party: &dyn RelyingParty,
        token: &SessionToken,
        name: &Name,
        password: &Password,
    ) -> Result<Begun>;

    /// The second step.
    ///
    /// # Errors
    /// [`Refusal::NothingBegun`](crate::error::Refusal::NothingBegun): the ceremony is used up, too old,
    /// or of another session; [`Refusal::WrongCredentials`](crate::error::Refusal::WrongCredentials): what
    /// the authenticator made is not what was asked for.
    async fn add_passkey(
        &self,
        party: &dyn RelyingParty,
        token: &SessionToken,
        ceremony: &Ceremony,
        answer: &str,
    ) -> Result<()>;

    /// Takes away one's own passkey, knowing the password. Other sessions end.
    ///
    /// # Errors
    /// [`Refusal::SetUpNeeded`](crate::error::Refusal::SetUpNeeded): it is the last second factor, and the
    /// shop requires one.
    async fn remove_own_passkey(
        &self,
        token: &SessionToken,
        id: &PasskeyId,
        password: &Password,
    ) -> Result<()>;

    /// The first step of signing in, with an address or without. Answered alike for every address.
    async fn ask_for_passkey(&self, party: &dyn RelyingParty, email: Option<&str>) -> Result<Begun>;

    /// The second step. A passkey is both factors: what it opens is open, unless a duty comes first.
    ///
    /// # Errors
    /// [`Refusal::WrongCredentials`](crate::error::Refusal::WrongCredentials) for every answer that is not
    /// taken, whoever exists.
    async fn sign_in_by_passkey(
        &self,
        party: &dyn RelyingParty,
        ceremony: &Ceremony,
        answer: &str,
        source: Source,
    ) -> Result<SignedIn>;
}
