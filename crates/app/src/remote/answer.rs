//! What an answer means: pure, but for the reading of its bytes.

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use keyholder_core::error::{Code, Error, RemoteError};
use keyholder_core::wire::{Problem, TIME_HEADER, VERSION, VERSION_HEADER};
use reqwest::Response;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use zeroize::Zeroizing;

use super::failure;

/// The longest answer that is read, in bytes. A page of 500 accounts with their hashes has about 400 KiB.
const LONGEST_ANSWER: usize = 8 << 20;
/// The longest a service may ask to be left alone, in seconds: a day. A mistake of its must not shut
/// anybody out for good.
const LONGEST_WAIT: i64 = 86_400;

/// An answer as it came.
#[derive(Debug)]
pub(super) struct Answered {
    status: u16,
    version: Option<u32>,
    wait: Option<Wait>,
    time: Option<Timestamp>,
    body: Zeroizing<Vec<u8>>,
}

/// A wish to be left alone (`Retry-After`: RFC 9110, section 10.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    Seconds(i64),
    Until(Timestamp),
}

/// Why there is no answer although there is a response.
pub(super) enum Unread {
    /// The line was cut, or nothing more came in time.
    Broken(reqwest::Error),
    /// It is longer than any answer.
    TooLong,
}

impl Answered {
    /// Reads an answer to its end, if it is not too long to be one.
    pub(super) async fn read(mut response: Response) -> Result<Self, Unread> {
        let (status, version) = (response.status().as_u16(), version(response.headers()));
        let wait = wait(response.headers());
        let time = time(response.headers());
        let expected = response
            .content_length()
            .and_then(|length| usize::try_from(length).ok());
        if expected.is_some_and(|length| length > LONGEST_ANSWER) {
            return Err(Unread::TooLong);
        }
        // Made at full size where it is known: a growing one leaves copies behind in memory.
        let mut body = Zeroizing::new(Vec::with_capacity(expected.unwrap_or_default()));
        while let Some(chunk) = response.chunk().await.map_err(Unread::Broken)? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(Unread::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self {
            status,
            version,
            wait,
            time,
            body,
        })
    }

    /// What time it is for the service.
    pub(super) fn time(&self) -> Option<Timestamp> {
        self.time.filter(|_| self.version.is_some())
    }

    /// Whether the service took whoever asked for nobody (RFC 9110, 15.5.2).
    pub(super) fn is_turned_away(&self) -> bool {
        self.version.is_some() && self.status == 401
    }

    /// The bytes of an answer that something was done, or why it was not. `changes` says whether it was
    /// asked to change anything.
    pub(super) fn judged(self, changes: bool, now: Timestamp) -> Result<Zeroizing<Vec<u8>>, Error> {
        let done = (200..300).contains(&self.status);
        match self.version {
            Some(VERSION) if done => Ok(self.body),
            Some(VERSION) => Err(self.refused(changes, now)),
            // It did something and says so in words that are not known.
            Some(other) if done && changes => Err(unknown(format_args!("in version {other}")).into()),
            Some(older) if older < VERSION => Err(failure::of(Code::ServiceOlder, older).into()),
            Some(newer) => Err(failure::of(Code::ServiceNewer, newer).into()),
            None => Err(self.foreign(changes, now)),
        }
    }

    /// The service says why not.
    fn refused(self, changes: bool, now: Timestamp) -> Error {
        match serde_json::from_slice::<Problem>(&self.body) {
            Ok(problem) if matches!(problem.code, Code::TooManyRequests | Code::Unavailable) => {
                let until = problem.until.or_else(|| self.until(now));
                self.left_alone(problem.code, until)
            }
            Ok(problem) => problem.into(),
            Err(cause) if self.status < 500 && self.status != 429 => {
                // Its words are of this version, and still it cannot be read: a code that came later.
                let place = format!("answered {}, column {}", self.status, cause.column());
                failure::of(Code::BadRequest, place).into()
            }
            Err(_) => self.foreign(changes, now),
        }
    }

    /// Somebody else answers: a proxy in the place of the service, or no Keyholder at all.
    fn foreign(self, changes: bool, now: Timestamp) -> Error {
        let until = self.until(now);
        match self.status {
            429 => self.left_alone(Code::TooManyRequests, until),
            503 => self.left_alone(Code::Unavailable, until),
            // A proxy that had no answer: whether the service had the question, it does not know either.
            500.. if changes => unknown(format_args!("answered {}", self.status)).into(),
            500.. => self.left_alone(Code::Unavailable, until),
            status => failure::of(
                Code::NotKeyholder,
                format_args!("answered {status} without {VERSION_HEADER}"),
            )
            .into(),
        }
    }

    fn left_alone(&self, code: Code, until: Option<Timestamp>) -> Error {
        RemoteError {
            code,
            until,
            context: format!("answered {}", self.status),
        }
        .into()
    }

    fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let seconds = match self.wait? {
            Wait::Seconds(seconds) => seconds,
            Wait::Until(until) => until.duration_since(now).as_secs(),
        };
        let wait = SignedDuration::from_secs(seconds.clamp(1, LONGEST_WAIT));
        now.checked_add(wait).ok()
    }
}

fn time(headers: &HeaderMap) -> Option<Timestamp> {
    let seconds = headers.get(TIME_HEADER)?.to_str().ok()?.parse().ok()?;
    Timestamp::from_second(seconds).ok()
}

/// Something was done, or perhaps not: nobody knows.
pub(super) fn unknown(why: impl std::fmt::Display) -> RemoteError {
    failure::of(Code::OutcomeUnknown, why)
}

/// What a service answers that has done something must be understood. If it is not, that something was
/// done is all that can be said.
pub(super) fn understood<T>(read: Result<T, Error>) -> Result<T, Error> {
    read.map_err(|error| unknown(error).into())
}

