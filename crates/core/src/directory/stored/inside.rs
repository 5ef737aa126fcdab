//! [`Directory`] bound to a session.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;

use super::engine::Engine;
use super::moving;
use crate::account::{Account, AccountId, Email, Name, Reason};
use crate::audit::chain::Verdict as TrailVerdict;
use crate::audit::{Action, RecordedEvent};
use crate::breach::BreachAnswer;
use crate::change::{Change, Denial};
use crate::clock::Rng;
use crate::directory::{
    AccountEdit, AccountPage, Created, Directory, ExportRow, ImportMode, ImportResult, ImportRow,
    IssuedEnrolment, Me, NewAccount, SecondFactorBegun, StoreAct,
};
use crate::error::{Refusal, Result};
use crate::password::Password;
use crate::policy::Policy;
use crate::query::{AccountFilter, AccountQuery, AccountRow, EventQuery, Page};
use crate::rights::{Right, rights_of};
use crate::rules::accounts::{Case, Issued};
use crate::rules::sign_in::Try;
use crate::rules::{Act, guard, own, page, session, shop};
use crate::second_factor::recovery::CODES;
use crate::second_factor::{RecoveryCode, RecoverySet, TotpCode, uri};
use crate::session::{Session, SessionId, SessionRow, SessionToken, Stage};
use crate::shop::Shop;
use crate::store::Person;

/// How exactly it is noted when somebody was last seen: a write for every click would be waste.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(20);

/// A directory over a store, bound to a session.
pub(super) struct StoredDirectory {
    pub(super) engine: Arc<Engine>,
    token: SessionToken,
}

/// Somebody inside: whose session it is and what the shop has decided.
pub(super) struct Inside {
    pub(super) session: Session,
    pub(super) me: Person,
    pub(super) shop: Shop,
    pub(super) act: Act,
}

impl Inside {
    fn policy(&self) -> &Policy {
        &self.shop.policy
    }

    pub(super) fn allowed(&self, right: Right) -> Result<()> {
        Ok(guard::allowed(&self.me.account, right)?)
    }
}

impl StoredDirectory {
    pub(super) fn new(engine: Arc<Engine>, token: SessionToken) -> Self {
        Self { engine, token }
    }

    /// Whoever this session belongs to, however far the sign-in has come, locked or not.
    async fn holder(&self) -> Result<Inside> {
        let (session, me) = self.engine.holder_of(&self.token).await?;
        let shop = self.engine.store.shop().await?.ok_or(Refusal::NotSetUp)?;
        let now = self.engine.now();
        let act = Act::by(&me.account, now, session.source.clone());
        Ok(Inside {
            session,
            me,
            shop,
            act,
        })
    }

    /// Somebody who is there and has given every secret, but may have duties that come first.
    async fn present(&self) -> Result<Inside> {
        let inside = self.holder().await?;
        if inside.session.stage == Stage::SecondFactor {
            return Err(Refusal::SecondFactorNeeded.into());
        }
        if session::locked(&inside.session, inside.policy(), inside.act.at) {
            return Err(Refusal::SessionLocked.into());
        }
        Ok(inside)
    }

    /// Somebody who is signed in.
    pub(super) async fn inside(&self) -> Result<Inside> {
        let inside = self.present().await?;
        if inside.session.stage == Stage::Open {
            Ok(inside)
        } else {
            Err(Refusal::SetUpNeeded.into())
        }
    }

    async fn reader(&self, right: Right) -> Result<Inside> {
        let inside = self.inside().await?;
        inside.allowed(right)?;
        Ok(inside)
    }

