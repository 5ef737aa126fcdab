//! Hands letters over to a mail server (RFC 5321, RFC 6409).
//!
//! Each letter has a connection of its own: a shop sends a few an hour, and servers close idle ones. It is
//! encrypted from its first byte (RFC 8314) or by STARTTLS, which is then insisted upon; in the clear only
//! to this machine itself.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;
use url::{Host, Url};

use super::answer::{Answer, told};
use super::message::Written;
use crate::settings::{Mail, PublicUrl, Security};

/// The longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(15);
/// The longest that handing over a letter takes, from the connection to the last answer. RFC 5321, 4.5.3.2
/// allows a server ten minutes for that answer alone; one that is so slow is asked again later.
pub(super) const WHOLE: Duration = Duration::from_mins(2);

/// The way to a mail server.
pub struct Smtp {
    host: String,
    port: u16,
    /// How it is encrypted; in the clear without.
    tls: Option<(Begins, TlsParameters)>,
    credentials: Option<Credentials>,
    hello: ClientId,
    patience: Duration,
}

/// When encryption begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    AtOnce,
    ByStartTls,
}

/// Why there is no way to a mail server.
#[derive(Debug, thiserror::Error)]
pub enum CannotSend {
    /// The file of the authority cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    Authority {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// What the certificates are looked at with cannot be set up.
    #[error("the mail server's certificate could not be looked at: {0}")]
    Tls(String),
}

impl Smtp {
    /// The way that the settings name. `password` is the one of their user. Nothing is connected yet.
    ///
    /// # Errors
    /// The authority in the settings is none.
    pub fn new(
        mail: &Mail,
        password: Option<&SecretString>,
        public_url: &PublicUrl,
    ) -> Result<Self, CannotSend> {
        let host = match mail.server.host() {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let begins = match mail.security() {
            Security::Implicit => Some(Begins::AtOnce),
            Security::StartTls => Some(Begins::ByStartTls),
            Security::Clear => None,
        };
        let tls = begins.map(|begins| Ok((begins, tls(mail, &host)?))).transpose()?;
        let credentials = mail.user.clone().zip(password);
        Ok(Self {
            tls,
            port: mail.server.port(),
            credentials: credentials
                .map(|(user, password)| Credentials::new(user, password.expose_secret().to_owned())),
            hello: hello(public_url),
            patience: WHOLE,
            host,
        })
    }

    /// The same with less patience, in which a letter must be handed over.
    #[must_use]
    pub fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Hands a letter over, and says what became of it. A line that drops after the letter, before the answer
    /// to it, is [`Answer::Later`]: then the letter may come twice, with one Message-ID.
    pub async fn send(&self, letter: &Written) -> Answer {
        match timeout(self.patience, self.hand_over(letter)).await {
            Ok(answer) => answer,
            Err(_) => Answer::Later(format!("no answer within {} s", self.patience.as_secs_f32())),
        }
    }

    async fn hand_over(&self, letter: &Written) -> Answer {
        let mut connection = match self.connected().await {
            Ok(connection) => connection,
            Err(error) => return Answer::before(&error),
        };
        let answer = match connection.send(letter.0.envelope(), &letter.bytes()).await {
            Ok(_) => Answer::Taken,
            Err(error) => Answer::of(&error),
        };
        // The server has answered; whether it hears the farewell changes nothing.
        connection.abort().await;
        answer
    }

    /// A connection over which letters can be sent.
    async fn connected(&self) -> Result<AsyncSmtpConnection, smtp::Error> {
        let server = (self.host.as_str(), self.port);
        let at_once = self.tls.as_ref().filter(|(begins, _)| *begins == Begins::AtOnce);
        let at_once = at_once.map(|(_, tls)| tls.clone());
        let connect = self.patience.min(CONNECT);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(connect), &self.hello, at_once, None).await?;
        if let Some((Begins::ByStartTls, tls)) = &self.tls {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Believes the authority that the settings name, and nobody else; the system's where they name none.
fn tls(mail: &Mail, host: &str) -> Result<TlsParameters, CannotSend> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    let refused = |error: &smtp::Error| CannotSend::Tls(told(&error.to_string()));
    if let Some(path) = &mail.authority {
        let unread = |cause| CannotSend::Authority {
            path: path.clone(),
            cause,
        };
        let pem = std::fs::read(path).map_err(unread)?;
        let authority = Certificate::from_pem(&pem).map_err(|error| refused(&error))?;
        parameters = parameters
            .certificate_store(CertificateStore::None)
            .add_root_certificate(authority);
    }
    parameters.build().map_err(|error| refused(&error))
}

/// Who we say we are: the service by its name (RFC 5321, 4.1.1.1).
fn hello(public_url: &PublicUrl) -> ClientId {
    let url = Url::parse(public_url.as_str()).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => ClientId::Domain(name.to_owned()),
        Some(Host::Ipv4(address)) => ClientId::Ipv4(address),
        Some(Host::Ipv6(address)) => ClientId::Ipv6(address),
        None => ClientId::default(),
    }
}
