//! A new password, knowing the present one.

use axum::http::StatusCode;
use keyholder_core::directory::{Duty, Me};

use super::super::form::Form;
use super::super::sign_in::beside;
use super::super::views::Password;
use super::super::visit::{Inside, Purpose, Shown, Visit};
use super::super::words::{Alert, Words};
use super::Done;

/// Asks for both.
pub(in super::super) async fn ask(visit: Visit) -> Shown {
    match visit.inside(Purpose::Duty).await {
        Ok((visit, inside)) => page(visit, &inside, StatusCode::OK, None).await,
        Err(shown) => shown,
    }
}

/// Takes them.
pub(in super::super) async fn change(visit: Visit, form: Form) -> Shown {
    let (visit, inside) = match visit.inside(Purpose::Duty).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let changed = async {
        let present = form.password("present")?;
        let new = form.password("password")?;
        inside.directory.change_password(&present, &new).await
    };
    match changed.await {
        Ok(()) if visit.return_to.is_some() || forced(&inside.me).is_some() => visit.arrive(),
        Ok(()) => visit.go_to(&Done::Password.path()),
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong_password)?;
            page(visit, &inside, status, Some(alert)).await
        }
    }
}

async fn page(
    mut visit: Visit,
    Inside { directory, me, .. }: &Inside,
    status: StatusCode,
    alert: Option<Alert>,
) -> Shown {
    let mut page = visit.frame("").await?;
    page.words.password_change.clone_into(&mut page.title);
    page.signed_in = true;
    let policy = directory.shop().await?.policy;
    page.shortest = policy.password_length(policy.requires_second_factor(me.account.role));
    let shown = Password {
        alert,
        lead: lead(page.words, me),
        email: me.account.email.as_str().to_owned(),
        first: forced(me).is_some(),
        page,
    };
    visit.show(status, &shown)
}

fn lead(words: &Words, me: &Me) -> &'static str {
    match forced(me) {
        Some(Forced::Breached) => words.password_breached,
        Some(Forced::Asked) => words.password_forced,
        None => words.password_lead,
    }
}

/// Why a new password must be chosen.
enum Forced {
    /// Somebody with the right said so.
    Asked,
    /// The present one was found in a leak.
    Breached,
}

fn forced(me: &Me) -> Option<Forced> {
    me.duties.iter().find_map(|duty| match duty {
        Duty::ChangePassword { breached: Some(_) } => Some(Forced::Breached),
        Duty::ChangePassword { breached: None } => Some(Forced::Asked),
        _ => None,
    })
}
