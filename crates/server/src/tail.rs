//! The live trail, as server-sent events (HTML Living Standard, 9.2): each event of the list's filter as
//! soon as it is saved, on whichever node; and for lists of accounts, whose account something was done to.
//!
//! One look at the end of the trail serves all who listen at a node. Whoever listens is let in anew with
//! each event and each second: when the session or the token ends, so does the stream.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use futures_util::stream::{Stream, unfold};
use keyholder_core::account::AccountId;
use keyholder_core::api_token::TokenScope;
use keyholder_core::audit::RecordedEvent;
use keyholder_core::error::Result;
use keyholder_core::query::{Cursor, EventQuery, PAGE, Page};
use keyholder_core::rights::Right;
use keyholder_core::store::Store;
use keyholder_core::wire::Problem;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::answer::Failure;
use crate::endpoint::Endpoint;
use crate::programs::Reader;
use crate::strict;

/// How often the end of the trail is looked at while anybody listens.
const LOOK: Duration = Duration::from_millis(500);
/// How often it is looked at whether whoever listens may go on.
const STILL: Duration = Duration::from_secs(1);
/// How often a line without meaning is sent, so that nobody on the way takes the stream for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Where a stream goes on that broke off (HTML Living Standard, 9.2.4).
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The end of the trail as this node knows it. Clones are the same.
#[derive(Clone)]
pub struct Tail {
    store: Arc<dyn Store>,
    head: Arc<watch::Sender<Head>>,
}

/// The number of the last event; none once nobody is served any more.
type Head = Option<u32>;

impl Tail {
    /// The end of the trail in `store`.
    pub fn of(store: Arc<dyn Store>) -> Self {
        let (head, _) = watch::channel(Some(0));
        Self {
            store,
            head: Arc::new(head),
        }
    }

    /// Looks again and again, for ever, as long as anybody listens.
    pub async fn follow(&self) {
        let mut looks = tokio::time::interval(LOOK);
        loop {
            looks.tick().await;
            if self.head.receiver_count() == 0 {
                continue;
            }
            // A store that does not answer has nothing new: it is asked again.
            if let Ok(head) = self.look().await {
                self.head.send_if_modified(|known| {
                    let moved = known.is_some_and(|known| known != head);
                    if moved {
                        *known = Some(head);
                    }
                    moved
                });
            }
        }
    }

    /// Ends every stream: the service stops.
    pub fn end(&self) {
        self.head.send_replace(None);
    }

    async fn look(&self) -> Result<u32> {
        let newest = EventQuery {
            limit: 1,
            ..EventQuery::default()
        };
        let page = self.store.events(&newest).await?;
        Ok(page.rows.first().map_or(0, |row| row.seq))
    }
}

/// Where streams begin.
pub(crate) fn routes() -> Router<Endpoint> {
    Router::new()
        .route("/v1/audit/tail", get(audit))
        .route("/v1/accounts/tail", get(accounts))
}

async fn audit(state: State<Endpoint>, tail: Option<Extension<Tail>>, request: Request) -> Response {
    begin(state, tail, request, Told::Events).await
}

async fn accounts(state: State<Endpoint>, tail: Option<Extension<Tail>>, request: Request) -> Response {
    begin(state, tail, request, Told::Accounts).await
}

async fn begin(
    State(endpoint): State<Endpoint>,
    tail: Option<Extension<Tail>>,
    request: Request,
    told: Told,
) -> Response {
    let Some(Extension(tail)) = tail else {
        return Failure::nowhere().into_response();
    };
    match listener(&endpoint, &tail, request, told).await {
        Ok(listener) => Sse::new(listener.stream())
            .keep_alive(KeepAlive::new().interval(HEARTBEAT))
            .into_response(),
        Err(failure) => failure.into_response(),
    }
}

