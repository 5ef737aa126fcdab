//! What one can do inside, asked from afar: one operation for each question.

use std::sync::Arc;

use async_trait::async_trait;
use keyholder_core::account::{Account, AccountId, Email, Name, Reason};
use keyholder_core::api_token::{ApiTokenId, ApiTokenRow, IssuedApiToken, NewApiToken};
use keyholder_core::audit::RecordedEvent;
use keyholder_core::audit::chain::Verdict as TrailVerdict;
use keyholder_core::breach::BreachAnswer;
use keyholder_core::credential::PasskeyId;
use keyholder_core::directory::{
    AccountEdit, AccountPage, Created, Directory, ExportRow, ImportMode, ImportResult, ImportRow,
    IssuedEnrolment, LinkSent, Me, NewAccount, SecondFactorBegun, StoreAct,
};
use keyholder_core::error::{Code, Refusal, Result};
use keyholder_core::limit::{Allowance, LimitName, LimitsPage};
use keyholder_core::password::Password;
use keyholder_core::policy::Policy;
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use keyholder_core::rights::Right;
use keyholder_core::second_factor::RecoveryCode;
use keyholder_core::session::{SessionId, SessionRow, SessionToken};
use keyholder_core::shop::Shop;
use keyholder_core::wire::{
    self, AddressBody, AuditExportBody, ChangePasswordBody, ClearLimitBody, CodeBody, FindQuery, ImportBody,
    Operation, OptionalReasonBody, PasswordBody, PolicyBody, ReasonBody, RemovePasskeyBody, SubjectBody,
    or_absent,
};

use super::answer::{understood, unknown};
use super::connection::{Connection, Question};
use super::failure;
use super::pieces::{Seen, pieces};

/// A directory on a service, bound to a session.
pub(super) struct RemoteDirectory {
    connection: Arc<Connection>,
    token: SessionToken,
}

impl RemoteDirectory {
    pub(super) fn new(connection: Arc<Connection>, token: SessionToken) -> Self {
        Self { connection, token }
    }

    async fn ask<O: Operation>(&self, question: Question<O>) -> Result<O::Answer> {
        self.connection.ask(Some(&self.token), question).await
    }

    /// Something that is found by what stands in the address.
    async fn look_up<O: Operation<Body = ()>>(&self, place: O::Place, query: O::Query) -> Result<O::Answer> {
        self.ask(Question::<O> {
            place,
            query,
            body: (),
            revision: None,
        })
        .await
    }

    /// Something that is done.
    async fn act<O: Operation<Query = ()>>(&self, place: O::Place, body: O::Body) -> Result<O::Answer> {
        self.ask(Question::<O> {
            place,
            query: (),
            body,
            revision: None,
        })
        .await
    }

    /// Something that is changed from the revision that was looked at.
    async fn change<O: Operation<Query = ()>>(
        &self,
        place: O::Place,
        revision: u32,
        body: O::Body,
    ) -> Result<O::Answer> {
        self.ask(Question::<O> {
            place,
            query: (),
            body,
            revision: Some(revision),
        })
        .await
    }
}

#[async_trait]
impl Directory for RemoteDirectory {
    async fn me(&self) -> Result<Me> {
        self.look_up::<wire::GetMe>((), ()).await
    }

    async fn touch(&self) -> Result<()> {
        self.act::<wire::Touch>((), ()).await
    }

    async fn lock(&self) -> Result<()> {
        self.act::<wire::Lock>((), ()).await
    }

    async fn sign_out(&self) -> Result<()> {
        self.act::<wire::SignOut>((), ()).await
    }

    async fn change_password(&self, present: &Password, new: &Password) -> Result<()> {
        self.act::<wire::ChangePassword>((), ChangePasswordBody::new(present, new))
            .await
    }

    async fn begin_second_factor(&self) -> Result<SecondFactorBegun> {
        let begun = self.act::<wire::BeginSecondFactor>((), ()).await?;
        understood(begun.try_into())
    }

    async fn confirm_second_factor(&self, code: &str) -> Result<Vec<RecoveryCode>> {
        let codes = self
            .act::<wire::ConfirmSecondFactor>((), CodeBody::from(code))
            .await?;
        understood(codes.try_into())
    }

