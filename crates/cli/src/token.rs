//! `keyholder token …`: tokens of programs, each for a few things and for a time.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use keyholder_core::account::Name;
use keyholder_core::api_token::{
    ApiTokenId, ApiTokenRow, IssuedApiToken, NewApiToken, TokenDays, TokenScope,
};

use crate::arguments::{Options, name};
use crate::failure::Failure;
use crate::operator::signed_in;
use crate::output::Output;
use crate::secret::Wanted;
use crate::site::Site;
use crate::table::Table;
use crate::text::{time, time_or};

/// What can be done with tokens of programs.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// List tokens, the oldest first
    List,
    /// Make a token, knowing the password; it is shown once
    Create(Create),
    /// Revoke a token: it opens nothing any more
    Revoke(Revoke),
}

/// `keyholder token create`
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What it is called: the program acts under that name
    #[arg(value_name = "NAME", value_parser = name)]
    name: Name,

    /// What it is for; can be given several times
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope())]
    scopes: Vec<TokenScope>,

    /// Make and change accounts by SCIM, as this provisioner
    #[arg(long, value_name = "NAME", value_parser = name)]
    provisioner: Option<Name>,

    /// How many days it lasts, at most 365
    #[arg(long, value_name = "DAYS", default_value = "90", value_parser = days)]
    days: TokenDays,
}

/// `keyholder token revoke`
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The id of the token, as the list shows it
    #[arg(value_name = "ID", value_parser = id)]
    id: ApiTokenId,
}

fn scope() -> impl TypedValueParser<Value = TokenScope> {
    PossibleValuesParser::new(TokenScope::ALL.map(TokenScope::as_str))
        .try_map(|word| TokenScope::parse(&word).ok_or("no such scope"))
}

fn days(text: &str) -> Result<TokenDays, String> {
    let days = text.parse().ok().and_then(TokenDays::new);
    days.ok_or_else(|| format!("a token lasts 1 to {} days", TokenDays::MOST))
}

fn id(text: &str) -> Result<ApiTokenId, String> {
    let id = text.parse::<uuid::Uuid>();
    id.map(Into::into)
        .map_err(|_| "that is no id of a token".to_owned())
}

impl TokenCommand {
    pub(crate) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        match self {
            Self::List => list(site, options, out).await,
            Self::Create(create) => create.run(site, options, out).await,
            Self::Revoke(revoke) => revoke.run(site, options, out).await,
        }
    }
}

async fn list(site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
    let rows = signed_in(site, options, async |_, directory| {
        Ok(directory.api_tokens().await?)
    })
    .await?;
    Ok(out.answer(&rows, |out| {
        if rows.is_empty() {
            return out.line("No tokens");
        }
        let mut table = Table::new(&["Id", "Name", "For", "Made by", "Runs out", "Last used"]);
        for row in &rows {
            table.row([
                row.id.to_string(),
                row.name.as_str().to_owned(),
                purposes(row),
                row.made_by.clone(),
                time(row.expires_at),
                time_or(row.last_used_at, "never"),
            ]);
        }
        out.table(&table)
    })?)
}

fn purposes(row: &ApiTokenRow) -> String {
    let provisioner = row.provisioner.as_ref();
    let provisioner = provisioner.map(|provisioner| format!("provisioner {provisioner}"));
    let scopes = row.scopes.iter().map(|scope| scope.as_str().to_owned());
    scopes.chain(provisioner).collect::<Vec<_>>().join(", ")
}

impl Create {
    async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        if self.scopes.is_empty() && self.provisioner.is_none() {
            return Err(Failure::usage(
                "the token would be for nothing",
                "Say what it is for with --scope, or as which provisioner with --provisioner.",
            ));
        }
        let new = NewApiToken {
            name: self.name,
            scopes: self.scopes,
            provisioner: self.provisioner,
            days: self.days,
        };
        let issued = signed_in(site, options, async |_, directory| {
            let wanted = Wanted {
                what: "password, once more",
                option: "--password-file",
                file: options.password_file.as_deref(),
            };
            Ok(directory.create_api_token(new, &wanted.password()?).await?)
        })
        .await?;
        told(&issued, out)
    }
}

fn told(issued: &IssuedApiToken, out: &mut Output) -> Result<(), Failure> {
    let token = issued.token.text();
    let document = serde_json::json!({ "token": *token, "row": issued.row });
    Ok(out.answer(&document, |out| {
        out.line(&format!("Token  {}", *token))?;
        out.line(&format!(
            "For {} ({}), until {}. It is not shown again.",
            issued.row.name,
            purposes(&issued.row),
            time(issued.row.expires_at)
        ))
    })?)
}

impl Revoke {
    async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let id = self.id;
        signed_in(site, options, async |_, directory| {
            Ok(directory.revoke_api_token(id).await?)
        })
        .await?;
        let document = serde_json::json!({ "revoked": id });
        Ok(out.answer(&document, |out| out.line("The token opens nothing any more."))?)
    }
}
