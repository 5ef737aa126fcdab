//! [`Directory`] bound to a session: each question first passes the gates of [`Inside`](super::inside::Inside).

use async_trait::async_trait;

use super::inside::StoredDirectory;
use super::{moving, own, tokens};
use crate::account::{Account, AccountId, Email, Name, Reason};
use crate::api_token::{ApiTokenId, ApiTokenRow, IssuedApiToken, NewApiToken};
use crate::audit::chain::Verdict as TrailVerdict;
use crate::audit::{Action, RecordedEvent};
use crate::breach::BreachAnswer;
use crate::credential::PasskeyId;
use crate::directory::{
    AccountEdit, AccountPage, Created, Directory, ExportRow, ImportMode, ImportResult, ImportRow,
    IssuedEnrolment, LinkSent, Me, NewAccount, SecondFactorBegun, StoreAct,
};
use crate::error::{Refusal, Result};
use crate::letter::Letter;
use crate::limit::{Allowance, LimitName, LimitsPage};
use crate::link::Purpose;
use crate::password::Password;
use crate::policy::Policy;
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::rights::Right;
use crate::rules::accounts::{Case, Issued};
use crate::rules::{guard, page, session, shop};
use crate::second_factor::RecoveryCode;
use crate::session::{Session, SessionId, SessionRow};
use crate::shop::Shop;
use crate::store::Person;

#[async_trait]
impl Directory for StoredDirectory {
    async fn me(&self) -> Result<Me> {
        Ok(own::me(self.present().await?))
    }

    async fn touch(&self) -> Result<()> {
        own::touch(&self.engine, self.present().await?).await
    }

    async fn lock(&self) -> Result<()> {
        own::lock(&self.engine, self.holder().await?).await
    }

    async fn sign_out(&self) -> Result<()> {
        own::sign_out(&self.engine, self.holder().await?).await
    }

    async fn change_password(&self, present: &Password, new: &Password) -> Result<()> {
        own::change_password(&self.engine, self.present().await?, present, new).await
    }

    async fn begin_second_factor(&self) -> Result<SecondFactorBegun> {
        own::begin_second_factor(&self.engine, self.present().await?).await
    }

    async fn confirm_second_factor(&self, code: &str) -> Result<Vec<RecoveryCode>> {
        own::confirm_second_factor(&self.engine, self.present().await?, code).await
    }

    async fn put_off_second_factor(&self) -> Result<()> {
        own::put_off_second_factor(&self.engine, self.present().await?).await
    }

    async fn replace_recovery_codes(&self, password: &Password) -> Result<Vec<RecoveryCode>> {
        own::replace_recovery_codes(&self.engine, self.inside().await?, password).await
    }

    async fn remove_second_factor(&self, password: &Password) -> Result<()> {
        own::remove_second_factor(&self.engine, self.inside().await?, password).await
    }

    async fn request_address(&self, email: &Email, password: &Password) -> Result<()> {
        self.engine
            .request_address(self.inside().await?, email, password)
            .await
    }

    async fn accounts(&self, query: &AccountQuery) -> Result<Page<AccountRow>> {
        let inside = self.reader(Right::ReadAccounts).await?;
        Ok(self.engine.store.accounts(query, inside.act.at).await?)
    }

    async fn count_accounts(&self, filter: &AccountFilter) -> Result<u32> {
        let inside = self.reader(Right::ReadAccounts).await?;
        Ok(self.engine.store.count_accounts(filter, inside.act.at).await?)
    }

    async fn account(&self, id: AccountId) -> Result<Option<AccountPage>> {
        let inside = self.inside().await?;
        if id != inside.me.account.id {
            inside.allowed(Right::ReadAccounts)?;
        }
        let Some(person) = self.engine.store.person(id).await? else {
            return Ok(None);
        };
        let sessions = self.engine.store.sessions_of(id).await?;
        let sessions = rows(sessions, Some(inside.session.id), inside.act.at);
        Ok(Some(page::of(
            person,
            sessions,
            Some(&inside.me.account),
            inside.policy(),
            inside.act.at,
        )))
    }

    async fn find(&self, email: &Email) -> Result<Option<Account>> {
        self.reader(Right::ReadAccounts).await?;
        Ok(self
            .engine
            .store
            .person_by_email(email)
            .await?
            .map(|person| person.account))
    }

