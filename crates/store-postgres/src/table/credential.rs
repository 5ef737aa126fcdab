//! Credentials: secrets and the count of tries at them.

mod recovery;

use std::collections::{BTreeMap, BTreeSet};

use keyholder_core::account::AccountId;
use keyholder_core::change::Write;
use keyholder_core::clock::Rng;
use keyholder_core::credential::{ConfirmedTotp, Credential, StoredPassword};
use keyholder_core::error::StoreError;
use keyholder_core::lockout::{Budget, DeviceId, Factor, LockoutPolicy, Scope};
use keyholder_core::password::PasswordHash;
use keyholder_core::second_factor::{Enrolment, RecoverySet, Totp, TotpSecret};
use keyholder_core::store::CommitError;
use sqlx::PgConnection;
use uuid::Uuid;

use self::recovery::Recovery;
use super::account;
use crate::error::{Tried, unique, unreadable};
use crate::seal::{Place, Seal};
use crate::value::{array_from, json, json_from, maybe_time_from, number_from, time, time_from};

/// The columns that are sealed.
const TOTP: &str = "credential.totp";
const TOTP_BEGUN: &str = "credential.totp_begun";

struct Row {
    account: Uuid,
    revision: i64,
    password: Option<String>,
    password_set_at: Option<i64>,
    must_change: bool,
    breached: Option<i64>,
    breached_at: Option<i64>,
    totp: Option<Vec<u8>>,
    totp_progress: Option<String>,
    totp_since: Option<i64>,
    totp_begun: Option<Vec<u8>>,
    recovery: Option<String>,
    put_off_until: Option<i64>,
    enrolment: Option<Vec<u8>>,
    enrolment_expires_at: Option<i64>,
    enrolment_used_at: Option<i64>,
    budgets: String,
    known_devices: String,
    passkeys: String,
    last_sign_in_at: Option<i64>,
}

impl Row {
    fn password(&self) -> Result<Option<StoredPassword>, StoreError> {
        let (Some(text), Some(set_at)) = (&self.password, self.password_set_at) else {
            return Ok(None);
        };
        let breached = match (self.breached, maybe_time_from(self.breached_at)?) {
            (Some(count), Some(at)) => Some((number_from(count)?, at)),
            _ => None,
        };
        Ok(Some(StoredPassword {
            hash: PasswordHash::parse(text).map_err(|_| unreadable("a password hash"))?,
            set_at: time_from(set_at)?,
            must_change: self.must_change,
            breached,
        }))
    }

    fn secret(&self, seal: &Seal, column: &'static str, sealed: &[u8]) -> Result<TotpSecret, StoreError> {
        let place = Place {
            column,
            row: self.account.as_bytes(),
        };
        TotpSecret::from_bytes(seal.open(place, sealed)?.to_vec()).ok_or_else(|| unreadable("a secret"))
    }

    fn totp(&self, seal: &Seal) -> Result<Option<ConfirmedTotp>, StoreError> {
        let (Some(sealed), Some(progress), Some(since)) = (&self.totp, &self.totp_progress, self.totp_since)
        else {
            return Ok(None);
        };
        let totp = Totp {
            secret: self.secret(seal, TOTP, sealed)?,
            progress: json_from(progress, "a second factor's progress")?,
        };
        Ok(Some(ConfirmedTotp {
            totp,
            since: time_from(since)?,
        }))
    }

    fn totp_begun(&self, seal: &Seal) -> Result<Option<TotpSecret>, StoreError> {
        let open = |sealed: &Vec<u8>| self.secret(seal, TOTP_BEGUN, sealed);
        self.totp_begun.as_ref().map(open).transpose()
    }

    fn recovery(&self) -> Result<Option<RecoverySet>, StoreError> {
        let read = |text: &String| {
            json_from::<Recovery>(text, "the recovery codes")?
                .set()
                .ok_or_else(|| unreadable("the recovery codes"))
        };
        self.recovery.as_ref().map(read).transpose()
    }

    fn enrolment(&self) -> Result<Option<Enrolment>, StoreError> {
        let (Some(digest), Some(expires_at)) = (&self.enrolment, self.enrolment_expires_at) else {
            return Ok(None);
        };
        Ok(Some(Enrolment {
            digest: array_from(digest, "an enrolment code")?,
            expires_at: time_from(expires_at)?,
            used_at: maybe_time_from(self.enrolment_used_at)?,
        }))
    }

    fn opened(&self, seal: &Seal) -> Result<Credential, StoreError> {
        let budgets: Vec<(Factor, Scope, Budget)> = json_from(&self.budgets, "the tries")?;
        let known_devices: BTreeSet<DeviceId> = json_from(&self.known_devices, "the known devices")?;
        Ok(Credential {
            account: self.account.into(),
            revision: number_from(self.revision)?,
            password: self.password()?,
            totp: self.totp(seal)?,
            totp_begun: self.totp_begun(seal)?,
            recovery: self.recovery()?,
            put_off_until: maybe_time_from(self.put_off_until)?,
            enrolment: self.enrolment()?,
            budgets: budgets
                .into_iter()
                .map(|(factor, scope, budget)| ((factor, scope), budget))
                .collect::<BTreeMap<_, _>>(),
            known_devices,
            passkeys: json_from(&self.passkeys, "the passkeys")?,
            last_sign_in_at: maybe_time_from(self.last_sign_in_at)?,
        })
    }

