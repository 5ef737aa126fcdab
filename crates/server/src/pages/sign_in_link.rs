//! In, without a password.

use axum::http::StatusCode;
use keyholder_core::link::Purpose;

use super::form::Form;
use super::links::{AskMail, Press};
use super::paths;
use super::visit::{Shown, Visit};

/// Asks for the address.
pub(super) async fn ask(mut visit: Visit) -> Shown {
    visit.offers().await?;
    let mut page = visit.frame("").await?;
    let words = page.words;
    words.link_ask_title.clone_into(&mut page.title);
    let shown = AskMail {
        page,
        alert: None,
        lead: words.link_ask_lead,
        action: paths::ASK_LINK,
        email: String::new(),
    };
    visit.show(StatusCode::OK, &shown)
}

/// Takes it: whoever it is, the answer is the same.
pub(super) async fn request(visit: Visit, form: Form) -> Shown {
    let (by_mail, source) = (visit.by_mail(), visit.source.clone());
    by_mail.request_sign_in_link(form.text("email"), source).await?;
    visit.go_to(paths::SENT)
}

/// Shows the button, and whose account it opens: nobody is to find themselves in somebody else's.
pub(super) async fn show(mut visit: Visit) -> Shown {
    let link = visit.link(Purpose::SignIn).await?;
    let mut page = visit.frame("").await?;
    let words = page.words;
    page.title = (words.sign_in_to)(&page.shop);
    let shown = Press {
        page,
        lead: words.link_lead,
        action: Purpose::SignIn.path(),
        act: words.sign_in,
        email: link.email.to_string(),
        danger: false,
    };
    visit.show(StatusCode::OK, &shown)
}

/// Signs in.
pub(super) async fn enter(mut visit: Visit, _: Form) -> Shown {
    let token = visit.token(Purpose::SignIn)?;
    visit.be_known();
    let (by_mail, source) = (visit.by_mail(), visit.source.clone());
    let signed_in = by_mail.sign_in_by_link(&token, source).await?;
    visit.cookies.let_go();
    visit.step(signed_in, false).await
}