    /// One act on one account, decided anew if somebody else was quicker.
    async fn on<T: Send>(
        &self,
        id: AccountId,
        mut rule: impl FnMut(&Case<'_>, &Person, &mut Rng) -> Result<(Change, T), Box<Denial>> + Send,
    ) -> Result<T> {
        let inside = self.inside().await?;
        // Read once before the account: whoever remains is checked again when the change commits.
        let owners = self.engine.store.owners().await?;
        let case = Case {
            act: &inside.act,
            actor: &inside.me.account,
            policy: inside.policy(),
            owners: &owners,
        };
        self.engine
            .decide(id, |person, rng| rule(&case, person, rng))
            .await
    }

    async fn changed(
        &self,
        id: AccountId,
        mut rule: impl FnMut(&Case<'_>, &Person) -> Result<Change, Box<Denial>> + Send,
    ) -> Result<Account> {
        self.on(id, |case, person, _| {
            let change = rule(case, person)?;
            let after = change
                .account()
                .map_or(&person.account, crate::change::Write::value)
                .clone();
            Ok((change, after))
        })
        .await
    }

    async fn issued(
        &self,
        id: AccountId,
        mut rule: impl FnMut(&Case<'_>, &Person, &mut Rng) -> Result<Issued, Box<Denial>> + Send,
    ) -> Result<IssuedEnrolment> {
        self.on(id, |case, person, rng| {
            let Issued {
                change,
                account,
                code,
                expires_at,
            } = rule(case, person, rng)?;
            Ok((
                change,
                IssuedEnrolment {
                    code,
                    expires_at,
                    account,
                },
            ))
        })
        .await
    }

    /// A fresh sheet of recovery codes and what is stored of it.
    async fn recovery_sheet(&self) -> Result<([RecoveryCode; CODES], RecoverySet)> {
        let mut rng = self.engine.rng();
        let (codes, salt) = (RecoveryCode::sheet(&mut rng), RecoverySet::fresh_salt(&mut rng));
        let mut digests = [[0_u8; 32]; CODES];
        for (digest, code) in digests.iter_mut().zip(&codes) {
            *digest = self.engine.digest(code.canonical(), &salt).await?;
        }
        Ok((codes, RecoverySet::new(salt, digests)))
    }

    fn rows(sessions: Vec<Session>, current: Option<SessionId>, now: jiff::Timestamp) -> Vec<SessionRow> {
        let open = sessions.into_iter().filter(|session| session.expires_at > now);
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
}

#[async_trait]
impl Directory for StoredDirectory {
    async fn me(&self) -> Result<Me> {
        let Inside {
            session,
            me,
            shop,
            act,
        } = self.present().await?;
        let confirmed = shop.recovery_key_confirmed_at.is_some();
        Ok(Me {
            rights: rights_of(me.account.role).to_vec(),
            stage: session.stage,
            duties: session::duties(&me, session.stage, &shop.policy, confirmed, act.at),
            second_factor: me.credential.totp.is_some(),
            recovery_codes_left: me
                .credential
                .recovery
                .as_ref()
                .map_or(0, |set| u32::from(set.left())),
            locks_at: session::locks_at(&session, &shop.policy),
            ends_at: session.expires_at,
            account: me.account,
        })
    }

    async fn touch(&self) -> Result<()> {
        let Inside { session, act, .. } = self.present().await?;
        if session.seen_at.duration_until(act.at).abs() >= SEEN_EVERY {
            self.engine.store.touch(session.id, act.at).await?;
        }
        Ok(())
    }

    async fn lock(&self) -> Result<()> {
        let inside = self.holder().await?;
        let change = session::lock(&inside.session, &inside.act, &inside.me.account);
        self.engine.commit(change).await
    }

    async fn sign_out(&self) -> Result<()> {
        let inside = self.holder().await?;
        let id = inside.me.account.id;
        self.engine
            .decide(id, |person, _| {
                Ok((session::end(&inside.session, &inside.act, &person.account)?, ()))
            })
            .await
    }

    async fn change_password(&self, present: &Password, new: &Password) -> Result<()> {
        let Inside {
            session,
            me,
            shop,
            act,
        } = self.present().await?;
        let policy = &shop.policy;
        let account = &me.account;
        let tried = Try::again(Action::PasswordChanged);
        self.engine
            .strong_enough(
                new,
                &account.email,
                &account.name,
                &shop.name,
                account.role,
                policy,
            )
            .await?;
        let hash = self.engine.hash(new, &mut self.engine.rng()).await?;
        self.engine
            .with_password(tried, me, present, policy, act.source, |person, act, _| {
                Ok((
                    own::change_password(policy, person, &session, hash.clone(), act),
                    (),
                ))
            })
            .await
    }

    async fn begin_second_factor(&self) -> Result<SecondFactorBegun> {
        let Inside { me, shop, act, .. } = self.present().await?;
        self.engine
            .decide(me.account.id, |person, rng| {
                let (change, secret) = own::begin_second_factor(person, &act, rng);
                let uri = uri(shop.name.as_str(), person.account.email.as_str(), &secret);
                Ok((change, SecondFactorBegun { secret, uri }))
            })
            .await
    }

    async fn confirm_second_factor(&self, code: &str) -> Result<Vec<RecoveryCode>> {
        let inside = self.present().await?;
        let code = TotpCode::parse(code);
        let (codes, recovery) = self.recovery_sheet().await?;
        let act = Act {
            at: self.engine.now(),
            ..inside.act.clone()
        };
        self.engine
            .decide(inside.me.account.id, |person, _| {
                let policy = &inside.shop.policy;
                let change = own::confirm_second_factor(
                    policy,
                    person,
                    &inside.session,
                    code.as_ref(),
                    recovery.clone(),
                    &act,
                )?;
                Ok((change, ()))
            })
            .await?;
        Ok(codes.into())
    }

    async fn put_off_second_factor(&self) -> Result<()> {
        let Inside {
            session,
            me,
            shop,
            act,
        } = self.present().await?;
        self.engine
            .decide(me.account.id, |person, _| {
                Ok((
                    own::put_off_second_factor(&shop.policy, person, session.stage, &act)?,
                    (),
                ))
            })
            .await
    }

    async fn replace_recovery_codes(&self, password: &Password) -> Result<Vec<RecoveryCode>> {
        let Inside { me, shop, act, .. } = self.inside().await?;
        let (codes, recovery) = self.recovery_sheet().await?;
        let tried = Try::again(Action::RecoveryCodesReplaced);
        self.engine
            .with_password(tried, me, password, &shop.policy, act.source, |person, act, _| {
                Ok((own::replace_recovery_codes(person, recovery.clone(), act)?, ()))
            })
            .await?;
        Ok(codes.into())
    }

    async fn remove_second_factor(&self, password: &Password) -> Result<()> {
        let Inside { me, shop, act, .. } = self.inside().await?;
        let tried = Try::again(Action::SecondFactorRemoved);
        self.engine
            .with_password(tried, me, password, &shop.policy, act.source, |person, act, _| {
                Ok((own::remove_second_factor(&shop.policy, person, act)?, ()))
            })
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
        let sessions = Self::rows(sessions, Some(inside.session.id), inside.act.at);
        Ok(Some(page::of(
            person,
            sessions,
            &inside.me.account,
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
        self.changed(id, |case, person| {
            case.reset_second_factor(person, reason.clone())
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
        Ok(Self::rows(sessions, Some(inside.session.id), inside.act.at))
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
        self.reader(Right::ReadAudit).await?;
        Ok(self.engine.store.events(query).await?)
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

    async fn check_breach(&self, password: &Password) -> Result<BreachAnswer> {
        let inside = self.reader(Right::CheckBreaches).await?;
        let answer = self.engine.breach.check(password).await;
        let change = moving::breach_checked(&inside.act, &answer);
        self.engine.commit(change).await?;
        Ok(answer)
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

    async fn note_store_act(&self, act: StoreAct) -> Result<()> {
        let inside = self.inside().await?;
        let decision = shop::store_act(&inside.shop, &inside.me.account, &act, &inside.act);
        self.shop_changed(inside.shop, decision).await.map(drop)
    }
}

impl StoredDirectory {
    async fn shop_changed(&self, before: Shop, decision: crate::change::Decision) -> Result<Shop> {
        match decision {
            Err(denial) => Err(self.engine.deny(denial).await),
            Ok(change) => {
                let after = change.shop().map_or(before, |write| write.value().clone());
                self.engine.commit(change).await?;
                Ok(after)
            }
        }
    }
}
