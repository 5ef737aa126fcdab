//! The settings of mail: the server that takes letters, and whom they come from.

use std::fmt;
use std::path::PathBuf;

use keyholder_core::account::Email;
use url::{Host, Url};

use super::sources::Reader;
use super::table::{self, Setting};
use super::values::GivenPassword;

/// Submission with TLS from the first byte (RFC 8314, 3.3).
const SUBMISSIONS: u16 = 465;
/// Submission (RFC 6409, 3.1).
const SUBMISSION: u16 = 587;
/// Longest name of a user, in characters.
const LONGEST_USER: usize = 254;

/// How letters go out.
#[derive(Debug)]
pub struct Mail {
    /// Who takes them.
    pub server: SmtpUrl,
    /// Who signs in there.
    pub user: Option<String>,
    /// How their password is had: it is there if they are.
    pub password: Option<GivenPassword>,
    /// The file of the only authority whose certificates are believed; otherwise the system's.
    pub authority: Option<PathBuf>,
    /// Whom letters come from.
    pub from: Email,
}

/// How the way to a mail server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Implicit,
    /// TLS after STARTTLS; without it nothing is sent.
    StartTls,
    /// Not at all: the server is on this machine.
    Clear,
}

impl Mail {
    /// In the clear only to this machine, and there only where no authority is named.
    pub fn security(&self) -> Security {
        if self.server.implicit {
            Security::Implicit
        } else if self.server.is_here() && self.authority.is_none() {
            Security::Clear
        } else {
            Security::StartTls
        }
    }

    /// All of it, or nothing where no server is named.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let server = reader.optional(&table::SMTP_URL, SmtpUrl::parse);
        let user = reader.optional(&table::SMTP_USER, user);
        let password = password(reader, user.is_some());
        let authority = reader.path(&table::SMTP_CA);
        let from = reader.optional(&table::MAIL_FROM, |text| {
            Email::parse(text).map_err(|_| "is no e-mail address".to_owned())
        });
        if !reader.is_given(&table::SMTP_URL) {
            let others = [
                table::SMTP_USER,
                table::SMTP_PASSWORD,
                table::SMTP_PASSWORD_FILE,
                table::SMTP_CA,
                table::MAIL_FROM,
            ];
            for other in others
                .iter()
                .filter(|other| reader.is_given(other))
                .collect::<Vec<_>>()
            {
                reader.wrong(other, "is of no use without smtp-url");
            }
        } else if !reader.is_given(&table::MAIL_FROM) {
            reader.wrong(&table::MAIL_FROM, "is needed where smtp-url is given");
        }
        Some(Self {
            server: server?,
            from: from?,
            user,
            password,
            authority,
        })
    }
}

fn user(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) || text.chars().count() > LONGEST_USER {
        return Err("is no name of a user".to_owned());
    }
    Ok(text.to_owned())
}

fn password(reader: &mut Reader<'_>, has_user: bool) -> Option<GivenPassword> {
    let (setting, file): (Setting, Setting) = (table::SMTP_PASSWORD, table::SMTP_PASSWORD_FILE);
    let password = GivenPassword::read(reader, &setting, &file);
    if has_user && !reader.is_given(&setting) && !reader.is_given(&file) {
        reader.wrong(
            &table::SMTP_USER,
            "needs a password: give it in KEYHOLDER_SMTP_PASSWORD, or in a file named with smtp-password-file",
        );
    }
    if password.is_some() && !reader.is_given(&table::SMTP_USER) {
        let given = if reader.is_given(&setting) { setting } else { file };
        reader.wrong(&given, "is nobody's: name the user with smtp-user");
    }
    password
}

/// A mail server: `smtps://HOST` or `smtp://HOST`, each with a port or without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    implicit: bool,
    host: Host,
    port: u16,
}

impl SmtpUrl {
    /// Reads it.
    ///
    /// # Errors
    /// It is neither, or has more in it.
    pub fn parse(text: &str) -> Result<Self, String> {
        const NEITHER: &str = "is neither smtps://HOST:PORT nor smtp://HOST:PORT";
        let url = Url::parse(text).map_err(|_| NEITHER)?;
        let implicit = match url.scheme() {
            "smtps" => true,
            "smtp" => false,
            _ => return Err(NEITHER.to_owned()),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "holds a user or a password: name the user with smtp-user, and give the password in \
                 KEYHOLDER_SMTP_PASSWORD or in a file named with smtp-password-file"
                    .to_owned(),
            );
        }
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !bare {
            return Err("must be scheme, host and port alone".to_owned());
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(NEITHER)?;
        Ok(Self {
            implicit,
            host: Host::parse(host).map_err(|_| NEITHER)?,
            port: url
                .port()
                .unwrap_or(if implicit { SUBMISSIONS } else { SUBMISSION }),
        })
    }

    /// Where it is.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// On which port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is on this machine, so that nobody is between.
    fn is_here(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        }
    }
}

impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.implicit { "smtps" } else { "smtp" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}
