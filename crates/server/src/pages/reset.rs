//! A new password for somebody who does not know theirs.

use axum::http::StatusCode;
use keyholder_core::link::Purpose;

use super::form::Form;
use super::links::{AskMail, Choose};
use super::paths;
use super::sign_in::beside;
use super::visit::{Shown, Visit};
use super::words::Alert;

/// Asks for the address.
pub(super) async fn ask(mut visit: Visit) -> Shown {
    visit.offers().await?;
    let mut page = visit.frame("").await?;
    let words = page.words;
    words.forgot_title.clone_into(&mut page.title);
    let shown = AskMail {
        page,
        alert: None,
        lead: words.forgot_lead,
        action: paths::FORGOT,
        email: String::new(),
    };
    visit.show(StatusCode::OK, &shown)
}

/// Takes it: whoever it is, the answer is the same.
pub(super) async fn request(visit: Visit, form: Form) -> Shown {
    let (by_mail, source) = (visit.by_mail(), visit.source.clone());
    by_mail.request_reset(form.text("email"), source).await?;
    visit.go_to(paths::SENT)
}

/// Asks for the new password.
pub(super) async fn show(visit: Visit) -> Shown {
    page(visit, StatusCode::OK, None).await
}

/// Takes it.
pub(super) async fn set(mut visit: Visit, form: Form) -> Shown {
    let token = visit.token(Purpose::Reset)?;
    visit.be_known();
    let set = async {
        let password = form.password("password")?;
        let (by_mail, source) = (visit.by_mail(), visit.source.clone());
        by_mail.reset_password(&token, &password, source).await
    };
    match set.await {
        Ok(signed_in) => {
            visit.cookies.let_go();
            visit.step(signed_in, false).await
        }
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong)?;
            page(visit, status, Some(alert)).await
        }
    }
}

async fn page(mut visit: Visit, status: StatusCode, alert: Option<Alert>) -> Shown {
    let link = visit.link(Purpose::Reset).await?;
    let mut page = visit.frame("").await?;
    let words = page.words;
    words.password_change.clone_into(&mut page.title);
    page.shortest = link.shortest;
    let shown = Choose {
        page,
        alert,
        lead: words.reset_lead,
        action: Purpose::Reset.path(),
        email: link.email.to_string(),
        name: None,
    };
    visit.show(status, &shown)
}
