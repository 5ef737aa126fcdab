//! Credentials: secrets and the count of tries at them.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use keyholder_core::account::AccountId;
use keyholder_core::change::Write;
use keyholder_core::credential::{ConfirmedTotp, Credential, StoredPassword};
use keyholder_core::error::StoreError;
use keyholder_core::lockout::{Budget, DeviceId, Factor, LockoutPolicy, Scope};
use keyholder_core::password::{Argon2Params, PasswordHash};
use keyholder_core::second_factor::recovery::{Hashing, StoredCode};
use keyholder_core::second_factor::{Enrolment, RecoverySet, Totp, TotpSecret};
use keyholder_core::store::CommitError;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::account;
use crate::error::{Tried, unique, unreadable};
use crate::value::{array_from, json, json_from, maybe_time_from, number_from, time, time_from, uuid_from};

struct Row {
    account: Vec<u8>,
    revision: i64,
    password: Option<String>,
    password_set_at: Option<i64>,
    must_change: i64,
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

/// A recovery set as JSON: salt and digests in hex, the cost as memory in KiB, passes and lanes.
#[derive(Serialize, Deserialize)]
struct Recovery {
    salt: String,
    #[serde(default = "first_cost")]
    cost: (u32, u32, u32),
    codes: Vec<(String, Option<Timestamp>)>,
}

impl Recovery {
    fn of(set: &RecoverySet) -> Self {
        let codes = set
            .codes()
            .iter()
            .map(|code| (HEXLOWER.encode(&code.digest), code.used_at))
            .collect();
        let Hashing { salt, cost } = set.hashing();
        Self {
            salt: HEXLOWER.encode(&salt),
            cost: (cost.memory_kib(), cost.passes(), cost.lanes()),
            codes,
        }
    }

    fn set(&self) -> Option<RecoverySet> {
        let code = |(digest, used_at): &(String, Option<Timestamp>)| {
            Some(StoredCode {
                digest: hex(digest)?,
                used_at: *used_at,
            })
        };
        let (memory_kib, passes, lanes) = self.cost;
        Some(RecoverySet::stored(
            Hashing {
                salt: hex(&self.salt)?,
                cost: Argon2Params::new(memory_kib, passes, lanes).ok()?,
            },
            self.codes.iter().map(code).collect::<Option<_>>()?,
        ))
    }
}

/// At which every set was hashed before the cost was written beside it.
const fn first_cost() -> (u32, u32, u32) {
    (65_536, 3, 1)
}

fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

fn secret(bytes: Vec<u8>) -> Result<TotpSecret, StoreError> {
    TotpSecret::from_bytes(bytes).ok_or_else(|| unreadable("a secret"))
}

impl Row {
    fn password(&mut self) -> Result<Option<StoredPassword>, StoreError> {
        let (Some(text), Some(set_at)) = (self.password.take(), self.password_set_at) else {
            return Ok(None);
        };
        let breached = match (self.breached, maybe_time_from(self.breached_at)?) {
            (Some(count), Some(at)) => Some((number_from(count)?, at)),
            _ => None,
        };
        Ok(Some(StoredPassword {
            hash: PasswordHash::parse(&text).map_err(|_| unreadable("a password hash"))?,
            set_at: time_from(set_at)?,
            must_change: self.must_change != 0,
            breached,
        }))
    }

    fn totp(&mut self) -> Result<Option<ConfirmedTotp>, StoreError> {
        let (Some(bytes), Some(progress), Some(since)) =
            (self.totp.take(), &self.totp_progress, self.totp_since)
        else {
            return Ok(None);
        };
        let totp = Totp {
            secret: secret(bytes)?,
            progress: json_from(progress, "a second factor's progress")?,
        };
        Ok(Some(ConfirmedTotp {
            totp,
            since: time_from(since)?,
        }))
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
}

impl TryFrom<Row> for Credential {
    type Error = StoreError;

