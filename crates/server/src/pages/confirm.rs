//! Another e-mail address: asked for by its holder, and confirmed by a link that is sent there.

use askama::Template;
use axum::http::StatusCode;
use keyholder_core::account::Email;
use keyholder_core::error::{Error, Refusal};
use keyholder_core::link::Purpose as LinkPurpose;

use super::form::Form;
use super::links::Press;
use super::paths;
use super::sign_in::beside;
use super::views::Frame;
use super::visit::{Inside, Purpose, Shown, Visit};
use super::words::Alert;

/// The new address, and the password.
#[derive(Template)]
#[template(path = "pages/address.html")]
struct Address {
    page: Frame,
    alert: Option<Alert>,
    present: String,
    email: String,
}

/// Asks for both.
pub(super) async fn ask(visit: Visit) -> Shown {
    match visit.inside(Purpose::Usual).await {
        Ok((visit, inside)) => page(visit, &inside, StatusCode::OK, None, "").await,
        Err(shown) => shown,
    }
}

/// Takes them.
pub(super) async fn request(visit: Visit, form: Form) -> Shown {
    let (visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let typed = form.text("email");
    let asked = async {
        let email = Email::parse(typed).map_err(Refusal::from)?;
        let password = form.password("password")?;
        inside.directory.request_address(&email, &password).await
    };
    match asked.await {
        Ok(()) => visit.go_to(paths::SENT),
        Err(Error::Refused(why @ (Refusal::BadEmail(_) | Refusal::Unchanged))) => {
            let words = visit.pages.words();
            let line = match why {
                Refusal::Unchanged => words.address_same.to_owned(),
                why => why.to_string(),
            };
            let alert = Alert {
                title: words.wrong,
                lines: vec![line],
            };
            page(
                visit,
                &inside,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(alert),
                typed,
            )
            .await
        }
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong_password)?;
            page(visit, &inside, status, Some(alert), typed).await
        }
    }
}

async fn page(
    mut visit: Visit,
    inside: &Inside,
    status: StatusCode,
    alert: Option<Alert>,
    email: &str,
) -> Shown {
    visit.offers().await?;
    let mut page = visit.frame("").await?;
    page.words.address_title.clone_into(&mut page.title);
    page.signed_in = true;
    let shown = Address {
        page,
        alert,
        present: inside.me.account.email.to_string(),
        email: email.to_owned(),
    };
    visit.show(status, &shown)
}

/// Shows the button.
pub(super) async fn show(mut visit: Visit) -> Shown {
    let link = visit.link(LinkPurpose::Address).await?;
    let mut page = visit.frame("").await?;
    let words = page.words;
    words.confirm_title.clone_into(&mut page.title);
    let shown = Press {
        page,
        lead: words.confirm_lead,
        action: LinkPurpose::Address.path(),
        act: words.confirm_do,
        email: link.email.to_string(),
        danger: false,
    };
    visit.show(StatusCode::OK, &shown)
}

/// Changes the address.
pub(super) async fn confirm(visit: Visit, _: Form) -> Shown {
    let token = visit.token(LinkPurpose::Address)?;
    let (by_mail, source) = (visit.by_mail(), visit.source.clone());
    by_mail.confirm_address(&token, source).await?;
    let words = visit.pages.words();
    visit
        .said_of_link(words.confirmed_title, words.confirmed_lead, paths::ACCOUNT)
        .await
}
