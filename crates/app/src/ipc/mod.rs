//! What crosses the border to the window. Codes and parameters, never sentences; a secret only where
//! it is shown once. Types of [`keyholder_core`] that may cross are used as they are.

mod about;
mod connection;
mod error;
mod phase;
mod secret;
mod settings;
mod shown;

pub use self::about::About;
pub use self::connection::{CertificateShown, ConnectionShown, PlaceShown, Security, ServiceSeen};
pub use self::error::{Answer, IpcError};
pub use self::phase::{KeyTrouble, Phase, Status};
pub use self::secret::Secret;
pub use self::settings::{BackupMade, NumberBounds, PasswordContext, StoreInfo, StrengthShown};
pub use self::shown::{
    AccountMade, Copied, EnrolmentShown, RecoveryCodesShown, RecoveryKeyShown, Saved, SecondFactorShown,
    ShownKind, TotpQr,
};
