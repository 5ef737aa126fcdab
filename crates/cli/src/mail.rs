//! Letters from the command line: the way to the mail server, for the service and to try it.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use keyholder_core::account::{Email, Name};
use keyholder_core::clock::{Clock as _, SharedClock, SystemClock, entropy};
use keyholder_core::letter::Letter;
use keyholder_core::store::Store;
use keyholder_server::mail::{Addressed, Answer, Letterhead, Post, Smtp, Written, letter_id};
use keyholder_server::settings::{GivenPassword, Mail, Settings};
use secrecy::SecretString;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::secret::Wanted;
use crate::serve;

/// `keyholder mail`
#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// Send a letter to somebody, to see that letters arrive
    ///
    /// Goes by the settings of keyholder serve, from their file and the environment, and says what the mail
    /// server answers. The letter holds no link but the address of the service. No store is opened.
    Test(MailTest),
}

/// `keyholder mail test`
#[derive(Debug, Args)]
pub(crate) struct MailTest {
    /// Who gets the letter
    #[arg(long, value_name = "E-MAIL", value_parser = Email::parse)]
    to: Email,

    /// Read settings from this TOML file too
    #[arg(long, value_name = "PATH", env = "KEYHOLDER_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
}

impl MailCommand {
    pub(crate) async fn run(self, options: &Options, out: &mut Output) -> Result<(), Failure> {
        match self {
            Self::Test(test) => test.run(options, out).await,
        }
    }
}

impl MailTest {
    async fn run(self, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let (settings, _) = serve::settings(self.config.as_deref(), &serve::Flags::default(), options)?;
        let Some((mail, smtp)) = way(&settings)? else {
            return Err(Failure::usage(
                "no mail server is named",
                "Name one with smtp-url, and whom letters come from with mail-from: see keyholder serve --help.",
            ));
        };
        let at = SystemClock.now();
        let addressed = Addressed {
            to: &self.to,
            from: &mail.from,
            id: letter_id(at, &mut entropy()?),
            at,
        };
        let written = Written::new(&Letter::Test, &letterhead(&settings), addressed)
            .map_err(|error| Failure::usage(error.to_string(), "Name another address with --to."))?;
        match smtp.send(&written).await {
            Answer::Taken => self.answer(mail, out),
            Answer::Later(why) => Err(Failure::unavailable(
                format!("the letter could not be handed over: {why}"),
                "Look at smtp-url and what belongs to it; the server may also be busy for now.",
            )),
            Answer::Never(why) => Err(Failure::refused(
                format!("the mail server does not take the letter: {why}"),
                "Look at mail-from and at the address of --to.",
            )),
        }
    }

    fn answer(&self, mail: &Mail, out: &mut Output) -> Result<(), Failure> {
        let server = mail.server.to_string();
        let document = serde_json::json!({ "to": self.to, "from": mail.from, "server": server });
        Ok(out.answer(&document, |out| {
            out.line(&format!("{server} has taken a letter to {}.", self.to))
        })?)
    }
}

/// The way to the mail server that the settings name, if they name one.
pub(crate) fn way(settings: &Settings) -> Result<Option<(&Mail, Smtp)>, Failure> {
    let Some(mail) = &settings.mail else {
        return Ok(None);
    };
    let read: SecretString;
    let password = match &mail.password {
        None => None,
        Some(GivenPassword::Given(password)) => Some(password),
        Some(GivenPassword::File(file)) => {
            let wanted = Wanted {
                what: "password of the mail server",
                option: "smtp-password-file",
                file: Some(file),
            };
            read = wanted.get()?.as_str().into();
            Some(&read)
        }
    };
    let smtp = Smtp::new(mail, password, &settings.public_url)
        .map_err(|error| Failure::unavailable(error.to_string(), "Look at smtp-ca."))?;
    Ok(Some((mail, smtp)))
}

/// Who sends the letters of that store, if the settings name a mail server.
pub(crate) fn post(
    settings: &Settings,
    store: Arc<dyn Store>,
    clock: SharedClock,
) -> Result<Option<Post>, Failure> {
    let way = way(settings)?;
    Ok(way.map(|(mail, smtp)| Post {
        store,
        clock,
        smtp,
        from: mail.from.clone(),
        accent: settings.appearance.accent_color.unwrap_or_default(),
        public_url: settings.public_url.clone(),
    }))
}

/// The letterhead where no store is open: the shop is known by the address of its service alone.
fn letterhead(settings: &Settings) -> Letterhead {
    Letterhead {
        shop: Name::default(),
        accent: settings.appearance.accent_color.unwrap_or_default(),
        public_url: settings.public_url.clone(),
    }
}
