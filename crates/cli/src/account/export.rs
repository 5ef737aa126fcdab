//! `keyholder account export`

use std::borrow::Cow;
use std::path::PathBuf;

use clap::Args;
use keyholder_core::directory::{Directory, ExportRow};
use keyholder_core::query::{AccountQuery, AccountSort, PAGE_MAX};
use secrecy::ExposeSecret as _;
use serde::Serialize;

use super::list::Which;
use crate::arguments::Options;
use crate::failure::Failure;
use crate::file::Sink;
use crate::operator::signed_in;
use crate::output::Output;
use crate::rows::{Format, Rows};
use crate::site::Site;

/// The columns of a file of accounts, in this order.
pub(super) const COLUMNS: [&str; 6] = [
    "email",
    "name",
    "role",
    "password_hash",
    "totp_secret",
    "created_at",
];

/// `keyholder account export`
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// A new file (mode 0600); - is standard output
    file: PathBuf,

    /// How it is written; otherwise by the file's ending
    #[arg(long, value_enum)]
    format: Option<Format>,

    #[command(flatten)]
    which: Which,
}

/// A row as it is written.
#[derive(Serialize)]
struct Written<'a> {
    email: &'a str,
    name: &'a str,
    role: &'a str,
    password_hash: &'a str,
    totp_secret: &'a str,
    created_at: String,
}

impl Export {
    pub(super) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let mut sink = Sink::begin(&self.file)?;
        let query = AccountQuery {
            filter: self.which.into(),
            sort: AccountSort::Email,
            descending: false,
            after: None,
            limit: PAGE_MAX,
        };
        let format = Format::of(self.format, &self.file);
        let rows = signed_in(site, options, async |_, directory| {
            let mut rows = Rows::begin(format, &COLUMNS, sink.writer())?;
            let count = all(directory, query, &mut rows).await?;
            rows.finish()?;
            Ok(count)
        })
        .await?;
        let words = sink.is_file();
        sink.finish()?;
        if !words {
            return Ok(());
        }
        Ok(out.answer(&serde_json::json!({ "rows": rows, "file": self.file }), |out| {
            out.line(&format!("{rows} accounts are in {}.", self.file.display()))?;
            out.line("Passwords chosen in Keyholder work only with this store's key; those that came in work anywhere.")
        })?)
    }
}

async fn all(
    directory: &dyn Directory,
    mut query: AccountQuery,
    rows: &mut Rows<'_>,
) -> Result<u64, Failure> {
    let mut count = 0;
    loop {
        let page = directory.export(&query).await?;
        for row in &page.rows {
            write(row, rows)?;
            count += 1;
        }
        query.after = page.next;
        if query.after.is_none() {
            return Ok(count);
        }
    }
}

fn write(row: &ExportRow, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let written = Written {
        email: row.account.email.as_str(),
        name: row.account.name.as_str(),
        role: row.account.role.as_str(),
        password_hash: row.password_hash.expose_secret(),
        totp_secret: row.totp_secret.expose_secret(),
        created_at: row.account.created_at.to_string(),
    };
    let cells = [
        written.email,
        written.name,
        written.role,
        written.password_hash,
        written.totp_secret,
        &written.created_at,
    ];
    Ok(rows.write(cells.map(Cow::Borrowed), &written)?)
}
