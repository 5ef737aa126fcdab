//! The range query over HTTPS.

use std::error::Error;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp, civil, fmt::rfc2822, tz::TimeZone};
use keyholder_core::breach::{BreachAnswer, BreachCheck, NotCheckedReason};
use keyholder_core::clock::SharedClock;
use keyholder_core::password::Password;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, redirect};

use crate::range::{NotARange, RangeQuery, times_found};
use crate::settings::RangeSettings;

/// What the program calls itself; the API answers 403 without it.
const USER_AGENT: &str = concat!("Keyholder/", env!("CARGO_PKG_VERSION"));

const ADD_PADDING: HeaderName = HeaderName::from_static("add-padding");

/// The longest answer that is read, in bytes. 1,000 rows of 35 + 1 + at most 10 + 2 characters are
/// 48,000.
const LONGEST_ANSWER: usize = 256 * 1024;

/// How long to leave a server alone that says 429 and not for how long, in seconds.
const WAIT_UNTOLD: u32 = 60;

/// The longest a server may ask to be left alone, in seconds: a day. A mistake of its must not switch
/// the checks off for good.
const LONGEST_WAIT: u32 = 86_400;

/// Range search began in February 2018
/// (<https://www.troyhunt.com/ive-just-launched-pwned-passwords-version-2/>): no answer is older.
const FIRST_RANGE: civil::Date = civil::date(2018, 2, 1);

/// Asks a range server about passwords: five characters of the hash leave the machine, padding is
/// asked for each time, and every check ends by the deadline with one of the three answers.
///
/// Redirects are not followed, cookies not kept, and proxies named in the environment not used: the
/// server is spoken to directly or not at all. Connections are kept for the next check. Trust in a
/// certificate is the operating system's.
pub struct RangeClient {
    /// Absent when TLS cannot be set up on this machine, as where it trusts no certificate at all.
    http: Option<Client>,
    settings: RangeSettings,
    clock: SharedClock,
    asked_to_wait: Mutex<Option<Wait>>,
}

/// A server's wish to be left alone.
#[derive(Debug, Clone, Copy)]
struct Wait {
    since: Timestamp,
    until: Timestamp,
}

impl Wait {
    /// The seconds left at `now`, rounded up; none when it is over or the clock was turned back
    /// behind its beginning.
    fn left(self, now: Timestamp) -> Option<u32> {
        let left = self.until.duration_since(now);
        let whole = left.as_secs() + i64::from(left.subsec_nanos() > 0);
        u32::try_from(whole)
            .ok()
            .filter(|&left| left > 0 && now >= self.since)
    }
}

impl RangeClient {
    /// A client that asks as `settings` say. The clock dates answers and waits; the deadline runs on
    /// the machine's own monotonic time.
    pub fn new(settings: RangeSettings, clock: SharedClock) -> Self {
        let http = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .https_only(settings.base_url().starts_with("https:"))
            .build()
            .inspect_err(|cause| tracing::warn!(%cause, "breach checks have no TLS"))
            .ok();
        Self {
            http,
            settings,
            clock,
            asked_to_wait: Mutex::new(None),
        }
    }

    async fn ask(&self, password: &Password) -> Result<BreachAnswer, NotCheckedReason> {
        if let Some(retry_after) = self.wait_left() {
            return Err(NotCheckedReason::TooManyRequests { retry_after });
        }
        let http = self.http.as_ref().ok_or(NotCheckedReason::Tls)?;
        let query = RangeQuery::about(password);
        let response = http
            .get(format!("{}/range/{}", self.settings.base_url(), query.prefix()))
            .header(ADD_PADDING, "true")
            .send()
            .await
            .map_err(|cause| why(&cause))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::TOO_MANY_REQUESTS => return Err(self.wait(response.headers())),
            _ => return Err(NotCheckedReason::BadAnswer),
        }
        let as_of = self.date_of(response.headers());
        let answer = read(response).await?;
        match times_found(&answer, query.suffix()) {
            Ok(Some(times)) => Ok(BreachAnswer::Breached { times }),
            Ok(None) => Ok(BreachAnswer::NotFound { as_of }),
            Err(NotARange) => Err(NotCheckedReason::BadAnswer),
        }
    }

    fn wait_left(&self) -> Option<u32> {
        let wait = *self.asked_to_wait.lock().unwrap_or_else(PoisonError::into_inner);
        wait?.left(self.clock.now())
    }

    /// Notes how long the server wants to be left alone.
    fn wait(&self, headers: &HeaderMap) -> NotCheckedReason {
        let since = self.clock.now();
        let retry_after = seconds_to_wait(headers, since);
        let until = since
            .saturating_add(SignedDuration::from_secs(i64::from(retry_after)))
            .unwrap_or(Timestamp::MAX);
        *self.asked_to_wait.lock().unwrap_or_else(PoisonError::into_inner) = Some(Wait { since, until });
        NotCheckedReason::TooManyRequests { retry_after }
    }

    /// When the server says it answered, if that can be: not before there were ranges and not after
    /// today, give or take a day. Otherwise the clock's time.
    fn date_of(&self, headers: &HeaderMap) -> Timestamp {
        let now = self.clock.now();
        let tomorrow = now
            .saturating_add(SignedDuration::from_hours(24))
            .unwrap_or(Timestamp::MAX);
        http_date(headers, DATE)
            .filter(|&date| TimeZone::UTC.to_datetime(date).date() >= FIRST_RANGE && date <= tomorrow)
            .unwrap_or(now)
    }
}

