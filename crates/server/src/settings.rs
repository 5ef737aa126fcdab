//! The settings of `keyholder serve`: what holds, and from where.
//!
//! Each can be given as a flag, in the environment or in a TOML file; the first of these that gives it
//! counts, and otherwise its default. A password is never a flag nor in that file, where others could
//! read it, and is never shown. Reading is pure: flags, environment and file are arguments.

mod file;
mod look;
mod mail;
mod sources;
mod table;
#[cfg(test)]
mod tests;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;

pub use self::look::Appearance;
pub use self::mail::{Mail, Security, SmtpUrl};
pub use self::sources::{Defaults, File, Held, Origin, Sources, Wrong};
pub use self::table::{Kind, SETTINGS, Setting};
pub use self::values::{Database, GivenPassword, Log, LogFormat, PublicUrl, TlsFiles};

use self::sources::Reader;
use self::values::{LISTEN, Networks, address, hash_permits, log_filter, log_format};

/// Hashes at the same time where nobody says how many: more processors than these are for other work.
const USUAL_HASHES: usize = 8;

/// What holds.
#[derive(Debug)]
pub struct Settings {
    /// The store.
    pub database: Database,
    /// How the password of a database is had, where it wants one.
    pub database_password: Option<GivenPassword>,
    /// Where the key of the store lies; otherwise in the keychain.
    pub key_file: Option<PathBuf>,
    /// Where the service answers.
    pub listen: SocketAddr,
    /// How people reach it.
    pub public_url: PublicUrl,
    /// How the pages look, and where they lead.
    pub appearance: Appearance,
    /// Who is believed about who asks.
    pub proxies: Vec<IpNet>,
    /// The certificate, unless a proxy has it.
    pub tls: Option<TlsFiles>,
    /// Where the metrics are.
    pub metrics_listen: Option<SocketAddr>,
    /// Password hashes made at the same time.
    pub hash_permits: usize,
    /// How letters go out; none do without.
    pub mail: Option<Mail>,
    /// What is logged, and how.
    pub log: Log,
}

impl Settings {
    /// Reads everything and looks whether it makes sense together. With what holds comes what can be
    /// said of it, in the order of the manual.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place.
    pub fn read(sources: &Sources<'_>) -> Result<(Self, Vec<Held>), Vec<Wrong>> {
        let mut reader = Reader::new(sources);
        let Defaults { store, processors } = sources.defaults;
        let usual_hashes = (*processors).clamp(1, USUAL_HASHES);
        let database = reader.one(&table::DATABASE, Database::parse, || {
            Database::Sqlite(store.clone())
        });
        let tls = tls(&mut reader);
        let listen = reader.one(&table::LISTEN, address, || LISTEN);
        let settings = Self {
            database_password: password(&mut reader, &database),
            database,
            key_file: reader.path(&table::KEY_FILE),
            listen,
            public_url: reader.one(&table::PUBLIC_URL, PublicUrl::parse, || {
                PublicUrl::of(listen, tls.is_some())
            }),
            appearance: Appearance::read(&mut reader),
            proxies: reader
                .optional(&table::PROXIES, Networks::parse)
                .unwrap_or_default()
                .0,
            tls,
            metrics_listen: reader.optional(&table::METRICS_LISTEN, address),
            hash_permits: reader.one(&table::HASH_PERMITS, hash_permits, || usual_hashes),
            mail: Mail::read(&mut reader),
            log: Log {
                filter: reader.one(&table::LOG, log_filter, || "info".to_owned()),
                format: reader.one(&table::LOG_FORMAT, log_format, || LogFormat::Plain),
            },
        };
        settings.together(&mut reader);
        Ok((settings, reader.finish()?))
    }

    /// Looks whether people can reach the service, and nobody can read along.
    fn together(&self, reader: &mut Reader<'_>) {
        let sheltered = self.tls.is_some() || !self.proxies.is_empty();
        if !self.listen.ip().to_canonical().is_loopback() && !sheltered {
            reader.wrong(
                &table::LISTEN,
                "lets passwords travel in the clear: name a certificate with tls-certificate, or the proxy in \
                 front with proxies",
            );
        }
        if self.listen.ip().is_unspecified() && !reader.is_given(&table::PUBLIC_URL) {
            reader.wrong(&table::PUBLIC_URL, "is needed where listen names every address");
        }
        if self.public_url.is_https() && !sheltered {
            reader.wrong(
                &table::PUBLIC_URL,
                "is https, but nobody has a certificate: name one with tls-certificate, or the proxy in front \
                 with proxies",
            );
        }
        if !self.public_url.is_https() && self.tls.is_some() {
            reader.wrong(
                &table::PUBLIC_URL,
                "is http, but there is a certificate: write https",
            );
        }
        if self.metrics_listen == Some(self.listen) && self.listen.port() != 0 {
            reader.wrong(&table::METRICS_LISTEN, "must be another address than listen");
        }
    }
}

fn tls(reader: &mut Reader<'_>) -> Option<TlsFiles> {
    let certificate = reader.path(&table::TLS_CERTIFICATE);
    let key = reader.path(&table::TLS_KEY);
    match (certificate, key) {
        (Some(certificate), Some(key)) => return Some(TlsFiles { certificate, key }),
        (Some(_), None) => reader.wrong(&table::TLS_CERTIFICATE, "needs its key: name it with tls-key"),
        (None, Some(_)) => reader.wrong(
            &table::TLS_KEY,
            "needs its certificate: name it with tls-certificate",
        ),
        (None, None) => {}
    }
    None
}

fn password(reader: &mut Reader<'_>, database: &Database) -> Option<GivenPassword> {
    let (secret, file) = (&table::DATABASE_PASSWORD, &table::DATABASE_PASSWORD_FILE);
    if matches!(database, Database::Postgres(_)) {
        return GivenPassword::read(reader, secret, file);
    }
    let given = [
        (secret, reader.secret(secret).is_some()),
        (file, reader.path(file).is_some()),
    ];
    for (setting, _) in given.into_iter().filter(|(_, given)| *given) {
        reader.wrong(
            setting,
            "is for postgres:// alone: a file has a key, see --key-file",
        );
    }
    None
}
