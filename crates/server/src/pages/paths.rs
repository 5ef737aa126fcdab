//! Where the pages are: all below one path, so that a proxy can put them beside a shop on one host.

/// Sign in.
pub(super) const SIGN_IN: &str = "/auth/sign-in";
/// The second step.
pub(super) const CODE: &str = "/auth/sign-in/code";
/// The second step without the phone.
pub(super) const RECOVERY_CODE: &str = "/auth/sign-in/recovery-code";
/// A first password, with an enrolment code.
pub(super) const WELCOME: &str = "/auth/welcome";
/// Sign out.
pub(super) const SIGN_OUT: &str = "/auth/sign-out";
/// What is seen after that.
pub(super) const SIGNED_OUT: &str = "/auth/signed-out";
/// My account.
pub(super) const ACCOUNT: &str = "/auth/account";
/// How one is called.
pub(super) const NAME: &str = "/auth/account/name";
/// A new password.
pub(super) const PASSWORD: &str = "/auth/account/password";
/// A second factor: begun, confirmed, put off, removed.
pub(super) const SECOND_FACTOR: &str = "/auth/account/second-factor";
/// Its first code.
pub(super) const CONFIRM: &str = "/auth/account/second-factor/confirm";
/// Not now.
pub(super) const LATER: &str = "/auth/account/second-factor/later";
/// No more.
pub(super) const REMOVE: &str = "/auth/account/second-factor/remove";
/// New recovery codes.
pub(super) const RECOVERY_CODES: &str = "/auth/account/recovery-codes";
/// Ends one session.
pub(super) const END: &str = "/auth/account/sessions/end";
/// What happened to the account.
pub(super) const HISTORY: &str = "/auth/account/history";
/// Style, logo, icon.
pub(super) const ASSETS: &str = "/auth/assets/{file}";
