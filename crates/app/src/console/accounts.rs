//! Accounts of others, and one's own as others see it.

use keyholder_core::account::{Account, AccountId, Email, Name, Reason, Role};
use keyholder_core::credential::PasskeyId;
use keyholder_core::directory::{AccountEdit, AccountPage, IssuedEnrolment, NewAccount};
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, Page};
use keyholder_core::session::SessionId;
use zeroize::Zeroizing;

use super::own::heading;
use super::{Console, Sheet};
use crate::ipc::{AccountMade, Answer, EnrolmentShown, ShownKind};

/// A reason that may be left out: an empty field is none.
fn optional(reason: &str) -> Answer<Option<Reason>> {
    if reason.trim().is_empty() {
        Ok(None)
    } else {
        Ok(Some(Reason::parse(reason)?))
    }
}

impl Console {
    /// A page of accounts.
    pub async fn accounts(&self, query: &AccountQuery) -> Answer<Page<AccountRow>> {
        Ok(self.inside()?.accounts(query).await?)
    }

    /// How many accounts a filter finds.
    pub async fn count_accounts(&self, filter: &AccountFilter) -> Answer<u32> {
        Ok(self.inside()?.count_accounts(filter).await?)
    }

    /// Everything about one account that is no secret.
    pub async fn account(&self, id: AccountId) -> Answer<Option<AccountPage>> {
        Ok(self.inside()?.account(id).await?)
    }

    /// Makes an account and shows its enrolment code.
    pub async fn create_account(&self, email: &str, name: &str, role: Role) -> Answer<AccountMade> {
        let new = NewAccount {
            email: Email::parse(email)?,
            name: Name::parse(name)?,
            role,
        };
        let created = self.inside()?.create(new).await?;
        Ok(AccountMade {
            account: created.account,
            enrolment: self.enrolment_shown(created.enrolment).await?,
        })
    }

    /// Hands out a new enrolment code.
    pub async fn issue_enrolment(&self, id: AccountId, reason: &str) -> Answer<EnrolmentShown> {
        let code = self.inside()?.issue_enrolment(id, optional(reason)?).await?;
        self.enrolment_shown(code).await
    }

    /// Changes e-mail address, name or role.
    pub async fn edit_account(
        &self,
        id: AccountId,
        revision: u32,
        email: &str,
        name: &str,
        role: Role,
    ) -> Answer<Account> {
        let edit = AccountEdit {
            email: Email::parse(email)?,
            name: Name::parse(name)?,
            role,
        };
        Ok(self.inside()?.edit(id, revision, edit).await?)
    }

    /// Disables an account.
    pub async fn disable_account(&self, id: AccountId, reason: &str) -> Answer<Account> {
        Ok(self.inside()?.disable(id, Reason::parse(reason)?).await?)
    }

    /// Enables it again.
    pub async fn enable_account(&self, id: AccountId, reason: &str) -> Answer<Account> {
        Ok(self.inside()?.enable(id, optional(reason)?).await?)
    }

    /// Locks an account by hand.
    pub async fn lock_account(&self, id: AccountId, reason: &str) -> Answer<Account> {
        Ok(self.inside()?.lock_account(id, Reason::parse(reason)?).await?)
    }

    /// Lifts a lock and forgets failures.
    pub async fn unlock_account(&self, id: AccountId, reason: &str) -> Answer<Account> {
        Ok(self.inside()?.unlock_account(id, Reason::parse(reason)?).await?)
    }

    /// Makes the person choose a new password at the next sign-in.
    pub async fn force_password_change(&self, id: AccountId, reason: &str) -> Answer<Account> {
        Ok(self
            .inside()?
            .force_password_change(id, Reason::parse(reason)?)
            .await?)
    }

    /// Takes away a second factor.
    pub async fn reset_second_factor(&self, id: AccountId, reason: &str) -> Answer<Account> {
        Ok(self
            .inside()?
            .reset_second_factor(id, Reason::parse(reason)?)
            .await?)
    }

    /// Takes away one passkey.
    pub async fn remove_passkey(&self, id: AccountId, passkey: &PasskeyId, reason: &str) -> Answer<Account> {
        Ok(self
            .inside()?
            .remove_passkey(id, passkey, Reason::parse(reason)?)
            .await?)
    }

    /// Ends every session of an account.
    pub async fn end_sessions(&self, id: AccountId, reason: &str) -> Answer<()> {
        Ok(self.inside()?.end_sessions(id, optional(reason)?).await?)
    }

    /// Ends one session of an account.
    pub async fn end_session(&self, id: AccountId, session: SessionId) -> Answer<()> {
        Ok(self.inside()?.end_session(id, session).await?)
    }

    /// Puts an account into the recycle bin.
    pub async fn delete_account(&self, id: AccountId, reason: &str) -> Answer<Account> {
        Ok(self.inside()?.delete(id, optional(reason)?).await?)
    }

    /// Takes it out again.
    pub async fn restore_account(&self, id: AccountId) -> Answer<Account> {
        Ok(self.inside()?.restore(id).await?)
    }

    async fn enrolment_shown(&self, made: IssuedEnrolment) -> Answer<EnrolmentShown> {
        let IssuedEnrolment {
            code,
            expires_at,
            account,
        } = made;
        let code = code.printed().to_string();
        let until = format!("Good once, until {expires_at:.0}\n");
        self.show(
            ShownKind::Enrolment,
            Sheet {
                file_name: "keyholder-enrolment-code.txt".to_owned(),
                heading: heading(
                    "Enrolment code",
                    &self.shop_name().await?,
                    account.email.as_str(),
                    &until,
                ),
                secret: Zeroizing::new(code.clone()),
            },
        );
        Ok(EnrolmentShown {
            code,
            expires_at,
            account,
        })
    }
}
