//! "That was not me", of a sign-in.

use axum::http::StatusCode;
use keyholder_core::link::Purpose;

use super::form::Form;
use super::links::Press;
use super::paths;
use super::visit::{Shown, Visit};

/// Shows the button, and what it does.
pub(super) async fn show(mut visit: Visit) -> Shown {
    let link = visit.link(Purpose::Disown).await?;
    let mut page = visit.frame("").await?;
    let words = page.words;
    words.disown_title.clone_into(&mut page.title);
    let shown = Press {
        page,
        lead: words.disown_lead,
        action: Purpose::Disown.path(),
        act: words.disown_do,
        email: link.email.to_string(),
        danger: true,
    };
    visit.show(StatusCode::OK, &shown)
}

/// Ends every session and locks the account.
pub(super) async fn disown(visit: Visit, _: Form) -> Shown {
    let token = visit.token(Purpose::Disown)?;
    let (by_mail, source) = (visit.by_mail(), visit.source.clone());
    by_mail.disown(&token, source).await?;
    let words = visit.pages.words();
    visit
        .said_of_link(words.disowned_title, words.disowned_lead, paths::SIGN_IN)
        .await
}
