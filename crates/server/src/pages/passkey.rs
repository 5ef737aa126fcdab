//! Passkeys: signing in with one, adding one, removing one. What happens between the page and the
//! authenticator is done by the one script that there is.

use axum::http::{StatusCode, Uri};
use keyholder_core::account::Name;
use keyholder_core::credential::PasskeyId;
use keyholder_core::directory::PasskeyInfo;
use keyholder_core::error::Refusal;
use keyholder_core::passkey::{Begun, Ceremony, RelyingParty};

use super::form::Form;
use super::sign_in::{beside, sign_in_page};
use super::trouble::Trouble;
use super::views::{PasskeyAdd, PasskeyAsk, PasskeyRemove};
use super::visit::{Inside, Purpose, Shown, Visit};
use super::words::Alert;
use super::{Pages, account::Done, paths};

impl Pages {
    /// Where passkeys are made and used, if they are.
    pub(super) fn place(&self) -> Result<&dyn RelyingParty, Trouble> {
        match &self.0.place {
            Some(place) => Ok(place),
            None => Err(Trouble::Status(StatusCode::NOT_FOUND)),
        }
    }
}

/// Asks the authenticator of whoever wants to come in, with the address that they typed, if they did.
pub(super) async fn ask(mut visit: Visit, form: Form) -> Shown {
    let typed = form.text("email").trim();
    let email = (!typed.is_empty()).then_some(typed);
    let pages = visit.pages.clone();
    let begun = pages.passkeys().ask_for_passkey(pages.place()?, email).await?;
    let page = visit.frame("").await?;
    let words = page.words;
    let title = words.passkey_ask_title.to_owned();
    let shown = PasskeyAsk {
        lead: words.passkey_ask_lead,
        back_words: words.have_password,
        ..asking(super::Frame { title, ..page }, &pages, begun, &form)
    };
    visit.show(StatusCode::OK, &shown)
}

fn asking(page: super::Frame, pages: &Pages, begun: Begun, form: &Form) -> PasskeyAsk {
    PasskeyAsk {
        script: pages.look().script_path().to_owned(),
        lead: "",
        kind: "use",
        action: paths::PASSKEY_USE,
        ceremony: begun.ceremony.text(),
        options: begun.options,
        kept: form.ticked("keep"),
        back: paths::SIGN_IN,
        back_words: "",
        page,
    }
}

/// Takes what it answers.
pub(super) async fn give(mut visit: Visit, form: Form) -> Shown {
    let pages = visit.pages.clone();
    let place = pages.place()?;
    visit.be_known();
    let tried = async {
        let ceremony = Ceremony::parse(form.text("ceremony")).ok_or(Refusal::WrongCredentials)?;
        let (answer, source) = (form.text("answer"), visit.source.clone());
        pages
            .passkeys()
            .sign_in_by_passkey(place, &ceremony, answer, source)
            .await
    };
    match tried.await {
        Ok(signed_in) => visit.step(signed_in, form.ticked("keep")).await,
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong_passkey)?;
            sign_in_page(visit, status, Some(alert), &form).await
        }
    }
}

/// Asks what it is to be called, and for the password.
pub(super) async fn ask_add(visit: Visit) -> Shown {
    visit.pages.place()?;
    match visit.inside(Purpose::Usual).await {
        Ok((visit, inside)) => add_page(visit, &inside, StatusCode::OK, None, "").await,
        Err(shown) => shown,
    }
}

/// Takes them, and asks the authenticator.
pub(super) async fn begin_add(visit: Visit, form: Form) -> Shown {
    let pages = visit.pages.clone();
    let place = pages.place()?;
    let (mut visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let Some(held) = visit.cookies.session() else {
        return visit.go(paths::SIGN_IN);
    };
    let begun = async {
        let name = Name::parse(form.text("name")).map_err(Refusal::from)?;
        let password = form.password("password")?;
        pages
            .passkeys()
            .begin_passkey(place, &held.token, &name, &password)
            .await
    };
    match begun.await {
        Ok(begun) => {
            let mut page = visit.frame("").await?;
            let words = page.words;
            words.passkey_make_title.clone_into(&mut page.title);
            page.signed_in = true;
            let shown = PasskeyAsk {
                lead: words.passkey_make_lead,
                kind: "make",
                action: paths::PASSKEY_MADE,
                kept: false,
                back: paths::ACCOUNT,
                back_words: words.back,
                ..asking(page, &pages, begun, &form)
            };
            visit.show(StatusCode::OK, &shown)
        }
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong_password)?;
            add_page(visit, &inside, status, Some(alert), form.text("name")).await
        }
    }
}

