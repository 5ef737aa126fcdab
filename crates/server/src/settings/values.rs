//! What settings may be. A value that is refused is never repeated in the words that say so: it may hold
//! a secret that was put in the wrong place.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::{IpNet, Ipv4Net};
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use url::{Host, Url};

use super::sources::Reader;
use super::table::Setting;

/// The widest network of proxies: the largest private one (RFC 1918).
const WIDEST_IPV4: u8 = 8;
/// The same of IPv6 (RFC 4193).
const WIDEST_IPV6: u8 = 7;
/// Hashes at the same time: with 64 MiB each, four gibibytes.
const MOST_HASHES: usize = 64;

/// Where the service answers unless told otherwise.
pub(super) const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8700);

/// Where the store of a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// One file on this machine.
    Sqlite(PathBuf),
    /// A server that several nodes share. Holds no password.
    Postgres(Url),
}

impl Database {
    /// Reads `sqlite:PATH` or `postgres://USER@HOST/NAME`.
    ///
    /// # Errors
    /// It is neither, or holds a password: others on the machine could read it there.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(path.into()));
        }
        let url = Url::parse(text).ok();
        let url =
            url.filter(|url| matches!(url.scheme(), "postgres" | "postgresql") && !url.cannot_be_a_base());
        let url = url.ok_or("is neither sqlite:PATH nor postgres://USER@HOST/NAME")?;
        if url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password") {
            return Err(
                "holds a password, which others could read there: give it in KEYHOLDER_DATABASE_PASSWORD, or in a \
                 file named with database-password-file"
                    .to_owned(),
            );
        }
        Ok(Self::Postgres(url))
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => url.fmt(f),
        }
    }
}

/// How a password of the service's own is had: of its database, or of its mail server.
#[derive(Debug)]
pub enum GivenPassword {
    /// It was in the environment.
    Given(SecretString),
    /// It is the first line of this file.
    File(PathBuf),
}

impl GivenPassword {
    /// From one of two settings, not both.
    pub(super) fn read(reader: &mut Reader<'_>, secret: &Setting, file: &Setting) -> Option<Self> {
        let given = reader.secret(secret);
        let file = reader.path(file);
        if given.is_some() && file.is_some() {
            reader.wrong(
                secret,
                "is given, and a file with it is named as well: keep one of them",
            );
        }
        given.map(Self::Given).or(file.map(Self::File))
    }
}

/// The two files of a certificate, both PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// How people reach the service: scheme, host and port, and nothing behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads it.
    ///
    /// # Errors
    /// It is no such address, or passwords would travel in the clear to it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or("is no address such as https://keys.cornerbooks.example")?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err("must be scheme, host and port alone".to_owned());
        }
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if url.scheme() == "http" && !here {
            return Err("must be https: passwords would travel in the clear".to_owned());
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// The address that is listened at.
    pub(super) fn of(listen: SocketAddr, tls: bool) -> Self {
        let scheme = if tls { "https" } else { "http" };
        Self(format!("{scheme}://{listen}"))
    }

    /// Whether it is reached by TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// As it is written: no slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Networks, parted by commas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Networks(pub(super) Vec<IpNet>);

impl Networks {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
        texts.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, network) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{network}")?;
        }
        Ok(())
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let network: IpNet = text
        .parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "holds something that is no address or network, such as 10.0.0.0/24")?;
    let network = as_ipv4(network).unwrap_or(network).trunc();
    let widest = match network {
        IpNet::V4(_) => WIDEST_IPV4,
        IpNet::V6(_) => WIDEST_IPV6,
    };
    if network.prefix_len() < widest {
        return Err(format!(
            "holds a network wider than /{WIDEST_IPV4} (IPv6: /{WIDEST_IPV6}): strangers in it would be believed"
        ));
    }
    Ok(network)
}

/// IPv4 in the form of IPv6 is IPv4: callers are compared in that form.
fn as_ipv4(network: IpNet) -> Option<IpNet> {
    let IpNet::V6(six) = network else { return None };
    let prefix = six.prefix_len().checked_sub(96)?;
    Ipv4Net::new(six.addr().to_ipv4_mapped()?, prefix)
        .ok()
        .map(IpNet::V4)
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Levels, also by part, as `tracing` takes them.
    pub filter: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Plain,
    /// For programs: an object a line.
    Json,
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "plain",
            Self::Json => "json",
        })
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "plain" => Ok(LogFormat::Plain),
        "json" => Ok(LogFormat::Json),
        _ => Err("is neither plain nor json".to_owned()),
    }
}

pub(super) fn log_filter(text: &str) -> Result<String, String> {
    // A word that is no level would be taken for a part, and nothing else be logged.
    let meant = |part: &str| part.contains('=') || (!part.is_empty() && part.parse::<LevelFilter>().is_ok());
    if text.split(',').map(str::trim).all(meant) && EnvFilter::builder().parse(text).is_ok() {
        Ok(text.to_owned())
    } else {
        Err("is no level such as info, and no list such as warn,keyholder_server=debug".to_owned())
    }
}

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "is no address and port such as 127.0.0.1:8700 or [::1]:8700".to_owned())
}

pub(super) fn hash_permits(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|permits| (1..=MOST_HASHES).contains(permits))
        .ok_or_else(|| format!("is no number from 1 to {MOST_HASHES}"))
}
