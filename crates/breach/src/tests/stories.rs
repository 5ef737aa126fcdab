//! What a shop sees of the breach list on good days and on bad ones.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use keyholder_core::breach::{BreachAnswer, BreachCheck as _, NotCheckedReason};
use keyholder_core::clock::FixedClock;
use keyholder_core::password::Password;

use crate::testing::{Behaviour, Corpus, Garbage, RangeServer};
use crate::{RangeClient, RangeSettings};

/// A shop with a clock that stands still, and a range server to ask.
struct Shop {
    server: RangeServer,
    client: RangeClient,
    clock: FixedClock,
}

impl Shop {
    async fn with(behaviour: Behaviour) -> io::Result<Self> {
        let server = RangeServer::start(behaviour).await?;
        let clock = FixedClock::at(now());
        let settings = RangeSettings::default()
            .with_base_url(&server.base_url())
            .map_err(io::Error::other)?;
        // Twice the usual time: the stories are about answers, on machines that are busy with others.
        let settings = settings.with_deadline(Duration::from_secs(1));
        let client = RangeClient::new(settings, Arc::new(clock.clone()));
        Ok(Self {
            server,
            client,
            clock,
        })
    }

    async fn check(&self, password: &str) -> BreachAnswer {
        self.client
            .check(&Password::new(password.to_owned()).unwrap())
            .await
    }
}

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn corpus() -> Corpus {
    vec![("password".to_owned(), 52_579), ("only padding".to_owned(), 0)]
}

fn not_checked(why: NotCheckedReason) -> BreachAnswer {
    BreachAnswer::NotChecked { why }
}

#[tokio::test]
async fn a_breached_password_is_found_with_its_count() -> io::Result<()> {
    let shop = Shop::with(Behaviour::Honest(corpus())).await?;
    assert_eq!(
        shop.check("password").await,
        BreachAnswer::Breached { times: 52_579 },
        "it was seen that often"
    );
    Ok(())
}

#[tokio::test]
async fn a_password_nobody_lost_is_not_found_as_of_today() -> io::Result<()> {
    let shop = Shop::with(Behaviour::Honest(corpus())).await?;
    for password in ["seven quiet lamps over the counter", "only padding", ""] {
        assert_eq!(
            shop.check(password).await,
            BreachAnswer::NotFound { as_of: now() },
            "{password:?} is not in the corpus of today"
        );
    }
    Ok(())
}

#[tokio::test]
async fn one_connection_serves_several_checks() -> io::Result<()> {
    let shop = Shop::with(Behaviour::Honest(corpus())).await?;
    for _ in 0..3 {
        shop.check("password").await;
    }
    assert_eq!(shop.server.requests().len(), 3, "every check asks anew");
    assert_eq!(shop.server.connections(), 1, "over the connection that is there");
    Ok(())
}

#[tokio::test]
async fn whatever_goes_wrong_the_answer_is_not_checked_and_comes_soon() -> io::Result<()> {
    use NotCheckedReason::{BadAnswer, TimedOut, Unreachable};
    let garbage = Garbage::ALL.map(|garbage| (Behaviour::Garbage(garbage), BadAnswer));
    let mishaps = [
        (Behaviour::RefusesConnection, Unreachable),
        (Behaviour::Slow(Duration::from_secs(10), corpus()), TimedOut),
        (Behaviour::Stalls, TimedOut),
        (Behaviour::StallsMidway, TimedOut),
        (Behaviour::HangsUp, BadAnswer),
        (Behaviour::WrongContentLength, BadAnswer),
        (Behaviour::Huge, BadAnswer),
        (Behaviour::ServerError, BadAnswer),
        (Behaviour::Redirects("/range/00000".to_owned()), BadAnswer),
    ];
    let shop = Shop::with(Behaviour::Honest(corpus())).await?;
    for (mishap, why) in mishaps.into_iter().chain(garbage) {
        let story = format!("{mishap:?}");
        shop.server.behave(mishap).await?;
        let asked = Instant::now();
        assert_eq!(shop.check("password").await, not_checked(why), "{story}");
        assert!(
            asked.elapsed() < Duration::from_millis(1_500),
            "{story} keeps nobody waiting"
        );
    }
    shop.server.behave(Behaviour::Honest(corpus())).await?;
    assert_eq!(
        shop.check("password").await,
        BreachAnswer::Breached { times: 52_579 },
        "and when the trouble is over, all is as before"
    );
    Ok(())
}

