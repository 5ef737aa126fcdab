//! Which libraries are at work, for `--version` and the About page.

use keyholder_core::error::StoreError;
use sqlx::{Connection as _, SqliteConnection};

use crate::connect;
use crate::error::Tried;

/// The versions of the libraries that read and write the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    /// Of SQLite, such as `3.50.4`.
    pub sqlite: String,
    /// Of SQLCipher, such as `4.10.0 community`.
    pub sqlcipher: String,
}

impl std::fmt::Display for Versions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SQLite {}, SQLCipher {}", self.sqlite, self.sqlcipher)
    }
}

/// Asks the libraries themselves; no file is opened.
///
/// # Errors
/// The SQLite at work does not encrypt.
pub async fn versions() -> Result<Versions, StoreError> {
    let mut conn = SqliteConnection::connect("sqlite::memory:")
        .await
        .tried("start SQLite")?;
    let asked = async {
        let sqlite = sqlx::query_scalar("SELECT sqlite_version()")
            .fetch_one(&mut conn)
            .await;
        let sqlite = sqlite.tried("ask SQLite for its version")?;
        Ok(Versions {
            sqlite,
            sqlcipher: connect::encrypting(&mut conn).await?,
        })
    };
    let asked = asked.await;
    let (conn, versions) = connect::unless_refused(conn, asked).await?;
    conn.close().await.tried("close SQLite")?;
    Ok(versions)
}
