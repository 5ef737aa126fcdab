//! The arguments, as clap reads them.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use keyholder_app::STORE_VARIABLE;
use keyholder_core::account::{AccountId, Email, Name, Reason, Role};

use crate::account::AccountCommand;
use crate::audit::AuditCommand;
use crate::backup::BackupCommand;
use crate::breach::BreachCommand;
use crate::generate::{Completions, ManPage};
use crate::init::Init;
use crate::limits::LimitsCommand;
use crate::mail::MailCommand;
use crate::owner::OwnerCommand;
use crate::serve::Serve;
use crate::text::parse_time;
use crate::token::TokenCommand;

/// Holds the keys of a shop, without a window: accounts, locks, second factors, the audit trail.
///
/// Each command opens the store, signs its operator in, acts by the same rules as the window, signs
/// out and closes the store. Everything leaves its line in the audit trail. Passwords and codes are
/// typed, or read from files; they are never arguments, where others on the machine could see them.
#[derive(Debug, Parser)]
#[command(name = "keyholder", version, after_long_help = crate::exit::STATUS, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Options {
    /// The store; otherwise the one of this person on this computer
    #[arg(long, global = true, value_name = "PATH", env = STORE_VARIABLE, hide_env_values = true)]
    pub(crate) store: Option<PathBuf>,

    /// Take the key of the store from this file (mode 0600) instead of the keychain
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) key_file: Option<PathBuf>,

    /// Who signs in
    #[arg(long = "as", global = true, value_name = "E-MAIL", env = "KEYHOLDER_AS", hide_env_values = true,
          value_parser = Email::parse)]
    pub(crate) operator: Option<Email>,

    /// Read the password from the first line of this file; - is standard input
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) password_file: Option<PathBuf>,

    /// Read the code of the authenticator app, or a recovery code, from the first line of this file; -
    /// is standard input, after the password if that comes from there too
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) code_file: Option<PathBuf>,

    /// Why, for the audit trail
    #[arg(long, global = true, value_name = "TEXT", value_parser = Reason::parse)]
    pub(crate) reason: Option<Reason>,

    /// Answer in JSON, for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up a shop: its store, its recovery key and its first owner
    Init(Init),
    /// Serve a shop over HTTP, until told to stop
    ///
    /// Answers people, tills and consoles until SIGTERM or Ctrl-C. Then nobody is taken in any more, open
    /// requests may finish, for 20 seconds at most, and the service ends with 0.
    Serve(Box<Serve>),
    /// See, make, move, lock and unlock accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// Read, check and export the audit trail
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Check a password against known breaches
    #[command(subcommand)]
    Breach(BreachCommand),
    /// See how often somebody may come, and let somebody go on who is held up
    #[command(subcommand)]
    Limits(LimitsCommand),
    /// Let an owner in again
    #[command(subcommand)]
    Owner(OwnerCommand),
    /// Make, check and put back backups
    #[command(subcommand)]
    Backup(BackupCommand),
    /// Send letters
    #[command(subcommand)]
    Mail(MailCommand),
    /// See, make and revoke tokens of programs
    #[command(subcommand)]
    Token(TokenCommand),
    /// Say which store and shop this is; with --as also how the accounts stand
    Status,
    /// Look for what is wrong on this computer, and say what to do
    Doctor,
    /// Print completions for a shell
    Completions(Completions),
    /// Print the man page
    Man(ManPage),
}

/// The account that something is done to.
#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// E-mail address or id of the account
    #[arg(value_name = "E-MAIL|ID", value_parser = Subject::parse)]
    pub(crate) subject: Subject,
}

/// How an account is named.
#[derive(Debug, Clone)]
pub(crate) enum Subject {
    /// By its id.
    Id(AccountId),
    /// By its e-mail address.
    Email(Email),
}

impl Subject {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text.parse::<uuid::Uuid>() {
            Ok(id) => Ok(Self::Id(id.into())),
            Err(_) => Email::parse(text)
                .map(Self::Email)
                .map_err(|refused| refused.to_string()),
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Email(email) => email.fmt(f),
        }
    }
}

/// A role by its word.
pub(crate) fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::as_str))
        .try_map(|word| Role::parse(&word).ok_or("no such role"))
}

/// A name; may be empty.
pub(crate) fn name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|refused| refused.to_string())
}

/// A moment or a day.
pub(crate) fn time(text: &str) -> Result<jiff::Timestamp, String> {
    parse_time(text)
}
