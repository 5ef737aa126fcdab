//! What the templates are given.

use askama::Template;
use axum::http::StatusCode;
use jiff::Timestamp;
use keyholder_core::directory::Offers;
use keyholder_core::error::{Code, Error, Refusal};
use keyholder_core::wire::Problem;

use super::trouble::Trouble;
use super::words::{Alert, Words};
use super::{Pages, paths};

/// What every page has around it.
pub(super) struct Frame {
    pub(super) words: &'static Words,
    pub(super) title: String,
    pub(super) shop: String,
    pub(super) style: String,
    pub(super) icon: String,
    pub(super) logo: Option<String>,
    /// What binds a form of this page.
    pub(super) word: String,
    /// The script for passkeys, where they are offered.
    pub(super) script: Option<String>,
    /// The query that takes the way along.
    pub(super) onward: String,
    pub(super) signed_in: bool,
    /// Characters that a new password needs.
    pub(super) shortest: u32,
}

/// E-mail address and password.
#[derive(Template)]
#[template(path = "pages/sign_in.html")]
pub(super) struct SignIn {
    pub(super) page: Frame,
    pub(super) alert: Option<Alert>,
    pub(super) email: String,
    pub(super) kept: bool,
    /// What else the shop offers.
    pub(super) offers: Offers,
}

/// The second step, with one of two kinds of code.
#[derive(Template)]
#[template(path = "pages/code.html")]
pub(super) struct SecondStep {
    pub(super) page: Frame,
    pub(super) alert: Option<Alert>,
    pub(super) recovery: bool,
}

/// An authenticator is asked for a passkey.
#[derive(Template)]
#[template(path = "pages/passkey.html")]
pub(super) struct PasskeyAsk {
    pub(super) page: Frame,
    pub(super) script: String,
    pub(super) lead: &'static str,
    /// `make` or `use`.
    pub(super) kind: &'static str,
    pub(super) action: &'static str,
    pub(super) ceremony: String,
    /// What it is asked, as JSON.
    pub(super) options: String,
    pub(super) kept: bool,
    pub(super) back: &'static str,
    pub(super) back_words: &'static str,
}

/// Before a passkey is added.
#[derive(Template)]
#[template(path = "pages/passkey_add.html")]
pub(super) struct PasskeyAdd {
    pub(super) page: Frame,
    pub(super) alert: Option<Alert>,
    pub(super) name: String,
    pub(super) email: String,
}

/// Before a passkey is removed.
#[derive(Template)]
#[template(path = "pages/passkey_remove.html")]
pub(super) struct PasskeyRemove {
    pub(super) page: Frame,
    pub(super) alert: Option<Alert>,
    pub(super) passkey: String,
    pub(super) email: String,
}

/// A first password.
#[derive(Template)]
#[template(path = "pages/welcome.html")]
pub(super) struct Welcome {
    pub(super) page: Frame,
    pub(super) alert: Option<Alert>,
    pub(super) email: String,
    pub(super) code: String,
}

/// Something is said, and there is one way on.
#[derive(Template)]
#[template(path = "pages/message.html")]
pub(super) struct Message {
    pub(super) page: Frame,
    pub(super) lead: String,
    /// What to quote.
    pub(super) quote: Option<String>,
    pub(super) on: &'static str,
    pub(super) on_words: &'static str,
}

impl Message {
    /// What kept a page from being shown, and in how many seconds there may be use in asking again.
    pub(super) fn of(
        trouble: &Trouble,
        id: &str,
        now: Timestamp,
        pages: &Pages,
        shop: &str,
    ) -> (Self, Option<u64>) {
        let frame = pages.frame(String::new(), shop);
        let words = frame.words;
        let problem = match trouble {
            Trouble::Error(error) => Some(Problem::of(error)),
            _ => None,
        };
        let wait = problem.as_ref().and_then(|problem| problem.retry_after(now));
        let told = wait.map(|seconds| words.wait(seconds));
        let (title, lead) = match trouble {
            Trouble::Error(error) => words.instead(error, told.as_deref()),
            Trouble::Stale => (words.stale_title, words.stale_lead.to_owned()),
            Trouble::Status(status) => {
                let (title, lead) = by_status(words, *status);
                (title, lead.to_owned())
            }
        };
        let quote = match trouble {
            Trouble::Error(error) if is_ours_to_mend(error) => {
                Some((words.quote)(&format!("{}, {id}", error.code())))
            }
            Trouble::Status(status) if status.is_server_error() => {
                Some((words.quote)(&format!("{}, {id}", Code::Broken)))
            }
            _ => None,
        };
        let message = Self {
            page: Frame {
                title: title.to_owned(),
                ..frame
            },
            lead,
            quote,
            on: paths::ACCOUNT,
            on_words: words.start,
        };
        (message, wait)
    }