    fn of(credential: &Credential, seal: &Seal, rng: &mut Rng) -> Result<Self, StoreError> {
        let account = credential.account.uuid();
        let mut sealed = |column, secret: &TotpSecret| {
            let place = Place {
                column,
                row: account.as_bytes(),
            };
            seal.close(place, secret.bytes(), rng)
        };
        let password = credential.password.as_ref();
        let breached = password.and_then(|password| password.breached);
        let confirmed = credential.totp.as_ref();
        let recovery = credential.recovery.as_ref().map(Recovery::of);
        let enrolment = credential.enrolment.as_ref();
        let budgets: Vec<_> = credential
            .budgets
            .iter()
            .map(|((factor, scope), budget)| (factor, scope, budget))
            .collect();
        Ok(Self {
            account,
            revision: credential.revision.into(),
            password: password.map(|password| password.hash.as_str().to_owned()),
            password_set_at: password.map(|password| time(password.set_at)),
            must_change: password.is_some_and(|password| password.must_change),
            breached: breached.map(|(count, _)| count.into()),
            breached_at: breached.map(|(_, at)| time(at)),
            totp: confirmed
                .map(|confirmed| sealed(TOTP, &confirmed.totp.secret))
                .transpose()?,
            totp_progress: confirmed
                .map(|confirmed| json(&confirmed.totp.progress))
                .transpose()?,
            totp_since: confirmed.map(|confirmed| time(confirmed.since)),
            totp_begun: credential
                .totp_begun
                .as_ref()
                .map(|secret| sealed(TOTP_BEGUN, secret))
                .transpose()?,
            recovery: recovery.as_ref().map(json).transpose()?,
            put_off_until: credential.put_off_until.map(time),
            enrolment: enrolment.map(|enrolment| enrolment.digest.to_vec()),
            enrolment_expires_at: enrolment.map(|enrolment| time(enrolment.expires_at)),
            enrolment_used_at: enrolment.and_then(|enrolment| enrolment.used_at).map(time),
            budgets: json(&budgets)?,
            known_devices: json(&credential.known_devices)?,
            passkeys: json(&credential.passkeys)?,
            last_sign_in_at: credential.last_sign_in_at.map(time),
        })
    }
}

pub(crate) async fn read(
    conn: &mut PgConnection,
    seal: &Seal,
    id: AccountId,
) -> Result<Option<Credential>, StoreError> {
    sqlx::query_as!(
        Row,
        "SELECT account, revision, password, password_set_at, must_change, breached, breached_at, totp, totp_progress, totp_since,
             totp_begun, recovery, put_off_until, enrolment, enrolment_expires_at, enrolment_used_at, budgets, known_devices, passkeys, last_sign_in_at
         FROM credential WHERE account = $1",
        id.uuid(),
    )
    .fetch_optional(conn)
    .await
    .tried("read a credential")?
    .map(|row| row.opened(seal))
    .transpose()
}

pub(crate) async fn write(
    conn: &mut PgConnection,
    seal: &Seal,
    rng: &mut Rng,
    write: &Write<Credential>,
    policy: &LockoutPolicy,
) -> Result<(), CommitError> {
    let credential = write.value();
    let row = Row::of(credential, seal, rng)?;
    match write {
        Write::Insert(_) => {
            sqlx::query!(
                "INSERT INTO credential (account, revision, password, password_set_at, must_change, breached, breached_at, totp, totp_progress,
                     totp_since, totp_begun, recovery, put_off_until, enrolment, enrolment_expires_at, enrolment_used_at, budgets,
                     known_devices, last_sign_in_at, passkeys)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
                row.account, row.revision, row.password, row.password_set_at, row.must_change, row.breached, row.breached_at, row.totp,
                row.totp_progress, row.totp_since, row.totp_begun, row.recovery, row.put_off_until, row.enrolment,
                row.enrolment_expires_at, row.enrolment_used_at, row.budgets, row.known_devices, row.last_sign_in_at, row.passkeys,
            )
            .execute(&mut *conn)
            .await
            .map_err(|error| unique(&error, "write a credential"))?;
        }
        Write::Replace(_) => {
            let changed = sqlx::query!(
                "UPDATE credential SET revision = $2, password = $3, password_set_at = $4, must_change = $5, breached = $6, breached_at = $7,
                     totp = $8, totp_progress = $9, totp_since = $10, totp_begun = $11, recovery = $12, put_off_until = $13,
                     enrolment = $14, enrolment_expires_at = $15, enrolment_used_at = $16, budgets = $17, known_devices = $18,
                     last_sign_in_at = $19, passkeys = $20
                 WHERE account = $1 AND revision + 1 = $2",
                row.account, row.revision, row.password, row.password_set_at, row.must_change, row.breached, row.breached_at, row.totp,
                row.totp_progress, row.totp_since, row.totp_begun, row.recovery, row.put_off_until, row.enrolment,
                row.enrolment_expires_at, row.enrolment_used_at, row.budgets, row.known_devices, row.last_sign_in_at, row.passkeys,
            )
            .execute(&mut *conn)
            .await
            .tried("write a credential")?;
            if changed.rows_affected() != 1 {
                return Err(CommitError::Conflict);
            }
        }
    }
    account::summarise(conn, credential.account, credential.summary(policy)).await?;
    Ok(())
}

/// After the shop changed its lockout numbers: an account may be closed by the new ones.
pub(crate) async fn summarise_all(
    conn: &mut PgConnection,
    seal: &Seal,
    policy: &LockoutPolicy,
) -> Result<(), StoreError> {
    let ids = sqlx::query_scalar!("SELECT account FROM credential WHERE budgets <> '[]'")
        .fetch_all(&mut *conn)
        .await
        .tried("look up accounts with tries")?;
    for id in ids.into_iter().map(AccountId::from) {
        if let Some(credential) = read(conn, seal, id).await? {
            account::summarise(conn, id, credential.summary(policy)).await?;
        }
    }
    Ok(())
}
