//! The ways in, and the way out.

use std::sync::Arc;

use axum::http::StatusCode;
use keyholder_core::error::{Error, Refusal, Result};
use keyholder_core::lockout::DeviceId;

use super::form::Form;
use super::paths;
use super::trouble::{Trouble, status};
use super::views::{Message, SecondStep, SignIn, Welcome};
use super::visit::{Shown, Visit};
use super::words::Alert;

/// Asks for e-mail address and password. Whoever is signed in already goes on.
pub(super) async fn ask(mut visit: Visit) -> Shown {
    if let Some(held) = visit.cookies.session()
        && visit
            .pages
            .endpoint()
            .way_in
            .directory(&held.token)
            .me()
            .await
            .is_ok()
    {
        return visit.arrive();
    }
    visit.cookies.forget_session();
    sign_in_page(visit, StatusCode::OK, None, &Form::default()).await
}

/// Takes them.
pub(super) async fn give(mut visit: Visit, form: Form) -> Shown {
    let tried = async {
        let password = form.password("password")?;
        visit.be_known();
        let way_in = Arc::clone(&visit.pages.endpoint().way_in);
        way_in
            .sign_in(form.text("email"), &password, visit.source.clone())
            .await
    };
    match tried.await {
        Ok(signed_in) => visit.step(signed_in, form.ticked("keep")).await,
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong_sign_in)?;
            sign_in_page(visit, status, Some(alert), &form).await
        }
    }
}

pub(super) async fn sign_in_page(
    mut visit: Visit,
    status: StatusCode,
    alert: Option<Alert>,
    form: &Form,
) -> Shown {
    let mut page = visit.frame("").await?;
    page.title = (page.words.sign_in_to)(&page.shop);
    let shown = SignIn {
        page,
        alert,
        email: form.text("email").to_owned(),
        kept: form.ticked("keep"),
        offers: visit.by_mail().offers().await?,
    };
    visit.show(status, &shown)
}

/// Asks for the code of the app.
pub(super) async fn ask_code(visit: Visit) -> Shown {
    second_step(visit, false).await
}

/// Takes it.
pub(super) async fn give_code(visit: Visit, form: Form) -> Shown {
    take_second_step(visit, form, false).await
}

/// Asks for a recovery code.
pub(super) async fn ask_recovery_code(visit: Visit) -> Shown {
    second_step(visit, true).await
}

/// Takes it.
pub(super) async fn give_recovery_code(visit: Visit, form: Form) -> Shown {
    take_second_step(visit, form, true).await
}

async fn second_step(visit: Visit, recovery: bool) -> Shown {
    let Some(held) = visit.cookies.session() else {
        return visit.go(paths::SIGN_IN);
    };
    match visit.pages.endpoint().way_in.directory(&held.token).me().await {
        Err(Error::Refused(Refusal::SecondFactorNeeded)) => {
            second_step_page(visit, StatusCode::OK, None, recovery).await
        }
        Ok(_) => visit.arrive(),
        Err(error) => visit.turned_away(error),
    }
}

async fn take_second_step(visit: Visit, form: Form, recovery: bool) -> Shown {
    let Some(held) = visit.cookies.session() else {
        return visit.go(paths::SIGN_IN);
    };
    let way_in = &visit.pages.endpoint().way_in;
    let tried = if recovery {
        way_in.recovery_code(&held.token, form.text("code")).await
    } else {
        way_in.second_factor(&held.token, form.text("code")).await
    };
    match tried {
        Ok(signed_in) => visit.step(signed_in, held.kept).await,
        Err(error @ Error::Refused(Refusal::SessionEnded)) => visit.turned_away(error),
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| {
                if recovery {
                    words.wrong_recovery_code
                } else {
                    words.wrong_code
                }
            })?;
            second_step_page(visit, status, Some(alert), recovery).await
        }
    }
}

async fn second_step_page(
    mut visit: Visit,
    status: StatusCode,
    alert: Option<Alert>,
    recovery: bool,
) -> Shown {
    let mut page = visit.frame("").await?;
    let title = if recovery {
        page.words.recovery_title
    } else {
        page.words.code_title
    };
    title.clone_into(&mut page.title);
    visit.show(
        status,
        &SecondStep {
            page,
            alert,
            recovery,
        },
    )
}

/// Asks for an enrolment code and a first password.
pub(super) async fn welcome(visit: Visit) -> Shown {
    welcome_page(visit, StatusCode::OK, None, &Form::default()).await
}

/// Takes them.
pub(super) async fn enrol(mut visit: Visit, form: Form) -> Shown {
    let tried = async {
        let password = form.password("password")?;
        visit.be_known();
        let (email, code) = (form.text("email"), form.text("code"));
        let way_in = Arc::clone(&visit.pages.endpoint().way_in);
        way_in.enrol(email, code, &password, visit.source.clone()).await
    };
    match tried.await {
        Ok(signed_in) => visit.step(signed_in, false).await,
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong_enrolment)?;
            welcome_page(visit, status, Some(alert), &form).await
        }
    }
}

async fn welcome_page(mut visit: Visit, status: StatusCode, alert: Option<Alert>, form: &Form) -> Shown {
    let mut page = visit.frame("").await?;
    page.title = (page.words.welcome_title)(&page.shop);
    let shown = Welcome {
        page,
        alert,
        email: form.text("email").to_owned(),
        code: form.text("code").to_owned(),
    };
    visit.show(status, &shown)
}

/// Ends the session. One that has ended already is as good.
pub(super) async fn sign_out(mut visit: Visit, _: Form) -> Shown {
    if let Some(held) = visit.cookies.session() {
        let ended: Result<()> = visit
            .pages
            .endpoint()
            .way_in
            .directory(&held.token)
            .sign_out()
            .await;
        match ended {
            Ok(()) | Err(Error::Refused(_)) => visit.cookies.forget_session(),
            Err(error) => return Err(error.into()),
        }
    }
    visit.go(paths::SIGNED_OUT)
}

/// What is seen after that.
pub(super) async fn signed_out(mut visit: Visit) -> Shown {
    let page = visit.frame("").await?;
    let words = page.words;
    let message = Message {
        page: super::Frame {
            title: words.signed_out_title.to_owned(),
            ..page
        },
        lead: words.signed_out_lead.to_owned(),
        quote: None,
        on: paths::SIGN_IN,
        on_words: words.sign_in_again,
    };
    visit.show(StatusCode::OK, &message)
}

/// What is said beside a form, and under which status; what is no word beside a form is a page of its own.
pub(super) fn beside(
    visit: &Visit,
    error: Error,
    wrong: impl Fn(&super::words::Words) -> &'static str,
) -> Result<(StatusCode, Alert), Trouble> {
    let words = visit.pages.words();
    let status = match status(&error) {
        // A browser has nothing to answer it with (RFC 9110, 15.5.2).
        StatusCode::UNAUTHORIZED => StatusCode::FORBIDDEN,
        status => status,
    };
    match words.beside(&error, wrong(words)) {
        Some(alert) => Ok((status, alert)),
        None => Err(error.into()),
    }
}

impl Visit {
    /// A browser that nobody knows yet gets a name, which it is told once the secret was right.
    pub(super) fn be_known(&mut self) {
        if self.source.device.is_none() {
            self.source.device = Some(DeviceId::fresh(&mut self.pages.rng()));
        }
    }
}