async fn listener(
    endpoint: &Endpoint,
    tail: &Tail,
    request: Request,
    told: Told,
) -> Result<Listener, Failure> {
    let (mut parts, _) = request.into_parts();
    let query: EventQuery = strict::query(parts.uri.query().unwrap_or_default())?;
    let reader = Reader::from_request_parts(&mut parts, endpoint).await?;
    // Before the end is looked at, so that nothing between is missed.
    let head = tail.head.subscribe();
    told.may(&reader).await?;
    let end = tail.look().await?;
    let seen = last_event(&parts.headers).map_or(end, |last| last.min(end));
    Ok(Listener {
        reader,
        told,
        query: EventQuery {
            oldest_first: true,
            limit: PAGE,
            ..query
        },
        known: end,
        seen,
        head,
        waiting: VecDeque::new(),
    })
}

fn last_event(headers: &HeaderMap) -> Option<u32> {
    headers.get(LAST_EVENT_ID)?.to_str().ok()?.parse().ok()
}

/// What a stream tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Each event.
    Events,
    /// Whose account it was about.
    Accounts,
}

#[derive(Serialize)]
struct Touched {
    account: AccountId,
}

impl Told {
    /// Whether somebody may hear that.
    async fn may(self, reader: &Reader) -> Result<()> {
        match (self, reader) {
            (Self::Events, Reader::Program(program)) => program.is_for(TokenScope::ReadAudit).await,
            (Self::Accounts, Reader::Program(program)) => program.is_for(TokenScope::ReadAccounts).await,
            (Self::Accounts, Reader::Person(directory)) => {
                let me = directory.me().await?;
                let right = Right::ReadAccounts;
                if me.rights.contains(&right) {
                    Ok(())
                } else {
                    Err(keyholder_core::error::Refusal::NotAllowed(right).into())
                }
            }
            // A question that finds nothing: the rules say whether it may be asked.
            (Self::Events, Reader::Person(directory)) => directory.me().await.map(drop),
        }
    }

    async fn ask(self, reader: &Reader, query: &EventQuery) -> Result<Page<RecordedEvent>> {
        match (self, reader) {
            (Self::Accounts, Reader::Program(program)) => program.events_about_accounts(query).await,
            _ => reader.events(query).await,
        }
    }

    /// As it is sent; none for what is not told.
    fn event(self, row: &RecordedEvent) -> Option<Event> {
        let event = Event::default().id(row.seq.to_string());
        let written = match self {
            Self::Events => event.event("event").json_data(row),
            Self::Accounts => {
                let account = row.event.subject?;
                event.event("account").json_data(Touched { account })
            }
        };
        written.ok()
    }
}

/// Somebody who listens.
struct Listener {
    reader: Reader,
    told: Told,
    query: EventQuery,
    /// The end of the trail when it was last asked for events.
    known: u32,
    /// Up to where everything was told.
    seen: u32,
    head: watch::Receiver<Head>,
    waiting: VecDeque<Event>,
}

impl Listener {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        unfold(Some(self), |listener| async move {
            let mut listener = listener?;
            match listener.next().await {
                Ok(Some(event)) => Some((Ok(event), Some(listener))),
                Ok(None) => None,
                Err(error) => {
                    let problem = Problem::of(&error);
                    let last = Event::default().event("end").json_data(problem).ok()?;
                    Some((Ok(last), None))
                }
            }
        })
    }

    /// The next event; none once nobody is served any more.
    async fn next(&mut self) -> Result<Option<Event>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(Some(event));
            }
            if self.seen < self.known {
                self.fetch().await?;
                continue;
            }
            match timeout(STILL, self.head.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Ok(None),
                Err(_) => self.told.may(&self.reader).await?,
            }
            match *self.head.borrow_and_update() {
                Some(head) => self.known = self.known.max(head),
                None => return Ok(None),
            }
        }
    }

    async fn fetch(&mut self) -> Result<()> {
        let query = EventQuery {
            after: Some(Cursor::behind_event(self.seen)),
            ..self.query.clone()
        };
        let page = self.told.ask(&self.reader, &query).await?;
        let last = page.rows.last().map(|row| row.seq);
        self.waiting
            .extend(page.rows.iter().filter_map(|row| self.told.event(row)));
        self.seen = match page.next.as_ref().and_then(Cursor::event) {
            Some(next) => next.max(self.seen + 1),
            // Nothing more up to the end as it was known before the question.
            None => last.unwrap_or(self.known).max(self.known),
        };
        Ok(())
    }
}
