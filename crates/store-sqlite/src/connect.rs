//! Connections to the file, and what is asked of it before anything else.

use std::path::Path;

use keyholder_core::error::{Code, StoreError};
use keyholder_core::query::PAGE_MAX;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, SqliteConnection};

use crate::error::{Tried, broken, sql, sqlite};
use crate::keys::StoreKeys;
use crate::migrate::LATEST;

/// "KHdb": says that a file is ours once it is decrypted.
pub(crate) const APPLICATION_ID: i64 = 0x4b48_6462;
/// How a connection is opened: options that touch nothing, and what is set once there is a
/// connection that can be closed again if the file turns out not to be ours.
pub(crate) struct Opening {
    options: SqliteConnectOptions,
    settings: &'static str,
}

/// Of every connection. A whole page of a list is handed over at once: the thread that reads and the one
/// that asked need not wake each other in between. Statements are not logged: the first of them has the key in it.
fn options(path: &Path, keys: &StoreKeys) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .pragma("key", keys.pragma().to_string())
        .row_buffer_size(PAGE_MAX as usize + 1)
        .disable_statement_logging()
}

/// Of the one connection that writes. The cache is 64 MiB of decrypted pages at most: the whole of a
/// small shop.
pub(crate) fn writer(path: &Path, keys: &StoreKeys) -> Opening {
    let settings = "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -65536; \
                    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";
    Opening {
        options: options(path, keys),
        settings,
    }
}

/// Of a connection that leaves the file as it is, but may write copies of it.
pub(crate) fn copier(path: &Path, keys: &StoreKeys) -> Opening {
    let settings = "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF";
    Opening {
        options: options(path, keys).read_only(true),
        settings,
    }
}

/// Of a connection that only reads. Its cache has room for the lists of 100,000 accounts in every order: to
/// decrypt a page costs more than to read it. It never takes more than the store has pages.
pub(crate) fn reader(path: &Path, keys: &StoreKeys) -> Opening {
    let settings = "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -131072; \
                    PRAGMA query_only = ON";
    Opening {
        options: options(path, keys).read_only(true),
        settings,
    }
}

/// Opens a connection to an existing file.
///
/// # Errors
/// [`Code::WrongKey`] when what the key makes of the file is no database.
pub(crate) async fn open(opening: &Opening) -> Result<SqliteConnection, StoreError> {
    let mut conn = opening
        .options
        .connect()
        .await
        .map_err(|error| not_ours(&error))?;
    let set = conn
        .execute(sqlx::raw_sql(opening.settings))
        .await
        .map_err(|error| not_ours(&error));
    let (conn, _) = unless_refused(conn, set).await?;
    Ok(conn)
}

/// Goes on with a connection, or closes it and waits for that: a program that ends while one is
/// still being closed would pull SQLCipher's memory from under it.
pub(crate) async fn unless_refused<T>(
    conn: SqliteConnection,
    answer: Result<T, StoreError>,
) -> Result<(SqliteConnection, T), StoreError> {
    match answer {
        Ok(value) => Ok((conn, value)),
        Err(error) => {
            // What went wrong before is what is said.
            let _ = conn.close().await;
            Err(error)
        }
    }
}

fn not_ours(error: &sqlx::Error) -> StoreError {
    match sqlite(error) {
        Some(26) => broken(Code::WrongKey, format!("open the store: {error}")),
        _ => sql(error, "open the store"),
    }
}

/// Makes sure that the library really encrypts: plain SQLite takes any key and ignores it.
pub(crate) async fn encrypting(conn: &mut SqliteConnection) -> Result<String, StoreError> {
    let version: Option<String> = sqlx::query_scalar("PRAGMA cipher_version")
        .fetch_optional(conn)
        .await
        .tried("ask SQLCipher for its version")?;
    version.ok_or_else(|| broken(Code::Broken, "this SQLite does not encrypt"))
}

/// Makes sure that the file is a store that this version knows, and gives the version of its tables.
pub(crate) async fn ours(conn: &mut SqliteConnection) -> Result<u32, StoreError> {
    let application: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut *conn)
        .await
        .map_err(|error| not_ours(&error))?;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(conn)
        .await
        .tried("read the store's version")?;
    if application != APPLICATION_ID {
        return Err(broken(
            Code::Foreign,
            "the file is encrypted with this key but is not a Keyholder store",
        ));
    }
    match u32::try_from(version) {
        Ok(version) if version > LATEST => Err(broken(
            Code::Newer,
            format!("the store has version {version}, this program knows up to {LATEST}"),
        )),
        Ok(version) => Ok(version),
        Err(_) => Err(broken(Code::Damaged, "the store's version is no version")),
    }
}