    async fn create(&self, new: NewAccount) -> Result<Created> {
        let inside = self.inside().await?;
        let mut rng = self.engine.rng();
        let case = Case {
            act: &inside.act,
            actor: &inside.me.account,
            policy: inside.policy(),
            owners: &[],
        };
        match case.create(new, &mut rng) {
            Err(denial) => Err(self.engine.deny(denial).await),
            Ok(Issued {
                change,
                account,
                code,
                expires_at,
            }) => {
                self.engine.commit(change).await?;
                let enrolment = IssuedEnrolment {
                    code,
                    expires_at,
                    account: account.clone(),
                };
                Ok(Created { account, enrolment })
            }
        }
    }

    async fn issue_enrolment(&self, id: AccountId, reason: Option<Reason>) -> Result<IssuedEnrolment> {
        self.issued(id, |case, person, rng| {
            case.issue_enrolment(person, reason.clone(), rng)
        })
        .await
    }

    async fn invite(&self, id: AccountId, reason: Option<Reason>) -> Result<LinkSent> {
        self.send_link(id, Purpose::Invitation, |case, person, links, desk| {
            case.invite(person, links, reason.clone(), desk)
        })
        .await
    }

    async fn send_reset(&self, id: AccountId, reason: Option<Reason>) -> Result<LinkSent> {
        self.send_link(id, Purpose::Reset, |case, person, links, desk| {
            case.send_reset(person, links, reason.clone(), desk)
        })
        .await
    }

    async fn edit(&self, id: AccountId, revision: u32, edit: AccountEdit) -> Result<Account> {
        self.changed(id, |case, person| case.edit(person, revision, edit.clone()))
            .await
    }

    async fn disable(&self, id: AccountId, reason: Reason) -> Result<Account> {
        self.changed(id, |case, person| case.disable(person, reason.clone()))
            .await
    }

    async fn enable(&self, id: AccountId, reason: Option<Reason>) -> Result<Account> {
        self.changed(id, |case, person| case.enable(person, reason.clone()))
            .await
    }

    async fn lock_account(&self, id: AccountId, reason: Reason) -> Result<Account> {
        self.changed(id, |case, person| case.lock(person, reason.clone()))
            .await
    }

    async fn unlock_account(&self, id: AccountId, reason: Reason) -> Result<Account> {
        self.changed(id, |case, person| case.unlock(person, reason.clone()))
            .await
    }

    async fn force_password_change(&self, id: AccountId, reason: Reason) -> Result<Account> {
        self.changed(id, |case, person| {
            case.force_password_change(person, reason.clone())
        })
        .await
    }

    async fn reset_second_factor(&self, id: AccountId, reason: Reason) -> Result<Account> {
        self.on(id, |case, person, rng| {
            let change = case.reset_second_factor(person, reason.clone())?;
            let told = |at| Letter::SecondFactorRemoved { at };
            let account = person.account.clone();
            Ok((
                self.engine.telling(change, &account, case.act, told, rng),
                account,
            ))
        })
        .await
    }

    async fn remove_passkey(&self, id: AccountId, passkey: &PasskeyId, reason: Reason) -> Result<Account> {
        self.changed(id, |case, person| {
            case.remove_passkey(person, passkey, reason.clone())
        })
        .await
    }

    async fn end_sessions(&self, id: AccountId, reason: Option<Reason>) -> Result<()> {
        self.changed(id, |case, person| case.end_sessions(person, reason.clone()))
            .await
            .map(drop)
    }

    async fn end_session(&self, id: AccountId, session: SessionId) -> Result<()> {
        let inside = self.inside().await?;
        let open = self.engine.store.sessions_of(id).await?;
        let ending = open
            .into_iter()
            .find(|open| open.id == session)
            .ok_or(Refusal::NotFound)?;
        self.engine
            .decide(id, |person, _| {
                if id != inside.me.account.id {
                    guard::allowed_on(&inside.me.account, Right::LockAccounts, &person.account)
                        .map_err(|refusal| inside.act.deny(Action::SessionEnded, &person.account, refusal))?;
                }
                Ok((session::end(&ending, &inside.act, &person.account)?, ()))
            })
            .await
    }

    async fn delete(&self, id: AccountId, reason: Option<Reason>) -> Result<Account> {
        self.changed(id, |case, person| case.delete(person, reason.clone()))
            .await
    }

