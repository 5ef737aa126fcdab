//! A store whose disk is slow.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use tokio::sync::Semaphore;

use super::in_front::InFront;
use crate::change::Reservation;
use crate::error::{Code, StoreError};
use crate::store::{CommitError, Store};

/// Hands every call on to another store, but lets reservations wait until told what becomes of them.
pub struct HeldStore {
    store: Arc<dyn Store>,
    asked: AtomicUsize,
    go: Semaphore,
}

impl HeldStore {
    /// Holds reservations on the way to `store`.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            asked: AtomicUsize::new(0),
            go: Semaphore::new(0),
        }
    }

    /// How many reservations were asked for.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Lets one of those that wait through.
    pub fn let_one_go(&self) {
        self.go.add_permits(1);
    }

    /// The disk is gone: all that wait fail.
    pub fn break_down(&self) {
        self.go.close();
    }
}

#[async_trait]
impl InFront for HeldStore {
    fn behind(&self) -> Result<&dyn Store, StoreError> {
        Ok(&*self.store)
    }

    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match self.go.acquire().await {
            Ok(go) => go.forget(),
            Err(_) => {
                return Err(CommitError::Broken(StoreError {
                    code: Code::Broken,
                    context: "a disk that is gone".to_owned(),
                }));
            }
        }
        self.store.reserve(reservation).await
    }
}