    pub(super) fn title(&self) -> &str {
        &self.page.title
    }
}

fn is_ours_to_mend(error: &Error) -> bool {
    !matches!(
        error,
        Error::Refused(
            Refusal::Locked(_)
                | Refusal::LimitReached(_)
                | Refusal::Disabled
                | Refusal::LockedByHand
                | Refusal::NotFound
                | Refusal::NotOffered
                | Refusal::LinkRefused
        )
    )
}

fn by_status(words: &Words, status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => (words.nowhere_title, words.nowhere_lead),
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::URI_TOO_LONG => {
            (words.too_large_title, words.too_large_lead)
        }
        StatusCode::SERVICE_UNAVAILABLE => (words.unavailable_title, words.unavailable_lead),
        status if status.is_server_error() => (words.broken_title, words.broken_lead),
        _ => (words.not_so_title, words.not_so_lead),
    }
}

/// My account.
#[derive(Template)]
#[template(path = "pages/account.html")]
pub(super) struct Account {
    pub(super) page: Frame,
    /// What was just done.
    pub(super) said: Option<&'static str>,
    pub(super) alert: Option<Alert>,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) revision: u32,
    /// The address can be changed, by a letter.
    pub(super) letters: bool,
    /// The present password was found in a leak.
    pub(super) breached: bool,
    pub(super) factor: Factor,
    pub(super) passkeys: Vec<Passkey>,
    pub(super) sessions: Vec<Session>,
    pub(super) happened: Vec<Happened>,
}

/// The second factor as my account tells it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each shows or hides a line of the page"
)]
pub(super) struct Factor {
    pub(super) on: bool,
    pub(super) required: bool,
    pub(super) offered: bool,
    pub(super) codes_left: u32,
    pub(super) few: bool,
}

/// A passkey in the list.
pub(super) struct Passkey {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) made: String,
    pub(super) used: String,
}

/// A session in the list.
pub(super) struct Session {
    pub(super) id: String,
    pub(super) device: String,
    pub(super) seen: String,
    pub(super) since: String,
    pub(super) current: bool,
}

/// A line of the history.
pub(super) struct Happened {
    pub(super) what: &'static str,
    pub(super) at: String,
    pub(super) stamp: String,
    pub(super) place: Option<String>,
}

/// The history whole.
#[derive(Template)]
#[template(path = "pages/history.html")]
pub(super) struct History {
    pub(super) page: Frame,
    pub(super) happened: Vec<Happened>,
    /// The query of what is older.
    pub(super) older: Option<String>,
}

/// A new password.
#[derive(Template)]
#[template(path = "pages/password.html")]
pub(super) struct Password {
    pub(super) page: Frame,
    pub(super) alert: Option<Alert>,
    pub(super) lead: &'static str,
    pub(super) email: String,
    /// Nothing else is open.
    pub(super) first: bool,
}

/// Before a second factor is begun.
#[derive(Template)]
#[template(path = "pages/factor_begin.html")]
pub(super) struct FactorBegin {
    pub(super) page: Frame,
    pub(super) first: bool,
}

/// While it is set up.
#[derive(Template)]
#[template(path = "pages/factor_scan.html")]
pub(super) struct FactorScan {
    pub(super) page: Frame,
    pub(super) alert: Option<Alert>,
    /// SVG of ours.
    pub(super) picture: String,
    pub(super) groups: Vec<String>,
    pub(super) secret: String,
}

/// A password is asked for again, before something that matters.
#[derive(Template)]
#[template(path = "pages/again.html")]
pub(super) struct Again {
    pub(super) page: Frame,
    pub(super) alert: Option<Alert>,
    pub(super) lead: &'static str,
    pub(super) email: String,
    pub(super) action: &'static str,
    pub(super) action_words: &'static str,
    pub(super) danger: bool,
}

/// The sheet of recovery codes.
#[derive(Template)]
#[template(path = "pages/sheet.html")]
pub(super) struct Sheet {
    pub(super) page: Frame,
    pub(super) of: String,
    pub(super) codes: Vec<String>,
    pub(super) on: String,
}