    async fn put_off_second_factor(&self) -> Result<()> {
        self.act::<wire::PutOffSecondFactor>((), ()).await
    }

    async fn replace_recovery_codes(&self, password: &Password) -> Result<Vec<RecoveryCode>> {
        let codes = self
            .act::<wire::ReplaceRecoveryCodes>((), PasswordBody::from(password))
            .await?;
        understood(codes.try_into())
    }

    async fn remove_second_factor(&self, password: &Password) -> Result<()> {
        self.act::<wire::RemoveSecondFactor>((), PasswordBody::from(password))
            .await
    }

    async fn request_address(&self, email: &Email, password: &Password) -> Result<()> {
        let body = AddressBody {
            email: email.clone(),
            password: password.into(),
        };
        self.act::<wire::RequestAddress>((), body).await
    }

    async fn accounts(&self, query: &AccountQuery) -> Result<Page<AccountRow>> {
        self.look_up::<wire::ListAccounts>((), query.clone().into()).await
    }

    async fn count_accounts(&self, filter: &AccountFilter) -> Result<u32> {
        let counted = self
            .look_up::<wire::CountAccounts>((), filter.clone().into())
            .await?;
        Ok(counted.count)
    }

    async fn account(&self, id: AccountId) -> Result<Option<AccountPage>> {
        or_absent(self.look_up::<wire::GetAccount>(id, ()).await)
    }

    async fn find(&self, email: &Email) -> Result<Option<Account>> {
        let email = email.clone();
        or_absent(self.look_up::<wire::FindAccount>((), FindQuery { email }).await)
    }

    async fn create(&self, new: NewAccount) -> Result<Created> {
        let created = self.act::<wire::CreateAccount>((), new).await?;
        understood(created.try_into())
    }

    async fn issue_enrolment(&self, id: AccountId, reason: Option<Reason>) -> Result<IssuedEnrolment> {
        let issued = self
            .act::<wire::IssueEnrolment>(id, OptionalReasonBody { reason })
            .await?;
        understood(issued.try_into())
    }

    async fn invite(&self, id: AccountId, reason: Option<Reason>) -> Result<LinkSent> {
        self.act::<wire::Invite>(id, OptionalReasonBody { reason }).await
    }

    async fn send_reset(&self, id: AccountId, reason: Option<Reason>) -> Result<LinkSent> {
        self.act::<wire::SendReset>(id, OptionalReasonBody { reason })
            .await
    }

    async fn edit(&self, id: AccountId, revision: u32, edit: AccountEdit) -> Result<Account> {
        self.change::<wire::EditAccount>(id, revision, edit).await
    }

    async fn disable(&self, id: AccountId, reason: Reason) -> Result<Account> {
        self.act::<wire::DisableAccount>(id, ReasonBody { reason }).await
    }

    async fn enable(&self, id: AccountId, reason: Option<Reason>) -> Result<Account> {
        self.act::<wire::EnableAccount>(id, OptionalReasonBody { reason })
            .await
    }

    async fn lock_account(&self, id: AccountId, reason: Reason) -> Result<Account> {
        self.act::<wire::LockAccount>(id, ReasonBody { reason }).await
    }

    async fn unlock_account(&self, id: AccountId, reason: Reason) -> Result<Account> {
        self.act::<wire::UnlockAccount>(id, ReasonBody { reason }).await
    }

    async fn force_password_change(&self, id: AccountId, reason: Reason) -> Result<Account> {
        self.act::<wire::ForcePasswordChange>(id, ReasonBody { reason })
            .await
    }

    async fn reset_second_factor(&self, id: AccountId, reason: Reason) -> Result<Account> {
        self.act::<wire::ResetSecondFactor>(id, ReasonBody { reason })
            .await
    }

    async fn remove_passkey(&self, id: AccountId, passkey: &PasskeyId, reason: Reason) -> Result<Account> {
        let passkey = passkey.clone();
        self.act::<wire::RemovePasskey>(id, RemovePasskeyBody { passkey, reason })
            .await
    }

    async fn end_sessions(&self, id: AccountId, reason: Option<Reason>) -> Result<()> {
        self.act::<wire::EndSessions>(id, OptionalReasonBody { reason })
            .await
    }

    async fn end_session(&self, id: AccountId, session: SessionId) -> Result<()> {
        self.act::<wire::EndSession>((id, session), ()).await
    }

