//! Connections to the server, and what is asked of it before anything is entrusted to it.

use std::net::IpAddr;
use std::time::Duration;

use keyholder_core::error::{Code, StoreError};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{ConnectOptions as _, PgConnection};

use crate::error::{Tried, broken};

/// The schema that everything lies in.
pub(crate) const SCHEMA: &str = "keyholder";
/// The longest wait for a connection.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// How an address of a database begins (PostgreSQL manual, 34.1.1.2).
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];
/// Readers at the same time.
const READERS: u32 = 8;
/// The oldest server that is spoken to, as it numbers itself: the first that sorts on what is sorted by its
/// first column already.
const OLDEST: i32 = 130_000;

/// What every connection is told. The server ends a connection that keeps a transaction open without a
/// word: a node that hangs, or whose network is gone, must not hold the others up.
const SETTINGS: [(&str, &str); 8] = [
    // Nothing of a temporary schema may stand before what is meant.
    ("search_path", "keyholder,pg_temp"),
    ("synchronous_commit", "on"),
    ("statement_timeout", "10s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "3s"),
    ("tcp_keepalives_idle", "5"),
    ("tcp_keepalives_interval", "2"),
    ("tcp_keepalives_count", "3"),
];

/// How the server at that address is spoken to.
///
/// # Errors
/// It is no address of a PostgreSQL database, or asks for less than TLS with a checked name to another machine.
pub(crate) fn options(url: &str) -> Result<PgConnectOptions, StoreError> {
    if !SCHEMES.iter().any(|scheme| url.starts_with(scheme)) {
        return Err(broken(
            Code::Broken,
            "the address of the database begins with postgres://",
        ));
    }
    let options: PgConnectOptions = url.parse().tried("read the address of the database")?;
    let options = options.options(SETTINGS).disable_statement_logging();
    let options = match options.get_application_name() {
        None => options.application_name("keyholder"),
        Some(_) => options,
    };
    if stays_here(&options) {
        return Ok(options);
    }
    match options.get_ssl_mode() {
        // What is meant when nothing is said.
        PgSslMode::Prefer => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
        PgSslMode::VerifyFull => Ok(options),
        _ => Err(broken(
            Code::Broken,
            "the database is on another machine: sslmode must be verify-full, with sslrootcert where its \
             certificate is not of a public authority",
        )),
    }
}

/// Whether nothing of it leaves this machine.
fn stays_here(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Opens a connection to a server that keeps what it acknowledges.
///
/// # Errors
/// [`Code::Busy`] while the server is away; or it is one that cannot be relied on.
pub(crate) async fn open(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    let opened = async {
        let mut conn = options.connect().await.tried("connect to PostgreSQL")?;
        reliable(&mut conn).await?;
        Ok(conn)
    };
    tokio::time::timeout(PATIENCE, opened)
        .await
        .unwrap_or_else(|_| Err(broken(Code::Busy, "PostgreSQL does not answer")))
}

/// The connections that read, opened when they are needed.
pub(crate) fn readers(options: &PgConnectOptions) -> PgPool {
    let options = options.clone().options([("default_transaction_read_only", "on")]);
    PgPoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options)
}

/// Makes sure that the server can be relied on.
async fn reliable(conn: &mut PgConnection) -> Result<(), StoreError> {
    let (version, encoding, fsync, standby): (i32, String, String, bool) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding'),
             current_setting('fsync'), pg_is_in_recovery()",
    )
    .fetch_one(conn)
    .await
    .tried("ask PostgreSQL for its settings")?;
    let refused = |code, why: &str| Err(broken(code, format!("this PostgreSQL server {why}")));
    if version < OLDEST {
        return refused(Code::Broken, "is older than version 13");
    }
    if encoding != "UTF8" {
        return refused(Code::Broken, "keeps the database in another encoding than UTF8");
    }
    if fsync != "on" {
        return refused(
            Code::Broken,
            "has fsync turned off: what it calls saved can be lost with the power",
        );
    }
    if standby {
        return refused(Code::ReadOnly, "is a standby, which cannot be written");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> Option<PgSslMode> {
        options(url).ok().map(|options| options.get_ssl_mode())
    }

    #[test]
    fn another_machine_is_spoken_to_over_checked_tls_alone() {
        for url in [
            "postgres://shop@db.example/shop",
            "postgres://shop@192.0.2.7/shop",
            "postgres://shop@db.example/shop?sslmode=verify-full&sslrootcert=ca.pem",
            "postgres://shop@localhost.example/shop",
        ] {
            assert!(
                matches!(mode(url), Some(PgSslMode::VerifyFull)),
                "{url}: the certificate is checked, with its name"
            );
        }
        for weak in ["disable", "allow", "require", "verify-ca"] {
            let url = format!("postgres://shop@db.example/shop?sslmode={weak}");
            assert!(mode(&url).is_none(), "{weak} would trust whoever answers");
        }
    }

    #[test]
    fn what_stays_on_this_machine_needs_no_tls() {
        for url in [
            "postgres://shop@localhost/shop",
            "postgres://shop@127.0.0.1:5433/shop",
            "postgres://shop@[::1]/shop",
            "postgres:///shop?host=/run/postgresql",
            "postgres://shop@%2Frun%2Fpostgresql/shop",
        ] {
            assert!(
                matches!(mode(url), Some(PgSslMode::Prefer)),
                "{url} is as it was given"
            );
        }
    }

    #[test]
    fn an_address_does_not_weaken_what_every_connection_is_told() {
        let url = "postgres://shop@localhost/shop?options[synchronous_commit]=off";
        let options = options(url).unwrap();
        let told = options.get_options().unwrap();
        let (off, on) = (
            told.rfind("synchronous_commit=off"),
            told.rfind("synchronous_commit=on"),
        );
        assert!(off < on, "the last word counts: {told}");
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for address in [
            "shop:secret@db",
            "sqlite:secret.db",
            "postgres://shop:secret@db:port/",
        ] {
            let refused = options(address).unwrap_err();
            assert!(
                !refused.to_string().contains("secret"),
                "an address may hold a password: {refused}"
            );
        }
    }
}