    async fn restore(&self, id: AccountId) -> Result<Account> {
        self.changed(id, |case: &Case<'_>, person: &Person| case.restore(person))
            .await
    }

    async fn sessions(&self, id: AccountId) -> Result<Vec<SessionRow>> {
        let inside = self.inside().await?;
        if id != inside.me.account.id {
            inside.allowed(Right::ReadAccounts)?;
        }
        let sessions = self.engine.store.sessions_of(id).await?;
        Ok(rows(sessions, Some(inside.session.id), inside.act.at))
    }

    async fn import(&self, rows: Vec<ImportRow>, mode: ImportMode) -> Result<Vec<ImportResult>> {
        let inside = self.reader(Right::MoveAccounts).await?;
        moving::import(&self.engine, &inside, rows, mode).await
    }

    async fn export(&self, query: &AccountQuery) -> Result<Page<ExportRow>> {
        let inside = self.reader(Right::MoveAccounts).await?;
        moving::export(&self.engine, &inside, query).await
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<RecordedEvent>> {
        let inside = self.inside().await?;
        match inside.allowed(Right::ReadAudit) {
            Ok(()) => Ok(self.engine.store.events(query).await?),
            Err(_) if query.account == Some(inside.me.account.id) => {
                own::events(&self.engine, &inside, query).await
            }
            Err(refused) => Err(refused),
        }
    }

    async fn note_audit_export(&self, query: &EventQuery, rows: u32) -> Result<()> {
        let inside = self.reader(Right::ExportAudit).await?;
        let change = moving::audit_exported(&inside.act, query, rows);
        self.engine.commit(change).await
    }

    async fn verify_trail(&self) -> Result<TrailVerdict> {
        let inside = self.reader(Right::ReadAudit).await?;
        let verdict = self.engine.store.verify_trail().await?;
        let change = moving::trail_verified(&inside.act, &verdict);
        self.engine.commit(change).await?;
        Ok(verdict)
    }

    async fn ask_limit(&self, name: &LimitName, subject: &str) -> Result<Allowance> {
        let inside = self.reader(Right::LockAccounts).await?;
        self.engine
            .ask_limit(inside.policy(), name, subject, &inside.act)
            .await
    }

    async fn limits(&self) -> Result<LimitsPage> {
        let inside = self.reader(Right::ReadAudit).await?;
        self.engine.limits(inside.policy(), inside.act.at).await
    }

    async fn clear_limit(&self, limit: &LimitName, subject: &str, reason: Reason) -> Result<()> {
        let inside = self.inside().await?;
        self.engine.clear_limit(&inside, limit, subject, reason).await
    }

    async fn check_breach(&self, password: &Password) -> Result<BreachAnswer> {
        let inside = self.reader(Right::CheckBreaches).await?;
        let answer = self.engine.breach.check(password).await;
        let change = moving::breach_checked(&inside.act, &answer);
        self.engine.commit(change).await?;
        Ok(answer)
    }

    async fn shop(&self) -> Result<Shop> {
        Ok(self.present().await?.shop)
    }

    async fn change_policy(&self, revision: u32, name: Name, policy: Policy) -> Result<Shop> {
        let inside = self.inside().await?;
        let decision = shop::change(
            &inside.shop,
            &inside.me.account,
            revision,
            name,
            policy,
            &inside.act,
        );
        self.shop_changed(inside.shop, decision).await
    }

    async fn api_tokens(&self) -> Result<Vec<ApiTokenRow>> {
        tokens::list(&self.engine, &self.inside().await?).await
    }

    async fn create_api_token(&self, new: NewApiToken, password: &Password) -> Result<IssuedApiToken> {
        tokens::create(&self.engine, self.inside().await?, new, password).await
    }

    async fn revoke_api_token(&self, id: ApiTokenId) -> Result<()> {
        tokens::revoke(&self.engine, &self.inside().await?, id).await
    }

    async fn note_store_act(&self, act: StoreAct) -> Result<()> {
        let inside = self.inside().await?;
        let decision = shop::store_act(&inside.shop, &inside.me.account, &act, &inside.act);
        self.shop_changed(inside.shop, decision).await.map(drop)
    }
}

/// Sessions as lists show them: those that are over are not there.
pub(super) fn rows(
    sessions: Vec<Session>,
    current: Option<SessionId>,
    now: jiff::Timestamp,
) -> Vec<SessionRow> {
    let open = sessions
        .into_iter()
        .filter(|session| !session::over(session, now));
    open.map(|session| SessionRow {
        id: session.id,
        stage: session.stage,
        source: session.source,
        created_at: session.created_at,
        seen_at: session.seen_at,
        expires_at: session.expires_at,
        current: current == Some(session.id),
    })
    .collect()
}
