//! Every word on the pages, in English. Another language is another [`Words`]: what it lacks does not
//! compile.

mod events;
mod moments;

use keyholder_core::error::{Code, Error, Refusal};
use keyholder_core::lockout::Locked;

pub(super) use self::events::By;

macro_rules! words {
    ($($name:ident: $kind:ty = $words:expr,)+) => {
        /// What is said, and where it takes something, how it is made.
        pub(super) struct Words {
            $(pub(super) $name: $kind,)+
        }

        /// English.
        pub(super) static ENGLISH: Words = Words { $($name: $words,)+ };
    };
}

type Text = &'static str;

words! {
    language: Text = "en",

    email: Text = "E-mail address",
    password: Text = "Password",
    sign_in: Text = "Sign in",
    sign_in_to: fn(&str) -> String = |shop| format!("Sign in to {shop}"),
    keep: Text = "Keep me signed in for 7 days",
    keep_help: Text = "Only on a computer or phone that is yours.",
    have_code: Text = "I have an enrolment code",
    have_password: Text = "I have a password",

    code_title: Text = "Now the code from your phone",
    code_lead: Text = "Open your authenticator app and type the six digits it shows.",
    code: Text = "Code",
    go_on: Text = "Continue",
    use_recovery: Text = "Use a recovery code",
    use_code: Text = "Use the code from my phone",
    somebody_else: Text = "Sign in as somebody else",
    recovery_title: Text = "Use a recovery code",
    recovery_lead: Text = "Take one from the sheet you kept. It works once, so cross it off.",
    recovery_code: Text = "Recovery code",
    recovery_help: Text = "Three groups of five letters and digits. Capitals and spaces do not matter.",

    welcome_title: fn(&str) -> String = |shop| format!("Welcome to {shop}"),
    welcome_lead: Text = "Type the enrolment code you were given and choose a password of your own.",
    enrolment_code: Text = "Enrolment code",
    enrolment_help: Text = "Capitals, spaces and dashes do not matter.",
    new_password: Text = "New password",
    new_password_help: fn(u32) -> String = |shortest| {
        format!("At least {shortest} characters. A few words that do not belong together work best.")
    },
    choose: Text = "Choose this password",

    account_title: Text = "Your account",
    skip: Text = "Skip to the page",
    sign_out: Text = "Sign out",
    signed_out_title: Text = "You are signed out",
    signed_out_lead: Text = "Whoever uses this device next has to sign in again.",
    sign_in_again: Text = "Sign in again",
    saved_name: Text = "Your name is changed.",
    saved_password: Text = "Your password is changed. You are signed out everywhere else.",
    saved_removed: Text = "The second factor is removed. Only your password is asked for now.",
    saved_ended: Text = "You are signed out there.",
    saved_later: Text = "We will remind you again.",

    name_title: Text = "Name",
    name: Text = "Your name",
    name_save: Text = "Save name",
    address_change: Text = "Change",
    address_title: Text = "Change your e-mail address",
    address_lead: Text = "We send a letter to the new address. It counts once you have pressed the button there; until then you sign in with the present one.",
    address_new: Text = "New e-mail address",
    address_same: Text = "This is your address already.",
    address_help: Text = "You sign in with this address. Only the shop can change it.",

    password_title: Text = "Password",
    password_change: Text = "Choose a new password",
    password_lead: Text = "You will be signed out everywhere else.",
    password_forced: Text = "Somebody who looks after the accounts asked for it. Until then nothing else is open.",
    password_breached: Text = "Yours was found in a data leak: strangers may know it. Until you choose a new one nothing else is open.",
    password_warned: Text = "Your password was found in a data leak: strangers may know it. Please choose a new one.",
    present_password: Text = "Current password",

    factor_title: Text = "Second factor",
    factor_on: Text = "On. The code from your phone is asked for each time you sign in.",
    factor_off: Text = "Off. Only your password is asked for. With your phone as a second key, the password alone is of no use to a thief.",
    factor_required: Text = "The shop asks for it, so it cannot be removed, but it can be set up on another phone.",
    factor_set_up: Text = "Set up",
    factor_replace: Text = "Set up on another phone",
    factor_remove: Text = "Remove",
    factor_later: Text = "Not now",
    factor_first: Text = "Nothing else is open until this is done.",
    factor_begin_title: Text = "Add your phone as a second key",
    factor_begin_lead: Text = "Then your password alone is of no use to a thief. You need an authenticator app, such as the one you use for your bank or e-mail.",
    factor_begin: Text = "Show the picture",
    factor_again: Text = "Start again with a new picture",
    scan_title: Text = "Read this picture with your app",
    scan_lead: Text = "If you cannot, type these letters and digits into the app instead:",
    scan_picture: Text = "QR code to read with your authenticator app",
    scan_secret: Text = "Secret for typing in",
    scan_code: Text = "Code the app shows now",
    scan_confirm: Text = "Confirm",
    remove_title: Text = "Remove the second factor?",
    remove_lead: Text = "From then on your password alone opens your account, and your recovery codes are void.",
    remove_do: Text = "Remove it",

    codes_title: Text = "Recovery codes",
    codes_left: fn(u32) -> String = |left| match left {
        0 => "No recovery code is left.".to_owned(),
        1 => "One recovery code is left.".to_owned(),
        left => format!("{left} recovery codes are left."),
    },
    codes_few: Text = "Make new ones before you need them.",
    codes_new: Text = "Make new codes",
    codes_ask_title: Text = "Make new recovery codes?",
    codes_ask_lead: Text = "All old codes are void from then on. The new ones are shown once.",
    sheet_title: Text = "Keep these for the day your phone is gone",
    sheet_lead: Text = "With one of these codes you can sign in without your phone. They are shown only now: print this page or write them down.",
    sheet_of: fn(&str, &str) -> String = |shop, who| format!("{shop}, {who}"),
    sheet_use: Text = "Each code works once. Cross it off when you have used it.",
    sheet_kept: Text = "I have kept them",
    back: Text = "Back to your account",

    passkey_sign_in: Text = "Sign in with a passkey",
    passkey_use: Text = "Use a passkey",
    passkey_ask_title: Text = "Use your passkey",
    passkey_ask_lead: Text = "Your browser asks for it now: follow what it says.",
    passkey_again: Text = "Ask again",
    passkey_failed: Text = "No passkey came from your device. Press the button to try again.",
    passkeys_title: Text = "Passkeys",
    passkeys_lead: Text = "With a passkey you sign in by your finger, your face or the number of your device. There is no password that a false page could get.",
    passkey_made: fn(&str) -> String = |ago| format!("Added {ago}"),
    passkey_used: fn(&str) -> String = |ago| format!("last used {ago}"),
    passkey_unused: Text = "not used yet",
    passkey_add: Text = "Add a passkey",
    passkey_add_title: Text = "Add a passkey",
    passkey_add_lead: Text = "It stays on your phone, your computer or a security key, and opens your account from there.",
    passkey_name: Text = "Name of this passkey",
    passkey_name_help: Text = "So that you know it in the list, such as: my phone.",
    passkey_make_title: Text = "Make your passkey",
    passkey_make_lead: Text = "Your browser asks where to keep it: follow what it says.",
    passkey_not_made: Text = "The passkey was not added: it took too long, or it is there already. Please try again.",
    passkey_remove: fn(&str) -> String = |name| format!("Remove {name}"),
    passkey_remove_title: fn(&str) -> String = |name| format!("Remove the passkey {name}?"),
    passkey_remove_lead: Text = "It opens nothing here any more, and you are signed out everywhere else. Remove it from your device too.",
    saved_passkey: Text = "The passkey is added.",
    saved_passkey_gone: Text = "The passkey is removed. You are signed out everywhere else.",
    wrong_passkey: Text = "This passkey was not taken. Try again, or sign in with your password.",

    sessions_title: Text = "Where you are signed in",
    session_here: Text = "This browser",
    session_seen: fn(&str) -> String = |ago| format!("Last active {ago}"),
    session_since: fn(&str) -> String = |ago| format!("signed in {ago}"),
    session_end: Text = "Sign out",
    session_end_there: fn(&str) -> String = |there| format!("Sign out: {there}"),
    session_place: fn(&str, &str) -> String = |program, place| format!("{program}, {place}"),
    a_browser: Text = "A browser",
    a_program: Text = "A program",
    browser_on: fn(&str, &str) -> String = |browser, system| format!("{browser} on {system}"),
    the_window: Text = "The Keyholder window",
    the_command_line: Text = "The command line",
    this_machine: Text = "the shop's own computer",
    own_network: fn(&str) -> String = |address| format!("a network like home or office ({address})"),
    at_address: fn(&str) -> String = |address| format!("address {address}"),
    somewhere: Text = "an unknown place",

    history_title: Text = "What happened to your account",
    history_lead: Text = "Sign-ins, changes, and what the shop did. Nobody can change a line of it.",
    history_all: Text = "Show all",
    history_older: Text = "Older",
    history_none: Text = "Nothing yet.",
    history_from: fn(&str) -> String = |place| format!("from {place}"),
    time_zone: Text = "Times are in UTC.",

    wrong: Text = "That did not work",
    wrong_sign_in: Text = "This e-mail address and password do not belong together. Check both and try again.",
    wrong_password: Text = "This is not your current password.",
    wrong_code: Text = "This code is not right. Look for the one the app shows now.",
    wrong_recovery_code: Text = "This recovery code is not right, or was used already.",
    wrong_enrolment: Text = "This address and code do not belong together, or the code was used or is too old. Ask the shop for a new one.",
    wrong_first_code: Text = "This code is not right. Look for the one the app shows for the picture below.",
    code_replayed: Text = "This code was used already. Wait for the next one, at most 30 seconds.",
    too_many_codes: Text = "Too many codes in a short time. Wait for the next one, at most 30 seconds.",
    weak: Text = "This password is not taken",
    too_long: Text = "This password is too long: at most 4,096 bytes.",
    bad_name: Text = "This name is too long, or has something in it that cannot be seen.",
    nothing_begun: Text = "This picture is too old. Start again.",

    waiting_title: Text = "Please wait a little",
    waiting_lead: fn(&str) -> String = |wait| format!("There were too many wrong tries. Try again {wait}."),
    switched_off_title: Text = "This way in is switched off",
    switched_off_lead: Text = "There were too many wrong tries in a row. Ask the shop for an enrolment code to start anew.",
    disabled_title: Text = "Your account is disabled",
    disabled_lead: Text = "Your password is right, but the shop has disabled this account. Only the shop can enable it again.",
    locked_title: Text = "Your account is locked",
    locked_lead: Text = "Your password is right, but somebody who looks after the accounts has locked this one. Ask the shop to unlock it.",
    send_link: Text = "Send me a letter",
    sent_title: Text = "Look into your mailbox",
    sent_lead: Text = "If we can send a letter to that address, it is there within a few minutes. If it is not, look among the spam, and check how you wrote the address.",
    forgot: Text = "I do not know my password",
    forgot_title: Text = "Choose a new password",
    forgot_lead: Text = "Type the address you sign in with. We send you a letter with a link to a new password; it works for 30 minutes.",
    reset_lead: Text = "You will be signed out everywhere else. If you have a second factor, it is asked for as ever.",
    link_ask: Text = "Sign in by a letter",
    link_ask_title: Text = "Sign in without a password",
    link_ask_lead: Text = "Type your address. We send you a letter with a link that signs you in; it works for 15 minutes.",
    link_lead: Text = "Press the button, and you are in. If you have a second factor, it is asked for as ever.",
    link_over_title: Text = "This link does not work any more",
    link_over_lead: Text = "It was used, replaced by a newer one, or is too old. Ask for a new one, and nothing is lost.",
    register: Text = "Make an account",
    register_title: fn(&str) -> String = |shop| format!("Your account at {shop}"),
    register_lead: Text = "Type your e-mail address. We send you a letter with a link; the account is made once you have used it.",
    registration_lead: Text = "The address is yours. Choose a password, and so is the account.",
    invitation_lead: Text = "There is an account for you. Choose a password, and it is yours.",
    confirm_title: Text = "Is this your address?",
    confirm_lead: Text = "From then on you sign in with it. We tell your old address that it was changed.",
    confirm_do: Text = "Yes, use this address",
    confirmed_title: Text = "Your address is changed",
    confirmed_lead: Text = "You sign in with the new one from now on.",
    disown_title: Text = "Somebody else signed in?",
    disown_lead: Text = "This signs everybody out, you as well, and locks the account until somebody at the shop has spoken with you.",
    disown_do: Text = "That was not me: lock the account",
    disowned_title: Text = "The account is locked",
    disowned_lead: Text = "Everybody is signed out of it. Tell the shop: they can open it again for you.",
    stale_title: Text = "This page was too old",
    stale_lead: Text = "Nothing was done. It may have been open for long, or come from another site, or your browser keeps no cookies. Open it again and repeat what you did.",
    nowhere_title: Text = "There is no such page",
    nowhere_lead: Text = "The address may be mistyped, or the page has moved.",
    not_so_title: Text = "That cannot be done here",
    not_so_lead: Text = "Your browser asked in a way that this page does not know. Nothing was done.",
    too_large_title: Text = "That was too much",
    too_large_lead: Text = "What was sent is larger than any of our forms. Nothing was done.",
    broken_title: Text = "Something is wrong on our side",
    broken_lead: Text = "Nothing was lost. Please try again in a moment; if it stays so, tell the shop.",
    unavailable_title: Text = "We will be back in a moment",
    unavailable_lead: Text = "The service cannot work just now. Nothing was saved: please try again.",
    not_allowed_title: Text = "That is not yours to do",
    not_allowed_lead: Text = "Your account may not do that. Ask the shop.",
    not_done_title: Text = "That was not done",
    not_set_up_title: Text = "There is no shop here yet",
    not_set_up_lead: Text = "It has to be set up first.",
    quote: fn(&str) -> String = |number| format!("If you ask for help, quote {number}."),
    start: Text = "To the start",
}

