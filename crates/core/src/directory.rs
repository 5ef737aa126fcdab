//! What a console can ask. [`Authentication`] is the way in; [`Directory`] is what one can do inside,
//! bound to a session. Both are answered by [`StoredAuthentication`] with the rules over any store.
//!
//! Every question of a directory first looks at its session: an ended, locked or unfinished one is
//! refused, and so is an account that was disabled in the meantime.

mod answers;
mod by_mail;
mod limits;
mod passkeys;
mod programs;
mod stored;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::SecretString;

pub use self::answers::*;
pub use self::by_mail::{ByMail, LinkView, Offers};
pub use self::limits::Limits;
pub use self::passkeys::Passkeys;
pub use self::programs::{NotRecorded, ProgramDirectory, Programs, Provision};
pub use self::stored::StoredAuthentication;
use crate::account::{Account, AccountId, Email, Name, Reason, Role};
use crate::api_token::{ApiTokenId, ApiTokenRow, IssuedApiToken, NewApiToken};
use crate::audit::chain::Verdict as TrailVerdict;
use crate::audit::{RecordedEvent, Source};
use crate::breach::BreachAnswer;
use crate::credential::PasskeyId;
use crate::entry::EntryKey;
use crate::error::Result;
use crate::limit::{Allowance, LimitName, LimitsPage};
use crate::password::Password;
use crate::policy::Policy;
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::second_factor::RecoveryCode;
use crate::session::{DeviceKey, SessionId, SessionRow, SessionToken};
use crate::shop::{Shop, ShopFront};

/// The way in.
#[async_trait]
pub trait Authentication: Send + Sync {
    /// What anybody may see of the shop, once it is set up.
    async fn front(&self) -> Result<Option<ShopFront>>;

    /// Sets up the shop with its first owner, who is signed in at once.
    async fn set_up(&self, shop: Name, owner: NewOwner, source: Source) -> Result<SignedIn>;

    /// The first step: e-mail address and password. Costs the same for every address.
    async fn sign_in(&self, email: &str, password: &Password, source: Source) -> Result<SignedIn>;

    /// The second step: the code of the authenticator app.
    async fn second_factor(&self, token: &SessionToken, code: &str) -> Result<SignedIn>;

    /// The second step without the phone: a recovery code. A new second factor is set up next.
    async fn recovery_code(&self, token: &SessionToken, code: &str) -> Result<SignedIn>;

    /// Uses an enrolment code to set a password, and signs in.
    async fn enrol(&self, email: &str, code: &str, password: &Password, source: Source) -> Result<SignedIn>;

    /// Opens a locked or idle session with its account's password.
    async fn unlock(&self, token: &SessionToken, password: &Password) -> Result<SignedIn>;

    /// Lets an owner in again who has proved to hold the recovery key: takes away the second factor
    /// and locks, and answers an enrolment code for a new password.
    async fn recover_owner(&self, owner: Option<&Email>, source: Source) -> Result<IssuedEnrolment>;

    /// What one can do inside with that session. Whether it is open is looked at with each question.
    fn directory(&self, token: &SessionToken) -> Box<dyn Directory>;
}

/// What a service asks beside [`Authentication`] of consoles elsewhere: each signs what it asks with the
/// key of its device, so that whoever gets hold of a session's token alone has nothing.
#[async_trait]
pub trait DeviceSessions: Authentication {
    /// The same way in for whoever has proved to hold that key: sessions that begin by it open to
    /// nobody else, and those that are bound to it open.
    fn of_device(&self, key: DeviceKey) -> Arc<dyn DeviceSessions>;

    /// Uses up what is done in that session once, over every node; it can be forgotten after `until`.
    ///
    /// # Errors
    /// [`Refusal::SessionEnded`](crate::error::Refusal::SessionEnded): it was used before, or the
    /// session is not open to this device.
    async fn use_up(&self, token: &SessionToken, once: EntryKey, until: Timestamp) -> Result<()>;
}

/// What the pages of a service ask beside [`Authentication`]: their sessions live in browsers, which have
/// no lock and must be given a new token from time to time.
#[async_trait]
pub trait PageSessions: Send + Sync {
    /// A new token for a session of the pages that goes on; where `keep` is chosen, for a week from its
    /// beginning. The old token opens nothing any more.
    async fn renew(&self, token: &SessionToken, keep: bool) -> Result<SignedIn>;

