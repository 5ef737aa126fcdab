//! An account for somebody who wants one, once the address is theirs.

use axum::http::StatusCode;
use keyholder_core::account::{Email, Name};
use keyholder_core::error::{Error, Refusal};
use keyholder_core::link::Purpose;

use super::form::Form;
use super::links::{AskMail, Choose};
use super::paths;
use super::sign_in::beside;
use super::trouble::Trouble;
use super::visit::{Shown, Visit};
use super::words::Alert;

/// Asks for the address.
pub(super) async fn ask(visit: Visit) -> Shown {
    ask_page(visit, StatusCode::OK, None, "").await
}

/// Takes it. Whether there is an account with it is told by mail alone.
pub(super) async fn request(visit: Visit, form: Form) -> Shown {
    let typed = form.text("email");
    let asked = async {
        let email = Email::parse(typed).map_err(Refusal::from)?;
        visit.by_mail().register(&email, visit.source.clone()).await
    };
    match asked.await {
        Ok(()) => visit.go_to(paths::SENT),
        Err(Error::Refused(Refusal::BadEmail(why))) => {
            let alert = Alert {
                title: visit.pages.words().wrong,
                lines: vec![why.to_string()],
            };
            ask_page(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(alert), typed).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn ask_page(mut visit: Visit, status: StatusCode, alert: Option<Alert>, email: &str) -> Shown {
    offered(&visit).await?;
    let mut page = visit.frame("").await?;
    let words = page.words;
    page.title = (words.register_title)(&page.shop);
    let shown = AskMail {
        page,
        alert,
        lead: words.register_lead,
        action: paths::REGISTER,
        email: email.to_owned(),
    };
    visit.show(status, &shown)
}

/// Asks for name and password.
pub(super) async fn show(visit: Visit) -> Shown {
    page(visit, StatusCode::OK, None, "").await
}

/// Takes them, and makes the account.
pub(super) async fn finish(mut visit: Visit, form: Form) -> Shown {
    let token = visit.token(Purpose::Registration)?;
    visit.be_known();
    let finished = async {
        let name = Name::parse(form.text("name")).map_err(Refusal::from)?;
        let password = form.password("password")?;
        let (by_mail, source) = (visit.by_mail(), visit.source.clone());
        by_mail.finish_registration(&token, name, &password, source).await
    };
    match finished.await {
        Ok(signed_in) => {
            visit.cookies.let_go();
            visit.step(signed_in, false).await
        }
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong)?;
            page(visit, status, Some(alert), form.text("name")).await
        }
    }
}

async fn page(mut visit: Visit, status: StatusCode, alert: Option<Alert>, name: &str) -> Shown {
    offered(&visit).await?;
    let link = visit.link(Purpose::Registration).await?;
    let mut page = visit.frame("").await?;
    let words = page.words;
    page.title = (words.welcome_title)(&page.shop);
    page.shortest = link.shortest;
    let shown = Choose {
        page,
        alert,
        lead: words.registration_lead,
        action: Purpose::Registration.path(),
        email: link.email.to_string(),
        name: Some(name.to_owned()),
    };
    visit.show(status, &shown)
}

async fn offered(visit: &Visit) -> Result<(), Trouble> {
    if visit.offers().await?.registration {
        Ok(())
    } else {
        Err(Refusal::NotOffered.into())
    }
}