impl Words {
    /// What is said beside a form whose secret was not taken; none for what is a page of its own.
    /// `wrong` is what a wrong secret of this form is called.
    pub(super) fn beside(&self, error: &Error, wrong: Text) -> Option<Alert> {
        let Error::Refused(refusal) = error else {
            return None;
        };
        let (title, lines) = match refusal {
            Refusal::WrongCredentials | Refusal::EnrolmentRefused => (self.wrong, vec![wrong.to_owned()]),
            Refusal::CodeReplayed => (self.wrong, vec![self.code_replayed.to_owned()]),
            Refusal::TooManyCodes => (self.wrong, vec![self.too_many_codes.to_owned()]),
            Refusal::PasswordTooLong => (self.weak, vec![self.too_long.to_owned()]),
            Refusal::NothingBegun => (self.wrong, vec![self.nothing_begun.to_owned()]),
            Refusal::BadText(_) => (self.wrong, vec![self.bad_name.to_owned()]),
            Refusal::WeakPassword(why) => (self.weak, why.iter().map(ToString::to_string).collect()),
            _ => return None,
        };
        Some(Alert { title, lines })
    }

    /// What a page says that has nothing else to say: its title, and what to do.
    pub(super) fn instead(&self, error: &Error, wait: Option<&str>) -> (Text, String) {
        let (title, lead) = match error {
            Error::Refused(Refusal::Locked(Locked::Waiting { .. }) | Refusal::LimitReached(_)) => {
                return (self.waiting_title, (self.waiting_lead)(wait.unwrap_or_default()));
            }
            Error::Refused(Refusal::Locked(Locked::FactorDisabled { .. })) => {
                (self.switched_off_title, self.switched_off_lead)
            }
            Error::Refused(Refusal::Disabled) => (self.disabled_title, self.disabled_lead),
            Error::Refused(Refusal::LockedByHand) => (self.locked_title, self.locked_lead),
            Error::Refused(Refusal::LinkRefused) => (self.link_over_title, self.link_over_lead),
            Error::Refused(Refusal::NotFound | Refusal::NotOffered) => {
                (self.nowhere_title, self.nowhere_lead)
            }
            Error::Refused(Refusal::NotSetUp) => (self.not_set_up_title, self.not_set_up_lead),
            Error::Refused(Refusal::NotAllowed(_) | Refusal::OnlyOwners | Refusal::OwnAccount) => {
                (self.not_allowed_title, self.not_allowed_lead)
            }
            Error::Refused(refusal) => return (self.not_done_title, sentence(&refusal.to_string())),
            error => match error.code() {
                Code::Busy | Code::InUse | Code::ReadOnly | Code::DiskFull | Code::Unavailable => {
                    (self.unavailable_title, self.unavailable_lead)
                }
                _ => (self.broken_title, self.broken_lead),
            },
        };
        (title, lead.to_owned())
    }
}

/// What is said beside a form.
pub(super) struct Alert {
    pub(super) title: Text,
    pub(super) lines: Vec<String>,
}

/// With a capital and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}
