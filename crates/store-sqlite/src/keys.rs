//! The two keys of a store.

use keyholder_core::audit::chain::AuditKey;
use zeroize::Zeroizing;

/// The keys of one store file, as the vault derives them. Not shown by `Debug`, wiped from memory
/// when dropped.
#[derive(Clone)]
pub struct StoreKeys {
    database: Zeroizing<[u8; 32]>,
    audit: AuditKey,
}

impl StoreKeys {
    /// The raw key of the SQLCipher file and the key of the audit chain, 256 random bits each.
    pub fn new(database: [u8; 32], audit: [u8; 32]) -> Self {
        Self {
            database: Zeroizing::new(database),
            audit: AuditKey::new(audit),
        }
    }

    /// The key as SQLCipher takes it: raw, so that nothing is derived from it a second time.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        use std::fmt::Write as _;
        let mut pragma = Zeroizing::new(String::with_capacity(69));
        pragma.push_str("\"x'");
        for byte in self.database.iter() {
            // Writing to a text cannot fail.
            let _ = write!(pragma, "{byte:02x}");
        }
        pragma.push_str("'\"");
        pragma
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
