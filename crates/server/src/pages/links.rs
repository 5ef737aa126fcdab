//! What the pages of all links have in common.
//!
//! Whoever follows a link is sent on at once, and the browser keeps its token, sealed: no page with a form
//! has it in its address, so that it is in no history, on no screen and in no `Referer`. A program that
//! fetches every link of a letter uses nothing up: that takes a button.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use keyholder_core::directory::{ByMail, LinkView, Offers};
use keyholder_core::error::Refusal;
use keyholder_core::link::Purpose;

use super::paths;
use super::trouble::Trouble;
use super::views::{Frame, Message};
use super::visit::{Shown, Visit};
use super::words::Alert;

/// The longest token that is looked at: ours have 64 characters.
const LONGEST: usize = 64;

/// An e-mail address is asked for, to send a link to.
#[derive(Template)]
#[template(path = "pages/ask_mail.html")]
pub(super) struct AskMail {
    pub(super) page: Frame,
    pub(super) alert: Option<Alert>,
    pub(super) lead: &'static str,
    pub(super) action: &'static str,
    pub(super) email: String,
}

/// A password is chosen, and where there is an account to be made, a name.
#[derive(Template)]
#[template(path = "pages/choose.html")]
pub(super) struct Choose {
    pub(super) page: Frame,
    pub(super) alert: Option<Alert>,
    pub(super) lead: &'static str,
    pub(super) action: &'static str,
    pub(super) email: String,
    pub(super) name: Option<String>,
}

/// One button.
#[derive(Template)]
#[template(path = "pages/press.html")]
pub(super) struct Press {
    pub(super) page: Frame,
    pub(super) lead: &'static str,
    pub(super) action: &'static str,
    pub(super) act: &'static str,
    pub(super) email: String,
    pub(super) danger: bool,
}

/// Marks an answer to an address that is told to nobody, not even to our own pages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unreferred;

/// A link was followed.
pub(super) async fn follow(purpose: Purpose, mut visit: Visit, token: String) -> Shown {
    visit.offers().await?;
    if token.len() <= LONGEST {
        visit.cookies.carry(purpose, &token);
    }
    let mut response = visit.go_to(purpose.path())?;
    response.extensions_mut().insert(Unreferred);
    Ok(response)
}

/// What is said to whoever asked for a letter: the same whether one is sent or not.
pub(super) async fn sent(mut visit: Visit) -> Shown {
    visit.offers().await?;
    let page = visit.frame("").await?;
    let words = page.words;
    let message = Message {
        page: Frame {
            title: words.sent_title.to_owned(),
            ..page
        },
        lead: words.sent_lead.to_owned(),
        quote: None,
        on: paths::SIGN_IN,
        on_words: words.sign_in_again,
    };
    visit.show(StatusCode::OK, &message)
}

impl Visit {
    pub(super) fn by_mail(&self) -> Arc<dyn ByMail> {
        self.pages.by_mail()
    }

    /// What the shop offers by mail; a shop that sends no letters has none of these pages.
    pub(super) async fn offers(&self) -> Result<Offers, Trouble> {
        let offers = self.by_mail().offers().await?;
        if offers.letters {
            Ok(offers)
        } else {
            Err(Refusal::NotOffered.into())
        }
    }

    /// The token of the link that was followed.
    pub(super) fn token(&self, purpose: Purpose) -> Result<String, Trouble> {
        Ok(self.cookies.carried(purpose).ok_or(Refusal::LinkRefused)?)
    }

    /// What is known of that link.
    pub(super) async fn link(&self, purpose: Purpose) -> Result<LinkView, Trouble> {
        self.offers().await?;
        Ok(self.by_mail().look(purpose, &self.token(purpose)?).await?)
    }

    /// Something was done by a link, and this is said of it.
    pub(super) async fn said_of_link(
        mut self,
        title: &'static str,
        lead: &'static str,
        on: &'static str,
    ) -> Shown {
        self.cookies.let_go();
        let page = self.frame("").await?;
        let on_words = page.words.go_on;
        let message = Message {
            page: Frame {
                title: title.to_owned(),
                ..page
            },
            lead: lead.to_owned(),
            quote: None,
            on,
            on_words,
        };
        self.show(StatusCode::OK, &message)
    }
}