/// Takes what it made.
pub(super) async fn add(visit: Visit, form: Form) -> Shown {
    let pages = visit.pages.clone();
    let place = pages.place()?;
    let (visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let Some(held) = visit.cookies.session() else {
        return visit.go(paths::SIGN_IN);
    };
    let added = async {
        let ceremony = Ceremony::parse(form.text("ceremony")).ok_or(Refusal::NothingBegun)?;
        let answer = form.text("answer");
        pages
            .passkeys()
            .add_passkey(place, &held.token, &ceremony, answer)
            .await
    };
    match added.await {
        Ok(()) => visit.go_to(&Done::PasskeyAdded.path()),
        Err(error) => {
            let (status, mut alert) = beside(&visit, error, |words| words.passkey_not_made)?;
            alert.lines = vec![visit.pages.words().passkey_not_made.to_owned()];
            add_page(visit, &inside, status, Some(alert), "").await
        }
    }
}

async fn add_page(
    mut visit: Visit,
    inside: &Inside,
    status: StatusCode,
    alert: Option<Alert>,
    name: &str,
) -> Shown {
    let mut page = visit.frame("").await?;
    page.words.passkey_add_title.clone_into(&mut page.title);
    page.signed_in = true;
    let shown = PasskeyAdd {
        page,
        alert,
        name: name.to_owned(),
        email: inside.me.account.email.as_str().to_owned(),
    };
    visit.show(status, &shown)
}

/// Asks for the password before one is removed.
pub(super) async fn ask_remove(visit: Visit, uri: Uri) -> Shown {
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let asked = pairs.find(|(name, _)| name == "passkey");
    let asked = asked.and_then(|(_, id)| PasskeyId::parse(&id));
    match visit.inside(Purpose::Usual).await {
        Ok((visit, inside)) => remove_page(visit, &inside, StatusCode::OK, None, asked.as_ref()).await,
        Err(shown) => shown,
    }
}

/// Removes it.
pub(super) async fn remove(visit: Visit, form: Form) -> Shown {
    let pages = visit.pages.clone();
    let (visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let Some(held) = visit.cookies.session() else {
        return visit.go(paths::SIGN_IN);
    };
    let id = PasskeyId::parse(form.text("passkey"));
    let removed = async {
        let id = id.as_ref().ok_or(Refusal::NotFound)?;
        let password = form.password("password")?;
        pages
            .passkeys()
            .remove_own_passkey(&held.token, id, &password)
            .await
    };
    match removed.await {
        Ok(()) => visit.go_to(&Done::PasskeyRemoved.path()),
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong_password)?;
            remove_page(visit, &inside, status, Some(alert), id.as_ref()).await
        }
    }
}

async fn remove_page(
    mut visit: Visit,
    inside: &Inside,
    status: StatusCode,
    alert: Option<Alert>,
    id: Option<&PasskeyId>,
) -> Shown {
    let Some(passkey) = own(inside).await?.into_iter().find(|one| Some(&one.id) == id) else {
        return visit.go(paths::ACCOUNT);
    };
    let mut page = visit.frame("").await?;
    page.title = (page.words.passkey_remove_title)(passkey.name.as_str());
    page.signed_in = true;
    let shown = PasskeyRemove {
        page,
        alert,
        passkey: passkey.id.text(),
        email: inside.me.account.email.as_str().to_owned(),
    };
    visit.show(status, &shown)
}

/// The passkeys of whoever looks.
pub(super) async fn own(inside: &Inside) -> Result<Vec<PasskeyInfo>, Trouble> {
    let page = inside.directory.account(inside.me.account.id).await?;
    Ok(page.map_or_else(Vec::new, |page| page.passkeys))
}