    async fn delete(&self, id: AccountId, reason: Option<Reason>) -> Result<Account> {
        self.act::<wire::DeleteAccount>(id, OptionalReasonBody { reason })
            .await
    }

    async fn restore(&self, id: AccountId) -> Result<Account> {
        self.act::<wire::RestoreAccount>(id, ()).await
    }

    async fn sessions(&self, id: AccountId) -> Result<Vec<SessionRow>> {
        self.look_up::<wire::ListSessions>(id, ()).await
    }

    async fn import(&self, rows: Vec<ImportRow>, mode: ImportMode) -> Result<Vec<ImportResult>> {
        let pieces = pieces(rows)?;
        if mode == ImportMode::Strict && pieces.len() > 1 {
            let why = "strict mode takes every row or none, and these do not fit into one request";
            return Err(failure::of(Code::BadRequest, why).into());
        }
        let (mut seen, mut results) = (Seen::default(), Vec::new());
        for piece in pieces {
            let keys = Seen::keys(&piece);
            let answer = self
                .act::<wire::ImportAccounts>((), ImportBody::new(piece, mode))
                .await;
            match answer {
                Ok(judged) => results.extend(seen.among(keys, judged)),
                // Whatever is said of this piece: those before it are in.
                Err(error) if mode == ImportMode::Apply && !results.is_empty() => {
                    let done = results.len();
                    return Err(
                        unknown(format_args!("rows 1 to {done} were taken in, then: {error}")).into(),
                    );
                }
                Err(error) => return Err(error),
            }
        }
        Ok(results)
    }

    async fn export(&self, query: &AccountQuery) -> Result<Page<ExportRow>> {
        let page = self.act::<wire::ExportAccounts>((), query.clone().into()).await?;
        Ok(Page {
            rows: page.rows.into_iter().map(Into::into).collect(),
            next: page.next,
        })
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>> {
        self.look_up::<wire::ListEvents>((), query.clone()).await
    }

    async fn note_audit_export(&self, query: &EventQuery, rows: u32) -> Result<()> {
        let query = query.clone();
        self.act::<wire::NoteAuditExport>((), AuditExportBody { query, rows })
            .await
    }

    async fn verify_trail(&self) -> Result<TrailVerdict> {
        self.act::<wire::VerifyTrail>((), ()).await
    }

    async fn ask_limit(&self, name: &LimitName, subject: &str) -> Result<Allowance> {
        let subject = subject.to_owned();
        self.act::<wire::AskLimit>(name.clone(), SubjectBody { subject })
            .await
    }

    async fn limits(&self) -> Result<LimitsPage> {
        self.look_up::<wire::ListLimits>((), ()).await
    }

    async fn clear_limit(&self, limit: &LimitName, subject: &str, reason: Reason) -> Result<()> {
        let subject = subject.to_owned();
        self.act::<wire::ClearLimit>(limit.clone(), ClearLimitBody { subject, reason })
            .await
    }

    async fn check_breach(&self, password: &Password) -> Result<BreachAnswer> {
        self.act::<wire::CheckBreach>((), PasswordBody::from(password))
            .await
    }

    async fn shop(&self) -> Result<Shop> {
        self.look_up::<wire::GetPolicy>((), ()).await
    }

    async fn change_policy(&self, revision: u32, name: Name, policy: Policy) -> Result<Shop> {
        self.change::<wire::ChangePolicy>((), revision, PolicyBody { name, policy })
            .await
    }

    /// Refused: what is done to the store is done, and noted, at its machine.
    async fn api_tokens(&self) -> Result<Vec<ApiTokenRow>> {
        self.look_up::<wire::ListApiTokens>((), ()).await
    }

    async fn create_api_token(&self, new: NewApiToken, password: &Password) -> Result<IssuedApiToken> {
        let body = wire::NewApiTokenBody::new(new, password);
        understood(self.act::<wire::CreateApiToken>((), body).await?.try_into())
    }

    async fn revoke_api_token(&self, id: ApiTokenId) -> Result<()> {
        self.act::<wire::RevokeApiToken>(id, ()).await
    }

    async fn note_store_act(&self, _act: StoreAct) -> Result<()> {
        Err(Refusal::NotAllowed(Right::KeepStore).into())
    }
}
