//! The connections that read. They are few and kept by hand: whoever ends a program must be able to
//! wait until the last of them is closed, since SQLCipher takes its memory back as the program ends.

use std::time::Duration;

use keyholder_core::error::{Code, StoreError};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use crate::connect::{self, Opening};
use crate::error::{Tried, broken};

/// Readers at the same time: a window asks for a few lists at once.
const READERS: usize = 3;
/// The longest wait for a reader.
const PATIENCE: Duration = Duration::from_secs(5);

/// The connections that read; none are left once they are closed.
#[derive(Debug, Default)]
pub(crate) struct Readers(Vec<Mutex<Option<SqliteConnection>>>);

impl Readers {
    pub(crate) async fn open(opening: &Opening) -> Result<Self, StoreError> {
        let mut readers = Self::default();
        for _ in 0..READERS {
            match connect::open(opening).await {
                Ok(conn) => readers.0.push(Mutex::new(Some(conn))),
                Err(error) => {
                    readers.close().await?;
                    return Err(error);
                }
            }
        }
        Ok(readers)
    }

    /// One that is free, the first of them if it is: what it has read before it has at hand.
    pub(crate) async fn one(&self) -> Result<MappedMutexGuard<'_, SqliteConnection>, StoreError> {
        let closed = || broken(Code::Broken, "the store is closed");
        let free = match self.0.iter().find_map(|slot| slot.try_lock().ok()) {
            Some(free) => free,
            None => tokio::time::timeout(PATIENCE, self.0.last().ok_or_else(closed)?.lock())
                .await
                .map_err(|_| broken(Code::Busy, "every reader of the store is at work"))?,
        };
        MutexGuard::try_map(free, Option::as_mut).map_err(|_| closed())
    }

    /// Waits for what is being read and closes them all.
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        let mut closed = Ok(());
        for slot in &self.0 {
            if let Some(conn) = slot.lock().await.take() {
                closed = closed.and(conn.close().await.tried("close a reader of the store"));
            }
        }
        closed
    }
}
