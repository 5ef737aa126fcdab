//! The audit trail: written at its end, never changed.

use keyholder_core::account::AccountId;
use keyholder_core::audit::AuditEvent;
use keyholder_core::audit::chain::{AuditKey, Bits256, Flaw, Head, Link, Row, Verdict, Verifier};
use keyholder_core::error::StoreError;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Tried;
use crate::pieces;
use crate::value::{array_from, number_from, time};

/// Rows that are checked in one go.
const CHECKED_AT_ONCE: i64 = 1_000;
/// Rows of one statement at most.
const WRITTEN_AT_ONCE: usize = 1_024;

/// What of an event is searched for, as it stands in the columns.
#[derive(PartialEq, Eq)]
struct Columns {
    at: i64,
    actor_id: Option<Uuid>,
    subject_id: Option<Uuid>,
    action: String,
    outcome: String,
    address: Option<Vec<u8>>,
    text: Vec<u8>,
    pieces: Vec<i32>,
}

impl Columns {
    fn of(event: &AuditEvent) -> Self {
        let text = event.searchable();
        Self {
            at: time(event.at),
            actor_id: event.actor.account().map(AccountId::uuid),
            subject_id: event.subject.map(AccountId::uuid),
            action: event.action.as_str().to_owned(),
            outcome: event.outcome.as_str().to_owned(),
            address: event.source.address.clone().map(String::into_bytes),
            pieces: pieces::of(&[&text], pieces::OF_EVENTS),
            text: text.into_bytes(),
        }
    }
}

/// The last row of the trail.
pub(crate) async fn head(conn: &mut PgConnection) -> Result<Head, StoreError> {
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

/// Writes rows that follow the end of the trail, each with its event.
pub(crate) async fn append(conn: &mut PgConnection, rows: &[(Row, &AuditEvent)]) -> Result<(), StoreError> {
    for rows in rows.chunks(WRITTEN_AT_ONCE) {
        append_together(conn, rows).await?;
    }
    Ok(())
}

async fn append_together(conn: &mut PgConnection, rows: &[(Row, &AuditEvent)]) -> Result<(), StoreError> {
    let columns: Vec<Columns> = rows.iter().map(|(_, event)| Columns::of(event)).collect();
    let bits = |part: fn(&Link) -> &Bits256| -> Vec<&[u8]> {
        rows.iter().map(|(row, _)| &part(&row.link)[..]).collect()
    };
    let seq: Vec<i64> = rows.iter().map(|(row, _)| row.seq.into()).collect();
    let at: Vec<i64> = columns.iter().map(|row| row.at).collect();
    let actor_id: Vec<Option<Uuid>> = columns.iter().map(|row| row.actor_id).collect();
    let subject_id: Vec<Option<Uuid>> = columns.iter().map(|row| row.subject_id).collect();
    let action: Vec<&str> = columns.iter().map(|row| &*row.action).collect();
    let outcome: Vec<&str> = columns.iter().map(|row| &*row.outcome).collect();
    let address: Vec<Option<&[u8]>> = columns.iter().map(|row| row.address.as_deref()).collect();
    let text: Vec<&[u8]> = columns.iter().map(|row| &*row.text).collect();
    // An array of arrays of several lengths is none: each goes as text.
    let pieces: Vec<String> = columns.iter().map(|row| array(&row.pieces)).collect();
    let payload: Vec<&[u8]> = rows.iter().map(|(row, _)| &*row.payload).collect();
    sqlx::query!(
        "INSERT INTO audit (seq, at, actor_id, subject_id, action, outcome, address, text, pieces, payload, salt, commitment, prev, hash, mac)
         SELECT seq, at, actor_id, subject_id, action, outcome, address, text, pieces::integer[], payload, salt, commitment, prev, hash, mac
         FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], $9::text[],
             $10::bytea[], $11::bytea[], $12::bytea[], $13::bytea[], $14::bytea[], $15::bytea[])
             AS row (seq, at, actor_id, subject_id, action, outcome, address, text, pieces, payload, salt, commitment, prev, hash, mac)",
        &seq,
        &at,
        &actor_id as &[Option<Uuid>],
        &subject_id as &[Option<Uuid>],
        &action as &[&str],
        &outcome as &[&str],
        &address as &[Option<&[u8]>],
        &text as &[&[u8]],
        &pieces,
        &payload as &[&[u8]],
        &bits(|link| &link.salt) as &[&[u8]],
        &bits(|link| &link.commitment) as &[&[u8]],
        &bits(|link| &link.prev) as &[&[u8]],
        &bits(|link| &link.hash) as &[&[u8]],
        &bits(|link| &link.mac) as &[&[u8]],
    )
    .execute(conn)
    .await
    .tried("write the audit trail")?;
    Ok(())
}

/// As PostgreSQL reads an array (manual, 8.15.2).
fn array(numbers: &[i32]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
    format!("{{{}}}", numbers.join(","))
}

/// Checks the chain from its first row, and that every row is found under what it says.
pub(crate) async fn verify(conn: &mut PgConnection, key: &AuditKey) -> Result<Verdict, StoreError> {
    let mut verifier = Verifier::new(key.clone());
    let mut after = 0;
    loop {
        let rows = sqlx::query!(
            "SELECT seq, at, actor_id, subject_id, action, outcome, address, text, pieces, payload, salt, commitment, prev, hash, mac
             FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
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
                pieces: row.pieces,
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

#[cfg(test)]
mod tests {
    use super::array;

    #[test]
    fn an_array_is_written_as_the_server_reads_it() {
        assert_eq!(array(&[]), "{}", "a text shorter than a piece has none");
        assert_eq!(array(&[-3, 7]), "{-3,7}", "in their order");
    }
}
