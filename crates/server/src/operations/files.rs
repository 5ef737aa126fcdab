//! Accounts that come in or go out with their hashes.

use keyholder_core::query::Page;
use keyholder_core::wire::{ExportAccounts, ImportAccounts};

use crate::answer::{Answer, Done};
use crate::asked::Asked;
use crate::caller::Caller;

pub(crate) async fn import(caller: Caller, asked: Asked<ImportAccounts>) -> Answer<ImportAccounts> {
    let rows = asked.body.rows.into_iter().map(Into::into).collect();
    Ok(Done(caller.directory.import(rows, asked.body.mode).await?))
}

pub(crate) async fn export(caller: Caller, asked: Asked<ExportAccounts>) -> Answer<ExportAccounts> {
    let page = caller.directory.export(&asked.body.into()).await?;
    Ok(Done(Page {
        rows: page.rows.into_iter().map(Into::into).collect(),
        next: page.next,
    }))
}
