//! Whole copies of a store: backups, and putting one back.

use std::path::Path;

use keyholder_core::audit::chain::Verdict;
use keyholder_core::error::{Code, StoreError};
use sqlx::{Connection as _, SqliteConnection};

use crate::error::{Tried, broken};
use crate::keys::StoreKeys;
use crate::{connect, file, table};

/// Writes the store as this connection sees it into a new file, encrypted with the same key.
pub(crate) async fn into(conn: &mut SqliteConnection, to: &Path) -> Result<(), StoreError> {
    let name = to
        .to_str()
        .ok_or_else(|| broken(Code::Broken, "a copy needs a path in Unicode"))?;
    file::create(to)?;
    let copied = sqlx::query("VACUUM INTO ?")
        .bind(name)
        .execute(conn)
        .await
        .tried("copy the store");
    let synced = copied.and_then(|_| {
        std::fs::File::open(to)
            .and_then(|copy| copy.sync_all())
            .tried("write the copy of the store")?;
        file::sync_directory(to)
    });
    if synced.is_err() {
        // A half-written copy must not pass for one; what went wrong is said below.
        let _ = std::fs::remove_file(to);
    }
    synced
}

/// Opens a store or a copy of one without changing it, and checks every page, every row and the
/// audit trail's chain.
///
/// # Errors
/// It is not a store of these keys, or SQLite finds damage in it. A broken chain is a verdict.
pub(crate) async fn verify(path: &Path, keys: &StoreKeys) -> Result<Verdict, StoreError> {
    file::may_be_store(path)?;
    let mut conn = connect::open(&connect::reader(path, keys)).await?;
    let checked = check(&mut conn, keys).await;
    let (conn, verdict) = connect::unless_refused(conn, checked).await?;
    conn.close().await.tried("close the store")?;
    Ok(verdict)
}

async fn check(conn: &mut SqliteConnection, keys: &StoreKeys) -> Result<Verdict, StoreError> {
    connect::encrypting(conn).await?;
    connect::ours(conn).await?;
    sound(conn).await?;
    table::audit::verify(conn, keys.audit()).await
}

/// Every page as it was encrypted, every row where an index says it is.
async fn sound(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    let forged: Vec<String> = sqlx::query_scalar("PRAGMA cipher_integrity_check")
        .fetch_all(&mut *conn)
        .await
        .tried("check the pages")?;
    // The rows of a page that was tampered with cannot even be asked for.
    if let Some(first) = forged.first() {
        return Err(broken(Code::Damaged, format!("check the pages: {first}")));
    }
    let found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(conn)
        .await
        .tried("check the rows")?;
    match found.iter().find(|line| *line != "ok") {
        None => Ok(()),
        Some(first) => Err(broken(Code::Damaged, format!("check the rows: {first}"))),
    }
}

/// Puts a verified copy of `backup` in the place of the store at `path`, whose file stays beside it.
///
/// # Errors
/// The store is open somewhere, or the backup is not whole: nothing was changed.
pub(crate) async fn restore(backup: &Path, path: &Path, keys: &StoreKeys) -> Result<Verdict, StoreError> {
    let verdict = verify(backup, keys).await?;
    if let Verdict::Broken { first_bad_seq, why } = &verdict {
        return Err(broken(
            Code::Damaged,
            format!("the backup's audit trail is broken at row {first_bad_seq}: {why}"),
        ));
    }
    file::create_directory(path)?;
    let _lock = file::Lock::take(path)?;
    let incoming = file::free_name(path, "incoming")?;
    let mut conn = connect::open(&connect::copier(backup, keys)).await?;
    let copied = into(&mut conn, &incoming).await;
    let (conn, ()) = connect::unless_refused(conn, copied).await?;
    conn.close().await.tried("close the backup")?;
    if let Err(error) = verify(&incoming, keys).await {
        // It is a copy: the backup itself is still there.
        let _ = std::fs::remove_file(&incoming);
        return Err(error);
    }
    if path.try_exists().tried("look at the store")? {
        set_aside(path, keys).await?;
    }
    std::fs::rename(&incoming, path).tried("put the backup in its place")?;
    file::sync_directory(path)?;
    Ok(verdict)
}

/// Gives a store a second name beside it, whole: what is still in its write-ahead log is written
/// into the file if it opens at all, or else the log goes with it.
async fn set_aside(path: &Path, keys: &StoreKeys) -> Result<(), StoreError> {
    if let Ok(conn) = connect::open(&connect::writer(path, keys)).await {
        // The last connection that closes empties the log and removes it.
        let _ = conn.close().await;
    }
    let aside = file::free_name(path, "replaced")?;
    for ending in ["-wal", "-shm"] {
        match std::fs::rename(file::with_ending(path, ending), file::with_ending(&aside, ending)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).tried("set the old store aside");
            }
            _ => {}
        }
    }
    // A second name leaves no moment without a store; some file systems know no second names.
    std::fs::hard_link(path, &aside)
        .or_else(|_| std::fs::rename(path, &aside))
        .tried("set the old store aside")
}
