//! Somebody who looks at a page: from where, with which cookies, on the way to what.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::SignedDuration;
use keyholder_core::audit::{Program, Source};
use keyholder_core::directory::{Directory, Duty, Me, SignedIn};
use keyholder_core::error::{Code, Error, Refusal, StoreError};
use keyholder_core::session::Stage;

use super::cookies::{Cookies, Held};
use super::return_to::{self, ReturnTo};
use super::trouble::Trouble;
use super::views::Frame;
use super::{Pages, form, paths};
use crate::caller::user_agent;
use crate::proxy;

/// How long a session goes by one token (Pow, session renewal).
const RENEWED_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// See above.
pub(super) struct Visit {
    pub(super) pages: Pages,
    pub(super) cookies: Cookies,
    pub(super) source: Source,
    /// Whether a page is looked at, and no form sent.
    looking: bool,
    /// Where they want to go in the end.
    pub(super) return_to: Option<ReturnTo>,
}

/// Somebody who is signed in as far as the page needs it.
pub(super) struct Inside {
    pub(super) directory: Box<dyn Directory>,
    pub(super) me: Me,
}

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Everything that waits until the duties are done.
    Usual,
    /// A duty itself.
    Duty,
}

/// What a handler answers: a page, or the way to another.
pub(super) type Shown = Result<Response, Trouble>;

impl FromRequestParts<Pages> for Visit {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Trouble> {
        let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
            return Err(broken("the pages are served without the addresses of peers"));
        };
        let cookies = pages.cookies(&parts.headers);
        let address = proxy::caller(peer.ip(), &parts.headers, &pages.endpoint().proxies);
        let source = Source {
            program: Program::Page,
            address: Some(address.to_string()),
            device: cookies.device(),
            user_agent: user_agent(&parts.headers),
        };
        Ok(Self {
            looking: parts.method == Method::GET,
            return_to: return_to::asked(parts.uri.query().unwrap_or_default(), pages.named()),
            pages: pages.clone(),
            cookies,
            source,
        })
    }
}

impl Visit {
    /// What every page has around it.
    pub(super) async fn frame(&mut self, title: impl Into<String>) -> Result<Frame, Trouble> {
        if self.cookies.session().is_none() && self.cookies.nonce().is_none() {
            self.cookies.bind(&self.pages.random());
        }
        let word = form::word(&self.cookies, self.pages.keys()).unwrap_or_default();
        let front = self.pages.endpoint().way_in.front().await?;
        let front = front.ok_or(Refusal::NotSetUp)?;
        Ok(Frame {
            word,
            shortest: front.password_length,
            onward: self.onward(),
            ..self.pages.frame(title.into(), front.name.as_str())
        })
    }

    /// The query that takes the way along.
    pub(super) fn onward(&self) -> String {
        self.return_to.as_ref().map(ReturnTo::query).unwrap_or_default()
    }

    /// Shows a page.
    pub(super) fn show(self, status: StatusCode, page: &impl Template) -> Shown {
        let html = page.render().map_err(|error| broken(&error.to_string()))?;
        let kind = [(CONTENT_TYPE, "text/html; charset=utf-8")];
        let mut response = (status, kind, html).into_response();
        self.cookies.tell(response.headers_mut());
        Ok(response)
    }

    /// Sends the browser to another page, with the way along.
    pub(super) fn go(self, path: &str) -> Shown {
        let place = format!("{path}{}", self.onward());
        self.go_to(&place)
    }

    /// Sends the browser to a place.
    pub(super) fn go_to(self, place: &str) -> Shown {
        let place = HeaderValue::from_str(place).map_err(|error| broken(&error.to_string()))?;
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(LOCATION, place);
        self.cookies.tell(response.headers_mut());
        Ok(response)
    }

    /// Where somebody goes who has done all that was asked.
    pub(super) fn arrive(self) -> Shown {
        let place = self.return_to.clone();
        match place {
            Some(place) => self.go_to(place.as_str()),
            None => self.go(paths::ACCOUNT),
        }
    }

    /// A step of signing in was taken: the browser gets the session, and goes where it leads.
    pub(super) async fn step(mut self, signed_in: SignedIn, kept: bool) -> Shown {
        let mut token = signed_in.token;
        if kept && signed_in.stage != Stage::SecondFactor {
            token = self.pages.sessions().renew(&token, true).await?.token;
        }
        self.cookies.hold(&Held {
            token: token.clone(),
            kept,
            since: self.pages.endpoint().clock.now(),
            nonce: self.pages.random(),
        });
        if let Some(device) = self.source.device {
            self.cookies.know(device);
        }
        match signed_in.stage {
            Stage::SecondFactor => self.go(paths::CODE),
            Stage::Open => self.arrive(),
            Stage::Rebind | Stage::SetUp => {
                let me = self.pages.endpoint().way_in.directory(&token).me().await?;
                match first_duty(&me) {
                    Some(path) => self.go(path),
                    None => self.arrive(),
                }
            }
        }
    }

    /// Who is signed in, or the way to where that is done.
    pub(super) async fn inside(mut self, purpose: Purpose) -> Result<(Self, Inside), Shown> {
        let Some(held) = self.cookies.session() else {
            return Err(self.go(paths::SIGN_IN));
        };
        let directory = self.pages.endpoint().way_in.directory(&held.token);
        let me = match directory.me().await {
            Ok(me) => me,
            Err(error) => return Err(self.turned_away(error)),
        };
        if let (Purpose::Usual, Some(path)) = (purpose, first_duty(&me)) {
            return Err(self.go(path));
        }
        if let Err(error) = directory.touch().await {
            return Err(self.turned_away(error));
        }
        let directory = self.renewed(held, directory).await;
        Ok((self, Inside { directory, me }))
    }

    /// The same under a new token, where the present one has been in use for long. A form that is being
    /// sent goes on under the old one; whoever comes second of two at once does too, and is sent on.
    async fn renewed(&mut self, held: Held, directory: Box<dyn Directory>) -> Box<dyn Directory> {
        let now = self.pages.endpoint().clock.now();
        if !self.looking || held.since.duration_until(now) < RENEWED_AFTER {
            return directory;
        }
        let Ok(renewed) = self.pages.sessions().renew(&held.token, false).await else {
            return directory;
        };
        let directory = self.pages.endpoint().way_in.directory(&renewed.token);
        self.cookies.hold(&Held {
            token: renewed.token,
            since: now,
            ..held
        });
        directory
    }

    /// Where somebody goes who cannot be where they are.
    pub(super) fn turned_away(self, error: Error) -> Shown {
        match error {
            // The cookie stays: another page may have been given a new one in this moment.
            Error::Refused(Refusal::SessionEnded | Refusal::SessionLocked) => self.go(paths::SIGN_IN),
            Error::Refused(Refusal::SecondFactorNeeded) => self.go(paths::CODE),
            Error::Refused(Refusal::SetUpNeeded) => self.go(paths::ACCOUNT),
            error => Err(error.into()),
        }
    }
}

/// Where the first duty is done, if there is one that comes before everything else.
fn first_duty(me: &Me) -> Option<&'static str> {
    let duty = me.duties.iter().find(|duty| duty.comes_first())?;
    match duty {
        Duty::ChangePassword { .. } => Some(paths::PASSWORD),
        _ => Some(paths::SECOND_FACTOR),
    }
}

fn broken(context: &str) -> Trouble {
    Trouble::from(Error::Broken(StoreError {
        code: Code::Broken,
        context: context.to_owned(),
    }))
}
