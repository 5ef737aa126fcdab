//! The audit trail: written at its end, never changed.

use keyholder_core::audit::AuditEvent;
use keyholder_core::audit::chain::{AuditKey, Bits256, Flaw, Head, Link, Row, Verdict, Verifier, link};
use keyholder_core::error::{Code, StoreError};
use sqlx::SqliteConnection;

use crate::error::{Tried, broken};
use crate::value::{array_from, number_from, time};

/// Rows that are checked in one go.
const CHECKED_AT_ONCE: u32 = 1_000;

/// What of an event is searched for, as it stands in the columns.
#[derive(PartialEq, Eq)]
struct Columns {
    at: i64,
    actor_id: Option<Vec<u8>>,
    subject_id: Option<Vec<u8>>,
    action: String,
    outcome: String,
    address: Option<String>,
    text: String,
}

impl Columns {
    fn of(event: &AuditEvent) -> Self {
        Self {
            at: time(event.at),
            actor_id: event.actor.account().map(|id| id.uuid().into_bytes().to_vec()),
            subject_id: event.subject.map(|id| id.uuid().into_bytes().to_vec()),
            action: event.action.as_str().to_owned(),
            outcome: event.outcome.as_str().to_owned(),
            address: event.source.address.clone(),
            text: event.searchable(),
        }
    }
}

/// The last row of the trail.
pub(crate) async fn head(conn: &mut SqliteConnection) -> Result<Head, StoreError> {
    let row = sqlx::query!("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        .fetch_optional(conn)
        .await
        .tried("read the end of the audit trail")?;
    row.map_or(Ok(Head::default()), |row| {
        Ok(Head {
            seq: number_from(row.seq)?,
            hash: array_from(&row.hash, "a hash of the audit trail")?,
        })
    })
}

/// Writes an event behind `head` and gives the new head.
pub(crate) async fn append(
    conn: &mut SqliteConnection,
    head: Head,
    key: &AuditKey,
    salt: Bits256,
    event: &AuditEvent,
) -> Result<Head, StoreError> {
    let row = link(head, key, salt, event).ok_or_else(|| broken(Code::Broken, "the audit trail is full"))?;
    let Columns {
        at,
        actor_id,
        subject_id,
        action,
        outcome,
        address,
        text,
    } = Columns::of(event);
    let Link {
        salt,
        commitment,
        prev,
        hash,
        mac,
    } = row.link;
    let [salt, commitment, prev, hash, mac] = [salt, commitment, prev, hash, mac].map(|bits| bits.to_vec());
    sqlx::query!(
        "INSERT INTO audit (seq, at, actor_id, subject_id, action, outcome, address, text, payload, salt, commitment, prev, hash, mac)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.seq, at, actor_id, subject_id, action, outcome, address, text, row.payload, salt, commitment, prev, hash, mac,
    )
    .execute(conn)
    .await
    .tried("write the audit trail")?;
    Ok(row.head())
}

/// Checks the chain from its first row, and that every row is found under what it says.
pub(crate) async fn verify(conn: &mut SqliteConnection, key: &AuditKey) -> Result<Verdict, StoreError> {
    let mut verifier = Verifier::new(key.clone());
    let mut after = 0;
    loop {
        let rows = sqlx::query!(
            "SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?",
            after,
            CHECKED_AT_ONCE
        )
        .fetch_all(&mut *conn)
        .await
        .tried("read the audit trail")?;
        let Some(last) = rows.last() else {
            return Ok(verifier.whole());
        };
        after = last.seq;
        for row in rows {
            let columns = Columns {
                at: row.at,
                actor_id: row.actor_id,
                subject_id: row.subject_id,
                action: row.action,
                outcome: row.outcome,
                address: row.address,
                text: row.text,
            };
            let bits = |bytes: &[u8]| <Bits256>::try_from(bytes).ok();
            let link = (|| {
                Some(Link {
                    salt: bits(&row.salt)?,
                    commitment: bits(&row.commitment)?,
                    prev: bits(&row.prev)?,
                    hash: bits(&row.hash)?,
                    mac: bits(&row.mac)?,
                })
            })();
            let (Ok(seq), Some(link)) = (u32::try_from(row.seq), link) else {
                return Ok(verifier.broken(Flaw::Changed));
            };
            let before = verifier.clone();
            match verifier.next(&Row {
                seq,
                payload: row.payload,
                link,
            }) {
                Ok(event) if Columns::of(&event) == columns => {}
                Ok(_) => return Ok(before.broken(Flaw::Changed)),
                Err(flaw) => return Ok(verifier.broken(flaw)),
            }
        }
    }
}
