//! The line to a service: how a question is sent, how long it may take, and what becomes of it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use keyholder_core::audit::Source;
use keyholder_core::clock::SharedClock;
use keyholder_core::error::{Code, Error, RemoteError};
use keyholder_core::session::SessionToken;
use keyholder_core::wire::{self, BODY_MAX, Description, Method, Operation, PROBLEM_JSON, PROOF_WINDOW};
use reqwest::header::{ACCEPT, CONTENT_TYPE, IF_MATCH};
use reqwest::{Client, Request, redirect, retry};
use tokio::sync::Notify;
use zeroize::Zeroizing;

use super::address::Address;
use super::answer::{Answered, Unread, understood, unknown};
use super::failure;
use super::proof;
use super::trust::{Trust, by_hand};
use crate::device_key::{DeviceKeyring, Keeping};

/// What the program calls itself.
const USER_AGENT: &str = concat!("Keyholder/", env!("CARGO_PKG_VERSION"));

const JSON: &str = "application/json";

/// How long an idle line is kept: less than any server or proxy in use does, so that a question is
/// hardly ever put on a line that is being closed.
const IDLE: Duration = Duration::from_secs(10);

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Until the line is there and secret.
    pub connect: Duration,
    /// From then until the whole answer is there.
    pub answer: Duration,
    /// The same, where the service looks through everything that it has.
    pub long_answer: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            long_answer: Duration::from_mins(5),
        }
    }
}

/// A line to one service. Nothing is sent before the first question.
pub struct Connection {
    http: Client,
    address: Address,
    deadlines: Deadlines,
    clock: SharedClock,
    /// How many seconds the service's clock is ahead of ours.
    ahead: AtomicI64,
    device: DeviceKeyring,
    repeats: fn(Method) -> bool,
    stop: Notify,
}

/// How a question is proven.
#[derive(Clone, Copy)]
struct Proving<'a> {
    token: Option<&'a SessionToken>,
    description: &'a Description,
}

/// What is asked.
pub(super) struct Question<O: Operation> {
    pub(super) place: O::Place,
    pub(super) query: O::Query,
    pub(super) body: O::Body,
    /// The revision that was looked at, where the operation is [revised](Description::revised).
    pub(super) revision: Option<u32>,
}

/// Why a question was not answered.
enum Trouble {
    /// It was not sent.
    NotSent(RemoteError),
    /// It was, and the line was lost.
    Cut(String),
    /// It was, and nothing came in time.
    Late,
    /// It was, and what came does not end.
    TooLong,
    /// Whoever asked does not wait any longer. How far it had come is not known.
    Stopped,
}

impl Connection {
    /// A line to the service at `address`. The clock says until when it asks to be left alone; deadlines
    /// run on the machine's own monotonic time.
    ///
    /// # Errors
    /// [`Code::NotSecured`]: there is no TLS on this machine, as where it trusts no authority at all.
    pub fn new(
        address: Address,
        trust: Trust,
        deadlines: Deadlines,
        clock: SharedClock,
    ) -> Result<Self, RemoteError> {
        let http = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .http1_only()
            .https_only(address.is_https())
            .connect_timeout(deadlines.connect)
            .pool_idle_timeout(IDLE);
        let http = match trust {
            Trust::System => http,
            Trust::Pinned(fingerprint) => {
                let tls = by_hand(Some(fingerprint)).map_err(|cause| failure::of(Code::NotSecured, cause))?;
                http.tls_backend_preconfigured(tls)
            }
        };
        let http = http
            .build()
            .map_err(|cause| failure::of(Code::NotSecured, failure::chain(&cause)))?;
        Ok(Self {
            http,
            address,
            deadlines,
            clock,
            ahead: AtomicI64::new(0),
            device: DeviceKeyring::in_memory(),
            repeats,
            stop: Notify::new(),
        })
    }

    /// The same line with a key that it has from there.
    #[must_use]
    pub fn with_device(self, device: DeviceKeyring) -> Self {
        Self { device, ..self }
    }

    /// The key of this device.
    pub(crate) fn device(&self) -> &DeviceKeyring {
        &self.device
    }

    /// Where a session comes from that begins now. The service knows a device by its key alone, and only
    /// where the key is kept does it meet the same device again.
    pub(super) async fn begin(&self, source: Source) -> Result<Source, Error> {
        let held = self.device.begin(source.device.is_some()).await;
        let held = held.map_err(|cause| failure::of(Code::Broken, cause))?;
        let known = (held.keeping == Keeping::Kept).then(|| held.secret.key().device());
        Ok(Source {
            device: known,
            ..source
        })
    }

    /// Where the service is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Gives up whatever is under way on this line.
    pub(super) fn stop_waiting(&self) {
        self.stop.notify_waiters();
    }

    /// Repeats otherwise than it should: the mutant of the promise.
    #[cfg(test)]
    pub(super) fn repeating(self, repeats: fn(Method) -> bool) -> Self {
        Self { repeats, ..self }
    }

    /// Asks, and reads the answer.
    pub(super) async fn ask<O: Operation>(
        &self,
        token: Option<&SessionToken>,
        question: Question<O>,
    ) -> Result<O::Answer, Error> {
        let request = self.request(token, &question)?;
        drop(question);
        let proving = Proving {
            token,
            description: &O::DESCRIPTION,
        };
        let answer = self.exchange(request, proving).await?;
        let read = wire::from_body(&answer);
        if changes(&O::DESCRIPTION) {
            understood(read)
        } else {
            read
        }
    }

