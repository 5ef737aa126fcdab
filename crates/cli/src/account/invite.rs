//! New accounts and enrolment codes: nobody chooses another's password.

use clap::Args;
use keyholder_core::account::{Account, Email, Name, Role};
use keyholder_core::directory::{IssuedEnrolment, NewAccount};

use super::words;
use crate::arguments::{Options, Subject, name, role};
use crate::failure::Failure;
use crate::operator::{find, signed_in};
use crate::output::Output;
use crate::site::Site;
use crate::text::time;

/// `keyholder account create`
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// E-mail address, by which the person signs in
    #[arg(value_name = "E-MAIL", value_parser = Email::parse)]
    email: Email,

    /// How the person is called
    #[arg(long, default_value = "", value_parser = name, hide_default_value = true)]
    name: Name,

    /// What the person is in the shop
    #[arg(long, default_value = "customer", value_parser = role())]
    role: Role,
}

impl Create {
    pub(super) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let new = NewAccount {
            email: self.email,
            name: self.name,
            role: self.role,
        };
        let created = signed_in(site, options, async |_, directory| {
            Ok(directory.create(new).await?)
        })
        .await?;
        answer(&created.account, "has an account", &created.enrolment, out)
    }
}

/// `keyholder account enrol`
pub(super) async fn enrol(
    subject: &Subject,
    site: &Site,
    options: &Options,
    out: &mut Output,
) -> Result<(), Failure> {
    let issued = signed_in(site, options, async |_, directory| {
        let account = find(directory, subject).await?;
        Ok(directory
            .issue_enrolment(account.id, options.reason.clone())
            .await?)
    })
    .await?;
    answer(&issued.account, "can enrol anew", &issued, out)
}

/// Says the code, once.
pub(crate) fn answer(
    account: &Account,
    happened: &str,
    issued: &IssuedEnrolment,
    out: &mut Output,
) -> Result<(), Failure> {
    let code = issued.code.printed();
    let document = serde_json::json!({
        "account": account,
        "enrolment": { "code": *code, "expires_at": issued.expires_at },
    });
    Ok(out.answer(&document, |out| {
        out.line(&format!("{} {happened}.", words::person(account)))?;
        out.line(&format!("Enrolment code  {}", *code))?;
        out.line(&format!(
            "Good once, until {}. With it the person chooses a password.",
            time(issued.expires_at)
        ))
    })?)
}
