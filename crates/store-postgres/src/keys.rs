//! The two keys of a store.

use keyholder_core::audit::chain::AuditKey;

use crate::seal::Seal;

/// The keys of one store. The server has neither. Not shown by `Debug`, wiped from memory when dropped.
#[derive(Clone)]
pub struct StoreKeys {
    seal: Seal,
    audit: AuditKey,
}

impl StoreKeys {
    /// The key that seals secrets and the key of the audit chain, 256 random bits each.
    pub fn new(seal: [u8; 32], audit: [u8; 32]) -> Self {
        Self {
            seal: Seal::new(seal),
            audit: AuditKey::new(audit),
        }
    }

    pub(crate) fn seal(&self) -> &Seal {
        &self.seal
    }

    pub(crate) fn audit(&self) -> &AuditKey {
        &self.audit
    }
}

impl std::fmt::Debug for StoreKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKeys([redacted])")
    }
}