    fn request<O: Operation>(
        &self,
        token: Option<&SessionToken>,
        question: &Question<O>,
    ) -> Result<Request, Error> {
        let description = O::DESCRIPTION;
        let unsendable = |cause: &dyn std::error::Error| Error::from(failure::of(Code::BadRequest, cause));
        let method = reqwest::Method::from_bytes(description.method.as_str().as_bytes())
            .map_err(|cause| unsendable(&cause))?;
        let url = self
            .address
            .at(&O::path(&question.place))
            .map_err(|cause| unsendable(&cause))?;
        let mut request = self
            .http
            .request(method, url)
            .query(&question.query)
            // A line that is not there in time is always told as that: nothing was sent.
            .timeout(self.deadlines.connect + self.deadline(&description))
            .header(ACCEPT, format!("{JSON}, {PROBLEM_JSON}"));
        if let Some(token) = token {
            request = proof::with_token(request, token).map_err(|cause| unsendable(&cause))?;
        }
        if let Some(revision) = question.revision {
            request = request.header(IF_MATCH, wire::entity_tag(revision));
        }
        if let Some(body) = wire::to_body(&question.body)? {
            let body = Zeroizing::new(body);
            if body.len() > BODY_MAX {
                let context = format!(
                    "{}: {} bytes are more than are taken",
                    description.name,
                    body.len()
                );
                return Err(failure::of(Code::BadRequest, context).into());
            }
            request = request.header(CONTENT_TYPE, JSON).body(Bytes::from_owner(body));
        }
        request.build().map_err(|cause| unsendable(&cause))
    }

    /// Importing and verifying take as long as there is much.
    fn deadline(&self, description: &Description) -> Duration {
        let long = [wire::ImportAccounts::DESCRIPTION, wire::VerifyTrail::DESCRIPTION];
        if long.contains(description) {
            self.deadlines.long_answer
        } else {
            self.deadlines.answer
        }
    }

    /// Sends a question, and once more if that is allowed and the line was cut.
    async fn exchange(&self, request: Request, proving: Proving<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
        let description = proving.description;
        let again = if (self.repeats)(description.method) {
            request.try_clone()
        } else {
            None
        };
        let asked = async {
            let outcome = self.in_time(request, proving).await;
            match (&outcome, again) {
                (Err(Trouble::Cut(_)), Some(again)) => self.in_time(again, proving).await,
                _ => outcome,
            }
        };
        let outcome = tokio::select! {
            outcome = asked => outcome,
            () = self.stop.notified() => Err(Trouble::Stopped),
        };
        match outcome {
            Ok(answered) => answered.judged(changes(description), self.clock.now()),
            Err(Trouble::NotSent(error)) => Err(error.into()),
            Err(Trouble::Cut(why)) => Err(unanswered(description, &why).into()),
            Err(Trouble::Late) => Err(unanswered(description, "no answer in time").into()),
            Err(Trouble::TooLong) => Err(unanswered(description, "an answer without end").into()),
            Err(Trouble::Stopped) => Err(unanswered(description, "nobody waits any longer").into()),
        }
    }

    /// Sends a question, and once more if it was signed by a clock that is not the service's: then it was
    /// turned away at the door, and nothing was done.
    async fn in_time(&self, request: Request, proving: Proving<'_>) -> Result<Answered, Trouble> {
        let again = request.try_clone();
        let ahead = self.ahead.load(Ordering::Relaxed);
        let answered = self.once(request, proving).await?;
        let off = self.ahead.load(Ordering::Relaxed).abs_diff(ahead);
        let late = answered.is_turned_away() && off > PROOF_WINDOW.as_secs().unsigned_abs();
        match again {
            Some(again) if late => self.once(again, proving).await,
            _ => Ok(answered),
        }
    }

    async fn once(&self, mut request: Request, proving: Proving<'_>) -> Result<Answered, Trouble> {
        self.prove(&mut request, proving).await?;
        let response = self.http.execute(request).await.map_err(trouble)?;
        let answered = Answered::read(response).await.map_err(|unread| match unread {
            Unread::Broken(cause) => trouble(cause),
            Unread::TooLong => Trouble::TooLong,
        })?;
        if let Some(time) = answered.time() {
            let ahead = time.as_second() - self.clock.now().as_second();
            self.ahead.store(ahead, Ordering::Relaxed);
        }
        Ok(answered)
    }

    /// Signs whatever is asked in a session, or opens one. Each time anew: a proof is taken once.
    async fn prove(
        &self,
        request: &mut Request,
        Proving { token, description }: Proving<'_>,
    ) -> Result<(), Trouble> {
        if token.is_none() && !changes(description) {
            return Ok(());
        }
        let Some(secret) = self.device.present().await else {
            return Ok(());
        };
        let ahead = SignedDuration::from_secs(self.ahead.load(Ordering::Relaxed));
        let at = self.clock.now().saturating_add(ahead).unwrap_or(Timestamp::MAX);
        proof::sign(request, token, &secret, at).map_err(Trouble::NotSent)
    }
}

/// Whether a question may be sent once more by itself. What changes something, never: it may have been
/// done, and to do it twice is not the same as to do it once.
fn repeats(method: Method) -> bool {
    !method.changes()
}

fn changes(description: &Description) -> bool {
    description.method.changes()
}

fn trouble(cause: reqwest::Error) -> Trouble {
    // What was looked for stands in the address, and is nothing for a log.
    let cause = cause.without_url();
    match failure::before_sent(&cause) {
        Some(error) => Trouble::NotSent(error),
        None if cause.is_timeout() => Trouble::Late,
        None => Trouble::Cut(failure::chain(&cause)),
    }
}

/// Something was sent, and no answer came back.
fn unanswered(description: &Description, why: &str) -> RemoteError {
    let why = format!("{}: {why}", description.name);
    if changes(description) {
        unknown(why)
    } else {
        failure::of(Code::NoAnswer, why)
    }
}
