//! Where the pages are: all below one path, so that a proxy can put them beside a shop on one host.

macro_rules! paths {
    ($($(#[$doc:meta])* $name:ident = $path:literal,)+) => {
        $($(#[$doc])* pub(crate) const $name: &str = $path;)+

        /// Every page.
        pub const PATHS: &[&str] = &[$($name,)+];
    };
}

paths! {
    /// The start.
    START = "/",
    /// Sign in.
    SIGN_IN = "/auth/sign-in",
    /// The second step.
    CODE = "/auth/sign-in/code",
    /// The second step without the phone.
    RECOVERY_CODE = "/auth/sign-in/recovery-code",
    /// A first password, with an enrolment code.
    WELCOME = "/auth/welcome",
    /// Sign out.
    SIGN_OUT = "/auth/sign-out",
    /// What is seen after that.
    SIGNED_OUT = "/auth/signed-out",
    /// My account.
    ACCOUNT = "/auth/account",
    /// How one is called.
    NAME = "/auth/account/name",
    /// A new password.
    PASSWORD = "/auth/account/password",
    /// A second factor: begun, confirmed, put off, removed.
    SECOND_FACTOR = "/auth/account/second-factor",
    /// Its first code.
    CONFIRM = "/auth/account/second-factor/confirm",
    /// Not now.
    LATER = "/auth/account/second-factor/later",
    /// No more.
    REMOVE = "/auth/account/second-factor/remove",
    /// New recovery codes.
    RECOVERY_CODES = "/auth/account/recovery-codes",
    /// Ends one session.
    END = "/auth/account/sessions/end",
    /// What happened to the account.
    HISTORY = "/auth/account/history",
    /// Style, logo, icon.
    ASSETS = "/auth/assets/{file}",
}
