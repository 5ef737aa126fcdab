//! Sessions.

use jiff::Timestamp;
use keyholder_core::account::AccountId;
use keyholder_core::audit::Source;
use keyholder_core::change::EndSessions;
use keyholder_core::error::StoreError;
use keyholder_core::lockout::DeviceId;
use keyholder_core::session::{DeviceKey, Session, SessionId, TokenDigest};
use keyholder_core::store::CommitError;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::{Tried, unique};
use crate::value::{array_from, maybe_time_from, text_from, time, time_from, word, word_from};

struct Row {
    id: Uuid,
    account: Uuid,
    token: Vec<u8>,
    stage: String,
    program: String,
    address: Option<Vec<u8>>,
    device: Option<Uuid>,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
    locked_at: Option<i64>,
    ended_at: Option<i64>,
    user_agent: Option<String>,
    device_key: Option<Vec<u8>>,
}

impl TryFrom<Row> for Session {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let address = row.address.map(|bytes| text_from(bytes, "an address"));
        let device_key = row.device_key.map(|key| array_from(&key, "a device key"));
        Ok(Self {
            id: row.id.into(),
            account: row.account.into(),
            token: TokenDigest(array_from(&row.token, "a token")?),
            device_key: device_key.transpose()?.map(DeviceKey),
            stage: word_from(row.stage, "a stage")?,
            source: Source {
                program: word_from(row.program, "a program")?,
                address: address.transpose()?,
                device: row.device.map(Into::into),
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
    conn: &mut PgConnection,
    token: TokenDigest,
) -> Result<Option<Session>, StoreError> {
    sqlx::query_as!(
        Row,
        "SELECT id, account, token, stage, program, address, device, created_at, seen_at, expires_at, locked_at, ended_at,
             user_agent, device_key
         FROM session WHERE token = $1",
        &token.0,
    )
    .fetch_optional(conn)
    .await
    .tried("read a session")?
    .map(Session::try_from)
    .transpose()
}

pub(crate) async fn open_of(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Session>, StoreError> {
    sqlx::query_as!(
        Row,
        "SELECT id, account, token, stage, program, address, device, created_at, seen_at, expires_at, locked_at, ended_at,
             user_agent, device_key
         FROM session WHERE account = $1 AND ended_at IS NULL ORDER BY created_at DESC, id DESC",
        account.uuid(),
    )
    .fetch_all(conn)
    .await
    .tried("read the sessions of an account")?
    .into_iter()
    .map(Session::try_from)
    .collect()
}

pub(crate) async fn put(conn: &mut PgConnection, session: &Session) -> Result<(), CommitError> {
    let (stage, program) = (word(session.stage)?, word(session.source.program)?);
    // What has ended stays ended, whoever was about to write it.
    let written = sqlx::query!(
        "INSERT INTO session (id, account, token, stage, program, address, device, created_at, seen_at, expires_at, locked_at, ended_at,
             user_agent, device_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (id) DO UPDATE SET account = $2, token = $3, stage = $4, program = $5, address = $6, device = $7,
             created_at = $8, seen_at = $9, expires_at = $10, locked_at = $11, ended_at = $12,
             user_agent = $13, device_key = $14
         WHERE session.ended_at IS NULL",
        session.id.uuid(),
        session.account.uuid(),
        &session.token.0,
        stage,
        program,
        session.source.address.as_deref().map(str::as_bytes),
        session.source.device.map(DeviceId::uuid),
        time(session.created_at),
        time(session.seen_at),
        time(session.expires_at),
        session.locked_at.map(time),
        session.ended_at.map(time),
        session.source.user_agent.as_deref(),
        session.device_key.as_ref().map(|key| key.0.as_slice()),
    )
    .execute(conn)
    .await
    .map_err(|error| unique(&error, "write a session"))?;
    if written.rows_affected() == 0 {
        Err(CommitError::SessionEnded)
    } else {
        Ok(())
    }
}

pub(crate) async fn end(conn: &mut PgConnection, end: &EndSessions) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE session SET ended_at = $3 WHERE account = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2",
        end.account.uuid(),
        end.keep.map(SessionId::uuid),
        time(end.at),
    )
    .execute(conn)
    .await
    .tried("end the sessions of an account")?;
    Ok(())
}

pub(crate) async fn touch(conn: &mut PgConnection, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE session SET seen_at = $2 WHERE id = $1 AND ended_at IS NULL",
        id.uuid(),
        time(at)
    )
    .execute(conn)
    .await
    .tried("note that a session was seen")?;
    Ok(())
}
