//! Second factors: time-based codes from an authenticator app, recovery codes for the day the
//! phone is gone, and enrolment codes with which a person first gets in.
//!
//! How often a code may be tried is counted in [`crate::lockout`]; how recovery codes are hashed
//! is in [`crate::password`].

pub mod crockford;
pub mod enrolment;
mod otpauth;
pub mod recovery;
pub mod totp;

pub use self::enrolment::{Enrolment, EnrolmentCode, EnrolmentRefused};
pub use self::otpauth::uri;
pub use self::recovery::{RecoveryCode, RecoveryCodeRefused, RecoverySet};
pub use self::totp::{CodeRefused, Totp, TotpCode, TotpProgress, TotpSecret};
