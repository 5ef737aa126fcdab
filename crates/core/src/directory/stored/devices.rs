//! Sessions that are bound to a device.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoredAuthentication;
use super::engine::Engine;
use crate::directory::DeviceSessions;
use crate::entry::{Entry, EntryKey, EntryKind, EntryWrite};
use crate::error::{Refusal, Result};
use crate::session::{DeviceKey, SessionToken};
use crate::store::CommitError;

#[async_trait]
impl DeviceSessions for StoredAuthentication {
    fn of_device(&self, key: DeviceKey) -> Arc<dyn DeviceSessions> {
        Arc::new(self.on_device(key))
    }

    async fn use_up(&self, token: &SessionToken, once: EntryKey, until: Timestamp) -> Result<()> {
        self.engine.use_up(&self.shown(token), once, until).await
    }
}

impl StoredAuthentication {
    /// The same for whoever has proved to hold that key.
    #[must_use]
    pub fn on_device(&self, key: DeviceKey) -> Self {
        Self {
            device: Some(key),
            ..self.clone()
        }
    }
}

impl Engine {
    /// Of the many that try, one succeeds: the store takes an entry in only where there is none.
    async fn use_up(&self, token: &SessionToken, once: EntryKey, until: Timestamp) -> Result<()> {
        // First, so that whoever has no session fills no store.
        let (_, holder) = self.holder_of(token).await?;
        let used = Entry::new(EntryKind::Request, once, self.now(), &())?
            .of(holder.account.id)
            .until(until);
        match self.store.keep(vec![EntryWrite::Put(used)]).await {
            Err(CommitError::Conflict) => Err(Refusal::SessionEnded.into()),
            kept => Ok(kept?),
        }
    }
}
