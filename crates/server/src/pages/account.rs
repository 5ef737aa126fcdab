//! My account: who I am here, how I sign in, where I am signed in, and what happened.

pub(super) mod history;
pub(super) mod password;
pub(super) mod second_factor;

use axum::http::StatusCode;
use keyholder_core::account::Name;
use keyholder_core::directory::{AccountEdit, Duty};
use keyholder_core::error::{Error, Refusal};
use keyholder_core::query::EventQuery;
use keyholder_core::session::SessionId;
use uuid::Uuid;

use super::form::Form;
use super::paths;
use super::sign_in::beside;
use super::trouble::Trouble;
use super::views::{Account, Factor, Passkey, Session};
use super::visit::{Inside, Purpose, Shown, Visit};
use super::words::Alert;

/// Lines of the history on this page.
const NEWEST: usize = 5;

/// What was just done, as the address says it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Done {
    Name,
    Password,
    Removed,
    Ended,
    Later,
    PasskeyAdded,
    PasskeyRemoved,
}

impl Done {
    const ALL: [(Self, &str); 7] = [
        (Self::Name, "name"),
        (Self::Password, "password"),
        (Self::Removed, "removed"),
        (Self::Ended, "ended"),
        (Self::Later, "later"),
        (Self::PasskeyAdded, "passkey-added"),
        (Self::PasskeyRemoved, "passkey-removed"),
    ];

    fn of(query: &str) -> Option<Self> {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let (_, word) = pairs.find(|(name, _)| name == "done")?;
        let mut all = Self::ALL.into_iter();
        all.find(|(_, known)| *known == word).map(|(done, _)| done)
    }

    /// My account with the word that it was done.
    pub(super) fn path(self) -> String {
        let word = Self::ALL.iter().find(|(done, _)| *done as u8 == self as u8);
        format!("{}?done={}", paths::ACCOUNT, word.map_or("", |(_, word)| word))
    }
}

/// The start.
pub(super) async fn home(visit: Visit) -> Shown {
    visit.go(paths::ACCOUNT)
}

/// Shows my account.
pub(super) async fn show(visit: Visit, uri: axum::http::Uri) -> Shown {
    let (visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let said = Done::of(uri.query().unwrap_or_default());
    page(visit, inside, StatusCode::OK, None, said).await
}

async fn page(
    mut visit: Visit,
    inside: Inside,
    status: StatusCode,
    alert: Option<Alert>,
    said: Option<Done>,
) -> Shown {
    let passkeys = super::passkey::own(&inside).await?;
    let Inside { directory, me, .. } = inside;
    let now = visit.pages.endpoint().clock.now();
    let mut page = visit.frame("").await?;
    let words = page.words;
    words.account_title.clone_into(&mut page.title);
    page.signed_in = true;
    let sessions = directory.sessions(me.account.id).await?;
    let sessions = sessions.iter().map(|session| Session {
        id: session.id.uuid().to_string(),
        device: words.device(&session.source),
        seen: (words.session_seen)(&words.ago(session.seen_at, now)),
        since: (words.session_since)(&words.ago(session.created_at, now)),
        current: session.current,
    });
    let passkeys = passkeys.iter().map(|passkey| Passkey {
        id: passkey.id.text(),
        name: passkey.name.as_str().to_owned(),
        made: (words.passkey_made)(&words.ago(passkey.created_at, now)),
        used: match passkey.last_used_at {
            Some(at) => (words.passkey_used)(&words.ago(at, now)),
            None => words.passkey_unused.to_owned(),
        },
    });
    let query = EventQuery {
        account: Some(me.account.id),
        limit: 50,
        ..EventQuery::default()
    };
    let events = directory.events(&query).await?;
    let happened = history::lines(words, &events.rows, me.account.id).take(NEWEST);
    let offered = me.duties.contains(&Duty::OfferSecondFactor);
    let policy = directory.shop().await?.policy;
    let required = policy.requires_second_factor(me.account.role);
    let few = |duty: &Duty| matches!(duty, Duty::FewRecoveryCodes { .. });
    let warned = |duty: &Duty| matches!(duty, Duty::BreachedPassword { .. });
    let shown = Account {
        said: said.map(|done| match done {
            Done::Name => words.saved_name,
            Done::Password => words.saved_password,
            Done::Removed => words.saved_removed,
            Done::Ended => words.saved_ended,
            Done::Later => words.saved_later,
            Done::PasskeyAdded => words.saved_passkey,
            Done::PasskeyRemoved => words.saved_passkey_gone,
        }),
        alert,
        email: me.account.email.as_str().to_owned(),
        name: me.account.name.as_str().to_owned(),
        revision: me.account.revision,
        letters: visit.by_mail().offers().await?.letters,
        breached: me.duties.iter().any(warned),
        factor: Factor {
            on: me.second_factor,
            required,
            offered,
            codes_left: me.recovery_codes_left,
            few: me.duties.iter().any(few),
        },
        passkeys: passkeys.collect(),
        sessions: sessions.collect(),
        happened: happened.collect(),
        page,
    };
    visit.show(status, &shown)
}

/// Says how I am called.
pub(super) async fn rename(visit: Visit, form: Form) -> Shown {
    let (visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let account = &inside.me.account;
    let renamed = async {
        let name = Name::parse(form.text("name")).map_err(Refusal::from)?;
        let revision = form.text("revision").parse().map_err(|_| Refusal::Conflict)?;
        let edit = AccountEdit {
            email: account.email.clone(),
            name,
            role: account.role,
        };
        inside.directory.edit(account.id, revision, edit).await
    };
    match renamed.await {
        Ok(_) | Err(Error::Refused(Refusal::Unchanged)) => visit.go_to(&Done::Name.path()),
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong)?;
            page(visit, inside, status, Some(alert), None).await
        }
    }
}

/// Ends one of my sessions.
pub(super) async fn end_session(visit: Visit, form: Form) -> Shown {
    let (visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let id: Uuid = form
        .text("session")
        .parse()
        .map_err(|_| Trouble::from(Refusal::NotFound))?;
    let ended = inside
        .directory
        .end_session(inside.me.account.id, SessionId::from(id));
    match ended.await {
        // One that has ended meanwhile is as good.
        Ok(()) | Err(Error::Refused(Refusal::NotFound)) => visit.go_to(&Done::Ended.path()),
        Err(error) => visit.turned_away(error),
    }
}