    fn try_from(mut row: Row) -> Result<Self, StoreError> {
        let budgets: Vec<(Factor, Scope, Budget)> = json_from(&row.budgets, "the count of tries")?;
        let known_devices: BTreeSet<DeviceId> = json_from(&row.known_devices, "the known devices")?;
        Ok(Self {
            account: uuid_from(&row.account)?.into(),
            revision: number_from(row.revision)?,
            password: row.password()?,
            totp: row.totp()?,
            totp_begun: row.totp_begun.take().map(secret).transpose()?,
            recovery: row.recovery()?,
            put_off_until: maybe_time_from(row.put_off_until)?,
            enrolment: row.enrolment()?,
            budgets: budgets
                .into_iter()
                .map(|(factor, scope, budget)| ((factor, scope), budget))
                .collect::<BTreeMap<_, _>>(),
            known_devices,
            passkeys: json_from(&row.passkeys, "the passkeys")?,
            last_sign_in_at: maybe_time_from(row.last_sign_in_at)?,
        })
    }
}

pub(crate) async fn read(
    conn: &mut SqliteConnection,
    id: AccountId,
) -> Result<Option<Credential>, StoreError> {
    let id = id.uuid().into_bytes().to_vec();
    sqlx::query_as!(
        Row,
        "SELECT account, revision, password, password_set_at, must_change, breached, breached_at, totp, totp_progress, totp_since,
             totp_begun, recovery, put_off_until, enrolment, enrolment_expires_at, enrolment_used_at, budgets, known_devices, passkeys, last_sign_in_at
         FROM credential WHERE account = ?",
        id,
    )
    .fetch_optional(conn)
    .await
    .tried("read a credential")?
    .map(Credential::try_from)
    .transpose()
}

pub(crate) async fn write(
    conn: &mut SqliteConnection,
    write: &Write<Credential>,
    policy: &LockoutPolicy,
) -> Result<(), CommitError> {
    let credential = write.value();
    let id = credential.account.uuid().into_bytes().to_vec();
    let password = credential.password.as_ref();
    let hash = password.map(|password| password.hash.as_str());
    let set_at = password.map(|password| time(password.set_at));
    let must_change = password.is_some_and(|password| password.must_change);
    let breached = password.and_then(|password| password.breached);
    let (breached, breached_at) = (breached.map(|(count, _)| count), breached.map(|(_, at)| time(at)));
    let totp = credential.totp.as_ref();
    let totp_secret = totp.map(|confirmed| confirmed.totp.secret.bytes());
    let totp_progress = totp.map(|confirmed| json(&confirmed.totp.progress)).transpose()?;
    let totp_since = totp.map(|confirmed| time(confirmed.since));
    let totp_begun = credential.totp_begun.as_ref().map(TotpSecret::bytes);
    let recovery = credential
        .recovery
        .as_ref()
        .map(|set| json(&Recovery::of(set)))
        .transpose()?;
    let put_off_until = credential.put_off_until.map(time);
    let enrolment = credential.enrolment.as_ref();
    let enrolment_digest = enrolment.map(|enrolment| enrolment.digest.to_vec());
    let enrolment_expires_at = enrolment.map(|enrolment| time(enrolment.expires_at));
    let enrolment_used_at = enrolment.and_then(|enrolment| enrolment.used_at).map(time);
    let budgets: Vec<_> = credential
        .budgets
        .iter()
        .map(|((factor, scope), budget)| (factor, scope, budget))
        .collect();
    let (budgets, known_devices) = (json(&budgets)?, json(&credential.known_devices)?);
    let last_sign_in_at = credential.last_sign_in_at.map(time);
    let passkeys = json(&credential.passkeys)?;
    match write {
        Write::Insert(_) => {
            sqlx::query!(
                "INSERT INTO credential (account, revision, password, password_set_at, must_change, breached, breached_at, totp, totp_progress,
                     totp_since, totp_begun, recovery, put_off_until, enrolment, enrolment_expires_at, enrolment_used_at, budgets,
                     known_devices, last_sign_in_at, passkeys)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                id, credential.revision, hash, set_at, must_change, breached, breached_at, totp_secret, totp_progress, totp_since,
                totp_begun, recovery, put_off_until, enrolment_digest, enrolment_expires_at, enrolment_used_at, budgets,
                known_devices, last_sign_in_at, passkeys,
            )
            .execute(&mut *conn)
            .await
            .map_err(|error| unique(&error, "write a credential", "none"))?;
        }
        Write::Replace(_) => {
            let changed = sqlx::query!(
                "UPDATE credential SET revision = ?2, password = ?3, password_set_at = ?4, must_change = ?5, breached = ?6, breached_at = ?7,
                     totp = ?8, totp_progress = ?9, totp_since = ?10, totp_begun = ?11, recovery = ?12, put_off_until = ?13,
                     enrolment = ?14, enrolment_expires_at = ?15, enrolment_used_at = ?16, budgets = ?17, known_devices = ?18,
                     last_sign_in_at = ?19, passkeys = ?20
                 WHERE account = ?1 AND revision = ?2 - 1",
                id, credential.revision, hash, set_at, must_change, breached, breached_at, totp_secret, totp_progress, totp_since,
                totp_begun, recovery, put_off_until, enrolment_digest, enrolment_expires_at, enrolment_used_at, budgets,
                known_devices, last_sign_in_at, passkeys,
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
    conn: &mut SqliteConnection,
    policy: &LockoutPolicy,
) -> Result<(), StoreError> {
    let ids = sqlx::query_scalar!("SELECT account FROM credential WHERE budgets <> '[]'")
        .fetch_all(&mut *conn)
        .await
        .tried("look up accounts with tries")?;
    for id in ids {
        let id = AccountId::from(uuid_from(&id)?);
        if let Some(credential) = read(conn, id).await? {
            account::summarise(conn, id, credential.summary(policy)).await?;
        }
    }
    Ok(())
}
