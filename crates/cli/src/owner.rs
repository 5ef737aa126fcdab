//! `keyholder owner recover`: whoever holds the recovery key lets an owner in again.

use std::io;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use keyholder_core::account::Email;
use keyholder_core::directory::{Authentication as _, IssuedEnrolment};
use keyholder_core::error::Refusal;
use keyholder_core::password::{self, Context, Password, Rules};

use crate::account::words::person;
use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::recovery::take_back;
use crate::secret::Wanted;
use crate::site::{Open, Site};
use crate::text::time;

/// What can be done for owners.
#[derive(Debug, Subcommand)]
pub(crate) enum OwnerCommand {
    /// Let an owner in again with the recovery key: second factor and locks go, a new password comes
    Recover(Recover),
}

/// `keyholder owner recover`
#[derive(Debug, Args)]
pub(crate) struct Recover {
    /// Which owner; otherwise the first one
    #[arg(long, value_name = "E-MAIL", value_parser = Email::parse)]
    owner: Option<Email>,

    /// Read the recovery key from this file; - is standard input
    #[arg(long, value_name = "PATH")]
    recovery_key_file: Option<PathBuf>,

    /// Set this new password at once instead of printing an enrolment code; - is standard input,
    /// after the recovery key if that comes from there too
    #[arg(long, value_name = "PATH")]
    new_password_file: Option<PathBuf>,
}

impl OwnerCommand {
    pub(crate) async fn run(self, site: &Site, _: &Options, out: &mut Output) -> Result<(), Failure> {
        let Self::Recover(recover) = self;
        site.must_exist()?;
        let back = take_back(site, site.path(), recover.recovery_key_file.as_deref()).await?;
        let open = site.open_with(back.master).await?;
        let issued = recover.recover(&open).await;
        let closed = open.close().await;
        let issued = issued?;
        closed?;
        recover.answer(&issued, back.not_kept.as_deref(), out)
    }
}

impl Recover {
    async fn recover(&self, open: &Open<'_>) -> Result<IssuedEnrolment, Failure> {
        let file = self.new_password_file.as_deref();
        let wanted = Wanted {
            what: "new password",
            option: "--new-password-file",
            file,
        };
        let password = file.map(|_| wanted.password()).transpose()?;
        if let Some(password) = &password {
            strong_enough(password, open).await?;
        }
        let source = &open.site.source;
        let issued = open
            .authentication()
            .recover_owner(self.owner.as_ref(), source.clone())
            .await?;
        if let Some(password) = password {
            let (email, code) = (issued.account.email.as_str(), issued.code.printed());
            let enrolled = open
                .authentication()
                .enrol(email, &code, &password, source.clone())
                .await;
            let signed_in = enrolled.map_err(|error| {
                let again =
                    "The owner has no second factor and no locks any more, and keeps the old password.";
                Failure::from(error).saved(again)
            })?;
            open.authentication()
                .directory(&signed_in.token)
                .sign_out()
                .await?;
        }
        Ok(issued)
    }

    fn answer(
        &self,
        issued: &IssuedEnrolment,
        not_kept: Option<&str>,
        out: &mut Output,
    ) -> Result<(), Failure> {
        let code = self.new_password_file.is_none().then(|| issued.code.printed());
        let document = serde_json::json!({
            "account": issued.account,
            "enrolment": code.as_ref().map(|code| {
                serde_json::json!({ "code": **code, "expires_at": issued.expires_at })
            }),
            "key_not_kept": not_kept,
        });
        let words = |out: &mut Output| -> io::Result<()> {
            let who = person(&issued.account);
            out.line(&format!(
                "{who} has no second factor and no locks any more, and is signed out everywhere."
            ))?;
            match &code {
                Some(code) => {
                    out.line(&format!("Enrolment code  {}", **code))?;
                    out.line(&format!(
                        "Good once, until {}. With it the owner chooses a password.",
                        time(issued.expires_at)
                    ))?;
                }
                None => out.line("The new password is set.")?,
            }
            match not_kept {
                None => Ok(()),
                Some(why) => out.line(&format!(
                    "The keychain did not keep the key of the store: {why}. On a machine without one name a new file with --key-file."
                )),
            }
        };
        Ok(out.answer(&document, words)?)
    }
}

/// Refuses a weak password before anything is taken away.
async fn strong_enough(password: &Password, open: &Open<'_>) -> Result<(), Failure> {
    let shop = open.authentication().shop().await?.ok_or(Refusal::NotSetUp)?;
    let rules = Rules::sole().at_least(shop.policy.password_length(false));
    let context = Context {
        shop: shop.name.as_str(),
        name: "",
        email: "",
    };
    Ok(password::check(password, &context, rules).map_err(Refusal::WeakPassword)?)
}