#[async_trait]
impl BreachCheck for RangeClient {
    async fn check(&self, password: &Password) -> BreachAnswer {
        let answer = within(self.settings.deadline(), self.ask(password)).await;
        answer.unwrap_or_else(|why| {
            tracing::debug!(?why, "password not checked against breaches");
            BreachAnswer::NotChecked { why }
        })
    }
}

async fn within(
    deadline: Duration,
    asking: impl Future<Output = Result<BreachAnswer, NotCheckedReason>>,
) -> Result<BreachAnswer, NotCheckedReason> {
    tokio::time::timeout(deadline, asking)
        .await
        .unwrap_or(Err(NotCheckedReason::TimedOut))
}

/// The whole answer, if it is not too long to be one.
async fn read(mut response: Response) -> Result<Vec<u8>, NotCheckedReason> {
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| NotCheckedReason::BadAnswer)? {
        if answer.len() + chunk.len() > LONGEST_ANSWER {
            return Err(NotCheckedReason::BadAnswer);
        }
        answer.extend_from_slice(&chunk);
    }
    Ok(answer)
}

/// Why a request came to nothing.
fn why(cause: &reqwest::Error) -> NotCheckedReason {
    let mut next: Option<&(dyn Error + 'static)> = Some(cause);
    while let Some(error) = next {
        if error.is::<rustls::Error>() {
            return NotCheckedReason::Tls;
        }
        // An I/O error hands out what it wraps by another door than `source`.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    if cause.is_timeout() {
        NotCheckedReason::TimedOut
    } else if cause.is_connect() {
        NotCheckedReason::Unreachable
    } else {
        NotCheckedReason::BadAnswer
    }
}

/// `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3).
fn seconds_to_wait(headers: &HeaderMap, now: Timestamp) -> u32 {
    let told = headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .map(str::trim);
    let seconds = told.and_then(|told| {
        let counted = told.parse().ok();
        counted.or_else(|| http_date(headers, RETRY_AFTER).map(|until| until.duration_since(now).as_secs()))
    });
    seconds.map_or(WAIT_UNTOLD, |seconds| {
        u32::try_from(seconds.max(1))
            .unwrap_or(LONGEST_WAIT)
            .min(LONGEST_WAIT)
    })
}

/// A date as HTTP writes it (RFC 9110, section 5.6.7).
fn http_date(headers: &HeaderMap, name: HeaderName) -> Option<Timestamp> {
    let text = headers.get(name)?.to_str().ok()?;
    rfc2822::parse(text).ok().map(|date| date.timestamp())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn now() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn told(retry_after: &'static str) -> u32 {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(retry_after));
        seconds_to_wait(&headers, now())
    }

    #[test]
    fn a_server_is_left_alone_as_long_as_it_asks() {
        assert_eq!(told("2"), 2, "in seconds");
        assert_eq!(told("Sun, 01 Mar 2026 12:00:30 GMT"), 30, "until a date");
        assert_eq!(told("0"), 1, "at once is not what 429 means");
        assert_eq!(told("Sun, 01 Mar 2020 12:00:30 GMT"), 1, "a date gone by");
        assert_eq!(told("99999999999"), LONGEST_WAIT, "a day at most");
        assert_eq!(
            told("99999999999999999999999999"),
            WAIT_UNTOLD,
            "no number and no date"
        );
        assert_eq!(told("soon"), WAIT_UNTOLD, "a word");
        assert_eq!(
            seconds_to_wait(&HeaderMap::new(), now()),
            WAIT_UNTOLD,
            "nothing said"
        );
    }

    #[test]
    fn a_wait_ends_on_time_and_when_the_clock_is_turned_back() {
        let second = SignedDuration::from_secs(1);
        let wait = Wait {
            since: now(),
            until: now() + second * 30,
        };
        assert_eq!(wait.left(now()), Some(30), "all of it");
        assert_eq!(wait.left(now() + second * 29), Some(1), "the last second");
        assert_eq!(wait.left(now() + second * 30), None, "over");
        assert_eq!(
            wait.left(now() - second),
            None,
            "a clock set back must not lengthen it"
        );
    }
}
