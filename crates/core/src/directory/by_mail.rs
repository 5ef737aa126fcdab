//! What anybody can do by links that a shop sends by mail.

use async_trait::async_trait;

use super::SignedIn;
use crate::account::{Email, Name};
use crate::audit::Source;
use crate::error::Result;
use crate::link::Purpose;
use crate::password::Password;

/// The ways in that go by a mailbox. Answered only where letters are posted: otherwise everything here is
/// [`Refusal::NotOffered`](crate::error::Refusal::NotOffered).
///
/// Whoever asks for a link is answered alike, whether there is such an account or not, and as much is done.
/// A link that was made up, used, replaced by a newer one or is too old is always
/// [`Refusal::LinkRefused`](crate::error::Refusal::LinkRefused).
#[async_trait]
pub trait ByMail: Send + Sync {
    /// What of it the shop offers.
    async fn offers(&self) -> Result<Offers>;

    /// Asks for a link to set a new password.
    async fn request_reset(&self, email: &str, source: Source) -> Result<()>;

    /// Asks for a link to sign in with.
    async fn request_sign_in_link(&self, email: &str, source: Source) -> Result<()>;

    /// Asks for an account. It is made once the link is used; whoever has one already is told so by mail.
    async fn register(&self, email: &Email, source: Source) -> Result<()>;

    /// Looks at a link, and uses nothing up.
    async fn look(&self, purpose: Purpose, token: &str) -> Result<LinkView>;

    /// Sets a new password. Every session ends, and one begins: a second factor is asked as ever.
    async fn reset_password(&self, token: &str, password: &Password, source: Source) -> Result<SignedIn>;

    /// Sets the first password of somebody who was invited, and signs in.
    async fn accept_invitation(&self, token: &str, password: &Password, source: Source) -> Result<SignedIn>;

    /// Signs in without a password: a second factor is asked as ever.
    async fn sign_in_by_link(&self, token: &str, source: Source) -> Result<SignedIn>;

    /// Makes the account that was asked for, and signs in.
    async fn finish_registration(
        &self,
        token: &str,
        name: Name,
        password: &Password,
        source: Source,
    ) -> Result<SignedIn>;

    /// Gives the account its new address.
    async fn confirm_address(&self, token: &str, source: Source) -> Result<()>;

    /// "That was not me": ends every session and locks the account until the shop has looked into it.
    async fn disown(&self, token: &str, source: Source) -> Result<()>;
}

/// What a shop offers by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offers {
    /// Letters are posted: new passwords, links to sign in with, other addresses.
    pub letters: bool,
    /// Anybody can make an account.
    pub registration: bool,
}

/// What whoever has a link may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkView {
    /// To whom it was sent.
    pub email: Email,
    /// Code points that a new password needs.
    pub shortest: u32,
}
