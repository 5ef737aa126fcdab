//! Accounts and events that come in or go out, and what the trail says of it.

use std::collections::BTreeSet;

use secrecy::SecretString;

use super::engine::Engine;
use super::inside::Inside;
use crate::account::Email;
use crate::audit::chain::Verdict as TrailVerdict;
use crate::audit::{Action, Details};
use crate::breach::BreachAnswer;
use crate::change::Change;
use crate::directory::{ExportRow, ImportMode, ImportResult, ImportRow};
use crate::error::{Error, Result};
use crate::query::{AccountQuery, EventQuery, Page};
use crate::rules::{Act, import as rules};
use crate::store::CommitError;

/// Judges every row, then writes what the mode allows.
pub(super) async fn import(
    engine: &Engine,
    inside: &Inside,
    rows: Vec<ImportRow>,
    mode: ImportMode,
) -> Result<Vec<ImportResult>> {
    let mut rng = engine.rng();
    let mut seen = BTreeSet::new();
    let mut results = Vec::with_capacity(rows.len());
    let mut ready = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let judged = rules::row(row, &inside.me.account, &inside.act, &mut rng);
        let result = match judged {
            Err(bad) => refused(bad.column, bad.why),
            Ok((id, change)) => {
                if let Some(refused) = taken(engine, &change, &mut seen).await? {
                    refused
                } else {
                    ready.push((place, id, change));
                    ImportResult::Ready
                }
            }
        };
        results.push(result);
    }
    let write = match mode {
        ImportMode::DryRun => false,
        ImportMode::Apply => true,
        ImportMode::Strict => ready.len() == rows.len(),
    };
    if write {
        let changes = ready.iter().map(|(_, _, change)| change.clone()).collect();
        match engine.store.commit(changes).await {
            Ok(()) => {
                for (place, id, _) in ready {
                    results[place] = ImportResult::Imported { id };
                }
            }
            Err(CommitError::Broken(error)) => return Err(error.into()),
            // Somebody made one of these accounts since they were judged: nothing was written.
            Err(other) => return Err(Error::from(other)),
        }
    }
    Ok(results)
}

/// Why a good row cannot come in beside what is there.
async fn taken(
    engine: &Engine,
    change: &Change,
    seen: &mut BTreeSet<String>,
) -> Result<Option<ImportResult>> {
    let (Some(account), Some(credential)) = (change.account(), change.credential()) else {
        return Ok(None);
    };
    let email: &Email = &account.value().email;
    if !seen.insert(email.key().to_owned()) {
        return Ok(Some(refused(
            "email",
            "this address stands in the file twice".to_owned(),
        )));
    }
    if engine.store.person_by_email(email).await?.is_some() {
        return Ok(Some(refused(
            "email",
            "there is an account with this e-mail address already".to_owned(),
        )));
    }
    let password = credential.value().password.as_ref();
    if password.is_some_and(|password| !engine.can_check(&password.hash)) {
        return Ok(Some(refused(
            "password_hash",
            "this hash was made with another store's secret".to_owned(),
        )));
    }
    Ok(None)
}

fn refused(column: &str, why: String) -> ImportResult {
    ImportResult::Refused {
        column: column.to_owned(),
        why,
    }
}

/// A page of accounts as they leave. The first page leaves an event.
pub(super) async fn export(
    engine: &Engine,
    inside: &Inside,
    query: &AccountQuery,
) -> Result<Page<ExportRow>> {
    if query.after.is_none() {
        let change = Change::of(inside.act.done(Action::AccountsExported));
        engine.commit(change).await?;
    }
    let page = engine.store.accounts(query, inside.act.at).await?;
    let mut rows = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        let Some(person) = engine.store.person(row.account.id).await? else {
            continue;
        };
        let password_hash = person
            .credential
            .password
            .as_ref()
            .map(|password| password.hash.as_str().to_owned());
        let totp_secret = person
            .credential
            .totp
            .as_ref()
            .map(|confirmed| confirmed.totp.secret.base32().to_string());
        rows.push(ExportRow {
            account: person.account,
            password_hash: SecretString::from(password_hash.unwrap_or_default()),
            totp_secret: SecretString::from(totp_secret.unwrap_or_default()),
        });
    }
    Ok(Page {
        rows,
        next: page.next,
    })
}

pub(super) fn audit_exported(act: &Act, query: &EventQuery, rows: u32) -> Change {
    let mut details = Details::default().fact("rows", rows);
    if let Some(action) = query.action {
        details = details.fact("action", action.as_str());
    }
    if let Some(account) = query.account {
        details = details.fact("account", account);
    }
    Change::of(act.done(Action::AuditExported).with(details))
}

pub(super) fn trail_verified(act: &Act, verdict: &TrailVerdict) -> Change {
    let details = match verdict {
        TrailVerdict::Whole { rows, .. } => Details::default().fact("whole", true).fact("rows", rows),
        TrailVerdict::Broken { first_bad_seq, .. } => Details::default()
            .fact("whole", false)
            .fact("first_bad_row", first_bad_seq),
    };
    Change::of(act.done(Action::AuditVerified).with(details))
}

/// The trail learns that a password was checked and what the answer was, never which password.
pub(super) fn breach_checked(act: &Act, answer: &BreachAnswer) -> Change {
    let word = match answer {
        BreachAnswer::Breached { .. } => "breached",
        BreachAnswer::NotFound { .. } => "not_found",
        BreachAnswer::NotChecked { .. } => "not_checked",
    };
    Change::of(
        act.done(Action::BreachChecked)
            .with(Details::default().fact("answer", word)),
    )
}
