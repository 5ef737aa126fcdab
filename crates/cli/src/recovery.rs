//! The recovery key, given back: it opens the store where its key is not at hand.

use std::path::Path;
use std::sync::Arc;

use keyholder_app::vault::{self, MasterKey, RecoveryKey};
use keyholder_core::error::Code;

use crate::failure::Failure;
use crate::secret::Wanted;
use crate::site::Site;

/// The key of a store, taken back.
pub(crate) struct TakenBack {
    pub(crate) master: Arc<MasterKey>,
    /// Why the next command will not find it, if it will not.
    pub(crate) not_kept: Option<String>,
}

/// Takes back the key of the store whose key card lies beside `path`, and keeps it where the options
/// say: in the key file if there is none yet, or else in the keychain.
pub(crate) async fn take_back(site: &Site, path: &Path, file: Option<&Path>) -> Result<TakenBack, Failure> {
    let wanted = Wanted {
        what: "recovery key",
        option: "--recovery-key-file",
        file,
    };
    let key: RecoveryKey = wanted.get()?.parse().map_err(|mistake: vault::NotARecoveryKey| {
        Failure::of(Code::WrongRecoveryKey, mistake.to_string())
    })?;
    let recovered = vault::open_with_recovery(path, &key, &*site.keychain()).await?;
    if let Some(file) = site.key_file()
        && file.symlink_metadata().is_err()
    {
        vault::write_key_file(file, &recovered.master)?;
    }
    let not_kept = recovered.kept.err().map(|error| error.to_string());
    Ok(TakenBack {
        master: Arc::new(recovered.master),
        not_kept,
    })
}
