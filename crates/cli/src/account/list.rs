//! `keyholder account list`

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use keyholder_core::account::Role;
use keyholder_core::directory::Directory;
use keyholder_core::query::{AccountFilter, AccountQuery, AccountRow, AccountSort, PAGE_MAX, Standing};

use super::words;
use crate::arguments::{Options, role};
use crate::failure::Failure;
use crate::operator::signed_in;
use crate::output::Output;
use crate::site::Site;
use crate::table::Table;
use crate::text::time_or;

/// `keyholder account list`
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    which: Which,

    /// In which order
    #[arg(long, value_enum, default_value_t = Sort::Email)]
    sort: Sort,

    /// Turn the order round
    #[arg(long)]
    descending: bool,

    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// Which accounts are meant; all but the recycle bin if nothing is said.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Part of the name or e-mail address
    #[arg(long)]
    text: Option<String>,

    /// Of this role
    #[arg(long, value_parser = role())]
    role: Option<Role>,

    /// That stand so; deleted ones are in the recycle bin
    #[arg(long, value_parser = standing())]
    standing: Option<Standing>,

    /// With a second factor, or without
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no())]
    second_factor: Option<bool>,
}

impl From<Which> for AccountFilter {
    fn from(which: Which) -> Self {
        let Which {
            text,
            role,
            standing,
            second_factor,
        } = which;
        Self {
            text,
            role,
            standing,
            second_factor,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sort {
    Email,
    Name,
    Role,
    Created,
    LastSignIn,
}

impl From<Sort> for AccountSort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Email => Self::Email,
            Sort::Name => Self::Name,
            Sort::Role => Self::Role,
            Sort::Created => Self::CreatedAt,
            Sort::LastSignIn => Self::LastSignInAt,
        }
    }
}

fn standing() -> impl TypedValueParser<Value = Standing> {
    PossibleValuesParser::new(words::STANDINGS.map(|(word, _)| word)).try_map(|word| {
        let found = words::STANDINGS.into_iter().find(|(known, _)| *known == word);
        found.map(|(_, standing)| standing).ok_or("no such standing")
    })
}

fn yes_or_no() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["yes", "no"]).map(|word| word == "yes")
}

impl List {
    pub(super) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let most = self.limit.unwrap_or(usize::MAX);
        let query = AccountQuery {
            filter: self.which.into(),
            sort: self.sort.into(),
            descending: self.descending,
            after: None,
            limit: PAGE_MAX.min(u32::try_from(most).unwrap_or(PAGE_MAX)).max(1),
        };
        let rows = signed_in(site, options, async |_, directory| {
            all(directory, query, most).await
        })
        .await?;
        Ok(out.answer(&serde_json::json!({ "accounts": rows }), |out| {
            if rows.is_empty() {
                out.line("No accounts.")
            } else {
                out.table(&drawn(&rows))
            }
        })?)
    }
}

async fn all(
    directory: &dyn Directory,
    mut query: AccountQuery,
    most: usize,
) -> Result<Vec<AccountRow>, Failure> {
    let mut rows = Vec::new();
    while rows.len() < most {
        let page = directory.accounts(&query).await?;
        rows.extend(page.rows);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    rows.truncate(most);
    Ok(rows)
}

fn drawn(rows: &[AccountRow]) -> Table {
    let mut table = Table::new(&[
        "E-mail",
        "Name",
        "Role",
        "Standing",
        "Second factor",
        "Last sign-in",
    ]);
    for row in rows {
        table.row([
            row.account.email.to_string(),
            row.account.name.to_string(),
            row.account.role.as_str().to_owned(),
            words::standing(row.standing).to_owned(),
            if row.second_factor { "yes" } else { "no" }.to_owned(),
            time_or(row.last_sign_in_at, "never"),
        ]);
    }
    table
}
