//! The trail, and whether a password is known from breaches.

use keyholder_core::query::{EventQuery, PAGE};
use keyholder_core::wire::{CheckBreach, ListEvents, NoteAuditExport, VerifyTrail};

use crate::answer::{Answer, Done};
use crate::asked::Asked;
use crate::caller::Caller;
use crate::programs::Reader;

pub(crate) async fn list(reader: Reader, asked: Asked<ListEvents>) -> Answer<ListEvents> {
    let query = match asked.query {
        query @ EventQuery { limit: 0, .. } => EventQuery { limit: PAGE, ..query },
        query => query,
    };
    Ok(Done(reader.events(&query).await?))
}

pub(crate) async fn note_export(caller: Caller, asked: Asked<NoteAuditExport>) -> Answer<NoteAuditExport> {
    let body = asked.body;
    let noted = caller.directory.note_audit_export(&body.query, body.rows);
    Ok(Done(noted.await?))
}

pub(crate) async fn verify(caller: Caller, _: Asked<VerifyTrail>) -> Answer<VerifyTrail> {
    Ok(Done(caller.directory.verify_trail().await?))
}

pub(crate) async fn check_breach(caller: Caller, asked: Asked<CheckBreach>) -> Answer<CheckBreach> {
    let password = asked.body.password.into_password()?;
    Ok(Done(caller.directory.check_breach(&password).await?))
}
