//! P48: the measure passes on the client and fails on each client broken on purpose.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use keyholder_core::breach::{BreachAnswer, BreachCheck, NotCheckedReason};
use keyholder_core::clock::{Clock as _, SystemClock};
use keyholder_core::password::Password;

use crate::testing::p48::{Clause, broken_clauses};
use crate::testing::{Behaviour, RangeServer};
use crate::{RangeClient, RangeSettings};

#[tokio::test]
async fn p48_the_breach_check_is_private_and_honest() -> io::Result<()> {
    let server = RangeServer::start(Behaviour::Stalls).await?;
    let settings = RangeSettings::default()
        .with_base_url(&server.base_url())
        .map_err(io::Error::other)?;
    let client = RangeClient::new(settings, Arc::new(SystemClock));
    assert_eq!(
        broken_clauses(&client, &server).await?,
        [],
        "the client keeps every clause"
    );
    Ok(())
}

/// What a broken client does wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    SixCharacters,
    NoPadding,
    CountsPaddingRows,
    GarbageIsNotFound,
    WaitsForever,
}

/// A client as one might write it in a hurry.
struct Hasty {
    http: reqwest::Client,
    base_url: String,
    flaw: Flaw,
}

impl Hasty {
    async fn ask(&self, password: &Password) -> reqwest::Result<BreachAnswer> {
        let hash = crate::testing::sha1(password.expose());
        let sent = if self.flaw == Flaw::SixCharacters { 6 } else { 5 };
        let padding = if self.flaw == Flaw::NoPadding {
            "false"
        } else {
            "true"
        };
        let url = format!("{}/range/{}", self.base_url, &hash[..sent]);
        let answer = self
            .http
            .get(url)
            .header("add-padding", padding)
            .send()
            .await?
            .bytes()
            .await?;
        let answer = String::from_utf8_lossy(&answer);
        let is_range = answer.len() < 100_000
            && !answer.is_empty()
            && answer.lines().all(|row| row.as_bytes().get(35) == Some(&b':'));
        if !is_range && self.flaw != Flaw::GarbageIsNotFound {
            return Ok(BreachAnswer::NotChecked {
                why: NotCheckedReason::BadAnswer,
            });
        }
        let found = answer
            .lines()
            .filter_map(|row| row.strip_prefix(&hash[5..])?.strip_prefix(':')?.parse().ok())
            .find(|&times: &u32| times > 0 || self.flaw == Flaw::CountsPaddingRows);
        Ok(match found {
            Some(times) => BreachAnswer::Breached { times },
            None => BreachAnswer::NotFound {
                as_of: SystemClock.now(),
            },
        })
    }
}

#[async_trait]
impl BreachCheck for Hasty {
    async fn check(&self, password: &Password) -> BreachAnswer {
        let deadline = if self.flaw == Flaw::WaitsForever {
            2_000
        } else {
            500
        };
        match tokio::time::timeout(Duration::from_millis(deadline), self.ask(password)).await {
            Ok(Ok(answer)) => answer,
            _ => BreachAnswer::NotChecked {
                why: NotCheckedReason::TimedOut,
            },
        }
    }
}

/// The clauses that a client with this flaw breaks.
async fn broken_by(flaw: Flaw) -> io::Result<Vec<Clause>> {
    let server = RangeServer::start(Behaviour::Stalls).await?;
    let hasty = Hasty {
        http: reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(io::Error::other)?,
        base_url: server.base_url(),
        flaw,
    };
    broken_clauses(&hasty, &server).await
}

#[tokio::test]
async fn p48_mutant_that_sends_six_characters_is_caught() -> io::Result<()> {
    let broken = broken_by(Flaw::SixCharacters).await?;
    assert!(
        broken.contains(&Clause::SendsFiveCharacters),
        "six characters leave the machine: {broken:?}"
    );
    Ok(())
}

#[tokio::test]
async fn p48_mutant_without_padding_is_caught() -> io::Result<()> {
    assert_eq!(
        broken_by(Flaw::NoPadding).await?,
        [Clause::AsksForPadding],
        "the size of the answer gives the prefix away, and nothing else is wrong"
    );
    Ok(())
}

#[tokio::test]
async fn p48_mutant_that_counts_padding_rows_is_caught() -> io::Result<()> {
    assert_eq!(
        broken_by(Flaw::CountsPaddingRows).await?,
        [Clause::IgnoresPadding],
        "padding is taken for a breach, and nothing else is wrong"
    );
    Ok(())
}

#[tokio::test]
async fn p48_mutant_that_reads_garbage_as_not_found_is_caught() -> io::Result<()> {
    assert_eq!(
        broken_by(Flaw::GarbageIsNotFound).await?,
        [Clause::SaysNotChecked],
        "silence is read as all clear, and nothing else is wrong"
    );
    Ok(())
}

#[tokio::test]
async fn p48_mutant_that_keeps_a_person_waiting_is_caught() -> io::Result<()> {
    assert_eq!(
        broken_by(Flaw::WaitsForever).await?,
        [Clause::AnswersSoon],
        "the answer comes too late, and nothing else is wrong"
    );
    Ok(())
}
