//! A first password for somebody who was invited by mail.

use axum::http::StatusCode;
use keyholder_core::link::Purpose;

use super::form::Form;
use super::links::Choose;
use super::sign_in::beside;
use super::visit::{Shown, Visit};
use super::words::Alert;

/// Asks for the password.
pub(super) async fn show(visit: Visit) -> Shown {
    page(visit, StatusCode::OK, None).await
}

/// Takes it.
pub(super) async fn accept(mut visit: Visit, form: Form) -> Shown {
    let token = visit.token(Purpose::Invitation)?;
    visit.be_known();
    let accepted = async {
        let password = form.password("password")?;
        let (by_mail, source) = (visit.by_mail(), visit.source.clone());
        by_mail.accept_invitation(&token, &password, source).await
    };
    match accepted.await {
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
    let link = visit.link(Purpose::Invitation).await?;
    let mut page = visit.frame("").await?;
    let words = page.words;
    page.title = (words.welcome_title)(&page.shop);
    page.shortest = link.shortest;
    let shown = Choose {
        page,
        alert,
        lead: words.invitation_lead,
        action: Purpose::Invitation.path(),
        email: link.email.to_string(),
        name: None,
    };
    visit.show(status, &shown)
}
