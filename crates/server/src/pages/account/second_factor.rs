//! A second factor: set up with a picture, replaced, removed; and the recovery codes that go with it.

use axum::http::StatusCode;
use keyholder_core::directory::Me;
use keyholder_core::error::{Code, Error, Result, StoreError};
use keyholder_core::second_factor::{RecoveryCode, TotpSecret, uri};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use secrecy::{ExposeSecret as _, SecretString};

use super::super::form::Form;
use super::super::paths;
use super::super::sign_in::beside;
use super::super::views::{Again, FactorBegin, FactorScan, Sheet};
use super::super::visit::{Inside, Purpose, Shown, Visit};
use super::super::words::Alert;
use super::Done;

/// Letters of a secret that stand together.
const GROUP: usize = 4;

/// Says what it is for.
pub(in super::super) async fn ask(visit: Visit) -> Shown {
    let (mut visit, Inside { me, .. }) = match visit.inside(Purpose::Duty).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let mut page = visit.frame("").await?;
    page.words.factor_begin_title.clone_into(&mut page.title);
    page.signed_in = true;
    let first = comes_first(&me);
    visit.show(StatusCode::OK, &FactorBegin { page, first })
}

/// Makes a secret and shows it.
pub(in super::super) async fn begin(visit: Visit, _: Form) -> Shown {
    let (visit, inside) = match visit.inside(Purpose::Duty).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let begun = inside.directory.begin_second_factor().await?;
    scan(visit, StatusCode::OK, None, &begun.secret, &begun.uri).await
}

/// Takes the first code. A wrong one leaves the picture as it is, for the app has read it already.
pub(in super::super) async fn confirm(visit: Visit, form: Form) -> Shown {
    let (mut visit, inside) = match visit.inside(Purpose::Duty).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    match inside.directory.confirm_second_factor(form.text("code")).await {
        Ok(codes) => sheet(visit, &inside.me, &codes).await,
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong_first_code)?;
            let Some(secret) = TotpSecret::from_base32(form.text("secret")) else {
                return visit.go(paths::SECOND_FACTOR);
            };
            let shop = visit.frame("").await?.shop;
            let uri = uri(&shop, inside.me.account.email.as_str(), &secret);
            scan(visit, status, Some(alert), &secret, &uri).await
        }
    }
}

async fn scan(
    mut visit: Visit,
    status: StatusCode,
    alert: Option<Alert>,
    secret: &TotpSecret,
    uri: &SecretString,
) -> Shown {
    let mut page = visit.frame("").await?;
    page.words.scan_title.clone_into(&mut page.title);
    page.signed_in = true;
    let secret = secret.base32();
    let letters: Vec<char> = secret.chars().collect();
    let shown = FactorScan {
        page,
        alert,
        picture: picture(uri)?,
        groups: letters
            .chunks(GROUP)
            .map(|group| group.iter().collect())
            .collect(),
        secret: secret.to_string(),
    };
    visit.show(status, &shown)
}

/// Not now.
pub(in super::super) async fn put_off(visit: Visit, _: Form) -> Shown {
    let (visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    inside.directory.put_off_second_factor().await?;
    visit.go_to(&Done::Later.path())
}

/// Asks for the password before it is removed.
pub(in super::super) async fn ask_remove(visit: Visit) -> Shown {
    match visit.inside(Purpose::Usual).await {
        Ok((visit, inside)) => again(visit, &inside.me, StatusCode::OK, None, true).await,
        Err(shown) => shown,
    }
}

/// Removes it.
pub(in super::super) async fn remove(visit: Visit, form: Form) -> Shown {
    let (visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let removed = async {
        let password = form.password("password")?;
        inside.directory.remove_second_factor(&password).await
    };
    match removed.await {
        Ok(()) => visit.go_to(&Done::Removed.path()),
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong_password)?;
            again(visit, &inside.me, status, Some(alert), true).await
        }
    }
}

/// Asks for the password before recovery codes are replaced.
pub(in super::super) async fn ask_codes(visit: Visit) -> Shown {
    match visit.inside(Purpose::Usual).await {
        Ok((visit, inside)) => again(visit, &inside.me, StatusCode::OK, None, false).await,
        Err(shown) => shown,
    }
}

/// Replaces them and shows them once.
pub(in super::super) async fn replace_codes(visit: Visit, form: Form) -> Shown {
    let (visit, inside) = match visit.inside(Purpose::Usual).await {
        Ok(inside) => inside,
        Err(shown) => return shown,
    };
    let replaced = async {
        let password = form.password("password")?;
        inside.directory.replace_recovery_codes(&password).await
    };
    match replaced.await {
        Ok(codes) => sheet(visit, &inside.me, &codes).await,
        Err(error) => {
            let (status, alert) = beside(&visit, error, |words| words.wrong_password)?;
            again(visit, &inside.me, status, Some(alert), false).await
        }
    }
}

async fn again(mut visit: Visit, me: &Me, status: StatusCode, alert: Option<Alert>, removing: bool) -> Shown {
    if !me.second_factor {
        return visit.go(paths::ACCOUNT);
    }
    let mut page = visit.frame("").await?;
    page.signed_in = true;
    let words = page.words;
    let (title, lead, action, action_words) = if removing {
        (
            words.remove_title,
            words.remove_lead,
            paths::REMOVE,
            words.remove_do,
        )
    } else {
        (
            words.codes_ask_title,
            words.codes_ask_lead,
            paths::RECOVERY_CODES,
            words.codes_new,
        )
    };
    title.clone_into(&mut page.title);
    let shown = Again {
        page,
        alert,
        lead,
        email: me.account.email.as_str().to_owned(),
        action,
        action_words,
        danger: removing,
    };
    visit.show(status, &shown)
}

async fn sheet(mut visit: Visit, me: &Me, codes: &[RecoveryCode]) -> Shown {
    let mut page = visit.frame("").await?;
    page.words.sheet_title.clone_into(&mut page.title);
    page.signed_in = true;
    let on = visit
        .return_to
        .as_ref()
        .map_or(paths::ACCOUNT, |place| place.as_str());
    let shown = Sheet {
        of: (page.words.sheet_of)(&page.shop, me.account.email.as_str()),
        codes: codes.iter().map(|code| code.printed().to_string()).collect(),
        on: on.to_owned(),
        page,
    };
    visit.show(StatusCode::OK, &shown)
}

fn comes_first(me: &Me) -> bool {
    me.duties.iter().any(keyholder_core::directory::Duty::comes_first)
}

/// Dark on white with a quiet zone of four modules and error correction level M, whatever the theme: phones
/// read nothing else reliably (ISO/IEC 18004, 6.3.8).
fn picture(uri: &SecretString) -> Result<String> {
    let code = QrCode::with_error_correction_level(uri.expose_secret(), EcLevel::M).map_err(|error| {
        Error::Broken(StoreError {
            code: Code::Broken,
            context: format!("draw the picture of a second factor: {error}"),
        })
    })?;
    let mut picture = code.render::<svg::Color<'_>>();
    picture
        .quiet_zone(true)
        .module_dimensions(4, 4)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"));
    let drawn = picture.build();
    // Inside a page there is no prologue.
    let start = drawn.find("<svg").unwrap_or_default();
    Ok(drawn[start..].to_owned())
}