fn version(headers: &HeaderMap) -> Option<u32> {
    headers.get(VERSION_HEADER)?.to_str().ok()?.trim().parse().ok()
}

fn wait(headers: &HeaderMap) -> Option<Wait> {
    let told = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    told.parse().map(Wait::Seconds).ok().or_else(|| {
        let until = rfc2822::parse(told).ok()?;
        Some(Wait::Until(until.timestamp()))
    })
}

#[cfg(test)]
mod tests {
    use keyholder_core::error::Refusal;
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn now() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn answered(status: u16, version: Option<u32>, wait: Option<Wait>, body: &str) -> Answered {
        Answered {
            time: None,
            status,
            version,
            wait,
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    /// What is said about an answer to a question, and to something that changes something.
    fn said(status: u16, version: Option<u32>, body: &str) -> (Option<Code>, Option<Code>) {
        let code = |changes| {
            let judged = answered(status, version, None, body).judged(changes, now());
            judged.err().map(|error| error.code())
        };
        (code(false), code(true))
    }

    fn both(code: Code) -> (Option<Code>, Option<Code>) {
        (Some(code), Some(code))
    }

    #[test]
    fn what_is_no_keyholder_is_not_taken_for_one() {
        for status in [200, 204, 301, 302, 401, 404] {
            assert_eq!(
                said(status, None, "<!doctype html><title>Welcome</title>"),
                both(Code::NotKeyholder),
                "{status}: a page of a café's network is no shop"
            );
        }
    }

    #[test]
    fn an_older_and_a_newer_service_are_told_apart() {
        let (older, newer) = (Some(VERSION - 1), Some(VERSION + 1));
        assert_eq!(
            said(401, older, "{}"),
            both(Code::ServiceOlder),
            "nothing was done"
        );
        assert_eq!(
            said(401, newer, "{}"),
            both(Code::ServiceNewer),
            "nothing was done"
        );
        assert_eq!(
            said(200, newer, "{}"),
            (Some(Code::ServiceNewer), Some(Code::OutcomeUnknown)),
            "what it has done is done"
        );
    }

    #[test]
    fn a_proxy_in_place_of_the_service_knows_no_outcome() {
        assert_eq!(
            said(503, None, ""),
            both(Code::Unavailable),
            "it did not hand it on"
        );
        assert_eq!(said(429, None, ""), both(Code::TooManyRequests), "nor here");
        for status in [500, 502, 504] {
            assert_eq!(
                said(status, None, ""),
                (Some(Code::Unavailable), Some(Code::OutcomeUnknown)),
                "{status}: it may have handed it on"
            );
        }
    }

    #[test]
    fn a_refusal_comes_back_as_the_rule_said_it() {
        let refusal = Refusal::LastOwner;
        let body = serde_json::to_string(&Problem::of(&refusal.clone().into())).unwrap();
        let judged = answered(409, Some(VERSION), None, &body).judged(true, now());
        assert!(
            matches!(&judged, Err(Error::Refused(came)) if *came == refusal),
            "the same words as on a store beside one: {judged:?}"
        );
        assert_eq!(
            said(422, Some(VERSION), "not json"),
            both(Code::BadRequest),
            "a refusal that cannot be read is still one"
        );
        assert_eq!(
            said(500, Some(VERSION), "not json"),
            (Some(Code::Unavailable), Some(Code::OutcomeUnknown)),
            "something broke, and nobody knows how far it had come"
        );
    }

    proptest! {
        #[test]
        fn whatever_comes_back_is_told(
            status in 100_u16..1_000,
            version in option::of(select(vec![0, VERSION, VERSION + 1, u32::MAX])),
            seconds in option::of(any::<i64>()),
            body in vec(any::<u8>(), 0..64),
        ) {
            let body = String::from_utf8_lossy(&body);
            let judged = |changes| {
                let wait = seconds.map(Wait::Seconds);
                answered(status, version, wait, &body).judged(changes, now())
            };
            let done = (200..300).contains(&status) && version == Some(VERSION);
            prop_assert_eq!(judged(false).is_ok(), done, "an answer is one of this version that says so");
            let act = judged(true).map_err(|error| error.code());
            if status >= 500 && status != 503 && version.is_none_or(|version| version == VERSION) {
                prop_assert_eq!(act.err(), Some(Code::OutcomeUnknown), "what broke there may be done");
            }
        }
    }

    #[test]
    fn a_wish_to_be_left_alone_has_an_end() {
        let until = |wait| {
            let Err(Error::Remote(error)) = answered(429, None, wait, "").judged(false, now()) else {
                return None;
            };
            error.until.map(|until| until.duration_since(now()).as_secs())
        };
        let date = |text: &str| Some(Wait::Until(text.parse().unwrap()));
        assert_eq!(until(None), None, "nothing said");
        assert_eq!(until(Some(Wait::Seconds(7))), Some(7), "in seconds");
        assert_eq!(until(Some(Wait::Seconds(-7))), Some(1), "nonsense is a moment");
        assert_eq!(
            until(Some(Wait::Seconds(i64::MAX))),
            Some(LONGEST_WAIT),
            "a day at most"
        );
        assert_eq!(until(date("2026-03-01T12:00:30Z")), Some(30), "until a date");
        assert_eq!(until(date("2020-03-01T12:00:30Z")), Some(1), "a date gone by");
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date() {
        let read = |told: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, told.parse().unwrap());
            wait(&headers)
        };
        let noon = Wait::Until(now());
        assert_eq!(read("2"), Some(Wait::Seconds(2)), "seconds");
        assert_eq!(read("Sun, 01 Mar 2026 12:00:00 GMT"), Some(noon), "a date");
        assert_eq!(read("soon"), None, "a word");
    }
}
