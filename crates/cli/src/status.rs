//! `keyholder status`: which store and shop this is, and how the accounts stand.

use keyholder_core::directory::Directory;
use keyholder_core::error::Refusal;
use keyholder_core::query::{AccountFilter, Standing};
use keyholder_core::shop::Shop;
use serde::Serialize;

use crate::account::words;
use crate::arguments::Options;
use crate::failure::Failure;
use crate::operator;
use crate::output::Output;
use crate::site::{Open, Site};
use crate::table::Table;
use crate::text::{time, time_or};

#[derive(Serialize)]
struct Status {
    store: String,
    bytes: Option<u64>,
    shop: Shop,
    /// Only for somebody who signed in.
    accounts: Option<Vec<(Standing, u32)>>,
}

/// Without somebody to sign in it says what is no secret to whoever has the store open.
pub(crate) async fn run(site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
    let open = site.open().await?;
    let status = look(&open, options).await;
    let closed = open.close().await;
    let status = status?;
    closed?;
    Ok(out.answer(&status, |out| out.table(&drawn(&status)))?)
}

async fn look(open: &Open<'_>, options: &Options) -> Result<Status, Failure> {
    let shop = open.authentication().shop().await?.ok_or(Refusal::NotSetUp)?;
    let accounts = match &options.operator {
        Some(_) => Some(operator::act_in(open, options, async |_, directory| count(directory).await).await?),
        None => None,
    };
    let path = open.site.path();
    let bytes = std::fs::metadata(path).ok().map(|data| data.len());
    Ok(Status {
        store: path.display().to_string(),
        bytes,
        shop,
        accounts,
    })
}

async fn count(directory: &dyn Directory) -> Result<Vec<(Standing, u32)>, Failure> {
    let mut counts = Vec::new();
    for (_, standing) in words::STANDINGS {
        let filter = AccountFilter {
            standing: Some(standing),
            ..AccountFilter::default()
        };
        counts.push((standing, directory.count_accounts(&filter).await?));
    }
    Ok(counts)
}

fn drawn(status: &Status) -> Table {
    let mut table = Table::new(&[]);
    let mut row = |name: &str, value: String| table.row([name.to_owned(), value]);
    row("Shop", status.shop.name.as_str().to_owned());
    row("Set up", time(status.shop.created_at));
    row(
        "Recovery key",
        match status.shop.recovery_key_confirmed_at {
            None => "not confirmed: the window asks for it at the next sign-in".to_owned(),
            confirmed => format!("confirmed {}", time_or(confirmed, "")),
        },
    );
    row("Store", status.store.clone());
    if let Some(bytes) = status.bytes {
        row("Size", format!("{} KiB", bytes.div_ceil(1024)));
    }
    if let Some(accounts) = &status.accounts {
        let counts: Vec<_> = accounts
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(standing, count)| format!("{count} {}", words::standing(*standing)))
            .collect();
        row("Accounts", counts.join(", "));
    }
    table
}