    /// Whose session it is, if it is open and all its duties are done. One that is bound to a device opens
    /// nothing here: the device is not asked.
    async fn holder(&self, token: &SessionToken) -> Result<Holder>;
}

/// What one can do inside.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Who is signed in, with which rights, and what they still have to do.
    async fn me(&self) -> Result<Me>;

    /// Notes that the holder did something, so that the session does not lock.
    async fn touch(&self) -> Result<()>;

    /// Locks this session until its password is given.
    async fn lock(&self) -> Result<()>;

    /// Ends this session.
    async fn sign_out(&self) -> Result<()>;

    // One's own account

    /// Chooses a new password, knowing the present one. Other sessions end.
    async fn change_password(&self, present: &Password, new: &Password) -> Result<()>;

    /// Makes a secret for a second factor; it is asked for only once it is confirmed.
    async fn begin_second_factor(&self) -> Result<SecondFactorBegun>;

    /// Confirms it by a code. The answer's codes are shown once.
    async fn confirm_second_factor(&self, code: &str) -> Result<Vec<RecoveryCode>>;

    /// Puts it off, where the shop does not require it.
    async fn put_off_second_factor(&self) -> Result<()>;

    /// Replaces all recovery codes, knowing the password. The answer's codes are shown once.
    async fn replace_recovery_codes(&self, password: &Password) -> Result<Vec<RecoveryCode>>;

    /// Turns off one's own second factor, knowing the password, where the shop does not require it.
    async fn remove_second_factor(&self, password: &Password) -> Result<()>;

    /// Asks for another e-mail address, knowing the password: the account has it once the link that is
    /// sent there is used.
    async fn request_address(&self, email: &Email, password: &Password) -> Result<()>;

    // Accounts

    /// A page of accounts.
    async fn accounts(&self, query: &AccountQuery) -> Result<Page<AccountRow>>;

    /// How many accounts a filter finds.
    async fn count_accounts(&self, filter: &AccountFilter) -> Result<u32>;

    /// Everything about one account that is no secret; none if it is not there.
    async fn account(&self, id: AccountId) -> Result<Option<AccountPage>>;

    /// The account of that address; none if it is not there.
    async fn find(&self, email: &Email) -> Result<Option<Account>>;

    /// Makes an account, with an enrolment code to read out or print.
    async fn create(&self, new: NewAccount) -> Result<Created>;

    /// Hands out a new enrolment code; an older one is void.
    async fn issue_enrolment(&self, id: AccountId, reason: Option<Reason>) -> Result<IssuedEnrolment>;

    /// Sends somebody who has no password yet a link to choose one; an older one is void.
    async fn invite(&self, id: AccountId, reason: Option<Reason>) -> Result<LinkSent>;

    /// Sends somebody a link to set a new password; an older one is void.
    async fn send_reset(&self, id: AccountId, reason: Option<Reason>) -> Result<LinkSent>;

    /// Changes e-mail address, name or role, from the revision that was looked at. One's own name needs
    /// no right.
    async fn edit(&self, id: AccountId, revision: u32, edit: AccountEdit) -> Result<Account>;

    /// Disables an account and ends its sessions.
    async fn disable(&self, id: AccountId, reason: Reason) -> Result<Account>;

    /// Enables a disabled account.
    async fn enable(&self, id: AccountId, reason: Option<Reason>) -> Result<Account>;

    /// Locks an account by hand and ends its sessions.
    async fn lock_account(&self, id: AccountId, reason: Reason) -> Result<Account>;

    /// Lifts a lock by hand and forgets failures.
    async fn unlock_account(&self, id: AccountId, reason: Reason) -> Result<Account>;

    /// Makes the person choose a new password at the next sign-in.
    async fn force_password_change(&self, id: AccountId, reason: Reason) -> Result<Account>;

    /// Takes away a second factor, its recovery codes and passkeys, and ends the sessions.
    async fn reset_second_factor(&self, id: AccountId, reason: Reason) -> Result<Account>;

    /// Takes away one passkey of an account and ends the sessions.
    async fn remove_passkey(&self, id: AccountId, passkey: &PasskeyId, reason: Reason) -> Result<Account>;

    /// Ends every session of an account.
    async fn end_sessions(&self, id: AccountId, reason: Option<Reason>) -> Result<()>;

    /// Ends one session of an account.
    async fn end_session(&self, id: AccountId, session: SessionId) -> Result<()>;

    /// Puts an account into the recycle bin and ends its sessions.
    async fn delete(&self, id: AccountId, reason: Option<Reason>) -> Result<Account>;

    /// Takes an account out of the recycle bin.
    async fn restore(&self, id: AccountId) -> Result<Account>;

    /// Open sessions of an account, the newest first.
    async fn sessions(&self, id: AccountId) -> Result<Vec<SessionRow>>;

    /// Takes accounts in. Every row has a result; nothing is written on a dry run, and nothing in
    /// strict mode if one row is refused.
    async fn import(&self, rows: Vec<ImportRow>, mode: ImportMode) -> Result<Vec<ImportResult>>;

    /// Every account with its hashes, page by page, for a move to another program. Audited once, at
    /// the first page.
    async fn export(&self, query: &AccountQuery) -> Result<Page<ExportRow>>;

    // The trail

    /// A page of the audit trail. Whoever may not read it sees what was done by and to their own account,
    /// without who in the shop did it, from where and why.
    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>>;

    /// Notes that the trail was exported with that filter.
    async fn note_audit_export(&self, query: &EventQuery, rows: u32) -> Result<()>;

    /// Checks the chain of the trail.
    async fn verify_trail(&self) -> Result<TrailVerdict>;

    // Limits

    /// Takes one of a limit that the shop has named, for whoever its page says; the answer says whether
    /// there was one. An address counts as one household, everything else without regard to case. Only
    /// whoever may lift a limit may use one up for somebody.
    async fn ask_limit(&self, name: &LimitName, subject: &str) -> Result<Allowance>;

    /// Every limit, and who is held up.
    async fn limits(&self) -> Result<LimitsPage>;

    /// Lets somebody go on who is held up by a limit.
    async fn clear_limit(&self, limit: &LimitName, subject: &str, reason: Reason) -> Result<()>;

    // Breaches, shop, store

    /// The shop with all that it has decided, for whoever has given every secret.
    async fn shop(&self) -> Result<Shop>;

    /// Checks a password against known breaches. The trail learns that, never which.
    async fn check_breach(&self, password: &Password) -> Result<BreachAnswer>;

    /// Changes the shop's name or what it has decided, from the revision that was looked at.
    async fn change_policy(&self, revision: u32, name: Name, policy: Policy) -> Result<Shop>;

    /// Tokens of programs, the oldest first.
    async fn api_tokens(&self) -> Result<Vec<ApiTokenRow>>;

    /// Makes a token for a program, knowing the password. It is shown once.
    async fn create_api_token(&self, new: NewApiToken, password: &Password) -> Result<IssuedApiToken>;

    /// Revokes a token: it opens nothing any more, on any node.
    async fn revoke_api_token(&self, id: ApiTokenId) -> Result<()>;

    /// Notes an act on the store itself, by who has the right: see [`StoreAct`]. Refused from afar: what
    /// is done at the machine of the store is noted there.
    async fn note_store_act(&self, act: StoreAct) -> Result<()>;
}

/// The first owner of a shop.
#[derive(Debug)]
pub struct NewOwner {
    /// E-mail address as typed.
    pub email: Email,
    /// Name.
    pub name: Name,
    /// Chosen by the owner.
    pub password: Password,
}

/// A new account.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, specta::Type)]
pub struct NewAccount {
    /// The user id.
    pub email: Email,
    /// Name; may be empty.
    pub name: Name,
    /// Role.
    pub role: Role,
}

/// What to change of an account.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, specta::Type)]
pub struct AccountEdit {
    /// The user id.
    pub email: Email,
    /// Name; may be empty.
    pub name: Name,
    /// Role.
    pub role: Role,
}

/// One row of a file of accounts, already read.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// E-mail address as written.
    pub email: String,
    /// Name; may be empty.
    pub name: String,
    /// Role by its word; a customer if empty.
    pub role: String,
    /// Hash of the password in any format of [`crate::password::PasswordHash`]; may be empty.
    pub password_hash: SecretString,
    /// Secret of the second factor in base32; may be empty.
    pub totp_secret: SecretString,
    /// When the account was made (RFC 3339); now if empty.
    pub created_at: String,
}
