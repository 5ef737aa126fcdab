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
    /// Asks for a passkey.
    PASSKEY = "/auth/sign-in/passkey",
    /// Takes what it signed.
    PASSKEY_USE = "/auth/sign-in/passkey/use",
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
    /// Adds a passkey.
    PASSKEY_ADD = "/auth/account/passkeys/add",
    /// Takes the one that was made.
    PASSKEY_MADE = "/auth/account/passkeys/made",
    /// Removes one.
    PASSKEY_REMOVE = "/auth/account/passkeys/remove",
    /// Ends one session.
    END = "/auth/account/sessions/end",
    /// What happened to the account.
    HISTORY = "/auth/account/history",
    /// Another e-mail address.
    ADDRESS = "/auth/account/address",
    /// What is seen once a letter was asked for.
    SENT = "/auth/sent",
    /// A new password is asked for.
    FORGOT = "/auth/forgot",
    /// It is set.
    RESET = "/auth/reset",
    /// The link to that.
    RESET_LINK = "/auth/reset/{token}",
    /// A link to sign in with is asked for.
    ASK_LINK = "/auth/link",
    /// It is used.
    SIGN_IN_LINK = "/auth/sign-in-link",
    /// The link to that.
    SIGN_IN_LINK_LINK = "/auth/sign-in-link/{token}",
    /// A first password, by mail.
    INVITATION = "/auth/invitation",
    /// The link to that.
    INVITATION_LINK = "/auth/invitation/{token}",
    /// An account is asked for.
    REGISTER = "/auth/register",
    /// It is made.
    REGISTRATION = "/auth/registration",
    /// The link to that.
    REGISTRATION_LINK = "/auth/registration/{token}",
    /// An address is confirmed.
    CONFIRM_ADDRESS = "/auth/confirm",
    /// The link to that.
    CONFIRM_ADDRESS_LINK = "/auth/confirm/{token}",
    /// A sign-in was not the holder's.
    NOT_ME = "/auth/not-me",
    /// The link to that.
    NOT_ME_LINK = "/auth/not-me/{token}",
    /// Style, logo, icon.
    ASSETS = "/auth/assets/{file}",
}

#[cfg(test)]
mod tests {
    use keyholder_core::link::Purpose;

    use super::*;

    #[test]
    fn every_link_in_a_letter_leads_to_a_page() {
        for purpose in Purpose::ALL {
            let path = purpose.path();
            let link = format!("{path}/{{token}}");
            assert!(
                PATHS.contains(&path) && PATHS.contains(&link.as_str()),
                "{purpose:?} leads to {path}"
            );
        }
    }
}
