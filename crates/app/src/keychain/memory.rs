use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Entry, Keychain, KeychainError, KeychainState, Secret};

/// A keychain that forgets everything at the end: for tests and for the demo shop.
#[derive(Debug, Default)]
pub struct MemoryKeychain(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    entries: HashMap<Entry, Secret>,
    fault: Option<KeychainError>,
}

impl MemoryKeychain {
    /// Every question is answered with `fault` until it is taken back with `None`.
    pub fn fail_with(&self, fault: Option<KeychainError>) {
        self.memory().fault = fault;
    }

    /// Number of entries, to see that nothing was kept.
    pub fn len(&self) -> usize {
        self.memory().entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn working(&self) -> Result<MutexGuard<'_, Memory>, KeychainError> {
        let memory = self.memory();
        match &memory.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(memory),
        }
    }
}

#[async_trait]
impl Keychain for MemoryKeychain {
    async fn get(&self, entry: &Entry) -> Result<Option<Secret>, KeychainError> {
        Ok(self.working()?.entries.get(entry).cloned())
    }

    async fn set(&self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError> {
        self.working()?.entries.insert(entry.clone(), secret.clone());
        Ok(())
    }

    async fn delete(&self, entry: &Entry) -> Result<(), KeychainError> {
        self.working()?.entries.remove(entry);
        Ok(())
    }

    async fn state(&self) -> KeychainState {
        self.memory()
            .fault
            .as_ref()
            .map_or(KeychainState::Unlocked, KeychainState::from)
    }
}
