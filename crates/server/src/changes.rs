//! How often what is stored has changed, for whoever keeps a copy of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A count of the changes of one store. Clones count the same.
#[derive(Debug, Clone, Default)]
pub struct Changes(Arc<AtomicU64>);

impl Changes {
    /// Something may have changed: called before whoever changed it is told so.
    pub(crate) fn note(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// How many there were. What was read after this was asked holds as long as it stays the same.
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}
