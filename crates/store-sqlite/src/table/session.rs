//! Sessions.

use jiff::Timestamp;
use keyholder_core::account::AccountId;
use keyholder_core::audit::{Program, Source};
use keyholder_core::change::EndSessions;
use keyholder_core::error::StoreError;
use keyholder_core::session::{DeviceKey, Session, SessionId, Stage, TokenDigest};
use keyholder_core::store::CommitError;
use sqlx::SqliteConnection;

use crate::error::{Tried, unique, unreadable};
use crate::value::{array_from, maybe_time_from, time, time_from, uuid_from};

struct Row {
    id: Vec<u8>,
    account: Vec<u8>,
    token: Vec<u8>,
    stage: String,
    program: String,
    address: Option<String>,
    device: Option<Vec<u8>>,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
    locked_at: Option<i64>,
    ended_at: Option<i64>,
    user_agent: Option<String>,
    device_key: Option<Vec<u8>>,
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::SecondFactor => "second_factor",
        Stage::Rebind => "rebind",
        Stage::SetUp => "set_up",
        Stage::Open => "open",
    }
}

impl TryFrom<Row> for Session {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let stages = [Stage::SecondFactor, Stage::Rebind, Stage::SetUp, Stage::Open];
        let device_key = row.device_key.map(|key| array_from(&key, "a device key"));
        Ok(Self {
            id: uuid_from(&row.id)?.into(),
            account: uuid_from(&row.account)?.into(),
            token: TokenDigest(array_from(&row.token, "a token")?),
            device_key: device_key.transpose()?.map(DeviceKey),
            stage: stages
                .into_iter()
                .find(|known| stage(*known) == row.stage)
                .ok_or_else(|| unreadable("a stage"))?,
            source: Source {
                program: Program::parse(&row.program).ok_or_else(|| unreadable("a program"))?,
                address: row.address,
                device: row.device.map(|id| uuid_from(&id)).transpose()?.map(Into::into),
                user_agent: row.user_agent,
            },
            created_at: time_from(row.created_at)?,
            seen_at: time_from(row.seen_at)?,
            expires_at: time_from(row.expires_at)?,
            locked_at: maybe_time_from(row.locked_at)?,
            ended_at: maybe_time_from(row.ended_at)?,
        })
    }
}

pub(crate) async fn by_token(
    conn: &mut SqliteConnection,
    token: TokenDigest,
) -> Result<Option<Session>, StoreError> {
    let token = token.0.to_vec();
    sqlx::query_as!(Row, "SELECT * FROM session WHERE token = ?", token)
        .fetch_optional(conn)
        .await
        .tried("read a session")?
        .map(Session::try_from)
        .transpose()
}

pub(crate) async fn open_of(
    conn: &mut SqliteConnection,
    account: AccountId,
) -> Result<Vec<Session>, StoreError> {
    let account = account.uuid().into_bytes().to_vec();
    sqlx::query_as!(
        Row,
        "SELECT * FROM session WHERE account = ? AND ended_at IS NULL ORDER BY created_at DESC, id DESC",
        account,
    )
    .fetch_all(conn)
    .await
    .tried("read the sessions of an account")?
    .into_iter()
    .map(Session::try_from)
    .collect()
}

pub(crate) async fn put(conn: &mut SqliteConnection, session: &Session) -> Result<(), CommitError> {
    let id = session.id.uuid().into_bytes().to_vec();
    let account = session.account.uuid().into_bytes().to_vec();
    let token = session.token.0.to_vec();
    let (stage, program) = (stage(session.stage), session.source.program.as_str());
    let address = session.source.address.as_deref();
    let device = session.source.device.map(|id| id.uuid().into_bytes().to_vec());
    let (created_at, seen_at, expires_at) = (
        time(session.created_at),
        time(session.seen_at),
        time(session.expires_at),
    );
    let (locked_at, ended_at) = (session.locked_at.map(time), session.ended_at.map(time));
    let user_agent = session.source.user_agent.as_deref();
    let device_key = session.device_key.map(|key| key.0.to_vec());
    // What has ended stays ended, whoever was about to write it.
    let written = sqlx::query!(
        "INSERT INTO session (id, account, token, stage, program, address, device, created_at, seen_at, expires_at, locked_at, ended_at, user_agent, device_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (id) DO UPDATE SET account = ?2, token = ?3, stage = ?4, program = ?5, address = ?6, device = ?7,
             created_at = ?8, seen_at = ?9, expires_at = ?10, locked_at = ?11, ended_at = ?12,
             user_agent = ?13, device_key = ?14
         WHERE session.ended_at IS NULL",
        id, account, token, stage, program, address, device, created_at, seen_at, expires_at, locked_at, ended_at,
        user_agent, device_key,
    )
    .execute(conn)
    .await
    .map_err(|error| match error.as_database_error() {
        // Its account was removed for good in the meantime.
        Some(cause) if cause.is_foreign_key_violation() => CommitError::Conflict,
        _ => unique(&error, "write a session", "none"),
    })?;
    if written.rows_affected() == 0 {
        Err(CommitError::SessionEnded)
    } else {
        Ok(())
    }
}

pub(crate) async fn end(conn: &mut SqliteConnection, end: &EndSessions) -> Result<(), StoreError> {
    let account = end.account.uuid().into_bytes().to_vec();
    let keep = end.keep.map(|id| id.uuid().into_bytes().to_vec());
    let at = time(end.at);
    sqlx::query!(
        "UPDATE session SET ended_at = ?3 WHERE account = ?1 AND ended_at IS NULL AND id IS NOT ?2",
        account,
        keep,
        at,
    )
    .execute(conn)
    .await
    .tried("end the sessions of an account")?;
    Ok(())
}

pub(crate) async fn touch(
    conn: &mut SqliteConnection,
    id: SessionId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (id, at) = (id.uuid().into_bytes().to_vec(), time(at));
    sqlx::query!(
        "UPDATE session SET seen_at = ?2 WHERE id = ?1 AND ended_at IS NULL",
        id,
        at
    )
    .execute(conn)
    .await
    .tried("note that a session was seen")?;
    Ok(())
}
