//! A store that breaks down at a chosen call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;

use super::in_front::InFront;
use crate::change::Reservation;
use crate::error::{Code, StoreError};
use crate::store::{CommitError, Store};

/// Hands every call on to another store, but for one, which fails before anything was done; also
/// how a program that dies just before that call leaves the store.
pub struct FaultyStore {
    store: Arc<dyn Store>,
    fails_at: usize,
    calls: AtomicUsize,
    reserved: AtomicBool,
}

impl FaultyStore {
    /// Fails at that call, counted from 1; with 0 it never does.
    pub fn new(store: Arc<dyn Store>, fails_at: usize) -> Self {
        Self {
            store,
            fails_at,
            calls: AtomicUsize::new(0),
            reserved: AtomicBool::new(false),
        }
    }

    /// How many calls there were: a story first runs without a fault to know how many there can be.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Whether an attempt was told that it is reserved: from then on its secret may be evaluated.
    pub fn reserved(&self) -> bool {
        self.reserved.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl InFront for FaultyStore {
    fn behind(&self) -> Result<&dyn Store, StoreError> {
        if self.calls.fetch_add(1, Ordering::SeqCst) + 1 == self.fails_at {
            return Err(StoreError {
                code: Code::Broken,
                context: "a fault that was asked for".to_owned(),
            });
        }
        Ok(&*self.store)
    }

    async fn reserve(&self, reservation: Reservation) -> Result<(), CommitError> {
        self.behind()?.reserve(reservation).await?;
        self.reserved.store(true, Ordering::SeqCst);
        Ok(())
    }
}