#[tokio::test]
async fn a_redirect_is_not_followed() -> io::Result<()> {
    let shop = Shop::with(Behaviour::Redirects("/elsewhere".to_owned())).await?;
    shop.check("password").await;
    assert_eq!(
        shop.server.requests().len(),
        1,
        "nobody else learns the five characters"
    );
    Ok(())
}

#[tokio::test]
async fn a_line_that_cannot_be_made_secret_is_not_used() -> io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let settings = RangeSettings::default()
        .with_base_url(&format!("https://{}", listener.local_addr()?))
        .map_err(io::Error::other)?;
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await?;
        tokio::io::AsyncWriteExt::write_all(&mut connection, b"HTTP/1.1 400 Bad Request\r\n\r\n").await?;
        io::Result::Ok(connection)
    });
    let client = RangeClient::new(settings, Arc::new(FixedClock::at(now())));
    let answer = client.check(&Password::new("password".to_owned()).unwrap()).await;
    assert_eq!(
        answer,
        not_checked(NotCheckedReason::Tls),
        "the server does not speak TLS"
    );
    drop(server.await??);
    Ok(())
}

#[tokio::test]
async fn a_server_that_wants_to_be_left_alone_is_left_alone() -> io::Result<()> {
    let shop = Shop::with(Behaviour::TooMany {
        retry_after: Some("30".to_owned()),
    })
    .await?;
    let wait = |retry_after| not_checked(NotCheckedReason::TooManyRequests { retry_after });
    assert_eq!(
        shop.check("password").await,
        wait(30),
        "it asks for half a minute"
    );

    shop.server.behave(Behaviour::Honest(corpus())).await?;
    shop.clock.advance(SignedDuration::from_secs(29));
    assert_eq!(shop.check("password").await, wait(1), "one second is left");
    assert_eq!(
        shop.server.requests().len(),
        1,
        "and the server has not been asked again"
    );

    shop.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(
        shop.check("password").await,
        BreachAnswer::Breached { times: 52_579 },
        "the wait is over"
    );
    Ok(())
}

#[tokio::test]
async fn the_answer_is_dated_by_the_server_if_its_date_can_be() -> io::Result<()> {
    let shop = Shop::with(Behaviour::Honest(corpus())).await?;
    for (date, as_of, why) in [
        (
            "Sat, 28 Feb 2026 09:30:00 GMT",
            "2026-02-28T09:30:00Z",
            "the server's own date",
        ),
        (
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "2026-03-01T12:00:00Z",
            "there were no ranges then",
        ),
        (
            "Sun, 01 Mar 2099 00:00:00 GMT",
            "2026-03-01T12:00:00Z",
            "nobody has asked yet",
        ),
        ("yesterday", "2026-03-01T12:00:00Z", "no date"),
    ] {
        shop.server
            .behave(Behaviour::Dated(date.to_owned(), corpus()))
            .await?;
        assert_eq!(
            shop.check("seven quiet lamps over the counter").await,
            BreachAnswer::NotFound {
                as_of: as_of.parse().map_err(io::Error::other)?
            },
            "{why}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_check_may_be_dropped_halfway() -> io::Result<()> {
    let shop = Shop::with(Behaviour::Stalls).await?;
    let given_up = tokio::time::timeout(Duration::from_millis(50), shop.check("password")).await;
    assert!(given_up.is_err(), "the person went on without waiting");
    shop.server.behave(Behaviour::Honest(corpus())).await?;
    assert_eq!(
        shop.check("password").await,
        BreachAnswer::Breached { times: 52_579 },
        "the next check is none the worse"
    );
    Ok(())
}
